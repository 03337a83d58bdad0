"""Service levels as ``desk.yaml`` declares them: to whom they apply, what they promise, how it is counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from chatdesk.domain.calendar import Calendar
from chatdesk.domain.lifecycle import Status
from chatdesk.domain.references import ChannelReference


class Measure(StrEnum):
    FIRST_RESPONSE = "first_response"
    NEXT_RESPONSE = "next_response"
    RESOLUTION = "resolution"


@dataclass(frozen=True, slots=True)
class Amount:
    """So much counted time. A day is a working day of the calendar that it is counted in."""

    days: int = 0
    time: timedelta = timedelta()

    def within(self, calendar: Calendar) -> timedelta:
        return self.time + self.days * calendar.working_day if self.days else self.time

    def __str__(self) -> str:
        minutes, seconds = divmod(int(self.time.total_seconds()), 60)
        hours, minutes = divmod(minutes, 60)
        parts = ((self.days, "d"), (hours, "h"), (minutes, "m"), (seconds, "s"))
        return "".join(f"{count}{unit}" for count, unit in parts if count) or "0s"


@dataclass(frozen=True, slots=True)
class Targets:
    """What is promised; None where nothing is."""

    first_response: Amount | None
    next_response: Amount | None
    resolution: Amount | None

    def of(self, measure: Measure) -> Amount | None:
        match measure:
            case Measure.FIRST_RESPONSE:
                return self.first_response
            case Measure.NEXT_RESPONSE:
                return self.next_response
            case Measure.RESOLUTION:
                return self.resolution


@dataclass(frozen=True, slots=True)
class Notice:
    """When to warn: at a share of the target, in percent, or so long before its end."""

    share: int | None = None
    before: Amount | None = None

    def threshold(self, limit: timedelta, calendar: Calendar) -> timedelta | None:
        """How much time is used when the warning is due; None where less is promised than that."""
        if self.share is not None:
            return limit * self.share / 100
        threshold = limit - (self.before or Amount()).within(calendar)
        return threshold if threshold > timedelta() else None

    def __str__(self) -> str:
        return f"{self.share}%" if self.share is not None else str(self.before)


class EscalateAt(StrEnum):
    NEVER = "never"
    WARNING = "warning"
    BREACH = "breach"


@dataclass(frozen=True, slots=True)
class Policy:
    """Applies where everything that it names fits; what it does not name always does."""

    key: str
    name: str
    targets: tuple[tuple[str, Targets], ...]
    """By the key of the priority."""
    priorities: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    channels: tuple[ChannelReference, ...] = ()
    calendar: str | None = None
    """None: around the clock."""
    pause_in: tuple[Status, ...] = (Status.PENDING, Status.ON_HOLD)
    warn_at: tuple[Notice, ...] = (Notice(share=75),)
    tell_in: str | None = None
    """The calendar in whose hours warnings and breaches are told; None: at once."""
    escalate: EscalateAt = EscalateAt.NEVER

    def fits(
        self,
        priority: str,
        category: str | None,
        team: str | None,
        tier: str | None,
        channels: frozenset[ChannelReference],
    ) -> bool:
        return (
            (not self.priorities or priority in self.priorities)
            and (not self.categories or any(_is_below(category, one) for one in self.categories))
            and (not self.teams or team in self.teams)
            and (not self.tiers or tier in self.tiers)
            and (not self.channels or not channels.isdisjoint(self.channels))
        )

    def targets_of(self, priority: str) -> Targets | None:
        return next((targets for key, targets in self.targets if key == priority), None)


def _is_below(category: str | None, above: str) -> bool:
    return category is not None and (category == above or category.startswith(f"{above}/"))


def _usual(first_response: Amount, resolution: Amount) -> Targets:
    return Targets(first_response, first_response, resolution)


def _time(**amount: int) -> Amount:
    return Amount(time=timedelta(**amount))


USUAL_TARGETS = (
    _usual(_time(minutes=15), _time(hours=4)),
    _usual(_time(hours=1), _time(hours=8)),
    _usual(_time(hours=4), Amount(days=3)),
    _usual(_time(hours=24), Amount(days=5)),
)
"""From the highest priority downwards; what is lower still has the last."""
