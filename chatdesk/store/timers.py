"""When rules that wait for a time are due: one timer for each of them and each ticket that they may concern.

``base`` is what the time is counted from. A timer whose rule has fired for its base waits for another one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from chatdesk.store.tables_automation import rule_timers
from chatdesk.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Timer:
    desk: str
    ticket: int
    rule: str
    base: datetime
    due_at: datetime | None
    fired: datetime | None = None
    """The base for which the rule has fired."""


def of_ticket(tx: Transaction, ticket: int) -> Mapping[str, Timer]:
    """A ticket's timers by their rules."""
    statement = select(rule_timers).where(rule_timers.c.desk == tx.desk, rule_timers.c.ticket == ticket)
    return {row.rule: Timer(**row._mapping) for row in tx.connection.execute(statement)}


def due(connection: Connection, now: datetime, limit: int = 100) -> Sequence[Timer]:
    """Of all desks, those whose time has come, longest due first."""
    statement = (
        select(rule_timers)
        .where(rule_timers.c.due_at.is_not(None), rule_timers.c.due_at <= now)
        .order_by(rule_timers.c.due_at)
        .limit(limit)
    )
    return [Timer(**row._mapping) for row in connection.execute(statement)]


def put(tx: Transaction, timer: Timer) -> None:
    """Set a timer, or set it anew."""
    same = (
        rule_timers.c.desk == tx.desk,
        rule_timers.c.ticket == timer.ticket,
        rule_timers.c.rule == timer.rule,
    )
    values = {"base": timer.base, "due_at": timer.due_at, "fired": timer.fired}
    if tx.connection.execute(update(rule_timers).where(*same).values(values)).rowcount == 0:
        tx.connection.execute(
            insert(rule_timers).values(desk=tx.desk, ticket=timer.ticket, rule=timer.rule, **values)
        )


def remove(tx: Transaction, ticket: int, rule: str) -> None:
    tx.connection.execute(
        delete(rule_timers).where(
            rule_timers.c.desk == tx.desk, rule_timers.c.ticket == ticket, rule_timers.c.rule == rule
        )
    )
