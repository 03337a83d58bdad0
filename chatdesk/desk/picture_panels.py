"""The parts of a report's picture, each for the axes that it is given. Needs matplotlib."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from chatdesk.contract.sentences_reports import COLUMNS_OF_AGENTS, NAMES
from chatdesk.desk.numbers import Report
from chatdesk.desk.numbers_shown import last_or_first, name_of, said
from chatdesk.domain.metrics import By, Day, Figure, Figures, Metric, Unit

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.container import BarContainer

BLUE, ORANGE, GREY = "#2B6CB0", "#DD6B20", "#A0AEC0"
SMALL = 8
MOST_GROUPS = 12
_FEWEST_GROUPS = 4
"""So much room there is always, so that bars of one or two are no blocks."""
_LONGEST_NAME = 26
_MOST_TICKS = 7
_LONGEST_BY_DAY = 62
"""Days after which weeks are drawn instead."""
_OTHER_LETTERS = (
    "Noto Sans CJK SC", "Noto Sans CJK JP", "WenQuanYi Zen Hei", "Microsoft YaHei", "PingFang SC",
    "Hiragino Sans", "Noto Sans Arabic", "Noto Sans Hebrew", "Noto Sans Devanagari", "Noto Emoji",
)  # fmt: skip
"""Fonts for what matplotlib's own has no letters for, where they are installed."""

Panel = tuple[str, Callable[["Axes", Report], None]]


def panels_of(report: Report) -> Sequence[Panel]:
    """What is drawn of a report, each part under its title."""
    by_week = len(report.days) > _LONGEST_BY_DAY
    last: Panel = ("Where resolved tickets spent their time, median", _statuses)
    if report.by is not None:
        last = (f"By {report.by}", partial(_groups, by=report.by))
    return (
        ("Tickets by week" if by_week else "Tickets by day", _days),
        ("How long it takes", _times),
        ("Shares", _shares),
        last,
    )


def families() -> list[str]:
    """Fonts in which most names can be written."""
    from matplotlib.font_manager import fontManager

    there = set(fontManager.get_font_names())
    return ["DejaVu Sans", *(one for one in _OTHER_LETTERS if one in there)]


