"""Numbers as people read them: short, in columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from chatdesk.contract.sentences_reports import (
    ALL,
    COLUMNS,
    COLUMNS_OF_AGENTS,
    COLUMNS_OF_ARTICLES,
    MORE,
    NAMES,
    TIMES,
)
from chatdesk.desk.numbers import Report
from chatdesk.domain.metrics import By, Figure, Figures, Unit

MOST_GROUPS = 15
"""As many as fit into one message of every platform."""
_WIDE, _NARROW = 22, 9
_DAY, _HOUR, _MINUTE = 86_400, 3_600, 60

_OF_TIMES = ("_median", "_p90", "_business_median", "_business_p90")


def shown(report: Report, most: int | None = MOST_GROUPS) -> str:
    """A table in letters of one width: everything, or the most telling figures of each group.

    ``most`` groups, of days and weeks the last; None: all.
    """
    return "\n".join(_of_all(report.total) if report.by is None else _of_groups(report, report.by, most))


def _of_all(total: Figures) -> Iterator[str]:
    known = {figure.name: figure for figure in total}
    for name, label in NAMES.items():
        if name in known:
            yield from _single(label, known[name])
    times = {
        label: [known[name + ending] for ending in _OF_TIMES]
        for name, label in NAMES.items()
        if name + _OF_TIMES[0] in known and known[name + _OF_TIMES[0]].of
    }
    if times:
        yield ""
        yield _line("", TIMES)
    for label, figures in times.items():
        yield _line(label, [said(one) for one in figures])


def _single(label: str, figure: Figure) -> Iterator[str]:
    if not figure.of and figure.unit is not Unit.COUNT:
        return
    of = f" of {figure.of}" if figure.unit is Unit.PERCENT else ""
    yield f"{label:<{_WIDE}}{said(figure):>{_NARROW}}{of}"


def _of_groups(report: Report, by: By, most: int | None) -> Iterator[str]:
    columns = columns_of(by)
    yield _line("", list(columns.values()))
    left = 0 if most is None else max(len(report.groups) - most, 0)
    if left and by.is_time:
        yield MORE.say(count=left)
    for name, group in last_or_first(report, most):
        yield _group(name_of(name, by), group, columns)
    if left and not by.is_time:
        yield MORE.say(count=left)
    yield _group(ALL, report.total, columns)


def last_or_first(report: Report, most: int | None) -> Sequence[tuple[str, Figures]]:
    """So many groups: of days and weeks the last, of others the first."""
    if most is None or len(report.groups) <= most:
        return report.groups
    return report.groups[-most:] if report.by is not None and report.by.is_time else report.groups[:most]


def name_of(group: str, by: By) -> str:
    """A group as people read it: dates with their weekday."""
    match by:
        case By.DAY:
            return f"{date.fromisoformat(group):%a %d %b}"
        case By.WEEK:
            return f"from {date.fromisoformat(group):%a %d %b}"
    return group


def columns_of(by: By) -> Mapping[str, str]:
    match by:
        case By.AGENT:
            return COLUMNS_OF_AGENTS
        case By.ARTICLE:
            return COLUMNS_OF_ARTICLES
    return COLUMNS


def _group(name: str, group: Figures, columns: Mapping[str, str]) -> str:
    known = {figure.name: figure for figure in group}
    return _line(name, [said(known[column]) for column in columns])


def _line(label: str, cells: Sequence[str]) -> str:
    short = label if len(label) < _WIDE else f"{label[: _WIDE - 2]}…"
    return f"{short:<{_WIDE}}{''.join(f'{cell:>{_NARROW}}' for cell in cells)}".rstrip()


def said(figure: Figure) -> str:
    """A figure in short: ``12``, ``3h05m``, ``95 %``; a dash where there is none."""
    if figure.value is None:
        return "–"
    match figure.unit:
        case Unit.COUNT:
            return str(int(figure.value))
        case Unit.SECONDS:
            return duration(figure.value)
        case Unit.PERCENT:
            return f"{figure.value:.0f} %"
        case Unit.SCORE:
            return f"{figure.value:.1f}"


def duration(seconds: float) -> str:
    """The two largest units, such as ``2d4h``."""
    whole = round(seconds)
    if whole >= _DAY:
        return f"{whole // _DAY}d{whole % _DAY // _HOUR}h"
    if whole >= _HOUR:
        return f"{whole // _HOUR}h{whole % _HOUR // _MINUTE:02}m"
    return f"{whole // _MINUTE}m" if whole >= _MINUTE else f"{whole}s"


def code_block(table: str) -> str:
    """CommonMark that keeps the columns under each other, whatever people called their channels."""
    return "```\n" + table.replace("`", "ˋ") + "\n```"
