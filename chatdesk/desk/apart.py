"""What time brings to one ticket, done so that it holds up no other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from chatdesk.desk import ruling
from chatdesk.store.transaction import Transaction

AGAIN_AFTER = timedelta(minutes=10)
"""When something is looked at again that could not be dealt with."""

log = structlog.get_logger(__name__)


def done_apart(tx: Transaction, now: datetime, ticket: int, work: Callable[[], object]) -> bool:
    """Do it, and what follows from it, or nothing of it. False if it failed."""
    try:
        with tx.connection.begin_nested():
            work()
            ruling.react(tx, now)
    except Exception:
        log.exception("what time brings failed for a ticket", desk=tx.desk, ticket=ticket)
        return False
    return True
