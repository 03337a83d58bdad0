"""Promises whose moment has come."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from chatdesk.desk import sla_watch
from chatdesk.desk.apart import AGAIN_AFTER, done_apart
from chatdesk.desk.taking_turns import in_turn, transaction_of
from chatdesk.store import sla_looks
from chatdesk.store.transaction import Transaction


def watch_promises(connection: Connection, now: datetime) -> int:
    """Warnings and breaches that are due are told; tickets that changed get their next limit."""
    due = in_turn(connection, lambda: sla_looks.due(connection, now))
    for one in due:
        tx = transaction_of(connection, one.desk)
        if tx is None:
            sla_looks.forget(connection, one)
        else:
            _look(tx, one.ticket, now)
    return len(due)


def _look(tx: Transaction, ticket: int, now: datetime) -> None:
    if not done_apart(tx, now, ticket, partial(sla_watch.look, tx, ticket, now)):
        sla_looks.put(tx, ticket, now + AGAIN_AFTER)
