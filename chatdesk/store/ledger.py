"""The delivery ledger for the operator: what waits, what is being tried and what failed, of all desks."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, and_, func, or_, select, update
from sqlalchemy.sql.elements import ColumnElement

from chatdesk.contract.vocabulary import Installation, Platform
from chatdesk.store import deliveries as queue
from chatdesk.store import outbox
from chatdesk.store.committing import announce
from chatdesk.store.deliveries import DeliveryState, is_pending
from chatdesk.store.tables import installations
from chatdesk.store.tables_outbox import deliveries, effects
from chatdesk.store.transaction import Transaction


class Plight(StrEnum):
    """How a delivery that is not over stands."""

    WAITING = "waiting"
    """For its turn, or for another try."""
    RETRYING = "retrying"
    """Tried at least once in vain, and to be tried again."""
    IN_FLIGHT = "in_flight"
    FAILED = "failed"


TROUBLE = (Plight.RETRYING, Plight.FAILED)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which deliveries are meant; what is None or empty stands for all."""

    plights: Collection[Plight] = ()
    desk: str | None = None
    ticket: int | None = None
    lane: str | None = None
    platform: str | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """``reason``: why it or its last try failed. ``paused``: why nothing goes to its installation."""

    desk: str
    id: str
    ticket: int | None
    kind: str
    lane: str
    installation: Installation
    plight: Plight
    attempts: int
    created_at: datetime
    next_at: datetime
    reason: str | None
    paused: str | None
    ahead: int
    """How many are before it in its lane."""


def entries(connection: Connection, wanted: Wanted, limit: int) -> tuple[Entry, ...]:
    """Oldest first."""
    other = deliveries.alias("other")
    ahead = (
        select(func.count())
        .where(
            other.c.desk == deliveries.c.desk,
            other.c.lane == deliveries.c.lane,
            other.c.state.in_(queue.PENDING),
            other.c.id < deliveries.c.id,
        )
        .scalar_subquery()
    )
    here = and_(
        installations.c.desk == deliveries.c.desk,
        installations.c.platform == deliveries.c.platform,
        installations.c.id == deliveries.c.installation,
    )
    statement = (
        select(deliveries, effects.c.ticket, effects.c.kind, installations.c.paused, ahead.label("ahead"))
        .join(effects, and_(effects.c.desk == deliveries.c.desk, effects.c.id == deliveries.c.effect))
        .outerjoin(installations, here)
        .where(*_conditions(wanted))
        .order_by(deliveries.c.id)
        .limit(limit)
    )
    return tuple(_entry(row) for row in connection.execute(statement))


def try_again(tx: Transaction, entry: Entry, now: datetime) -> bool:
    """Try a failed delivery again, or at once one that waits. False if it is over or being tried."""
    if entry.plight is Plight.FAILED:
        return outbox.retry(tx, entry.id, now)
    waits = (deliveries.c.desk == tx.desk, deliveries.c.id == entry.id, deliveries.c.state == "waiting")
    hurried = tx.connection.execute(update(deliveries).where(*waits).values(next_at=now)).rowcount
    announce(tx.connection)
    return bool(hurried)


def give_up(tx: Transaction, entry: Entry, now: datetime) -> bool:
    """Let what waits behind a delivery go on without it. False if it is over or being tried."""
    row = queue.load(tx.connection, tx.desk, entry.id)
    if row is None or row.state not in (DeliveryState.WAITING, DeliveryState.FAILED):
        return False
    queue.drop(tx.connection, row, "given up by the operator", now)
    announce(tx.connection)
    return True


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [is_pending() | (deliveries.c.state == DeliveryState.FAILED)]
    if wanted.plights:
        found.append(or_(*(_stands(plight) for plight in wanted.plights)))
    for column, value in (
        (deliveries.c.desk, wanted.desk),
        (effects.c.ticket, wanted.ticket),
        (deliveries.c.lane, wanted.lane),
        (deliveries.c.platform, wanted.platform),
        (deliveries.c.id, wanted.id),
    ):
        if value is not None:
            found.append(column == value)
    return found


def _stands(plight: Plight) -> ColumnElement[bool]:
    if plight is Plight.RETRYING:
        return and_(deliveries.c.state == DeliveryState.WAITING, deliveries.c.attempts > 0)
    return deliveries.c.state == plight.value


def _entry(row: Row[Any]) -> Entry:
    is_retrying = row.state == DeliveryState.WAITING and row.attempts > 0
    return Entry(
        desk=row.desk,
        id=row.id,
        ticket=row.ticket,
        kind=row.kind,
        lane=row.lane,
        installation=Installation(Platform(row.platform), row.installation),
        plight=Plight.RETRYING if is_retrying else Plight(row.state),
        attempts=row.attempts,
        created_at=row.created_at,
        next_at=row.next_at,
        reason=row.reason,
        paused=row.paused,
        ahead=row.ahead,
    )
