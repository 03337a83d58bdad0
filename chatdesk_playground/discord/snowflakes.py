"""Snowflakes: ids that carry the millisecond of their making."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

EPOCH = datetime(2015, 1, 1, tzinfo=UTC)


class Clock:
    """The platform's clock; a test may push it forward so that tokens and addresses expire."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def advance(self, seconds: float) -> None:
        self._ahead += timedelta(seconds=seconds)


class Snowflakes:
    """Makes ids that rise strictly, like Discord's (as text, the way they are on the wire)."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._last = 0

    def next(self) -> str:
        milliseconds = int((self._now() - EPOCH).total_seconds() * 1000)
        self._last = max(self._last + 1, milliseconds << 22)
        return str(self._last)


def made_at(snowflake: str) -> datetime:
    """The moment in a snowflake."""
    return EPOCH + timedelta(milliseconds=int(snowflake) >> 22)
