"""Whose turn it is: who of a team gets a ticket, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

_NEVER = datetime.min.replace(tzinfo=UTC)


class Strategy(StrEnum):
    MANUAL = "manual"
    PREVIOUS_AGENT = "previous_agent"
    BY_SKILL = "by_skill"
    LEAST_LOADED = "least_loaded"
    ROUND_ROBIN = "round_robin"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody of the team. ``load``: the tickets they work on now."""

    person: str
    load: int = 0
    capacity: int | None = None
    away: bool = False
    skills: frozenset[str] = frozenset()
    last_given: datetime | None = None
    """When they were given a ticket in turn."""

    @property
    def has_room(self) -> bool:
        return self.capacity is None or self.load < self.capacity


@dataclass(frozen=True, slots=True)
class Chosen:
    person: str
    strategy: Strategy


def chosen(
    strategies: Sequence[Strategy],
    candidates: Sequence[Candidate],
    needs: frozenset[str],
    previous: str | None,
) -> Chosen | None:
    """The first strategy that finds somebody who is there and has room; of equals, whose turn it is.

    ``needs``: what a skill may be that helps. ``previous``: who had the requester's last ticket.
    """
    able = [one for one in candidates if not one.away and one.has_room]
    for strategy in strategies:
        match strategy:
            case Strategy.MANUAL:
                return None
            case Strategy.PREVIOUS_AGENT:
                fitting = [one for one in able if one.person == previous]
            case Strategy.BY_SKILL:
                most = max((len(one.skills & needs) for one in able), default=0)
                fitting = [one for one in able if most and len(one.skills & needs) == most]
            case Strategy.LEAST_LOADED:
                least = min((one.load for one in able), default=0)
                fitting = [one for one in able if one.load == least]
            case Strategy.ROUND_ROBIN:
                fitting = able
        if fitting:
            return Chosen(min(fitting, key=_turn).person, strategy)
    return None


def _turn(one: Candidate) -> tuple[datetime, int, str]:
    return one.last_given or _NEVER, one.load, one.person
