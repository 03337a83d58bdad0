"""What is still to be done after a ticket was solved, and when staff are to be reminded of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from chatdesk.domain.snooze import read_until


@dataclass(frozen=True, slots=True)
class FollowUp:
    """``at`` is None where nobody is to be reminded."""

    text: str
    at: datetime | None = None


def read_follow_up(typed: str, now: datetime, zone: ZoneInfo) -> FollowUp:
    """``ask again`` or, with a time before a colon, ``2w: ask again``, ``monday 9:00: ask again``.

    Times are written as for a snooze. A colon behind anything else is part of the words.
    """
    text = typed.strip()
    for position in (at for at, character in enumerate(text) if character == ":"):
        until = read_until(text[:position], now, zone)
        words = text[position + 1 :].strip()
        if isinstance(until, datetime) and words and not words[0].isdigit():
            return FollowUp(words, until)
    return FollowUp(text)
