"""Until when a ticket is snoozed, who is asked for a rating, what a text says of a resolution."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatdesk.domain.resolution import ResolutionCode, split_code
from chatdesk.domain.satisfaction import is_left_alone, is_sampled, score_in
from chatdesk.domain.snooze import Awake, Until, UntilReply, read_until

ZURICH = ZoneInfo("Europe/Zurich")
SATURDAY = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)
"""Half past eleven in Zurich."""


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=ZURICH)


@pytest.mark.parametrize(
    ("typed", "until"),
    [
        ("2d", SATURDAY + timedelta(days=2)),
        ("1h30m", SATURDAY + timedelta(hours=1, minutes=30)),
        ("for 3 hours", SATURDAY + timedelta(hours=3)),
        ("in 1 week", SATURDAY + timedelta(weeks=1)),
        ("tomorrow", at(22, 9)),
        ("tomorrow 14:15", at(22, 14, 15)),
        ("until tomorrow at 2pm", at(22, 14)),
        ("mon", at(23, 9)),
        ("Saturday 8:00", at(28, 8)),
        ("18:00", at(21, 18)),
        ("9:00", at(22, 9)),
        ("today 18:00", at(21, 18)),
        ("12am", at(22, 0)),
        ("2026-12-24", at(24, 9, month=12)),
        ("2026\\-12\\-24 7:05", at(24, 7, 5, month=12)),
        ("reply", UntilReply()),
        ("Until Reply", UntilReply()),
        ("off", Awake()),
    ],
)
def test_until_when(typed: str, until: Until) -> None:
    assert read_until(typed, SATURDAY, ZURICH) == until


@pytest.mark.parametrize(
    "typed", ["", "whenever", "0m", "400d", "today 9:00", "25:00", "2026-02-30", "2020-01-01", "13pm", "9"]
)
def test_what_is_not_understood_or_is_over(typed: str) -> None:
    assert read_until(typed, SATURDAY, ZURICH) is None


@given(st.text())
def test_reading_never_fails(typed: str) -> None:
    found = read_until(typed, SATURDAY, ZURICH)
    assert not isinstance(found, datetime) or found > SATURDAY
    assert score_in(typed)[0] in (None, 1, 2, 3, 4, 5)


def test_about_the_share_that_was_wanted_is_asked_and_always_the_same() -> None:
    asked = [number for number in range(2000) if is_sampled("acme", number, 30)]
    assert 500 < len(asked) < 700
    assert asked == [number for number in range(2000) if is_sampled("acme", number, 30)]
    assert all(is_sampled("acme", number, 100) for number in range(100))
    assert not any(is_sampled("acme", number, 0) for number in range(100))


def test_who_was_never_asked_is_not_left_alone() -> None:
    assert not is_left_alone(None, timedelta(days=14), SATURDAY)
    assert is_left_alone(SATURDAY - timedelta(days=13), timedelta(days=14), SATURDAY)
    assert not is_left_alone(SATURDAY - timedelta(days=14), timedelta(days=14), SATURDAY)


@pytest.mark.parametrize(
    ("text", "key", "words"),
    [
        ("fixed: a new toner", "fixed", "a new toner"),
        ("Fixed", "fixed", ""),
        ("no fault: none: at all", "no_fault", "none: at all"),
        ("note: fixed", None, "note: fixed"),
        ("fixed it", None, "fixed it"),
        ("", None, ""),
    ],
)
def test_a_code_before_a_colon(text: str, key: str | None, words: str) -> None:
    codes = (ResolutionCode("fixed", "Fixed"), ResolutionCode("no_fault", "Nothing was wrong"))
    code, rest = split_code(codes, text)
    assert (code.key if code else None, rest) == (key, words)
