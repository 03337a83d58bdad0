"""What the desk wanted shown, and platforms that do it: threads open, posts are copied there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import insert, select, update

from chatdesk.contract.vocabulary import PlaceKind
from chatdesk.domain.effects import Effect, PostWritten
from chatdesk.domain.ticket import Thread, ThreadState
from chatdesk.store import effect_rows, tables, tables_outbox, threads
from chatdesk.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Shown:
    """One effect for one thread, place or person."""

    id: str
    effect: Effect
    ticket: int | None
    thread: Thread | None
    place: str | None
    lane: str


def read_outbox(tx: Transaction) -> Sequence[Shown]:
    statement = (
        select(
            tables_outbox.deliveries,
            tables_outbox.effects.c.kind,
            tables_outbox.effects.c.payload,
            tables_outbox.effects.c.ticket,
        )
        .join_from(
            tables_outbox.deliveries,
            tables_outbox.effects,
            (tables_outbox.effects.c.desk == tables_outbox.deliveries.c.desk)
            & (tables_outbox.effects.c.id == tables_outbox.deliveries.c.effect),
        )
        .where(tables_outbox.deliveries.c.desk == tx.desk)
        .order_by(tables_outbox.deliveries.c.id)
    )
    return [
        Shown(
            id=row.id,
            effect=effect_rows.parsed(row.kind, row.payload),
            ticket=row.ticket,
            thread=threads.load(tx, row.thread) if row.thread else None,
            place=row.place,
            lane=row.lane,
        )
        for row in tx.connection.execute(statement)
    ]


def settle(tx: Transaction) -> None:
    waiting = (tables_outbox.deliveries.c.desk == tx.desk, tables_outbox.deliveries.c.state == "waiting")
    pending = set(tx.connection.execute(select(tables_outbox.deliveries.c.id).where(*waiting)).scalars())
    for one in read_outbox(tx):
        if one.id in pending and one.thread is not None:
            _open(tx, one.thread.id)
            if isinstance(one.effect, PostWritten):
                _copy(tx, one.effect.post, one.thread.id)
    tx.connection.execute(update(tables_outbox.deliveries).where(*waiting).values(state="done"))


def _open(tx: Transaction, thread_id: str) -> None:
    found = threads.load(tx, thread_id)
    if found is None or found.state is not ThreadState.OPENING:
        return
    place = found.parent if found.kind is PlaceKind.DM and found.parent else f"thread-{found.id}"
    card = f"card-{found.id}" if found.side.is_internal else None
    threads.save(tx, replace(found, place=place, state=ThreadState.OPEN, card=card))


def _copy(tx: Transaction, post: str, thread_id: str) -> None:
    found = threads.load(tx, thread_id)
    assert found is not None and found.place is not None
    tx.connection.execute(
        insert(tables.copies).values(
            desk=tx.desk,
            thread=thread_id,
            post=post,
            part="0",
            position=0,
            platform=found.installation.platform,
            place=found.place,
            message=copy_id(post, thread_id),
        )
    )


def copy_id(post: str, thread_id: str) -> str:
    """The message id of a post's copy in a thread."""
    return f"copy-{post}-{thread_id}"
