"""What time brings: drafts that were not completed, escalations that nobody acknowledged, old keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from sqlalchemy import Connection

from chatdesk.desk import escalation, opening, ruling
from chatdesk.desk.act import act_of_clock
from chatdesk.desk.reports import delivery_slow
from chatdesk.store import deliveries, desks, early, escalations, memory, outbox, tickets, webhook_calls
from chatdesk.store.engine import take_turn
from chatdesk.store.transaction import Transaction

SLOW_AFTER = timedelta(seconds=10)


class OfDesk(Protocol):
    """Something that belongs to a desk."""

    @property
    def desk(self) -> str: ...


D = TypeVar("D", bound=OfDesk)


def end_drafts(connection: Connection, now: datetime) -> int:
    """Drafts whose time is over become new without what they lack, rather than being lost."""
    due = in_turn(connection, lambda: tickets.drafts_until(connection, now))
    for ticket in due:
        tx = transaction_of(connection, ticket.desk)
        if tx is not None:
            opening.submit_draft(act_of_clock(tx, now), ticket)
            ruling.react(tx, now)
    return len(due)


def escalate_silence(connection: Connection, now: datetime) -> int:
    """Escalations that nobody acknowledged in time go to the next level."""
    due = in_turn(connection, lambda: escalations.overdue(connection, now))
    for one in due:
        tx = transaction_of(connection, one.desk)
        if tx is not None:
            escalation.overdue(tx, one, now)
            ruling.react(tx, now)
    return len(due)


def mark_slow(connection: Connection, now: datetime) -> int:
    """Posts that have been waiting for ten seconds get their ⏳."""
    waiting = in_turn(connection, lambda: deliveries.unmarked_posts(connection, now - SLOW_AFTER))
    for row in waiting:
        deliveries.mark(connection, row, deliveries.Mark.SLOW)
        delivery_slow(connection, row, now)
    return len(waiting)


def prune(connection: Connection, now: datetime) -> int:
    """Forget what can no longer come again."""
    sweeps = (
        memory.forget_keys, memory.forget_ended, outbox.prune, early.forget, webhook_calls.forget
    )  # fmt: skip
    return sum(forget(connection, now) for forget in sweeps)


def in_turn(connection: Connection, find: Callable[[], Sequence[D]]) -> Sequence[D]:
    """What there is to do, once it is the turn of all desks concerned: another replica may have done it."""
    concerned = {one.desk for one in find()}
    for desk in sorted(concerned):
        take_turn(connection, desk)
    return [one for one in find() if one.desk in concerned] if concerned else []


def transaction_of(connection: Connection, desk: str) -> Transaction | None:
    """A transaction that works for a desk; None where it is no longer in service."""
    organisation = desks.load(connection, desk)
    return None if organisation is None else Transaction(connection, desk, organisation)
