"""Calls to addresses of ``desk.yaml`` that wait to be made, and what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from chatdesk.store.ids import new_id
from chatdesk.store.tables_automation import webhook_calls
from chatdesk.store.transaction import Transaction

KEEP = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class WebhookCall:
    """``due_at`` is None once it was made, or given up for ``reason``."""

    desk: str
    id: str
    hook: str
    ticket: int
    body: str
    created_at: datetime
    due_at: datetime | None
    tries: int = 0
    reason: str | None = None


def add(tx: Transaction, hook: str, ticket: int, body: str, now: datetime) -> None:
    tx.connection.execute(
        insert(webhook_calls).values(
            desk=tx.desk,
            id=new_id(),
            hook=hook,
            ticket=ticket,
            body=body,
            created_at=now,
            due_at=now,
            tries=0,
        )
    )


def due(connection: Connection, now: datetime, limit: int = 20) -> Sequence[WebhookCall]:
    """Of all desks, those whose time has come, longest due first."""
    statement = (
        select(webhook_calls)
        .where(webhook_calls.c.due_at.is_not(None), webhook_calls.c.due_at <= now)
        .order_by(webhook_calls.c.due_at)
        .limit(limit)
    )
    return [WebhookCall(**row._mapping) for row in connection.execute(statement)]


def put(connection: Connection, call: WebhookCall) -> None:
    """What is to become of a call, or became of it."""
    connection.execute(
        update(webhook_calls)
        .where(webhook_calls.c.desk == call.desk, webhook_calls.c.id == call.id)
        .values(due_at=call.due_at, tries=call.tries, reason=call.reason)
    )


def forget(connection: Connection, now: datetime) -> int:
    """Prune the calls that are over."""
    old = delete(webhook_calls).where(
        webhook_calls.c.due_at.is_(None), webhook_calls.c.created_at < now - KEEP
    )
    return connection.execute(old).rowcount
