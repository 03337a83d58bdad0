"""What rules make of history entries."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from chatdesk.domain.happenings import happening
from chatdesk.domain.rules import Happening
from chatdesk.domain.ticket import HistoryEntry


@pytest.mark.parametrize(
    ("data", "found"),
    [
        ({"side": "customer", "audience": "party"}, Happening.MESSAGE),
        ({"side": "customer", "audience": "party", "by": "desk"}, Happening.ANSWER),
        ({"side": "team", "audience": "everyone"}, Happening.ANSWER),
        ({"side": "team", "audience": "internal"}, None),
    ],
)
def test_who_spoke_to_whom(data: dict[str, str], found: Happening | None) -> None:
    """Staff who write in the requester's own thread answer there."""
    moment = datetime(2026, 11, 21, tzinfo=UTC)
    entry = HistoryEntry("acme", "h", 1, "post", None, None, "message", moment, tuple(data.items()))
    assert happening(entry) is found
