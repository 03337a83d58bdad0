"""Business time against an oracle that looks at a local clock minute by minute."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import accumulate, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatdesk.domain.calendar import (
    ALWAYS,
    Calendar,
    Hours,
    after,
    business_time,
    knows_region,
    timetable,
)

OFFICE = (Hours(9 * 60, 12 * 60 + 30), Hours(13 * 60 + 30, 18 * 60))
NIGHTS = (Hours(0, 2 * 60 + 30), Hours(22 * 60, 1440))
DAYS = 7
MINUTE = timedelta(minutes=1)


def weekly(zone: str, hours: tuple[Hours, ...], days: int = 5, *dates: date) -> Calendar:
    week = tuple(hours if day < days else () for day in range(7))
    return Calendar("tested", "Tested", zone, week, dates=dates)


CALENDARS = (
    weekly("Europe/Berlin", OFFICE, 5, date(2026, 3, 30), date(2024, 2, 29)),
    weekly("America/New_York", NIGHTS, 7),
    weekly("Australia/Lord_Howe", OFFICE, 7),  # changes by half an hour
    weekly("America/Havana", NIGHTS, 6),  # changes at midnight
    weekly("Pacific/Apia", OFFICE, 6),  # left out a day in 2011
    weekly("Asia/Kathmandu", (Hours(0, 1440),), 2),
    weekly("Europe/London", (Hours(0, 1440),), 7),
    weekly("UTC", (), 0),
    ALWAYS,
)
MOMENTS = tuple(
    datetime(*when, tzinfo=UTC)
    for when in (
        (2026, 3, 24), (2026, 10, 20), (2024, 2, 24), (2026, 12, 26), (2026, 3, 3), (2026, 10, 29),
        (2026, 9, 29), (2026, 4, 1), (2011, 12, 25), (2026, 6, 1),
    )
)  # fmt: skip


@cache
def open_minutes(calendar: Calendar, start: datetime) -> tuple[int, ...]:
    """How many of the minutes since ``start`` were open, minute by minute."""
    zone = ZoneInfo(calendar.zone)

    def looked_at() -> Iterator[bool]:
        for minute in range(DAYS * 1440):
            local = (start + minute * MINUTE).astimezone(zone)
            shown = local.hour * 60 + local.minute
            hours = calendar.week[local.weekday()]
            yield local.date() not in calendar.dates and any(one.start <= shown < one.end for one in hours)

    return tuple(accumulate(looked_at(), initial=0))


minutes = st.integers(0, DAYS * 1440)


@given(st.sampled_from(CALENDARS), st.sampled_from(MOMENTS), minutes, minutes)
def test_business_time_is_what_the_clock_shows_minute_by_minute(
    calendar: Calendar, start: datetime, first: int, last: int
) -> None:
    counted = open_minutes(calendar, start)
    expected = max(counted[last] - counted[first], 0) if last > first else 0
    assert business_time(calendar, start + first * MINUTE, start + last * MINUTE) == expected * MINUTE


@given(st.sampled_from(CALENDARS), st.sampled_from(MOMENTS), minutes, st.integers(0, 3000))
def test_after_is_the_earliest_minute_with_so_much_behind_it(
    calendar: Calendar, start: datetime, first: int, amount: int
) -> None:
    counted = open_minutes(calendar, start)
    wanted = counted[first] + amount
    expected = next((minute for minute in range(first, DAYS * 1440 + 1) if counted[minute] >= wanted), None)
    found = after(calendar, start + first * MINUTE, amount * MINUTE)
    if expected is not None:
        assert found == start + expected * MINUTE
    else:
        assert found is None or found > start + DAYS * 1440 * MINUTE


@given(
    st.sampled_from(CALENDARS),
    st.datetimes(datetime(2023, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.timedeltas(timedelta(0), timedelta(days=400)),
    st.timedeltas(timedelta(0), timedelta(days=40)),
)
def test_it_adds_up_to_the_microsecond(
    calendar: Calendar, start: datetime, whole: timedelta, amount: timedelta
) -> None:
    middle, end = start + whole / 2, start + whole
    table = timetable(calendar)
    parts = table.open_between(start, middle) + table.open_between(middle, end)
    assert table.open_between(start, end) == parts
    pieces = list(table.pieces(start, end))
    assert sum((closes - opens for opens, closes in pieces), timedelta()) == parts
    assert all(one[1] < other[0] for one, other in pairwise(pieces))
    due = table.after(start, amount)
    assert due is None or table.open_between(start, due) == amount


@given(st.sampled_from(CALENDARS), st.sampled_from(MOMENTS), minutes)
def test_the_next_open_moment(calendar: Calendar, start: datetime, first: int) -> None:
    counted = open_minutes(calendar, start)
    expected = next((m for m in range(first, DAYS * 1440) if counted[m + 1] > counted[m]), None)
    found = timetable(calendar).next_open(start + first * MINUTE)
    if expected is not None:
        assert found == start + expected * MINUTE


def test_a_week_without_hours_never_ends() -> None:
    never = weekly("UTC", (), 0)
    assert after(never, MOMENTS[0], MINUTE) is None
    assert timetable(never).next_open(MOMENTS[0]) is None
    assert never.working_day == timedelta()


def test_holidays_by_region_and_of_ones_own() -> None:
    week = (OFFICE,) * 5 + ((), ())
    bavaria = Calendar("b", "B", "Europe/Berlin", week, regions=("DE-BY",), dates=(date(2026, 12, 24),))
    assert bavaria.holiday(date(2026, 1, 6)) == "Epiphany"
    assert not bavaria.holiday(date(2026, 1, 7))
    assert bavaria.hours_of(date(2026, 12, 24)) == ()
    christmas = datetime(2026, 12, 23, 16, tzinfo=UTC)  # 17:00 in Berlin
    assert after(bavaria, christmas, timedelta(hours=2)) == datetime(2026, 12, 28, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("region", "known"), [("DE", True), ("US-CA", True), ("XX", False), ("DE-XX", False)]
)
def test_regions(region: str, known: bool) -> None:
    assert knows_region(region) is known
