"""Events that came before we knew what they were about: a reply in a thread that we are just opening.

A platform shows what we post before it answers us, so people can be quicker than our receipt.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, insert, or_, select

from chatdesk.contract import codec
from chatdesk.contract.inbound import Inbound
from chatdesk.contract.vocabulary import Place, PlaceKind, Platform, Where
from chatdesk.store.deliveries import DeliveryState, is_pending
from chatdesk.store.ids import new_id
from chatdesk.store.tables import threads
from chatdesk.store.tables_inbound import early_events
from chatdesk.store.tables_outbox import deliveries
from chatdesk.store.transaction import Transaction

KEEP = timedelta(days=1)

_ARE_KEPT = (
    select(early_events.c.id)
    .where(
        early_events.c.desk == bindparam("desk"),
        early_events.c.platform == bindparam("platform"),
        early_events.c.subject.in_(bindparam("subjects", expanding=True)),
    )
    .limit(1)
)


def is_expected(tx: Transaction, where: Where) -> bool:
    """Whether something of ours may stand there already whose receipt we do not have yet."""
    there = or_(threads.c.parent == where.channel.id, threads.c.place == where.place.id)
    return _is_under_way(tx, where.place.platform, there)


def may_be_opening(tx: Transaction, where: Where) -> bool:
    """Whether this thread may be one that we have just opened, and do not know to be ours yet."""
    if where.kind is not PlaceKind.THREAD:
        return False
    there = and_(threads.c.parent == where.channel.id, threads.c.place.is_(None))
    return _is_under_way(tx, where.place.platform, there)


def _is_under_way(tx: Transaction, platform: Platform, there: ColumnElement[bool]) -> bool:
    statement = (
        select(deliveries.c.id)
        .join(threads, and_(threads.c.desk == deliveries.c.desk, threads.c.id == deliveries.c.thread))
        .where(
            deliveries.c.desk == tx.desk,
            is_pending(),
            deliveries.c.lane >= "thread:",  # so that the index of what is pending is the best one
            or_(deliveries.c.state == DeliveryState.IN_FLIGHT, deliveries.c.uncertain),
            threads.c.platform == platform,
            there,
        )
    )
    return tx.connection.execute(statement).first() is not None


def keep(tx: Transaction, platform: Platform, subject: str, event: Inbound, now: datetime) -> None:
    """Keep an event until its place or message is known."""
    tx.connection.execute(
        insert(early_events).values(
            desk=tx.desk, id=new_id(), platform=platform, subject=subject, event=codec.dump(event), at=now
        )
    )


def are_kept(tx: Transaction, platform: Platform, subjects: Collection[str]) -> bool:
    """Whether anything waits for these places and messages."""
    asked = {"desk": tx.desk, "platform": platform, "subjects": list(subjects)}
    return tx.connection.execute(_ARE_KEPT, asked).first() is not None


def take(tx: Transaction, platform: Platform, subjects: Collection[str]) -> Sequence[Inbound]:
    """The events that waited for these places and messages, in the order they came; they are forgotten."""
    mine = (
        early_events.c.desk == tx.desk,
        early_events.c.platform == platform,
        early_events.c.subject.in_(subjects),
    )
    rows = tx.connection.execute(select(early_events.c.event).where(*mine).order_by(early_events.c.id)).all()
    if rows:
        tx.connection.execute(delete(early_events).where(*mine))
    return [codec.load(row.event) for row in rows]


def forget(connection: Connection, now: datetime) -> int:
    """Drop what turned out to be about nothing of ours."""
    old = early_events.c.at < now - KEEP
    return connection.execute(
        delete(early_events).where(old, early_events.c.subject.not_like("turn:%"))
    ).rowcount


@dataclass(frozen=True, slots=True)
class Kept:
    """An event that waits, and by which it is dropped."""

    id: str
    event: Inbound


def kept(tx: Transaction, platform: Platform, subject: str, limit: int) -> Sequence[Kept]:
    """The first events that wait for this, in the order they came."""
    statement = (
        select(early_events.c.id, early_events.c.event)
        .where(
            early_events.c.desk == tx.desk,
            early_events.c.platform == platform,
            early_events.c.subject == subject,
        )
        .order_by(early_events.c.id)
        .limit(limit)
    )
    return [Kept(row.id, codec.load(row.event)) for row in tx.connection.execute(statement)]


def drop(tx: Transaction, kept_id: str) -> None:
    """It was taken in."""
    tx.connection.execute(
        delete(early_events).where(early_events.c.desk == tx.desk, early_events.c.id == kept_id)
    )


def turn_of(place: Place) -> str:
    """What messages wait for whose place is being caught up with."""
    return f"turn:{place.id}"
