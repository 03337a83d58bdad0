"""The outbox as use cases write it: an effect once, a delivery for each thread that is to show it.

A delivery's lane keeps its order: the thread it goes to, or the place or person where there is no thread.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, exists, insert, select, update

from chatdesk.contract.vocabulary import IdentityId, Installation
from chatdesk.domain.effects import CardChanged, Effect, SourceMarked
from chatdesk.domain.ticket import Thread, ThreadState
from chatdesk.store.committing import announce
from chatdesk.store.deliveries import PENDING, DeliveryState, Mark, failed_opening, is_pending
from chatdesk.store.effect_rows import kind_of, post_of, written
from chatdesk.store.ids import new_id
from chatdesk.store.tables import threads
from chatdesk.store.tables_outbox import deliveries, delivery_steps, effects
from chatdesk.store.transaction import Transaction
from chatdesk.trail import touch

KEEP_DELIVERED = timedelta(days=31)
"""How long effects are kept that have been delivered everywhere. Failed ones stay: they can be retried."""

_ADD_EFFECT = insert(effects)
_ADD_DELIVERIES = insert(deliveries)
_CARD_THAT_WAITS = (
    select(deliveries.c.id)
    .join(effects, (effects.c.desk == deliveries.c.desk) & (effects.c.id == deliveries.c.effect))
    .where(
        deliveries.c.desk == bindparam("desk"),
        deliveries.c.lane == bindparam("lane"),
        is_pending(),
        deliveries.c.state == DeliveryState.WAITING,
        deliveries.c.attempts == 0,
        effects.c.kind == kind_of(CardChanged),
    )
)


def write(tx: Transaction, effect: Effect, targets: Iterable[Thread], now: datetime) -> str:
    """Have an effect shown in these threads; its id, by which a line can be replaced later.

    A change of the card is absorbed by one that waits in the same thread and was never tried, because
    cards are drawn when they are delivered.
    """
    effect_id = new_id()
    targets = tuple(targets)
    rows = [
        _row(tx, effect_id, thread.installation, thread.place, thread.lane, now, thread.id)
        for thread in targets
        if not (isinstance(effect, CardChanged) and _card_is_waiting(tx, thread.lane))
    ]
    ticket = targets[0].ticket if targets else None
    _write(tx, effect_id, effect, ticket, rows, now)
    return effect_id


def write_at(
    tx: Transaction,
    effect: Effect,
    installation: Installation,
    place: str | None,
    lane: str,
    now: datetime,
    ticket: int | None = None,
) -> str:
    """Have an effect shown where no thread of a ticket is: at a place, or to a person."""
    effect_id = new_id()
    _write(tx, effect_id, effect, ticket, [_row(tx, effect_id, installation, place, lane, now, None)], now)
    return effect_id


def mark(tx: Transaction, effect: SourceMarked, now: datetime, ticket: int | None) -> None:
    """Have a mark put on a message or taken off it.

    One that is to go and was never tried to be put there is not put there at all: in a backlog, marks
    would cost as many requests as what they are about.
    """
    place = effect.ref.place
    lane = f"mark:{place.platform}:{place.id}"
    if effect.present or not _forgo(tx, lane, replace(effect, present=True), now):
        write_at(tx, effect, place.installation, place.id, lane, now, ticket)


def _forgo(tx: Transaction, lane: str, effect: SourceMarked, now: datetime) -> bool:
    """Whether it waited untried, and is dropped now."""
    payload = effects.c.payload
    untried = (
        select(deliveries.c.id)
        .join(effects, (effects.c.desk == deliveries.c.desk) & (effects.c.id == deliveries.c.effect))
        .where(
            deliveries.c.desk == tx.desk,
            deliveries.c.lane == lane,
            is_pending(),
            deliveries.c.state == DeliveryState.WAITING,
            deliveries.c.attempts == 0,
            effects.c.kind == kind_of(SourceMarked),
            payload["ref"]["id"].as_string() == effect.ref.id,
            payload["emoji"].as_string() == effect.emoji,
            payload["present"].as_boolean() == effect.present,
        )
    )
    ids = tx.connection.scalars(untried).all()
    if ids:
        tx.connection.execute(
            update(deliveries)
            .where(deliveries.c.desk == tx.desk, deliveries.c.id.in_(ids))
            .values(state=DeliveryState.DROPPED, done_at=now, reason="it is to go again")
        )
    return bool(ids)


def person_lane(who: IdentityId) -> str:
    """The lane of what is told to one person."""
    return f"person:{who.platform}:{who.id}"


def retry(tx: Transaction, delivery_id: str, now: datetime) -> bool:
    """Try a failed delivery again, in its old turn. False if it did not fail, or is not this desk's.

    Where it failed because its thread could not be opened, the opening and all that failed behind it are
    tried again.
    """
    mine = (deliveries.c.desk == tx.desk, deliveries.c.state == DeliveryState.FAILED)
    row = tx.connection.execute(
        select(deliveries.c.lane, deliveries.c.thread).where(*mine, deliveries.c.id == delivery_id)
    ).one_or_none()
    if row is None:
        return False
    chosen = deliveries.c.id == delivery_id
    if row.thread is not None and failed_opening(tx.connection, tx.desk, row.thread) is not None:
        chosen = deliveries.c.lane == row.lane
        tx.connection.execute(
            update(threads)
            .where(threads.c.desk == tx.desk, threads.c.id == row.thread, threads.c.state == ThreadState.DEAD)
            .values(state=ThreadState.OPENING)
        )
    tx.connection.execute(
        update(deliveries)
        .where(*mine, chosen)
        .values(state=DeliveryState.WAITING, attempts=0, next_at=now, done_at=None, reason=None)
    )
    announce(tx.connection)
    return True


def prune(connection: Connection, now: datetime) -> int:
    """Forget effects that were delivered long ago, with their deliveries; how many effects."""
    before = now - KEEP_DELIVERED
    unfinished = exists().where(
        deliveries.c.desk == effects.c.desk,
        deliveries.c.effect == effects.c.id,
        deliveries.c.state.in_([*PENDING, DeliveryState.FAILED]),
    )
    old = connection.execute(
        select(effects.c.desk, effects.c.id).where(effects.c.created_at < before, ~unfinished).limit(1000)
    ).all()
    for desk, effect in old:
        mine = (deliveries.c.desk == desk, deliveries.c.effect == effect)
        ids = select(deliveries.c.id).where(*mine)
        connection.execute(
            delete(delivery_steps).where(delivery_steps.c.desk == desk, delivery_steps.c.delivery.in_(ids))
        )
        connection.execute(delete(deliveries).where(*mine))
        connection.execute(delete(effects).where(effects.c.desk == desk, effects.c.id == effect))
    return len(old)


def _write(
    tx: Transaction,
    effect_id: str,
    effect: Effect,
    ticket: int | None,
    rows: list[dict[str, object]],
    now: datetime,
) -> None:
    if not rows:
        return
    if ticket is not None:
        touch(ticket)
    tx.connection.execute(
        _ADD_EFFECT,
        {
            "desk": tx.desk,
            "id": effect_id,
            "ticket": ticket,
            "kind": kind_of(type(effect)),
            "payload": written(effect),
            "post": post_of(effect),
            "created_at": now,
        },
    )
    tx.connection.execute(_ADD_DELIVERIES, rows)
    announce(tx.connection)


def _row(
    tx: Transaction,
    effect_id: str,
    installation: Installation,
    place: str | None,
    lane: str,
    now: datetime,
    thread: str | None,
) -> dict[str, object]:
    return {
        "desk": tx.desk,
        "id": new_id(),
        "effect": effect_id,
        "lane": lane,
        "thread": thread,
        "platform": installation.platform,
        "installation": installation.id,
        "place": place,
        "state": DeliveryState.WAITING,
        "attempts": 0,
        "uncertain": False,
        "created_at": now,
        "next_at": now,
        "marked": Mark.NONE,
    }


def _card_is_waiting(tx: Transaction, lane: str) -> bool:
    return tx.connection.execute(_CARD_THAT_WAITS, {"desk": tx.desk, "lane": lane}).first() is not None
