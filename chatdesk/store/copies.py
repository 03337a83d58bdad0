"""Copies: where a post stands, part by part, in each of its ticket's threads."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, insert, select

from chatdesk.contract.outbound import Copy
from chatdesk.contract.vocabulary import MessageRef, Place
from chatdesk.domain.ticket import Thread
from chatdesk.store.tables import copies
from chatdesk.store.transaction import Transaction


def of_post(tx: Transaction, post: str, thread: Thread) -> Sequence[Copy]:
    """A post's copies in a thread, in the order in which they stand there."""
    rows = tx.connection.execute(
        select(copies)
        .where(copies.c.desk == tx.desk, copies.c.thread == thread.id, copies.c.post == post)
        .order_by(copies.c.position)
    )
    return [Copy(row.part, MessageRef(Place(thread.installation, row.place), row.message)) for row in rows]


def of_thread(tx: Transaction, thread: Thread) -> Sequence[Copy]:
    """Everything of ours that stands in a thread."""
    rows = tx.connection.execute(select(copies).where(copies.c.desk == tx.desk, copies.c.thread == thread.id))
    return [Copy(row.part, MessageRef(Place(thread.installation, row.place), row.message)) for row in rows]


def threads_with(tx: Transaction, post: str) -> frozenset[str]:
    """The threads in which copies of a post stand."""
    statement = select(copies.c.thread).distinct().where(copies.c.desk == tx.desk, copies.c.post == post)
    return frozenset(tx.connection.execute(statement).scalars())


def sharing(tx: Transaction, thread: Thread, standing: Sequence[Copy]) -> Sequence[str]:
    """The posts that stand in these messages of a thread."""
    rows = tx.connection.execute(
        select(copies.c.post)
        .distinct()
        .where(
            copies.c.desk == tx.desk,
            copies.c.platform == thread.installation.platform,
            copies.c.message.in_([copy.ref.id for copy in standing]),
            copies.c.thread == thread.id,
        )
    )
    return [row.post for row in rows]


def put(tx: Transaction, post: str, thread: Thread, standing: Sequence[Copy]) -> None:
    """These are the post's copies in the thread now; no others."""
    remove(tx, post, thread)
    rows = [
        {
            "desk": tx.desk,
            "thread": thread.id,
            "post": post,
            "part": copy.part,
            "position": position,
            "platform": copy.ref.place.platform,
            "place": copy.ref.place.id,
            "message": copy.ref.id,
        }
        for position, copy in enumerate(standing)
    ]
    if rows:
        tx.connection.execute(insert(copies), rows)


def remove(tx: Transaction, post: str, thread: Thread) -> None:
    tx.connection.execute(
        delete(copies).where(copies.c.desk == tx.desk, copies.c.thread == thread.id, copies.c.post == post)
    )
