"""``chatdesk report``: how desks work, in numbers."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from io import StringIO
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from sqlalchemy import Connection

from chatdesk.clocks import SystemClock
from chatdesk.commands.context import reading, say, surroundings
from chatdesk.configuration.values import parse_duration
from chatdesk.desk.numbers import Report
from chatdesk.desk.numbers import report as reckoned
from chatdesk.desk.numbers_shown import shown
from chatdesk.desk.picture import drawn
from chatdesk.desk.report_said import days
from chatdesk.domain.local_time import zone_of
from chatdesk.domain.metrics import By, Figure, Period
from chatdesk.domain.organisation import Organisation
from chatdesk.errors import ChatdeskError
from chatdesk.store import desks
from chatdesk.store.transaction import Transaction

Found = Sequence[tuple[Organisation, Report]]


class Format(StrEnum):
    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    PNG = "png"


def report(
    since: Annotated[
        str, typer.Option(help="How far back, such as 12h, 30d or 8w, or a date such as 2026-10-01.")
    ] = "30d",
    until: Annotated[
        str | None, typer.Option(help="A date before which it ends, such as 2026-11-01; now if left out.")
    ] = None,
    team: Annotated[str | None, typer.Option(help="This team's tickets alone.")] = None,
    by: Annotated[By | None, typer.Option(help="A row for each of these.")] = None,
    format_: Annotated[
        Format, typer.Option("--format", help="For people, for spreadsheets, for programs, a picture.")
    ] = Format.TABLE,
    output: Annotated[
        Path | None, typer.Option(help="A file to write to; a picture needs one.", dir_okay=False)
    ] = None,
) -> None:
    """Print volume, backlog, times, promises kept, satisfaction and more, from what happened.

    docs/metrics.md says what each figure is. In csv and json, times are in seconds.
    """
    if format_ is Format.PNG and output is None:
        raise typer.BadParameter("a picture needs --output FILE", param_hint="--format")
    now = SystemClock().now()
    with reading(surroundings().settings) as connection:
        found = [
            (
                organisation,
                _reckoned(connection, organisation, period_of(organisation, since, until, now), by, teams),
            )
            for organisation, teams in _asked(desks.listed(connection), team)
        ]
    if format_ is Format.PNG and not found:
        raise ChatdeskError("no configuration is applied yet")
    written = _written(found, format_)
    if output is None:
        say(written.decode().rstrip("\n"))
        return
    try:
        output.write_bytes(written)
    except OSError as error:
        raise ChatdeskError(f"{output}: {error.strerror or error}") from None


def _asked(
    organisations: Sequence[Organisation], typed: str | None
) -> Sequence[tuple[Organisation, tuple[str, ...] | None]]:
    """The desks, or those that have a team of this name, with that team."""
    if typed is None:
        return [(one, None) for one in organisations]
    wanted = typed.casefold()
    found = [
        (one, (team.key,))
        for one in organisations
        for team in one.teams
        if wanted in (team.key.casefold(), team.name.casefold())
    ]
    if not found:
        known = ", ".join(team.key for one in organisations for team in one.teams)
        raise typer.BadParameter(f'there is no team "{typed}"; there are: {known}', param_hint="--team")
    return found


def _reckoned(
    connection: Connection,
    organisation: Organisation,
    period: Period,
    by: By | None,
    teams: tuple[str, ...] | None,
) -> Report:
    return reckoned(Transaction(connection, organisation.desk, organisation), period, by, teams)


def period_of(organisation: Organisation, since: str, until: str | None, now: datetime) -> Period:
    """Dates begin at midnight by the desk's clock. Raises typer.BadParameter."""
    zone = zone_of(organisation)
    end = now if until is None else _date(until, zone)
    if end is None:
        raise typer.BadParameter(f'"{until}" is no date; write it as 2026-11-01', param_hint="--until")
    try:
        start = _date(since, zone) or end - parse_duration(since)
    except (ValueError, OverflowError) as error:
        raise typer.BadParameter(str(error), param_hint="--since") from None
    if start >= end:
        raise typer.BadParameter(f'"{since}" is no time before the end', param_hint="--since")
    return Period(start, end)


def _date(typed: str, zone: ZoneInfo) -> datetime | None:
    try:
        return datetime.strptime(typed, "%Y-%m-%d").replace(tzinfo=zone).astimezone(UTC)
    except ValueError:
        return None


def _written(found: Found, format_: Format) -> bytes:
    match format_:
        case Format.TABLE:
            return _tables(found).encode()
        case Format.CSV:
            text = StringIO()
            csv.writer(text, lineterminator="\n").writerows(_csv(found))
            return text.getvalue().encode()
        case Format.JSON:
            return json.dumps([_json(*each) for each in found], indent=2, ensure_ascii=False).encode()
        case Format.PNG:
            return drawn([(f"{each.name}, {days(each, one.period)}", one) for each, one in found])


def _tables(found: Found) -> str:
    tables = (
        f"desk {each.desk}, {days(each, one.period)}\n\n{shown(one, most=None)}\n" for each, one in found
    )
    return "\n".join(tables) or "no configuration is applied yet"


def _csv(found: Found) -> Iterator[tuple[str, ...]]:
    yield ("desk", "group", "figure", "unit", "value", "of")
    for organisation, one in found:
        for group, figures in (("", one.total), *one.groups):
            for figure in figures:
                yield (
                    organisation.desk,
                    _harmless(group),
                    figure.name,
                    figure.unit.value,
                    _number(figure),
                    str(figure.of),
                )


def _harmless(group: str) -> str:
    """Names are people's own words; a spreadsheet must not take one for a formula."""
    return f"'{group}" if group.startswith(("=", "+", "-", "@", "\t", "\r")) else group


def _number(figure: Figure) -> str:
    return "" if figure.value is None else f"{figure.value:.10g}"


def _json(organisation: Organisation, one: Report) -> dict[str, object]:
    return {
        "desk": organisation.desk,
        "since": one.period.start.isoformat(),
        "until": one.period.end.isoformat(),
        "by": one.by,
        "total": _values(one.total),
        "groups": [{"name": name, "figures": _values(group)} for name, group in one.groups],
    }


def _values(figures: Sequence[Figure]) -> dict[str, object]:
    return {one.name: {"value": one.value, "unit": one.unit.value, "of": one.of} for one in figures}
