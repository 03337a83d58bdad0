"""calendar: business time between two moments, and the moment after so much of it, a million times.

The baseline goes through the same questions day by day with the time zone's own arithmetic, as one would
write it first; it answers fewer of them in about the same time.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bench.rows import Row, at_least, compared
from chatdesk.domain.calendar import Calendar, Hours, after, business_time

EVALUATIONS = 1_000_000
OF_THE_BASELINE = 10_000
TARGET = 10.0

OFFICE = Calendar(
    "office",
    "Office",
    "Europe/Berlin",
    ((Hours(540, 750), Hours(810, 1080)),) * 5 + ((), ()),
    ("DE-BY",),
    (date(2026, 12, 24),),
)

Question = tuple[datetime, datetime, timedelta]


def measure() -> Iterator[Row]:
    questions = _questions(EVALUATIONS // 2)
    ours = EVALUATIONS / _seconds(_answer, questions)
    theirs = OF_THE_BASELINE / _seconds(_answer_by_days, questions[: OF_THE_BASELINE // 2])
    yield at_least(compared("calendar", EVALUATIONS, "none", ours, "evaluations/s", theirs), TARGET)


def _questions(count: int) -> list[Question]:
    """Anywhere in a year, up to two weeks long."""
    chance = random.Random(2026)
    new_year = datetime(2026, 1, 1, tzinfo=UTC)
    found = []
    for _ in range(count):
        start = new_year + timedelta(seconds=chance.randrange(350 * 86_400))
        end = start + timedelta(seconds=chance.randrange(14 * 86_400))
        found.append((start, end, timedelta(minutes=chance.randrange(2_400))))
    return found


def _seconds(answer: Callable[[Sequence[Question]], None], questions: Sequence[Question]) -> float:
    begun = time.perf_counter()
    answer(questions)
    return time.perf_counter() - begun


def _answer(questions: Sequence[Question]) -> None:
    for start, end, amount in questions:
        business_time(OFFICE, start, end)
        after(OFFICE, start, amount)


def _answer_by_days(questions: Sequence[Question]) -> None:
    zone = ZoneInfo(OFFICE.zone)
    for start, end, amount in questions:
        sum((closes - opens for opens, closes in _by_days(zone, start, end)), timedelta())
        left = amount
        for opens, closes in _by_days(zone, start, start + timedelta(days=60)):
            left -= closes - opens
            if left <= timedelta():
                break


def _by_days(zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    day = start.astimezone(zone).date()
    last = end.astimezone(zone).date()
    while day <= last:
        midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - the zone comes with the hours
        for hours in OFFICE.hours_of(day):
            opens = (midnight + timedelta(minutes=hours.start)).replace(tzinfo=zone).astimezone(UTC)
            closes = (midnight + timedelta(minutes=hours.end)).replace(tzinfo=zone).astimezone(UTC)
            if max(opens, start) < min(closes, end):
                yield max(opens, start), min(closes, end)
        day += timedelta(days=1)
