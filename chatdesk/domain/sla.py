"""What is promised, and how far a ticket has used it up. Pure.

A policy is chosen at every moment by what the ticket is then, and time is counted as the policy of that
moment counts it. So a change of priority or team changes the limit, the calendar and what pauses, and the
time that was used stays used. A limit that was passed while it held stays passed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from chatdesk.domain.calendar import ALWAYS, Calendar, Timetable, timetable
from chatdesk.domain.lifecycle import Status
from chatdesk.domain.references import ChannelReference
from chatdesk.domain.sla_case import Case, Facts, Stretch, stretches
from chatdesk.domain.sla_policy import Measure, Notice, Policy, Targets

NOTHING = timedelta()


@dataclass(frozen=True, slots=True)
class Promise:
    """What holds for a ticket during a stretch: the policy, what it allows, and in which time it counts."""

    policy: Policy
    targets: Targets
    table: Timetable

    def limit(self, measure: Measure) -> timedelta | None:
        amount = self.targets.of(measure)
        return None if amount is None else amount.within(self.table.calendar)

    def pauses(self, status: Status) -> bool:
        return status in self.policy.pause_in


@dataclass(slots=True)
class Book:
    """All policies of a desk, and the calendars they count in."""

    policies: tuple[Policy, ...]
    calendars: tuple[Calendar, ...]
    _chosen: dict[tuple[Facts, str | None, frozenset[ChannelReference]], Promise | None] = field(
        default_factory=dict
    )

    def promise(self, case: Case, facts: Facts) -> Promise | None:
        """The first policy that fits, if it promises this priority anything."""
        asked = (facts, case.tier, case.channels)
        if asked not in self._chosen:
            self._chosen[asked] = self._choose(case, facts)
        return self._chosen[asked]

    def _choose(self, case: Case, facts: Facts) -> Promise | None:
        for policy in self.policies:
            if policy.fits(facts.priority, facts.category, facts.team, case.tier, case.channels):
                targets = policy.targets_of(facts.priority)
                return (
                    None if targets is None else Promise(policy, targets, timetable(self.calendar_of(policy)))
                )
        return None

    def calendar_of(self, policy: Policy) -> Calendar:
        return self.calendar(policy.calendar)

    def calendar(self, key: str | None) -> Calendar:
        return next((one for one in self.calendars if one.key == key), ALWAYS)


class State(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    """The status pauses it, or nothing is promised for what the ticket is now."""
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Limit:
    """A moment that will come if nothing changes: a warning, or the breach itself (``notice`` is None)."""

    at: datetime
    notice: Notice | None


@dataclass(frozen=True, slots=True)
class Clock:
    """One promise of a ticket. ``cycle`` tells the next responses apart; the others have one.

    ``promise``, ``target`` and ``due_at`` are those in force now, or when it ended.
    """

    measure: Measure
    cycle: int
    state: State
    started_at: datetime
    ended_at: datetime | None
    promise: Promise | None
    target: timedelta | None
    used: timedelta
    due_at: datetime | None
    breached_at: datetime | None
    limits: tuple[Limit, ...] = ()
    """What is ahead or has been passed in the stretch that goes on, soonest first."""

    @property
    def left(self) -> timedelta | None:
        return None if self.target is None else max(self.target - self.used, NOTHING)


@dataclass(slots=True)
class _Count:
    """A clock while its stretches are gone through."""

    measure: Measure
    cycle: int
    started_at: datetime
    used: timedelta = NOTHING
    breached_at: datetime | None = None
    ended_at: datetime | None = None
    promise: Promise | None = None
    target: timedelta | None = None
    used_before: timedelta = NOTHING
    """At the start of the stretch that was gone through last."""


def clocks(case: Case, book: Book, now: datetime) -> tuple[Clock, ...]:
    """Every clock of a ticket as it stands at ``now``, in the order in which they began."""
    counts: dict[tuple[Measure, int], _Count] = {}
    gone_through = stretches(case, now)
    for stretch in gone_through:
        promise = book.promise(case, stretch.facts) if stretch.running else None
        for measure, cycle in stretch.running:
            count = counts.get((measure, cycle))
            if count is None:
                count = counts[measure, cycle] = _Count(measure, cycle, stretch.start)
            _go_on(count, stretch, promise)
    return tuple(_clock(count, gone_through[-1]) for count in counts.values())


def _go_on(count: _Count, stretch: Stretch, promise: Promise | None) -> None:
    """Count a stretch in which a clock stood open."""
    count.ended_at = stretch.end
    count.promise = promise
    count.target = promise.limit(count.measure) if promise else None
    count.used_before = count.used
    if promise is None or promise.pauses(stretch.facts.status):
        return
    counted = promise.table.open_between(stretch.start, stretch.end)
    count.used += counted
    if count.target is not None and count.breached_at is None and count.used >= count.target:
        passed = promise.table.after(stretch.start, count.target - count.used_before)
        # What ends just when its time is over has kept it.
        if passed is not None and (passed < stretch.end or (stretch.last and passed == stretch.end)):
            count.breached_at = passed


def _clock(count: _Count, last: Stretch) -> Clock:
    goes_on = (count.measure, count.cycle) in last.running
    runs = goes_on and _runs(count, last)
    limits = _limits(count, last) if runs else ()
    return Clock(
        measure=count.measure,
        cycle=count.cycle,
        state=State.RUNNING if runs else State.PAUSED if goes_on else State.ENDED,
        started_at=count.started_at,
        ended_at=None if goes_on else count.ended_at,
        promise=count.promise,
        target=count.target,
        used=count.used,
        due_at=count.breached_at or (limits[-1].at if limits else None),
        breached_at=count.breached_at,
        limits=limits,
    )


def _runs(count: _Count, stretch: Stretch) -> bool:
    promise = count.promise
    return promise is not None and count.target is not None and not promise.pauses(stretch.facts.status)


def _limits(count: _Count, last: Stretch) -> tuple[Limit, ...]:
    """When warnings and breach come, or came if that was in the stretch that goes on; the breach is last."""
    promise, target = count.promise, count.target
    if promise is None or target is None:
        return ()
    found = []
    for notice in (*promise.policy.warn_at, None):
        threshold = notice.threshold(target, promise.table.calendar) if notice else target
        at = promise.table.after(last.start, threshold - count.used_before) if threshold is not None else None
        if at is not None:
            found.append(Limit(at, notice))
    return tuple(sorted(found, key=lambda limit: (limit.at, limit.notice is None)))
