"""A moment of every week. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WEEK = timedelta(weeks=1)

_WRITTEN = re.compile(r"([a-z]{3,9})\s+(\d{1,2}):(\d{2})")


@dataclass(frozen=True, slots=True)
class Weekly:
    """``weekday`` counts from Monday, ``minute`` from midnight, both by the desk's clock."""

    weekday: int
    minute: int

    def __str__(self) -> str:
        return f"{WEEKDAYS[self.weekday]} {self.minute // 60}:{self.minute % 60:02}"

    def last(self, now: datetime, zone: ZoneInfo) -> datetime:
        """The latest such moment that is not ahead."""
        local = now.astimezone(zone)
        day = local.date() - timedelta(days=(local.weekday() - self.weekday) % 7)
        moment = datetime.combine(day, time(self.minute // 60, self.minute % 60), zone)
        return moment if moment <= now else datetime.combine(day - WEEK, moment.timetz())


def read_weekly(written: str) -> Weekly | None:
    """``monday 9:00``; None for anything else."""
    found = _WRITTEN.fullmatch(" ".join(written.casefold().split()))
    if found is None:
        return None
    weekday = next((at for at, name in enumerate(WEEKDAYS) if name.startswith(found[1])), None)
    hour, minute = int(found[2]), int(found[3])
    return None if weekday is None or hour > 23 or minute > 59 else Weekly(weekday, hour * 60 + minute)
