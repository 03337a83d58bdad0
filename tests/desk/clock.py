"""A clock that a test moves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(slots=True)
class MovableClock:
    time: datetime = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time

    def advance(self, **how_long: float) -> None:
        self.time += timedelta(**how_long)
