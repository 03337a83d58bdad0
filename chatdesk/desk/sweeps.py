"""What time brings: drafts that were not completed, escalations that nobody acknowledged, old keys."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from chatdesk.desk import escalation, opening, ruling
from chatdesk.desk.act import act_of_clock
from chatdesk.desk.reports import delivery_slow
from chatdesk.desk.taking_turns import in_turn as in_turn
from chatdesk.desk.taking_turns import transaction_of as transaction_of
from chatdesk.store import (
    article_gaps,
    assistance,
    deliveries,
    early,
    escalations,
    memory,
    outbox,
    tickets,
    webhook_calls,
)

SLOW_AFTER = timedelta(seconds=10)


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
        memory.forget_keys, memory.forget_ended, outbox.prune, early.forget, webhook_calls.forget,
        assistance.forget, article_gaps.forget,
    )  # fmt: skip
    return sum(forget(connection, now) for forget in sweeps)
