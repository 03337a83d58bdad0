"""What time brings to those who are on call, and to requesters who were told to expect an answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from chatdesk.desk import climbing
from chatdesk.desk.apart import AGAIN_AFTER, done_apart
from chatdesk.desk.taking_turns import in_turn, transaction_of
from chatdesk.store import calls, escalations


def call_next(connection: Connection, now: datetime) -> int:
    """Of calls that nobody acknowledged in time, the next one is told, or the next level asked."""
    due = in_turn(connection, lambda: calls.overdue(connection, now))
    for one in due:
        tx = transaction_of(connection, one.desk)
        if tx is None:
            calls.forget(connection, one)
        elif not done_apart(tx, now, one.ticket, partial(climbing.call_overdue, tx, one, now)):
            calls.put(tx, replace(one, due_at=now + AGAIN_AFTER))
    return len(due)


def escalate_unanswered(connection: Connection, now: datetime) -> int:
    """What was acknowledged and not answered by when the requester was told goes to the next level."""
    due = in_turn(connection, lambda: escalations.unanswered(connection, now))
    for one in due:
        tx = transaction_of(connection, one.desk)
        if tx is None:
            continue
        if not done_apart(tx, now, one.ticket, partial(climbing.unanswered, tx, one, now)):
            escalations.save(tx, replace(one, answer_by=now + AGAIN_AFTER))
    return len(due)
