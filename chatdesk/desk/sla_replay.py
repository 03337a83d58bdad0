"""What other promises would have come to on past tickets, beside those in force. Changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chatdesk.desk.sla import book_of, standing_of
from chatdesk.domain.organisation import Organisation
from chatdesk.domain.sla import Clock, State
from chatdesk.domain.sla_policy import Measure
from chatdesk.store import tickets
from chatdesk.store.history import tickets_since
from chatdesk.store.transaction import Transaction


class Fate(StrEnum):
    """What became of a promise."""

    NONE = "nothing promised"
    KEPT = "kept"
    LATE = "late"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One promise by one configuration: whose it is, what became of it, and when it was or is due."""

    fate: Fate
    policy: str = ""
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PromiseChange:
    """A promise that would be another. ``cycle`` tells a ticket's next responses apart."""

    ticket: int
    measure: Measure
    cycle: int
    applied: Outcome
    wanted: Outcome


def other_promises(applied: Organisation, wanted: Organisation) -> bool:
    """Whether two configurations can promise different things."""
    return (book_of(applied), applied.tiers) != (book_of(wanted), wanted.tiers)


def changes(
    applied: Transaction, wanted: Transaction, since: datetime, now: datetime
) -> Iterator[PromiseChange]:
    """By ticket, for every ticket to which anything was done since then, from its beginning."""
    for number in tickets_since(wanted, since):
        before, after = _outcomes(applied, number, now), _outcomes(wanted, number, now)
        for measure, cycle in sorted({*before, *after}, key=_order):
            was = before.get((measure, cycle), Outcome(Fate.NONE))
            would = after.get((measure, cycle), Outcome(Fate.NONE))
            if was != would:
                yield PromiseChange(number, measure, cycle, was, would)


def _order(key: tuple[Measure, int]) -> tuple[int, int]:
    measure, cycle = key
    return list(Measure).index(measure), cycle


def _outcomes(tx: Transaction, number: int, now: datetime) -> Mapping[tuple[Measure, int], Outcome]:
    ticket = tickets.load(tx, number)
    standing = standing_of(tx, ticket, now) if ticket else None
    found = {(one.measure, one.cycle): _outcome(one) for one in (standing.clocks if standing else ())}
    return {key: outcome for key, outcome in found.items() if outcome.fate is not Fate.NONE}


def _outcome(clock: Clock) -> Outcome:
    if clock.promise is None or clock.target is None:
        return Outcome(Fate.NONE)
    policy = clock.promise.policy.key
    if clock.breached_at is not None:
        return Outcome(Fate.LATE, policy, clock.breached_at)
    if clock.state is State.ENDED:
        return Outcome(Fate.KEPT, policy)
    return Outcome(Fate.OPEN, policy, clock.due_at)
