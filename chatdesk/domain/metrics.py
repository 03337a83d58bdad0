"""How the desk works, in numbers. Pure arithmetic; ``docs/metrics.md`` defines each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import ceil
from zoneinfo import ZoneInfo

from chatdesk.domain.calendar import ALWAYS, Timetable, timetable
from chatdesk.domain.life import Life
from chatdesk.domain.lifecycle import WORKING, Status
from chatdesk.domain.sla import Clock, State
from chatdesk.domain.sla_policy import Measure

CONTENT = 4
"""Who gives at least so much of five is satisfied."""


class Metric(StrEnum):
    """What is reckoned. One may be several figures: a median, a share of ten."""

    VOLUME = "volume"
    RESOLVED = "resolved"
    BACKLOG = "backlog"
    BACKLOG_AGE = "backlog_age"
    FIRST_RESPONSE = "first_response"
    RESOLUTION = "resolution"
    TIME_IN_STATUS = "time_in_status"
    FIRST_CONTACT = "first_contact"
    REOPENED = "reopened"
    SLA = "sla"
    CSAT = "csat"
    DEFLECTION = "deflection"


class By(StrEnum):
    """What tickets are told apart by."""

    TEAM = "team"
    CATEGORY = "category"
    CHANNEL = "channel"
    PRIORITY = "priority"
    AGENT = "agent"


class Unit(StrEnum):
    COUNT = "count"
    SECONDS = "seconds"
    PERCENT = "percent"
    SCORE = "score"


@dataclass(frozen=True, slots=True)
class Case:
    """A ticket, what it is told apart by, and all that its numbers are made of."""

    life: Life
    groups: tuple[tuple[By, str], ...] = ()
    clocks: tuple[Clock, ...] = ()
    """What was promised."""
    score: int | None = None
    rated_at: datetime | None = None
    office: Timetable | None = None
    """Business time; None: all the time."""

    def group(self, by: By) -> str:
        return dict(self.groups).get(by, "")

    def business(self, start: datetime, end: datetime) -> timedelta:
        return (self.office or timetable(ALWAYS)).open_between(start, end)


@dataclass(frozen=True, slots=True)
class Period:
    """From ``start`` until before ``end``."""

    start: datetime
    end: datetime

    def __contains__(self, moment: datetime | None) -> bool:
        return moment is not None and self.start <= moment < self.end


@dataclass(frozen=True, slots=True)
class Figure:
    """One number; None where there is nothing to reckon it from. ``of``: from how many it was."""

    metric: Metric
    name: str
    unit: Unit
    value: float | None
    of: int


def figures(cases: Sequence[Case], period: Period) -> tuple[Figure, ...]:
    """Every figure of some tickets in a period, always the same ones in the same order."""
    known = [case for case in cases if case.life.began_at is not None]
    solved = [done for case in known if (done := _solved(case, period)) is not None]
    waiting = [case for case in known if _status_at(case.life, period.end) in WORKING]
    began = [case for case in known if case.life.began_at in period]
    return (
        _count(Metric.VOLUME, len(began)),
        _count(Metric.RESOLVED, len(solved)),
        _count(Metric.BACKLOG, len(waiting)),
        *_ages(waiting, period.end),
        *_first_responses(known, period),
        *_resolutions(solved),
        *_in_statuses(solved),
        _share(Metric.FIRST_CONTACT, "", [one.at_once for one in solved]),
        _share(Metric.REOPENED, "", [one.in_vain for one in solved]),
        *_promises(known, period),
        *_satisfaction(known, period),
        _deflection(cases, len(began), period),
    )


def by_group(cases: Iterable[Case], by: By, period: Period) -> dict[str, tuple[Figure, ...]]:
    """The figures of each group, in which anything is not nought, largest volume first."""
    groups: dict[str, list[Case]] = {}
    for case in cases:
        groups.setdefault(case.group(by), []).append(case)
    reckoned = {name: figures(found, period) for name, found in groups.items()}
    busy = {name: found for name, found in reckoned.items() if any(one.of for one in found)}
    return dict(sorted(busy.items(), key=lambda item: (-(item[1][0].value or 0), item[0])))


@dataclass(frozen=True, slots=True)
class Day:
    """How many tickets began and were resolved on a date."""

    date: date
    volume: int
    resolved: int


def by_day(cases: Iterable[Case], period: Period, zone: ZoneInfo) -> tuple[Day, ...]:
    """Every date of the period by a local clock; what was resolved counts when it was for the last time."""
    lives = [case for case in cases if case.life.began_at is not None]
    began = Counter(
        at.astimezone(zone).date()
        for case in lives
        if (at := case.life.began_at) is not None and at in period
    )
    ended = Counter(
        done.last.astimezone(zone).date() for case in lives if (done := _solved(case, period)) is not None
    )
    first, last = period.start.astimezone(zone).date(), period.end.astimezone(zone).date()
    dates = (first + timedelta(days=count) for count in range((last - first).days + 1))
    return tuple(Day(one, began[one], ended[one]) for one in dates)


@dataclass(frozen=True, slots=True)
class _Solved:
    """A ticket that was resolved in the period, until it was for the last time."""

    case: Case
    began_at: datetime
    first: datetime
    last: datetime

    @property
    def at_once(self) -> bool:
        """With one answer at most, and for good."""
        answers = sum(at <= self.last for at in self.case.life.answers)
        return answers <= 1 and not self.case.life.reopened_at

    @property
    def in_vain(self) -> bool:
        return any(at >= self.first for at in self.case.life.reopened_at)


def _solved(case: Case, period: Period) -> _Solved | None:
    times = [at for at in case.life.resolved_at if at in period]
    began = case.life.began_at
    return _Solved(case, began, times[0], times[-1]) if times and began is not None else None


def _status_at(life: Life, moment: datetime) -> Status | None:
    return next(
        (one.status for one in life.spells if one.start < moment and (one.end is None or one.end >= moment)),
        None,
    )


def _ages(waiting: Sequence[Case], now: datetime) -> tuple[Figure, ...]:
    spans = [(case, case.life.began_at, now) for case in waiting if case.life.began_at is not None]
    return (
        *_times(Metric.BACKLOG_AGE, "", spans),
        _seconds(Metric.BACKLOG_AGE, "_oldest", [end - start for _, start, end in spans], max),
    )


def _first_responses(known: Sequence[Case], period: Period) -> tuple[Figure, ...]:
    spans = [
        (case, case.life.began_at, answered)
        for case in known
        if (answered := case.life.first_response_at) is not None
        and answered in period
        and case.life.began_at is not None
    ]
    return _times(Metric.FIRST_RESPONSE, "", spans)


def _resolutions(solved: Sequence[_Solved]) -> tuple[Figure, ...]:
    return _times(Metric.RESOLUTION, "", [(one.case, one.began_at, one.last) for one in solved])


def _in_statuses(solved: Sequence[_Solved]) -> Iterable[Figure]:
    """Of what was resolved: how long each was in a status until then, of those that were in it."""
    for status in (one for one in Status if one in WORKING):
        wall, business = [], []
        for one in solved:
            spent = [
                (spell.start, min(spell.end or one.last, one.last))
                for spell in one.case.life.spells
                if spell.status is status and spell.start < min(spell.end or one.last, one.last)
            ]
            if spent:
                wall.append(sum((end - start for start, end in spent), timedelta()))
                business.append(sum((one.case.business(*span) for span in spent), timedelta()))
        yield from _spreads(Metric.TIME_IN_STATUS, f"_{status}", wall, business)


def _promises(known: Sequence[Case], period: Period) -> Iterable[Figure]:
    for measure in Measure:
        decided = [
            clock.breached_at is None
            for case in known
            for clock in case.clocks
            if clock.measure is measure and clock.target is not None and _decided_at(clock) in period
        ]
        yield _share(Metric.SLA, f"_{measure}", decided)


def _decided_at(clock: Clock) -> datetime | None:
    """When it was late, else when it ended."""
    return clock.breached_at or (clock.ended_at if clock.state is State.ENDED else None)


def _satisfaction(known: Sequence[Case], period: Period) -> tuple[Figure, ...]:
    scores = [case.score for case in known if case.score is not None and case.rated_at in period]
    average = sum(scores) / len(scores) if scores else None
    return (
        _share(Metric.CSAT, "", [score >= CONTENT for score in scores]),
        Figure(Metric.CSAT, "csat_average", Unit.SCORE, average, len(scores)),
    )


def _deflection(cases: Iterable[Case], began: int, period: Period) -> Figure:
    deflected = sum(case.life.began_at is None and case.life.deflected_at in period for case in cases)
    return _share(Metric.DEFLECTION, "", [True] * deflected + [False] * began)


def _times(metric: Metric, what: str, spans: Sequence[tuple[Case, datetime, datetime]]) -> tuple[Figure, ...]:
    wall = [end - start for _, start, end in spans]
    return _spreads(metric, what, wall, [case.business(start, end) for case, start, end in spans])


def _spreads(
    metric: Metric, what: str, wall: Sequence[timedelta], business: Sequence[timedelta]
) -> tuple[Figure, ...]:
    return (
        _seconds(metric, f"{what}_median", wall, middle),
        _seconds(metric, f"{what}_p90", wall, ninetieth),
        _seconds(metric, f"{what}_business_median", business, middle),
        _seconds(metric, f"{what}_business_p90", business, ninetieth),
    )


def middle(values: Sequence[timedelta]) -> timedelta:
    """The median: of an even number, half way between the two in the middle."""
    ordered = sorted(values)
    half = len(ordered) // 2
    return (ordered[half] + ordered[~half]) / 2


def ninetieth(values: Sequence[timedelta]) -> timedelta:
    """The smallest that nine of ten do not exceed."""
    return sorted(values)[ceil(len(values) * 9 / 10) - 1]


def _seconds(
    metric: Metric,
    what: str,
    values: Sequence[timedelta],
    of_all: Callable[[Sequence[timedelta]], timedelta],
) -> Figure:
    value = of_all(values).total_seconds() if values else None
    return Figure(metric, f"{metric}{what}", Unit.SECONDS, value, len(values))


def _count(metric: Metric, count: int) -> Figure:
    return Figure(metric, metric.value, Unit.COUNT, count, count)


def _share(metric: Metric, what: str, held: Sequence[bool]) -> Figure:
    value = 100 * sum(held) / len(held) if held else None
    return Figure(metric, f"{metric}{what}", Unit.PERCENT, value, len(held))
