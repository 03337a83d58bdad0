"""The append-only record of everything done to a ticket."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, insert, select

from chatdesk.domain.ticket import HistoryEntry
from chatdesk.store.tables import history
from chatdesk.store.transaction import Transaction

_ADD = insert(history)
_OF_TICKET = (
    select(history)
    .where(history.c.desk == bindparam("desk"), history.c.ticket == bindparam("ticket"))
    .order_by(history.c.id)
)


def add(tx: Transaction, entry: HistoryEntry) -> None:
    tx.connection.execute(_ADD, _to_row(entry))
    tx.journal.append(entry)


def add_past(tx: Transaction, entries: Sequence[HistoryEntry]) -> None:
    """What happened elsewhere: nothing follows from it here."""
    if entries:
        tx.connection.execute(_ADD, [_to_row(entry) for entry in entries])


def _to_row(entry: HistoryEntry) -> dict[str, object]:
    return {
        "desk": entry.desk,
        "id": entry.id,
        "ticket": entry.ticket,
        "kind": entry.kind,
        "actor": entry.actor,
        "platform": entry.platform,
        "means": entry.means,
        "at": entry.at,
        "data": dict(entry.data),
    }


def of_ticket(tx: Transaction, ticket: int) -> Sequence[HistoryEntry]:
    """Everything that was done to a ticket, oldest first."""
    return [
        HistoryEntry(
            desk=row.desk,
            id=row.id,
            ticket=row.ticket,
            kind=row.kind,
            actor=row.actor,
            platform=row.platform,
            means=row.means,
            at=row.at,
            data=tuple(row.data.items()),
        )
        for row in tx.connection.execute(_OF_TICKET, {"desk": tx.desk, "ticket": ticket})
    ]


def tickets_since(tx: Transaction, since: datetime) -> Sequence[int]:
    """The tickets to which anything was done since then. Reads the desk's whole history."""
    statement = (
        select(history.c.ticket)
        .where(history.c.desk == tx.desk, history.c.at >= since)
        .distinct()
        .order_by(history.c.ticket)
    )
    return list(tx.connection.execute(statement).scalars())
