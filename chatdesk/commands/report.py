"""``chatdesk report``: how desks work, in numbers."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator, Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Annotated

import typer

from chatdesk.clocks import SystemClock
from chatdesk.commands.context import say, surroundings, transaction
from chatdesk.configuration.values import parse_duration
from chatdesk.desk.numbers import Report
from chatdesk.desk.numbers import report as reckoned
from chatdesk.desk.numbers_shown import shown
from chatdesk.desk.reporting import day
from chatdesk.domain.metrics import By, Figure, Period
from chatdesk.domain.organisation import Organisation
from chatdesk.store import desks
from chatdesk.store.transaction import Transaction


class Format(StrEnum):
    TABLE = "table"
    CSV = "csv"
    JSON = "json"


def report(
    since: Annotated[str, typer.Option(help="How far back, such as 12h, 30d or 8w.")] = "30d",
    by: Annotated[By | None, typer.Option(help="A row for each of these.")] = None,
    format_: Annotated[
        Format, typer.Option("--format", help="For people, for spreadsheets, for programs.")
    ] = Format.TABLE,
) -> None:
    """Print volume, backlog, times, promises kept, satisfaction and more, from what happened.

    docs/metrics.md says what each figure is. In csv and json, times are in seconds.
    """
    period = _period(since)
    with transaction(surroundings().settings) as connection:
        found = [
            (organisation, reckoned(Transaction(connection, organisation.desk, organisation), period, by))
            for organisation in desks.listed(connection)
        ]
    match format_:
        case Format.TABLE:
            _print_tables(found)
        case Format.CSV:
            csv.writer(sys.stdout, lineterminator="\n").writerows(_csv(found))
        case Format.JSON:
            say(json.dumps([_json(*each) for each in found], indent=2, ensure_ascii=False))


def _period(since: str) -> Period:
    now = SystemClock().now()
    try:
        back = parse_duration(since)
        if not timedelta() < back:
            raise ValueError(f'"{since}" is no time at all')
        return Period(now - back, now)
    except (ValueError, OverflowError) as error:
        raise typer.BadParameter(str(error), param_hint="--since") from None


def _print_tables(found: Sequence[tuple[Organisation, Report]]) -> None:
    for organisation, one in found:
        start, end = (day(organisation, moment) for moment in (one.period.start, one.period.end))
        say(f"desk {organisation.desk}, {start} – {end}\n\n{shown(one)}\n")
    if not found:
        say("no configuration is applied yet")


def _csv(found: Sequence[tuple[Organisation, Report]]) -> Iterator[tuple[str, ...]]:
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
