"""A report as a picture. Needs matplotlib, which the extra ``report`` brings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from io import BytesIO
from typing import TYPE_CHECKING

from chatdesk.contract.sentences_reports import NAMES
from chatdesk.desk.numbers import Report
from chatdesk.desk.numbers_shown import duration
from chatdesk.domain.metrics import Figure, Metric, Unit
from chatdesk.errors import ChatdeskError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import SubFigure

_WIDTH, _HEIGHT = 11.0, 7.0
_BLUE, _GREEN, _GREY = "#3498DB", "#2ECC71", "#BDC3C7"
MOST_GROUPS = 10

_TIMES = (Metric.FIRST_RESPONSE, Metric.RESOLUTION)
_LOAD = (Metric.VOLUME, Metric.RESOLVED, Metric.BACKLOG)

Known = Mapping[str, Figure]


def is_possible() -> bool:
    """Whether matplotlib is installed; looked up without loading it."""
    return find_spec("matplotlib") is not None


def drawn(reports: Sequence[tuple[str, Report]]) -> bytes:
    """A PNG with a part for each report under its title. Raises ChatdeskError without matplotlib."""
    try:
        from matplotlib.figure import Figure as Canvas
    except ImportError:
        raise ChatdeskError("a picture needs matplotlib: pip install 'chatdesk[report]'") from None
    canvas = Canvas(figsize=(_WIDTH, _HEIGHT * max(len(reports), 1)), layout="constrained")
    parts = canvas.subfigures(max(len(reports), 1), 1, squeeze=False)
    for (title, report), part in zip(reports, parts[:, 0], strict=False):
        _draw(part, title, report)
    written = BytesIO()
    canvas.savefig(written, format="png", dpi=100)
    return written.getvalue()


def _draw(part: SubFigure, title: str, report: Report) -> None:
    # What people called their teams is no mathematics.
    part.suptitle(title, parse_math=False)
    panels: Sequence[Callable[[Axes, Report], None]] = (_days, _times, _shares, _groups)
    for axes, panel in zip(part.subplots(2, 2).flat, panels, strict=True):
        panel(axes, report)
        axes.spines[["top", "right"]].set_visible(False)


def _known(report: Report) -> Known:
    return {figure.name: figure for figure in report.total}


def _days(axes: Axes, report: Report) -> None:
    from matplotlib.ticker import MaxNLocator

    dates = [f"{one.date:%d %b}" for one in report.days]
    places = range(len(dates))
    axes.bar(places, [one.volume for one in report.days], color=_GREY, label=NAMES[Metric.VOLUME])
    axes.plot(
        places,
        [one.resolved for one in report.days],
        color=_GREEN,
        marker=".",
        label=NAMES[Metric.RESOLVED],
    )
    shown = range(0, len(dates), max(len(dates) // 6, 1))
    axes.set_xticks(list(shown), [dates[at] for at in shown])
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.legend(frameon=False)


def _times(axes: Axes, report: Report) -> None:
    known = _known(report)
    ends = (("_business_p90", "9 of 10, business"), ("_business_median", "median, business"))
    bars = [(f"{NAMES[metric]}\n{said}", known[f"{metric}{end}"]) for metric in _TIMES for end, said in ends]
    hours = [(one.value or 0) / 3600 for _, one in bars]
    drawn_bars = axes.barh([label for label, _ in bars], hours, color=_BLUE)
    axes.bar_label(drawn_bars, [duration(one.value) if one.value is not None else "–" for _, one in bars])
    axes.set_xlabel("hours")
    axes.invert_yaxis()


def _shares(axes: Axes, report: Report) -> None:
    shares = [one for one in report.total if one.unit is Unit.PERCENT and one.of]
    drawn_bars = axes.barh(
        [NAMES[one.name] for one in shares], [one.value or 0 for one in shares], color=_BLUE
    )
    axes.bar_label(drawn_bars, [f"{one.value:.0f} % of {one.of}" for one in shares])
    axes.set_xlim(0, 100)
    axes.invert_yaxis()


def _groups(axes: Axes, report: Report) -> None:
    """What came in, was resolved and is open, of each group or of all."""
    groups = report.groups[:MOST_GROUPS] or (("", report.total),)
    height = 0.8 / len(_LOAD)
    for index, (metric, colour) in enumerate(zip(_LOAD, (_GREY, _GREEN, _BLUE), strict=True)):
        values = [next(one.value or 0 for one in group if one.name == metric) for _, group in groups]
        places = [place + index * height for place in range(len(groups))]
        axes.bar_label(axes.barh(places, values, height, color=colour, label=NAMES[metric]))
    labels = axes.set_yticks([place + height for place in range(len(groups))], [name for name, _ in groups])
    for label in labels:
        label.label1.set_parse_math(False)
    axes.invert_yaxis()
    axes.legend(frameon=False, loc="upper center", bbox_to_anchor=(0.5, -0.08), ncols=len(_LOAD))
