"""What is still to be done, and when."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from chatdesk.domain.follow_up import FollowUp, read_follow_up

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)  # a Saturday
ZURICH = ZoneInfo("Europe/Zurich")


@pytest.mark.parametrize(
    ("typed", "text", "at"),
    [
        ("2w: ask again", "ask again", datetime(2026, 12, 5, 9, 30, tzinfo=UTC)),
        ("monday 9:00: call Cleo", "call Cleo", datetime(2026, 11, 23, 8, tzinfo=UTC)),
        ("tomorrow: note: it may be closed", "note: it may be closed", datetime(2026, 11, 22, 8, tzinfo=UTC)),
        ("ask again", "ask again", None),
        ("Cleo: ask her again", "Cleo: ask her again", None),
        ("yesterday: ask again", "yesterday: ask again", None),
        ("monday 9:00", "monday 9:00", None),
        ("2w:", "2w:", None),
        ("reply: ask again", "reply: ask again", None),
        ("9999w" * 60 + ": ask again", "9999w" * 60 + ": ask again", None),
    ],
)
def test_a_time_may_stand_before_the_words(typed: str, text: str, at: datetime | None) -> None:
    assert read_follow_up(typed, NOW, ZURICH) == FollowUp(text, at)
