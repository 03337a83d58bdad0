"""When promises are looked at next: a row for every ticket with a limit ahead, or that has just changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, exists, insert, literal, select, text, update
from sqlalchemy.types import String

from chatdesk.store.columns import Instant
from chatdesk.store.tables import WORKED_ON, tickets
from chatdesk.store.tables_sla import sla_looks
from chatdesk.store.transaction import Transaction

_SET = (
    update(sla_looks)
    .where(sla_looks.c.desk == bindparam("its_desk"), sla_looks.c.ticket == bindparam("its_ticket"))
    .values(at=bindparam("moment"))
)
_ADD = insert(sla_looks)


@dataclass(frozen=True, slots=True)
class Look:
    desk: str
    ticket: int


def put(tx: Transaction, ticket: int, at: datetime | None) -> None:
    """Look at a ticket then; never, while it does not change, if there is nothing ahead."""
    if at is None:
        tx.connection.execute(
            delete(sla_looks).where(sla_looks.c.desk == tx.desk, sla_looks.c.ticket == ticket)
        )
        return
    known = {"its_desk": tx.desk, "its_ticket": ticket, "moment": at}
    if tx.connection.execute(_SET, known).rowcount == 0:
        tx.connection.execute(_ADD, {"desk": tx.desk, "ticket": ticket, "at": at})


def put_all(connection: Connection, desk: str, at: datetime) -> None:
    """Look at everything that a desk works on, because what is promised may be something else now."""
    connection.execute(update(sla_looks).where(sla_looks.c.desk == desk).values(at=at))
    known = exists().where(sla_looks.c.desk == tickets.c.desk, sla_looks.c.ticket == tickets.c.number)
    unknown = select(literal(desk, String(40)), tickets.c.number, literal(at, Instant)).where(
        tickets.c.desk == desk, text(WORKED_ON), ~known
    )
    connection.execute(insert(sla_looks).from_select(["desk", "ticket", "at"], unknown))


def due(connection: Connection, now: datetime, limit: int = 200) -> Sequence[Look]:
    """Of all desks, those whose moment has come, longest due first."""
    statement = (
        select(sla_looks.c.desk, sla_looks.c.ticket)
        .where(sla_looks.c.at <= now)
        .order_by(sla_looks.c.at)
        .limit(limit)
    )
    return [Look(row.desk, row.ticket) for row in connection.execute(statement)]


def forget(connection: Connection, look: Look) -> None:
    """Of a desk that is out of service: when it is back, everything is looked at."""
    connection.execute(
        delete(sla_looks).where(sla_looks.c.desk == look.desk, sla_looks.c.ticket == look.ticket)
    )
