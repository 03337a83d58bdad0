"""What time brings to one ticket or to one desk, done so that it holds up no other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from chatdesk.desk import ruling
from chatdesk.domain.organisation import Organisation
from chatdesk.store import desks
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


def each_desk(
    connection: Connection, now: datetime, work: Callable[[Connection, Organisation, datetime], int]
) -> int:
    """Do it for every desk, all of it or nothing. How much was done in all."""
    done = 0
    for organisation in desks.listed(connection):
        try:
            with connection.begin_nested():
                done += work(connection, organisation, now)
        except Exception:
            log.exception("what time brings failed for a desk", desk=organisation.desk)
    return done
