"""Until when a ticket is to be out of sight, from how people say it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MORNING = time(9)
LONGEST = timedelta(days=366)

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_UNITS = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes"}
_PART = re.compile(r"(\d{1,4})\s*(weeks?|w|days?|d|hours?|h|minutes?|mins?|m)\s*")
_CLOCK = re.compile(r"(\d{1,2})(?::(\d{2}))?\s*(am|pm)?")
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_REPLY = frozenset({"reply", "until reply", "until a reply", "until they reply", "a reply", "answer"})
_OFF = frozenset({"off", "now", "wake", "end", "stop", "none"})


@dataclass(frozen=True, slots=True)
class UntilReply:
    """Until the requester writes."""


@dataclass(frozen=True, slots=True)
class Awake:
    """No longer out of sight."""


Until = datetime | UntilReply | Awake


def read_until(typed: str, now: datetime, zone: ZoneInfo) -> Until | None:
    """``2d``, ``1h30m``, ``tomorrow 9:00``, ``monday``, ``2026-12-01 14:00``, ``reply``, ``off``.

    Clock times are the desk's. None for what cannot be understood, is over, or is more than a year away.
    """
    words = " ".join(typed.replace("\\", "").casefold().split())
    if words in _OFF:
        return Awake()
    if words in _REPLY:
        return UntilReply()
    words = words.removeprefix("until ").removeprefix("for ").removeprefix("in ")
    length = _length(words)
    if length is not None and length > LONGEST:
        return None
    found = now + length if length is not None else _moment(words, now.astimezone(zone))
    return found if found is not None and now < found <= now + LONGEST else None


def _length(words: str) -> timedelta | None:
    position, parts = 0, dict.fromkeys(_UNITS.values(), 0)
    while position < len(words):
        part = _PART.match(words, position)
        if part is None:
            return None
        parts[_UNITS[part[2][0]]] += int(part[1])
        position = part.end()
    return timedelta(**parts) if words else None


def _moment(words: str, local: datetime) -> datetime | None:
    """A day and a clock time, either of which may be missing."""
    first, _, rest = words.partition(" ")
    day = _day(first, local.date())
    if day is None:
        day, rest = None, words
    clock = MORNING if day is not None and not rest else _clock(rest.removeprefix("at ").strip())
    if clock is None:
        return None
    if day is not None:
        return datetime.combine(day, clock, local.tzinfo)
    today = datetime.combine(local.date(), clock, local.tzinfo)
    return today if today > local else datetime.combine(local.date() + timedelta(days=1), clock, local.tzinfo)


def _day(word: str, today: date) -> date | None:
    if word in ("today", "tomorrow"):
        return today + timedelta(days=word == "tomorrow")
    weekday = next((n for n, name in enumerate(_WEEKDAYS) if len(word) > 2 and name.startswith(word)), None)
    if weekday is not None:
        return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    written = _DATE.fullmatch(word)
    try:
        return date(*(int(part) for part in written.groups())) if written else None
    except ValueError:
        return None


def _clock(words: str) -> time | None:
    found = _CLOCK.fullmatch(words)
    if found is None or (found[2] is None and found[3] is None):
        return None
    hour = int(found[1])
    if found[3] is not None:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found[3] == "pm" else 0)
    minute = int(found[2] or 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None
