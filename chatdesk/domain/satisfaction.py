"""What requesters think of how they were served: whom to ask, and how often."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

BEST = 5


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """Whether and how a desk asks."""

    share: int = 100
    """Of a hundred tickets that are closed, how many are asked about."""
    cool_down: timedelta = timedelta(days=14)
    """How long a person who was asked is left alone."""
    low: int = 2
    """Ratings up to this one are told to the team's leads."""


def is_sampled(desk: str, ticket: int, share: int) -> bool:
    """Whether a ticket is among those that are asked about. Always the same for the same ticket."""
    digest = hashlib.sha256(f"{desk}/{ticket}".encode()).digest()
    return int.from_bytes(digest[:4], "big") % 100 < share


def is_left_alone(asked_at: datetime | None, cool_down: timedelta, now: datetime) -> bool:
    return asked_at is not None and now - asked_at < cool_down


def score_in(text: str) -> tuple[int | None, str]:
    """A rating that begins a text, such as ``4`` or ``4/5 well done``, and the words behind it.

    Nothing but a whole number from one to five is a rating: never a blank, never a guess.
    """
    first, _, rest = text.strip().partition(" ")
    number = first.removesuffix(f"/{BEST}")
    if len(number) == 1 and number in "12345":
        return int(number), rest.strip()
    return None, text.strip()
