"""What time brings: drafts that were not completed, escalations that nobody acknowledged, old keys."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from chatdesk.desk import escalation, opening
from chatdesk.desk.act import act_of_clock
from chatdesk.desk.reports import delivery_slow
from chatdesk.domain.lifecycle import Status
from chatdesk.store import deliveries, desks, early, escalations, memory, outbox, tickets
from chatdesk.store.tables import tickets as ticket_table
from chatdesk.store.transaction import Transaction

SLOW_AFTER = timedelta(seconds=10)


def end_drafts(connection: Connection, now: datetime) -> int:
    """Drafts whose time is over become new without what they lack, rather than being lost."""
    statement = (
        select(ticket_table.c.desk, ticket_table.c.number)
        .where(ticket_table.c.draft_until <= now, ticket_table.c.status == Status.DRAFT)
        .limit(100)
    )
    due = connection.execute(statement).all()
    for desk, number in due:
        tx = _transaction(connection, desk)
        ticket = tickets.load(tx, number) if tx else None
        if tx is not None and ticket is not None:
            opening.submit_draft(act_of_clock(tx, now), ticket)
    return len(due)


def escalate_silence(connection: Connection, now: datetime) -> int:
    """Escalations that nobody acknowledged in time go to the next level."""
    due = escalations.overdue(connection, now)
    for one in due:
        tx = _transaction(connection, one.desk)
        if tx is not None:
            escalation.overdue(tx, one, now)
    return len(due)


def mark_slow(connection: Connection, now: datetime) -> int:
    """Posts that have been waiting for ten seconds get their ⏳."""
    waiting = deliveries.unmarked_posts(connection, now - SLOW_AFTER)
    for row in waiting:
        deliveries.mark(connection, row, deliveries.Mark.SLOW)
        delivery_slow(connection, row, now)
    return len(waiting)


def prune(connection: Connection, now: datetime) -> int:
    """Forget what can no longer come again."""
    sweeps = (memory.forget_keys, memory.forget_ended, outbox.prune, early.forget)
    return sum(forget(connection, now) for forget in sweeps)


def _transaction(connection: Connection, desk: str) -> Transaction | None:
    organisation = desks.load(connection, desk)
    return None if organisation is None else Transaction(connection, desk, organisation)
