"""Escalations: a ticket put before another team, and whether they answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from chatdesk.domain.ticket import Because, Escalation, EscalationState
from chatdesk.store.tables import escalations
from chatdesk.store.transaction import Transaction

LIVE = (EscalationState.WAITING, EscalationState.ACKNOWLEDGED)

_OF_TICKET = (
    select(escalations)
    .where(escalations.c.desk == bindparam("desk"), escalations.c.ticket == bindparam("ticket"))
    .order_by(escalations.c.id)
)


def add(tx: Transaction, escalation: Escalation) -> None:
    tx.connection.execute(insert(escalations).values(asdict(escalation)))


def save(tx: Transaction, escalation: Escalation) -> None:
    tx.connection.execute(
        update(escalations)
        .where(escalations.c.desk == tx.desk, escalations.c.id == escalation.id)
        .values(asdict(escalation))
    )


def load(tx: Transaction, escalation_id: str) -> Escalation | None:
    statement = select(escalations).where(escalations.c.desk == tx.desk, escalations.c.id == escalation_id)
    row = tx.connection.execute(statement).one_or_none()
    return None if row is None else _from_row(row)


def of_ticket(tx: Transaction, ticket: int) -> Sequence[Escalation]:
    """All escalations of a ticket, oldest first."""
    rows = tx.connection.execute(_OF_TICKET, {"desk": tx.desk, "ticket": ticket})
    return [_from_row(row) for row in rows]


def live_of_ticket(tx: Transaction, ticket: int) -> Escalation | None:
    """The escalation that a ticket is under now."""
    return next((one for one in reversed(of_ticket(tx, ticket)) if one.state in LIVE), None)


def overdue(connection: Connection, now: datetime, limit: int = 100) -> Sequence[Escalation]:
    """Escalations of all desks that nobody acknowledged in time, the longest overdue first."""
    statement = (
        select(escalations)
        .where(escalations.c.state == EscalationState.WAITING, escalations.c.due_at <= now)
        .order_by(escalations.c.due_at)
        .limit(limit)
    )
    return [_from_row(row) for row in connection.execute(statement)]


def unanswered(connection: Connection, now: datetime, limit: int = 100) -> Sequence[Escalation]:
    """Escalations of all desks whose requester was told to expect an answer by now."""
    statement = (
        select(escalations)
        .where(escalations.c.answer_by <= now, escalations.c.state != EscalationState.WAITING)
        .order_by(escalations.c.answer_by)
        .limit(limit)
    )
    return [_from_row(row) for row in connection.execute(statement)]


def _from_row(row: Row[tuple[object, ...]]) -> Escalation:
    values = dict(row._mapping)
    because = Because(values["because"] or Because.PERSON)
    return Escalation(**values | {"state": EscalationState(values["state"]), "because": because})
