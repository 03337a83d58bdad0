"""Deliveries: what is to be shown, what was tried, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    exists,
    insert,
    select,
    update,
)
from sqlalchemy.sql.elements import ColumnElement

from chatdesk.contract.vocabulary import Installation, Platform
from chatdesk.domain.effects import CardChanged, Effect, PostWritten, ThreadWanted
from chatdesk.domain.ticket import ThreadState
from chatdesk.store.effect_rows import kind_of, parsed
from chatdesk.store.tables import threads
from chatdesk.store.tables_outbox import deliveries, delivery_steps, effects


class TakenOver(Exception):
    """Another replica has begun an attempt of its own since this one began: what became of this one is its
    to find out."""


class DeliveryState(StrEnum):
    WAITING = "waiting"
    IN_FLIGHT = "in_flight"
    DONE = "done"
    DROPPED = "dropped"
    """There was nothing to show, or it must not be shown; the reason says which."""
    FAILED = "failed"


PENDING = (DeliveryState.WAITING, DeliveryState.IN_FLIGHT)


def is_pending() -> ColumnElement[bool]:
    """The delivery is still to be made.

    Written out rather than bound: only so does SQLite see that the index of what is pending is enough.
    """
    states = [state.value for state in PENDING]
    return deliveries.c.state.in_(bindparam("pending", states, expanding=True, literal_execute=True))


class Mark(StrEnum):
    """What people were told of a delivery's trouble."""

    NONE = ""
    SLOW = "slow"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """An effect for one thread, place or person, and how far it got. ``tried_at`` is the first try."""

    desk: str
    id: str
    effect_id: str
    effect: Effect
    ticket: int | None
    lane: str
    thread: str | None
    installation: Installation
    place: str | None
    state: DeliveryState
    attempts: int
    uncertain: bool
    created_at: datetime
    tried_at: datetime | None
    next_at: datetime
    done_at: datetime | None
    reason: str | None
    marked: Mark
    message: str | None


def load(connection: Connection, desk: str, delivery: str) -> DeliveryRow | None:
    row = connection.execute(_LOAD, {"of_desk": desk, "of_id": delivery}).one_or_none()
    return None if row is None else from_row(row)


def behind(connection: Connection, row: DeliveryRow, limit: int = 100) -> Sequence[DeliveryRow]:
    """What waits in the lane behind a delivery, in order."""
    statement = (
        selection()
        .where(
            deliveries.c.desk == row.desk,
            deliveries.c.lane == row.lane,
            is_pending(),
            deliveries.c.id > row.id,
        )
        .order_by(deliveries.c.id)
        .limit(limit)
    )
    return [from_row(found) for found in connection.execute(statement)]


def finish(connection: Connection, row: DeliveryRow, message: str | None, now: datetime) -> None:
    """It is shown; ``message`` is the message that shows it, if there is one."""
    _end(connection, row, DeliveryState.DONE, None, now, message)


def drop(connection: Connection, row: DeliveryRow, reason: str, now: datetime) -> None:
    """There is nothing to show."""
    _end(connection, row, DeliveryState.DROPPED, reason, now, row.message)


def fail(connection: Connection, row: DeliveryRow, reason: str, now: datetime) -> None:
    """It can never be shown; ``reason`` is a clause that a person can read."""
    _end(connection, row, DeliveryState.FAILED, reason, now, row.message)


def retry_later(
    connection: Connection,
    row: DeliveryRow,
    at: datetime,
    uncertain: bool,
    counted: bool,
    reason: str | None = None,
) -> None:
    """Try it again at a time. ``counted``: the attempt counts, as all do that the platform was asked for.

    ``reason``: why this try failed, for the operator. Raises TakenOver.
    """
    _change(
        connection,
        row,
        state=DeliveryState.WAITING,
        next_at=at,
        reason=reason,
        uncertain=row.uncertain or uncertain,
        attempts=row.attempts if counted else row.attempts - 1,
    )


def mark(connection: Connection, row: DeliveryRow, told: Mark) -> None:
    """Note what people were told of this delivery."""
    connection.execute(update(deliveries).where(is_one(row.desk, row.id)).values(marked=told))


def steps(connection: Connection, desk: str, delivery: str) -> Mapping[str, str]:
    """What earlier tries of a delivery achieved, by the step's name."""
    rows = connection.execute(
        select(delivery_steps.c.name, delivery_steps.c.value).where(
            delivery_steps.c.desk == desk, delivery_steps.c.delivery == delivery
        )
    )
    return {row.name: row.value for row in rows}


