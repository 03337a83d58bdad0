"""Tickets added up one after the other. Pure; ``docs/metrics.md`` defines each figure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from math import ceil

from chatdesk.domain.lifecycle import WORKING, Status
from chatdesk.domain.measured import Measured, Solved, Span
from chatdesk.domain.metrics import CONTENT, Figure, Figures, Metric, Unit
from chatdesk.domain.sla_policy import Measure


@dataclass(slots=True)
class _Spread:
    """Times, of which the median and the like are told."""

    wall: list[float] = field(default_factory=list)
    business: list[float] = field(default_factory=list)

    def add(self, span: Span | None) -> None:
        if span is not None:
            self.wall.append(span.wall)
            self.business.append(span.business)

    def figures(self, metric: Metric, what: str = "") -> Iterator[Figure]:
        for kind, values in (("", self.wall), ("_business", self.business)):
            yield _seconds(metric, f"{what}{kind}_median", values, middle)
            yield _seconds(metric, f"{what}{kind}_p90", values, ninetieth)


@dataclass(slots=True)
class _Share:
    """How many of how many."""

    held: int = 0
    of: int = 0

    def add(self, holds: bool) -> None:
        self.held += holds
        self.of += 1

    def figure(self, metric: Metric, what: str = "") -> Figure:
        value = 100 * self.held / self.of if self.of else None
        return Figure(metric, f"{metric}{what}", Unit.PERCENT, value, self.of)


@dataclass(slots=True)
class Tally:
    """What some tickets come to."""

    began: int = 0
    deflected: int = 0
    stars: int = 0
    ages: _Spread = field(default_factory=_Spread)
    first_responses: _Spread = field(default_factory=_Spread)
    resolutions: _Spread = field(default_factory=_Spread)
    spent: defaultdict[Status, _Spread] = field(default_factory=lambda: defaultdict(_Spread))
    at_once: _Share = field(default_factory=_Share)
    in_vain: _Share = field(default_factory=_Share)
    kept: defaultdict[Measure, _Share] = field(default_factory=lambda: defaultdict(_Share))
    content: _Share = field(default_factory=_Share)
    answered: _Share = field(default_factory=_Share)

    def add(self, one: Measured) -> None:
        self.began += one.began_at is not None
        self.deflected += one.deflected
        self.ages.add(one.age)
        self.first_responses.add(one.first_response)
        if one.solved is not None:
            self._add_solved(one.solved)
        for measure, was_kept in one.kept:
            self.kept[measure].add(was_kept)
        if one.score is not None:
            self.stars += one.score
            self.content.add(one.score >= CONTENT)
        if one.answered is not None:
            self.answered.add(one.answered)

    def _add_solved(self, solved: Solved) -> None:
        self.resolutions.add(solved.took)
        self.at_once.add(solved.at_once)
        self.in_vain.add(solved.in_vain)
        for status, span in solved.spent:
            self.spent[status].add(span)

    def figures(self) -> Figures:
        return (
            _count(Metric.VOLUME, self.began),
            _count(Metric.RESOLVED, self.at_once.of),
            _count(Metric.BACKLOG, len(self.ages.wall)),
            *self.ages.figures(Metric.BACKLOG_AGE),
            _seconds(Metric.BACKLOG_AGE, "_oldest", self.ages.wall, max),
            *self.first_responses.figures(Metric.FIRST_RESPONSE),
            *self.resolutions.figures(Metric.RESOLUTION),
            *self._in_statuses(),
            self.at_once.figure(Metric.FIRST_CONTACT),
            self.in_vain.figure(Metric.REOPENED),
            *(self.kept[measure].figure(Metric.SLA, f"_{measure}") for measure in Measure),
            *self._satisfaction(),
            _Share(self.deflected, self.deflected + self.began).figure(Metric.DEFLECTION),
        )

    def _in_statuses(self) -> Iterator[Figure]:
        for status in (one for one in Status if one in WORKING):
            yield from self.spent[status].figures(Metric.TIME_IN_STATUS, f"_{status}")

    def _satisfaction(self) -> Iterator[Figure]:
        average = self.stars / self.content.of if self.content.of else None
        yield self.content.figure(Metric.CSAT)
        yield Figure(Metric.CSAT, "csat_average", Unit.SCORE, average, self.content.of)
        yield self.answered.figure(Metric.CSAT, "_response")


def middle(values: Sequence[float]) -> float:
    """The median: of an even number, half way between the two in the middle."""
    ordered = sorted(values)
    half = len(ordered) // 2
    return (ordered[half] + ordered[~half]) / 2


def ninetieth(values: Sequence[float]) -> float:
    """The smallest that nine of ten do not exceed."""
    return sorted(values)[ceil(len(values) * 9 / 10) - 1]


def _seconds(
    metric: Metric, what: str, values: Sequence[float], of_all: Callable[[Sequence[float]], float]
) -> Figure:
    value = of_all(values) if values else None
    return Figure(metric, f"{metric}{what}", Unit.SECONDS, value, len(values))


def _count(metric: Metric, count: int) -> Figure:
    return Figure(metric, metric.value, Unit.COUNT, count, count)