def _days(axes: Axes, report: Report) -> None:
    from matplotlib.ticker import MaxNLocator

    days = _weeks(report.days) if len(report.days) > _LONGEST_BY_DAY else report.days
    places = range(len(days))
    axes.bar(places, [one.volume for one in days], color=GREY, label=NAMES[Metric.VOLUME])
    axes.plot(places, [one.resolved for one in days], color=BLUE, marker=".", label=NAMES[Metric.RESOLVED])
    step = max(-(-len(days) // _MOST_TICKS), 1)
    axes.set_xticks(list(places)[::step], [f"{one.date:%d %b}" for one in days][::step])
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_ylim(bottom=0, top=max([1, *(max(one.volume, one.resolved) for one in days)]) * 1.05)
    axes.set_ylabel("tickets")
    _legend(axes)


def _weeks(days: Sequence[Day]) -> Sequence[Day]:
    """Days added up, each week under its Monday."""
    found: dict[object, Day] = {}
    for one in days:
        monday = one.date - timedelta(days=one.date.weekday())
        before = found.get(monday, Day(monday, 0, 0))
        found[monday] = Day(monday, before.volume + one.volume, before.resolved + one.resolved)
    return list(found.values())


def _times(axes: Axes, report: Report) -> None:
    known = {figure.name: figure for figure in report.total}
    _in_hours(
        axes,
        [
            (f"{NAMES[metric]}, {kind}", known[f"{metric}{end}"])
            for metric in (Metric.FIRST_RESPONSE, Metric.RESOLUTION)
            for end, kind in (("_business_median", "median"), ("_business_p90", "9 of 10"))
        ],
    )


def _statuses(axes: Axes, report: Report) -> None:
    spent = [one for one in report.total if one.metric is Metric.TIME_IN_STATUS]
    medians = [one for one in spent if one.name.endswith("_business_median")]
    _in_hours(
        axes,
        [
            (one.name.removeprefix("time_in_status_").removesuffix("_business_median").replace("_", " "), one)
            for one in medians
        ],
    )


def _in_hours(axes: Axes, figures: Sequence[tuple[str, Figure]]) -> None:
    longest = max((one.value or 0 for _, one in figures), default=0)
    size, unit = (
        (60, "minutes") if longest < 7200 else (3600, "hours") if longest < 259_200 else (86_400, "days")
    )
    values = [(one.value or 0) / size for _, one in figures]
    bars = axes.barh([label for label, _ in figures], values, color=BLUE, height=0.6)
    _label(axes, bars, [said(one) for _, one in figures], max(values, default=0))
    axes.set_xlabel(f"{unit} of business time")
    axes.invert_yaxis()


def _shares(axes: Axes, report: Report) -> None:
    shares = [one for one in report.total if one.unit is Unit.PERCENT and one.of]
    if not shares:
        _say_nothing(axes)
        return
    bars = axes.barh([NAMES[one.name] for one in shares], [one.value or 0 for one in shares], color=BLUE)
    _label(axes, bars, [f"{one.value:.0f} % of {one.of}" for one in shares], 100)
    axes.set_xticks([0, 25, 50, 75, 100])
    axes.set_xlabel("percent")
    axes.invert_yaxis()


def _groups(axes: Axes, report: Report, by: By) -> None:
    """What came in, was resolved and is open, or what else is told of such a group."""
    from matplotlib.ticker import MaxNLocator

    groups = last_or_first(report, MOST_GROUPS)
    if not groups:
        _say_nothing(axes)
        return
    kinds = _told_of(by)
    height = 0.8 / len(kinds)
    values = [[_value(group, metric) for _, group in groups] for metric, _, _ in kinds]
    largest = max((value for one in values for value in one), default=0)
    for index, ((metric, name, colour), each) in enumerate(zip(kinds, values, strict=True)):
        places = [place + index * height for place in range(len(groups))]
        bars = axes.barh(places, each, height * 0.9, color=colour, label=name)
        told = [said(next(one for one in group if one.name == metric)) for _, group in groups]
        _label(axes, bars, told, largest)
    middles = [place + 0.4 - height / 2 for place in range(len(groups))]
    axes.set_yticks(middles, [_short(name_of(name, by)) for name, _ in groups])
    for label in axes.get_yticklabels():
        label.set_parse_math(False)
        label.set_fontfamily(families())
    axes.set_xlabel("percent" if by is By.ARTICLE else "tickets")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_ylim(max(len(groups), _FEWEST_GROUPS) - 0.5 * height, -height)
    _legend(axes)


def _told_of(by: By) -> Sequence[tuple[Metric, str, str]]:
    match by:
        case By.AGENT:
            return (
                (Metric.RESOLVED, COLUMNS_OF_AGENTS[Metric.RESOLVED], BLUE),
                (Metric.BACKLOG, COLUMNS_OF_AGENTS[Metric.BACKLOG], ORANGE),
            )
        case By.ARTICLE:
            return ((Metric.DEFLECTION, NAMES[Metric.DEFLECTION], BLUE),)
    return (
        (Metric.VOLUME, NAMES[Metric.VOLUME], GREY),
        (Metric.RESOLVED, NAMES[Metric.RESOLVED], BLUE),
        (Metric.BACKLOG, NAMES[Metric.BACKLOG], ORANGE),
    )


def _value(group: Figures, metric: Metric) -> float:
    return next(one.value or 0 for one in group if one.name == metric)


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


def _label(axes: Axes, bars: BarContainer, labels: Sequence[str], largest: float) -> None:
    """Values beside bars, with room for them."""
    axes.bar_label(bars, labels, padding=3, fontsize=SMALL)
    axes.set_xlim(0, max(largest, 1) * 1.3)


def _say_nothing(axes: Axes) -> None:
    axes.set_axis_off()
    axes.text(0.02, 0.9, "Nothing to show.", color=GREY, transform=axes.transAxes)


def _legend(axes: Axes) -> None:
    """Above, where it covers nothing."""
    axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=3, frameon=False, fontsize=SMALL)
