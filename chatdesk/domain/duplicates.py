"""Which open tickets a new one may be the same as, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from rapidfuzz import fuzz, utils

MOST = 3
JUST_NOW = timedelta(minutes=30)
"""Who asks twice within this time usually means the same."""
ALIKE = 82
ALIKE_BY_THE_SAME = 60
"""How similar texts have to be, of 100."""
FEWEST_WORDS = 3
"""Of texts that are shorter, every word counts."""


class Because(StrEnum):
    SAME_REQUESTER = "same requester"
    SIMILAR = "similar words"
    INCIDENT = "an open incident of the same service"
    OUTAGE = "the same outage"


@dataclass(frozen=True, slots=True)
class Candidate:
    """What of a ticket is compared.

    ``is_incident``: it is one, or others are its children. ``in_outage``: its service is out of order now.
    """

    number: int
    text: str
    requester: str
    service: str | None
    is_incident: bool
    created_at: datetime
    in_outage: bool = False


@dataclass(frozen=True, slots=True)
class Likely:
    number: int
    because: Because
    likeness: float


def likely(new: Candidate, known: Iterable[Candidate]) -> Sequence[Likely]:
    """The few that are most likely, the likeliest first."""
    found = [one for one in (_compared(new, other) for other in known) if one is not None]
    return sorted(found, key=lambda one: (-one.likeness, -one.number))[:MOST]


def _compared(new: Candidate, other: Candidate) -> Likely | None:
    likeness = _likeness(new.text, other.text)
    if new.requester == other.requester:
        just_now = new.created_at - other.created_at <= JUST_NOW
        if just_now or likeness >= ALIKE_BY_THE_SAME:
            return Likely(other.number, Because.SAME_REQUESTER, likeness + 100)
        return None
    if new.service is not None and new.service == other.service and (other.is_incident or new.in_outage):
        because = Because.INCIDENT if other.is_incident else Because.OUTAGE
        return Likely(other.number, because, likeness + 50)
    return Likely(other.number, Because.SIMILAR, likeness) if likeness >= ALIKE else None


def _likeness(one: str, other: str) -> float:
    mine, theirs = utils.default_process(one), utils.default_process(other)
    if min(len(mine.split()), len(theirs.split())) < FEWEST_WORDS:
        return float(fuzz.ratio(mine, theirs)) if mine and theirs else 0.0
    return float(fuzz.token_set_ratio(mine, theirs))
