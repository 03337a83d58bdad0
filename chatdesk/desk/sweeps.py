"""What time brings: drafts that were not completed, escalations that nobody acknowledged, old keys."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from chatdesk.desk import escalation, opening
from chatdesk.desk.act import act_of_clock
from chatdesk.desk.apart import AGAIN_AFTER, done_apart
from chatdesk.desk.reports import delivery_slow
from chatdesk.desk.taking_turns import in_turn, transaction_of
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
        if tx is None:
            continue
        submit = partial(opening.submit_draft, act_of_clock(tx, now), ticket)
        if not done_apart(tx, now, ticket.number, submit):
            tickets.save(tx, replace(ticket, draft_until=now + AGAIN_AFTER))
    return len(due)


def escalate_silence(connection: Connection, now: datetime) -> int:
    """Escalations that nobody acknowledged in time go to the next level."""
    due = in_turn(connection, lambda: escalations.overdue(connection, now))
    for one in due:
        tx = transaction_of(connection, one.desk)
        if tx is None:
            continue
        if not done_apart(tx, now, one.ticket, partial(escalation.overdue, tx, one, now)):
            escalations.save(tx, replace(one, due_at=now + AGAIN_AFTER))
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
