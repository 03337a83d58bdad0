"""What time brings to those who are on call, and to requesters who were told to expect an answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy import Connection

from chatdesk.desk import climbing, ruling
from chatdesk.desk.taking_turns import in_turn, transaction_of
from chatdesk.store import calls, escalations
from chatdesk.store.transaction import Transaction

log = structlog.get_logger(__name__)

AGAIN_AFTER = timedelta(minutes=10)
"""When something is looked at again that could not be dealt with."""


def call_next(connection: Connection, now: datetime) -> int:
    """Of calls that nobody acknowledged in time, the next one is told, or the next level asked."""
    due = in_turn(connection, lambda: calls.overdue(connection, now))
    for one in due:
        tx = transaction_of(connection, one.desk)
        if tx is None:
            calls.forget(connection, one)
        elif not _done(tx, now, one.ticket, partial(climbing.call_overdue, tx, one, now)):
            calls.put(tx, replace(one, due_at=now + AGAIN_AFTER))
    return len(due)


def escalate_unanswered(connection: Connection, now: datetime) -> int:
    """What was acknowledged and not answered by when the requester was told goes to the next level."""
    due = in_turn(connection, lambda: escalations.unanswered(connection, now))
    for one in due:
        tx = transaction_of(connection, one.desk)
        if tx is None:
            continue
        if not _done(tx, now, one.ticket, partial(climbing.unanswered, tx, one, now)):
            escalations.save(tx, replace(one, answer_by=now + AGAIN_AFTER))
    return len(due)


def _done(tx: Transaction, now: datetime, ticket: int, work: Callable[[], None]) -> bool:
    """One that cannot be dealt with holds up no other."""
    try:
        with tx.connection.begin_nested():
            work()
            ruling.react(tx, now)
    except Exception:
        log.exception("what time brings failed for a ticket", desk=tx.desk, ticket=ticket)
        return False
    return True
