"""A clock that a story moves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from chatdesk.domain.calendar import Calendar, timetable


class StoryClock:
    """The real time, plus what the story let pass."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def pass_by(self, time: timedelta) -> None:
        self._ahead += time

    def go_to_a_morning(self, calendar: Calendar) -> None:
        """Half an hour after work begins on the next day that has not begun yet anywhere."""
        opens = timetable(calendar).next_open(self.now().replace(hour=0, minute=0) + timedelta(days=2))
        if opens is None:
            raise ValueError(f"nobody works in {calendar.name}")
        self.pass_by(opens + timedelta(minutes=30) - self.now())
