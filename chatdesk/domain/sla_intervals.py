"""How a promise's time was counted, interval by interval, for people to read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from chatdesk.domain.lifecycle import Status
from chatdesk.domain.sla import Book, Promise
from chatdesk.domain.sla_case import Case, Stretch, stretches
from chatdesk.domain.sla_policy import Measure

_DAY = timedelta(days=1)


class Why(StrEnum):
    COUNTED = "counted"
    PAUSED = "paused"
    """The status pauses it."""
    CLOSED = "closed"
    """Outside the calendar's hours."""
    HOLIDAY = "holiday"
    NO_PROMISE = "no_promise"


@dataclass(frozen=True, slots=True)
class Interval:
    """``detail`` is a status or the name of a holiday; ``calendar`` is the key of the one that counted."""

    start: datetime
    end: datetime
    why: Why
    detail: str = ""
    calendar: str | None = None

    @property
    def length(self) -> timedelta:
        return self.end - self.start


def intervals(case: Case, book: Book, measure: Measure, cycle: int, now: datetime) -> list[Interval]:
    """All time of one clock, oldest first, without gaps except while the ticket was not worked on."""
    found: list[Interval] = []
    for stretch in stretches(case, now):
        if (measure, cycle) not in stretch.running:
            continue
        for interval in _of(stretch, book.promise(case, stretch.facts), measure):
            before = found[-1] if found else None
            if before is not None and before.end == interval.start and _alike(before, interval):
                found[-1] = replace(before, end=interval.end)
            else:
                found.append(interval)
    return [one for one in found if one.end > one.start]


def _alike(one: Interval, other: Interval) -> bool:
    return (one.why, one.detail, one.calendar) == (other.why, other.detail, other.calendar)


def _of(stretch: Stretch, promise: Promise | None, measure: Measure) -> Iterator[Interval]:
    if promise is None or promise.limit(measure) is None:
        yield Interval(stretch.start, stretch.end, Why.NO_PROMISE)
        return
    calendar = promise.table.calendar.key
    status: Status = stretch.facts.status
    if promise.pauses(status):
        yield Interval(stretch.start, stretch.end, Why.PAUSED, status, calendar)
        return
    here = stretch.start
    for opens, closes in promise.table.pieces(stretch.start, stretch.end):
        if here < opens:
            yield _closed(promise, here, opens)
        yield Interval(opens, closes, Why.COUNTED, calendar=calendar)
        here = closes
    if here < stretch.end:
        yield _closed(promise, here, stretch.end)


def _closed(promise: Promise, start: datetime, end: datetime) -> Interval:
    """A gap between open stretches; for a holiday if a day of it would have been open."""
    calendar = promise.table.calendar
    names: list[str] = []
    day: date = promise.table.local(start).date()
    last = promise.table.local(end - timedelta(microseconds=1)).date()
    while day <= last:
        name = calendar.holiday(day) if calendar.week[day.weekday()] else None
        if name is not None and name not in names:
            names.append(name)
        day += _DAY
    why = Why.HOLIDAY if names else Why.CLOSED
    return Interval(start, end, why, ", ".join(names), calendar.key)
