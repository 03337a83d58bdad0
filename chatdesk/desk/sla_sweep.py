"""Promises whose moment has come."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from chatdesk.desk import ruling, sla_watch
from chatdesk.desk.sweeps import in_turn, transaction_of
from chatdesk.store import sla_looks
from chatdesk.store.transaction import Transaction

log = structlog.get_logger(__name__)

AGAIN_AFTER = timedelta(minutes=10)
"""When a ticket is looked at again that could not be dealt with."""


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
    """One that cannot be dealt with holds up no other."""
    try:
        with tx.connection.begin_nested():
            sla_watch.look(tx, ticket, now)
            ruling.react(tx, now)
    except Exception:
        log.exception("a ticket's promises could not be looked at", desk=tx.desk, ticket=ticket)
        sla_looks.put(tx, ticket, now + AGAIN_AFTER)