def record_step(connection: Connection, desk: str, delivery: str, name: str, value: str) -> None:
    key = (
        delivery_steps.c.desk == desk,
        delivery_steps.c.delivery == delivery,
        delivery_steps.c.name == name,
    )
    known = connection.execute(update(delivery_steps).where(*key).values(value=value)).rowcount
    if not known:
        connection.execute(
            insert(delivery_steps).values(desk=desk, delivery=delivery, name=name, value=value)
        )


def unmarked_posts(connection: Connection, before: datetime, limit: int = 100) -> Sequence[DeliveryRow]:
    """Posts written before this time that wait to be delivered without anybody having been told."""
    statement = (
        selection()
        .where(
            is_pending(),
            deliveries.c.created_at <= before,
            deliveries.c.marked == Mark.NONE,
            effects.c.kind == kind_of(PostWritten),
        )
        .order_by(deliveries.c.id)
        .limit(limit)
    )
    return [from_row(row) for row in connection.execute(statement)]


def failed_of_ticket(connection: Connection, desk: str, ticket: int) -> Sequence[DeliveryRow]:
    """What of a ticket could not be delivered, oldest first."""
    of_ticket = select(effects.c.id).where(effects.c.desk == desk, effects.c.ticket == ticket)
    statement = selection().where(
        deliveries.c.desk == desk,
        deliveries.c.effect.in_(of_ticket.scalar_subquery()),
        deliveries.c.state == DeliveryState.FAILED,
    )
    return sorted((from_row(row) for row in connection.execute(statement)), key=lambda row: row.id)


def failed_opening(connection: Connection, desk: str, thread: str) -> DeliveryRow | None:
    """The delivery that was to open a thread and failed for good, where the thread never opened."""
    return _latest(
        connection,
        deliveries.c.desk == desk,
        deliveries.c.thread == thread,
        deliveries.c.state == DeliveryState.FAILED,
        effects.c.kind.in_(_OPENING),
        exists().where(threads.c.desk == desk, threads.c.id == thread, threads.c.state == ThreadState.DEAD),
    )


def of_effect(connection: Connection, desk: str, effect: str, lane: str) -> DeliveryRow | None:
    """An effect's delivery in a lane."""
    return _latest(
        connection, deliveries.c.desk == desk, deliveries.c.effect == effect, deliveries.c.lane == lane
    )


_OPENING = (kind_of(CardChanged), kind_of(ThreadWanted))


def _latest(connection: Connection, *where: ColumnElement[bool]) -> DeliveryRow | None:
    row = connection.execute(selection().where(*where).order_by(deliveries.c.id.desc()).limit(1)).first()
    return None if row is None else from_row(row)


def is_one(desk: str, delivery: str) -> ColumnElement[bool]:
    """It is this delivery."""
    return and_(deliveries.c.desk == desk, deliveries.c.id == delivery)


def selection() -> Select[Any]:
    """Deliveries with their effects, for ``from_row``."""
    return select(deliveries, effects.c.kind.label("kind"), effects.c.payload, effects.c.ticket).join_from(
        deliveries, effects, OF_EFFECT
    )


def _end(
    connection: Connection,
    row: DeliveryRow,
    state: DeliveryState,
    reason: str | None,
    now: datetime,
    message: str | None,
) -> None:
    _change(connection, row, state=state, reason=reason, done_at=now, message=message, uncertain=False)


def _change(connection: Connection, row: DeliveryRow, **values: object) -> None:
    """File what became of an attempt. Raises TakenOver."""
    same_attempt = (is_one(row.desk, row.id), deliveries.c.attempts == row.attempts)
    if connection.execute(update(deliveries).where(*same_attempt).values(values)).rowcount != 1:
        raise TakenOver(row.id)


def from_row(row: Row[Any]) -> DeliveryRow:
    values = dict(row._mapping)
    effect = parsed(values.pop("kind"), values.pop("payload"))
    installation = Installation(Platform(values.pop("platform")), values.pop("installation"))
    effect_id = values.pop("effect")
    return DeliveryRow(
        **values
        | {
            "effect": effect,
            "effect_id": effect_id,
            "installation": installation,
            "state": DeliveryState(values["state"]),
            "marked": Mark(values["marked"]),
        }
    )


OF_EFFECT = and_(effects.c.desk == deliveries.c.desk, effects.c.id == deliveries.c.effect)
THIS = and_(deliveries.c.desk == bindparam("of_desk"), deliveries.c.id == bindparam("of_id"))
"""The delivery that the parameters name."""
_LOAD = selection().where(THIS)
