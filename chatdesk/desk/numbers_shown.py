"""Numbers as people read them: short, in columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chatdesk.contract.sentences import NUMBERS, NUMBERS_ALL, NUMBERS_COLUMNS, NUMBERS_MORE, NUMBERS_TIMES
from chatdesk.desk.numbers import Report
from chatdesk.domain.metrics import Figure, Unit

MOST_GROUPS = 15
_WIDE, _NARROW = 22, 9
_DAY, _HOUR, _MINUTE = 86_400, 3_600, 60

_OF_TIMES = ("_median", "_p90", "_business_median", "_business_p90")


def shown(report: Report) -> str:
    """A table in letters of one width: everything, or the most telling figures of each group."""
    return "\n".join(_of_groups(report) if report.by is not None else _of_all(report.total))


def _of_all(total: Sequence[Figure]) -> Iterator[str]:
    known = {figure.name: figure for figure in total}
    for name, label in NUMBERS.items():
        if name in known:
            yield from _single(label, known[name])
    yield ""
    yield _line("", NUMBERS_TIMES)
    for name, label in NUMBERS.items():
        times = [known[name + ending] for ending in _OF_TIMES if name + ending in known]
        if any(one.of for one in times):
            yield _line(label, [said(one) for one in times])


def _single(label: str, figure: Figure) -> Iterator[str]:
    if not figure.of and figure.unit is not Unit.COUNT:
        return
    of = f" of {figure.of}" if figure.unit is Unit.PERCENT else ""
    yield f"{label:<{_WIDE}}{said(figure):>{_NARROW}}{of}"


def _of_groups(report: Report) -> Iterator[str]:
    yield _line("", list(NUMBERS_COLUMNS.values()))
    for name, group in report.groups[:MOST_GROUPS]:
        yield _group(name, group)
    if len(report.groups) > MOST_GROUPS:
        yield NUMBERS_MORE.say(count=len(report.groups) - MOST_GROUPS)
    yield _group(NUMBERS_ALL, report.total)


def _group(name: str, group: Sequence[Figure]) -> str:
    known = {figure.name: figure for figure in group}
    return _line(name, [said(known[column]) for column in NUMBERS_COLUMNS])


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
