"""Which services are out of order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select, text

from chatdesk.store.tables import WORKED_ON, tickets
from chatdesk.store.tables_automation import outages
from chatdesk.store.transaction import Transaction


def begin(tx: Transaction, service: str, now: datetime) -> bool:
    """False if it is known already."""
    if service in known(tx):
        return False
    tx.connection.execute(insert(outages).values(desk=tx.desk, service=service, since=now))
    return True


def end(tx: Transaction, service: str) -> bool:
    """False if there was none."""
    gone = delete(outages).where(outages.c.desk == tx.desk, outages.c.service == service)
    return tx.connection.execute(gone).rowcount == 1


def known(tx: Transaction) -> Mapping[str, datetime]:
    """The services that are out of order, and since when."""
    statement = select(outages.c.service, outages.c.since).where(outages.c.desk == tx.desk)
    return {row.service: row.since for row in tx.connection.execute(statement)}


def affected(tx: Transaction, service: str) -> Sequence[int]:
    """The tickets about a service that somebody works on."""
    statement = (
        select(tickets.c.number)
        .where(tickets.c.desk == tx.desk, tickets.c.service == service, text(WORKED_ON))
        .order_by(tickets.c.number)
    )
    return list(tx.connection.execute(statement).scalars())
