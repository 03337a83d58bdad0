"""Calls: somebody on call was told of a ticket, and nobody has acknowledged yet. One for each ticket."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select

from chatdesk.store.tables_on_call import calls
from chatdesk.store.transaction import Transaction

_OF_TICKET = select(calls).where(calls.c.desk == bindparam("desk"), calls.c.ticket == bindparam("ticket"))


@dataclass(frozen=True, slots=True)
class Call:
    """``because``: what it is about. ``step``: how many were told one after another."""

    desk: str
    ticket: int
    team: str
    because: str
    step: int
    called_at: datetime
    due_at: datetime


def put(tx: Transaction, call: Call) -> None:
    end(tx, call.ticket)
    tx.connection.execute(insert(calls).values(asdict(call)))


def of_ticket(tx: Transaction, ticket: int) -> Call | None:
    """The call that nobody has acknowledged."""
    row = tx.connection.execute(_OF_TICKET, {"desk": tx.desk, "ticket": ticket}).one_or_none()
    return None if row is None else Call(**row._mapping)


def end(tx: Transaction, ticket: int) -> bool:
    """False if there was none."""
    its = (calls.c.desk == tx.desk, calls.c.ticket == ticket)
    return tx.connection.execute(delete(calls).where(*its)).rowcount > 0


def overdue(connection: Connection, now: datetime, limit: int = 100) -> Sequence[Call]:
    """Of all desks, what nobody acknowledged in time, the longest overdue first."""
    statement = select(calls).where(calls.c.due_at <= now).order_by(calls.c.due_at).limit(limit)
    return [Call(**row._mapping) for row in connection.execute(statement)]


def forget(connection: Connection, call: Call) -> None:
    """Of a desk that is out of service."""
    its = (calls.c.desk == call.desk, calls.c.ticket == call.ticket)
    connection.execute(delete(calls).where(*its))
