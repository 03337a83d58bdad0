"""Requesters who were asked whether their ticket is solved: by an agent, or by the clock's reminder."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select

from chatdesk.store.tables_closing import close_requests
from chatdesk.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class CloseRequest:
    """What was asked; by nobody where the clock did. ``effect`` is the line that asked."""

    ticket: int
    asked_by: str | None
    asked_at: datetime
    resolution: str | None = None
    code: str | None = None
    effect: str | None = None


def put(tx: Transaction, request: CloseRequest) -> None:
    """Note what is asked; a ticket has one such question at a time."""
    remove(tx, request.ticket)
    tx.connection.execute(
        insert(close_requests).values(desk=tx.desk, **asdict(request) | {"asked_by": request.asked_by or ""})
    )


def of_ticket(tx: Transaction, ticket: int) -> CloseRequest | None:
    statement = select(close_requests).where(
        close_requests.c.desk == tx.desk, close_requests.c.ticket == ticket
    )
    row = tx.connection.execute(statement).one_or_none()
    if row is None:
        return None
    return CloseRequest(row.ticket, row.asked_by or None, row.asked_at, row.resolution, row.code, row.effect)


def remove(tx: Transaction, ticket: int) -> None:
    tx.connection.execute(
        delete(close_requests).where(close_requests.c.desk == tx.desk, close_requests.c.ticket == ticket)
    )
