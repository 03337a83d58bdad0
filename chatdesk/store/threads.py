"""Threads: a ticket's places, and which ticket a place belongs to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict

from sqlalchemy import Row, and_, bindparam, insert, select, update

from chatdesk.contract.vocabulary import Installation, Place, PlaceKind, Platform, Side
from chatdesk.domain.lifecycle import Status
from chatdesk.domain.ticket import Thread, ThreadState
from chatdesk.store.tables import threads, tickets
from chatdesk.store.transaction import Transaction

LIVE = (ThreadState.OPENING, ThreadState.OPEN)

_LOAD = select(threads).where(threads.c.desk == bindparam("desk"), threads.c.id == bindparam("id"))
_OF_TICKET = (
    select(threads)
    .where(threads.c.desk == bindparam("desk"), threads.c.ticket == bindparam("ticket"))
    .order_by(threads.c.id)
)
_AT_PLACE = (
    select(threads)
    .where(
        threads.c.desk == bindparam("desk"),
        threads.c.platform == bindparam("platform"),
        threads.c.place == bindparam("place"),
    )
    .order_by(threads.c.id.desc())
)


def add(tx: Transaction, thread: Thread) -> None:
    tx.connection.execute(insert(threads).values(_to_row(thread)))


def save(tx: Transaction, thread: Thread) -> None:
    tx.connection.execute(
        update(threads).where(threads.c.desk == tx.desk, threads.c.id == thread.id).values(_to_row(thread))
    )


def load(tx: Transaction, thread_id: str) -> Thread | None:
    row = tx.connection.execute(_LOAD, {"desk": tx.desk, "id": thread_id}).one_or_none()
    return None if row is None else _from_row(row)


def of_ticket(tx: Transaction, ticket: int) -> Sequence[Thread]:
    """All threads a ticket ever had, oldest first."""
    rows = tx.connection.execute(_OF_TICKET, {"desk": tx.desk, "ticket": ticket})
    return [_from_row(row) for row in rows]


def live_of_ticket(tx: Transaction, ticket: int) -> Sequence[Thread]:
    """The threads a ticket has now, opened or about to be."""
    return [thread for thread in of_ticket(tx, ticket) if thread.state in LIVE]


def to_be_told(known: Sequence[Thread]) -> Sequence[Thread]:
    """Where a ticket's new post belongs: its live threads and, for a side that has none left, its dead ones.

    There it fails, and whoever wrote it learns that it reached nobody.
    """
    live = [thread for thread in known if thread.state in LIVE]
    read = {(thread.side, thread.party) for thread in live}
    return live + [
        thread
        for thread in known
        if thread.state is ThreadState.DEAD
        and thread.side is not Side.ESCALATION
        and (thread.side, thread.party) not in read
    ]


def at_place(tx: Transaction, place: Place) -> Sequence[Thread]:
    """The threads that stand in a place, newest first: one for a thread, any number for a DM."""
    here = {"desk": tx.desk, "platform": place.platform, "place": place.id}
    return [_from_row(row) for row in tx.connection.execute(_AT_PLACE, here)]


def dead_in(tx: Transaction, channels: Collection[Place], statuses: Collection[Status]) -> Sequence[Thread]:
    """The dead threads of these channels whose tickets have one of these statuses."""
    statement = (
        select(threads)
        .join(tickets, and_(tickets.c.desk == threads.c.desk, tickets.c.number == threads.c.ticket))
        .where(
            threads.c.desk == tx.desk,
            threads.c.state == ThreadState.DEAD,
            threads.c.parent.in_([channel.id for channel in channels]),
            tickets.c.status.in_(statuses),
        )
        .order_by(threads.c.id)
    )
    found = [_from_row(row) for row in tx.connection.execute(statement)]
    return [one for one in found if Place(one.installation, one.parent) in channels]


def with_card(tx: Transaction, platform: Platform, message: str) -> Thread | None:
    """The thread whose card is this message."""
    statement = select(threads).where(
        threads.c.desk == tx.desk, threads.c.platform == platform, threads.c.card == message
    )
    row = tx.connection.execute(statement).first()
    return None if row is None else _from_row(row)


def _to_row(thread: Thread) -> dict[str, object]:
    row = asdict(thread)
    return row | {"platform": thread.installation.platform, "installation": thread.installation.id}


def _from_row(row: Row[tuple[object, ...]]) -> Thread:
    values = dict(row._mapping)
    platform = Platform(values.pop("platform"))
    return Thread(
        **values
        | {
            "installation": Installation(platform, values["installation"]),
            "side": Side(values["side"]),
            "kind": PlaceKind(values["kind"]),
            "state": ThreadState(values["state"]),
        }
    )
