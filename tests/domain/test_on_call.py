"""Who is on call, against an oracle that walks through local days and asks nobody's arithmetic."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatdesk.domain.calendar import Calendar, Hours, timetable
from chatdesk.domain.on_call import (
    Handover,
    Rota,
    Shift,
    now_and_next,
    on_call_at,
    order_at,
    read_handover,
    watches,
)

ZONES = ("Europe/Zurich", "America/New_York", "Australia/Lord_Howe", "America/Havana", "UTC")
STARTS = (date(2026, 3, 25), date(2026, 10, 21), date(2026, 3, 4), date(2026, 10, 28), date(2024, 2, 26))
DAYS = 30
NIGHTS = Calendar("nights", "Nights", "Europe/Zurich", ((Hours(0, 360), Hours(1080, 1440)),) * 7)

moments = st.integers(0, DAYS * 1440).map(lambda minutes: timedelta(minutes=minutes))
rotas = st.builds(
    lambda zone, people, weekday, hour, every, first, last: Rota(
        zone,
        people,
        Handover(weekday, hour * 60 + 30),
        every,
        first,
        None if last is None else first + timedelta(days=last),
    ),
    st.sampled_from(ZONES),
    st.sampled_from((("a",), ("a", "b"), ("a", "b", "c"))),
    st.none() | st.integers(0, 6),
    st.integers(0, 23),
    st.sampled_from((1, 2, 7, 14)),
    st.sampled_from(STARTS),
    st.none() | st.integers(0, 30),
)


def walked(rota: Rota, when: datetime) -> str | None:
    """Day by day from the first on, hand over where the local clock has come to the time."""
    zone = ZoneInfo(rota.zone)
    assert rota.first is not None
    day, since_handover, holder = rota.first, None, -1
    while day <= when.astimezone(zone).date():
        clock = time(rota.handover.minute // 60, rota.handover.minute % 60)
        moment = datetime.combine(day, clock, zone).astimezone(UTC)
        fits = rota.handover.weekday in (None, day.weekday()) if since_handover is None else True
        if fits and since_handover in (None, rota.every - 1):
            if moment <= when:
                holder += 1
            since_handover = 0
        elif since_handover is not None:
            since_handover += 1
        day += timedelta(days=1)
    if holder < 0 or (rota.last is not None and when.astimezone(zone).date() > rota.last):
        return None
    return rota.rotation[holder % len(rota.rotation)]


@settings(deadline=None)
@given(rotas, moments, st.booleans())
def test_turns_are_what_walking_through_the_days_finds(rota: Rota, later: timedelta, night: bool) -> None:
    assert rota.first is not None
    when = datetime.combine(rota.first, time(), UTC) + later
    table = timetable(NIGHTS) if night else None
    local = when.astimezone(ZoneInfo(NIGHTS.zone))
    is_open = not night or local.hour < 6 or local.hour >= 18
    assert on_call_at(rota, when, table) == (walked(rota, when) if is_open else None)


@settings(deadline=None, max_examples=30)
@given(rotas, moments, moments, moments, st.booleans())
def test_watches_are_who_is_on_call_at_every_moment_of_theirs(
    rota: Rota, start: timedelta, one: timedelta, other: timedelta, night: bool
) -> None:
    assert rota.first is not None
    origin = datetime.combine(rota.first, time(), UTC)
    shift = Shift("s", origin + min(one, other), origin + max(one, other))
    whole = replace(rota, shifts=(shift,))
    table = timetable(NIGHTS) if night else None
    begin, end = origin + start, origin + start + timedelta(days=9)
    found = list(watches(whole, begin, end, table))
    assert (found[0].start, found[-1].end) == (begin, end)
    for watch, following in pairwise(found):
        assert watch.end == following.start and watch.who != following.who
    for watch in found:
        length = watch.end - watch.start
        for share in (0.0, 0.3, 0.7, 0.999):
            assert on_call_at(whole, watch.start + length * share, table) == watch.who
    assert order_at(whole, begin, table)[:1] == (() if found[0].who is None else (found[0].who,))


WEEKS = Rota("Europe/Zurich", ("ana", "ben", "cy"), Handover(0, 540), 7, date(2026, 10, 12))


def test_handovers_are_at_nine_on_both_sides_of_a_change_of_clocks() -> None:
    now, following = now_and_next(WEEKS, datetime(2026, 10, 20, tzinfo=UTC), None)
    assert (now.who, now.end) == ("ben", datetime(2026, 10, 26, 8, tzinfo=UTC)), "UTC+1 since Sunday"
    assert following is not None
    assert (following.who, following.end) == ("cy", datetime(2026, 11, 2, 8, tzinfo=UTC))
    assert order_at(WEEKS, now.start, None) == ("ben", "cy", "ana")


def test_turns_that_begin_long_after_the_first_day() -> None:
    """The first Monday is five days after the first day, and handovers are daily from then on."""
    rota = Rota("UTC", ("ana", "ben"), Handover(0, 30), 1, date(2026, 3, 25))
    start = datetime(2026, 3, 30, tzinfo=UTC)
    found = [(one.who, one.start.day) for one in watches(rota, start, start + timedelta(days=2), None)]
    assert found == [(None, 30), ("ana", 30), ("ben", 31)]


def test_shifts_count_before_turns_and_before_the_first_nobody_is_on_call() -> None:
    early = datetime(2026, 10, 12, 6, tzinfo=UTC)
    shift = Shift("dot", early, early + timedelta(hours=2))
    rota = replace(WEEKS, shifts=(shift,))
    assert on_call_at(rota, early - timedelta(seconds=1), None) is None
    assert order_at(rota, early, None) == ("dot", "ana", "ben", "cy")
    assert on_call_at(rota, early + timedelta(hours=2), None) == "ana"
    alone = Rota("UTC", shifts=(Shift("dot", early),))
    assert on_call_at(alone, datetime(2030, 1, 1, tzinfo=UTC), None) == "dot", "until further notice"
    now, following = now_and_next(alone, early - timedelta(days=400), None)
    assert (now.who, following) == (None, None), "too far ahead to speak of"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("monday 9:00", Handover(0, 540)),
        ("Fri 17:30", Handover(4, 1050)),
        ("08:00", Handover(None, 480)),
        ("someday 9:00", None),
        ("monday", None),
        ("monday 24:00", None),
    ],
)
def test_handovers_as_they_are_written(written: str, read: Handover | None) -> None:
    assert read_handover(written) == read
    assert read is None or read_handover(str(read)) == read
