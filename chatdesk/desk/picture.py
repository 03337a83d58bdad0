"""A report as a picture. Needs matplotlib, which the extra ``report`` brings."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from io import BytesIO
from typing import TYPE_CHECKING

from chatdesk.desk.numbers import Report
from chatdesk.desk.numbers_shown import said
from chatdesk.desk.picture_panels import GREY, MOST_GROUPS, SMALL, families, panels_of
from chatdesk.errors import ChatdeskError

if TYPE_CHECKING:
    from matplotlib.figure import SubFigure

_WIDTH, _HEADER, _ROW = 12.0, 1.3, 3.4
_PER_GROUP = 0.42
"""Inches that a group takes, so that none covers another."""
_DOTS_PER_INCH = 100
_TOP = (
    ("volume", "came in"),
    ("resolved", "resolved"),
    ("backlog", "open now"),
    ("backlog_age_oldest", "age of the oldest"),
    ("first_response_business_median", "first reply, median"),
    ("csat_average", "average rating of 5"),
)
"""What is told in large letters."""


def is_possible() -> bool:
    """Whether matplotlib is installed; looked up without loading it."""
    return find_spec("matplotlib") is not None


def drawn(reports: Sequence[tuple[str, Report]]) -> bytes:
    """A PNG with a part for each report under its title. Raises ChatdeskError without matplotlib."""
    try:
        from matplotlib.figure import Figure as Canvas
    except ImportError:
        raise ChatdeskError("a picture needs matplotlib: pip install 'chatdesk[report]'") from None
    heights = [_HEADER + _ROW + _lower(report) for _, report in reports]
    canvas = Canvas(figsize=(_WIDTH, sum(heights)), layout="constrained", facecolor="white")
    parts = canvas.subfigures(len(reports), 1, squeeze=False, height_ratios=heights)
    for (title, report), part in zip(reports, parts[:, 0], strict=True):
        _draw(part, title, report)
    written = BytesIO()
    canvas.savefig(written, format="png", dpi=_DOTS_PER_INCH)
    return written.getvalue()


def _lower(report: Report) -> float:
    """How high the lower row is."""
    return max(_ROW, 1 + _PER_GROUP * min(len(report.groups), MOST_GROUPS))


def _draw(part: SubFigure, title: str, report: Report) -> None:
    heights = (_HEADER, _ROW, _lower(report))
    header, *rows = part.subfigures(3, 1, squeeze=False, height_ratios=heights).flat
    _head(header, title, report)
    places = [place for row in rows for place in row.subfigures(1, 2, squeeze=False).flat]
    for place, (name, panel) in zip(places, panels_of(report), strict=True):
        place.suptitle(name, x=0.02, ha="left", fontsize=11, fontweight="bold")
        axes = place.subplots()
        axes.tick_params(labelsize=SMALL + 1, length=0)
        axes.spines[["top", "right"]].set_visible(False)
        panel(axes, report)


def _head(part: SubFigure, title: str, report: Report) -> None:
    """Whose numbers they are, of when, and the first that anybody asks for."""
    from matplotlib.lines import Line2D

    # What people called their teams is no mathematics.
    part.text(0.01, 0.8, title, fontsize=15, fontweight="bold", parse_math=False, family=families())
    known = {figure.name: figure for figure in report.total}
    for index, (name, label) in enumerate(_TOP):
        left = 0.01 + index / len(_TOP)
        part.text(left, 0.36, said(known[name]), fontsize=20)
        part.text(left, 0.12, label, fontsize=SMALL + 1, color="#4A5568")
    part.add_artist(Line2D([0.01, 0.99], [0.02, 0.02], color=GREY, linewidth=0.8))
