"""``chatdesk report``: how desks work, in numbers."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from datetime import timedelta
from enum import StrEnum
from io import StringIO
from pathlib import Path
from typing import Annotated

import typer

from chatdesk.clocks import SystemClock
from chatdesk.commands.context import say, surroundings, transaction
from chatdesk.configuration.values import parse_duration
from chatdesk.desk.numbers import Report
from chatdesk.desk.numbers import report as reckoned
from chatdesk.desk.numbers_shown import shown
from chatdesk.desk.picture import drawn
from chatdesk.desk.report_said import days
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
    since: Annotated[str, typer.Option(help="How far back, such as 12h, 30d or 8w.")] = "30d",
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
    period = _period(since)
    with transaction(surroundings().settings) as connection:
        found = [
            (organisation, reckoned(Transaction(connection, organisation.desk, organisation), period, by))
            for organisation in desks.listed(connection)
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


def _period(since: str) -> Period:
    now = SystemClock().now()
    try:
        back = parse_duration(since)
        if not timedelta() < back:
            raise ValueError(f'"{since}" is no time at all')
        return Period(now - back, now)
    except (ValueError, OverflowError) as error:
        raise typer.BadParameter(str(error), param_hint="--since") from None


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
