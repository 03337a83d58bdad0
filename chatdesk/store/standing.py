"""What stands in a place as far as we know: messages of people and of ours, and which have reactions."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from chatdesk.contract.outbound import Copy
from chatdesk.contract.vocabulary import MessageRef, Place
from chatdesk.domain.ticket import Thread
from chatdesk.store import copies, threads
from chatdesk.store.tables import posts, reactions
from chatdesk.store.transaction import Transaction

SOURCE = "source"


@dataclass(frozen=True, slots=True)
class Standing:
    """``reacted``: ids of the messages to which somebody reacts, or may have something done by reacting."""

    messages: tuple[Copy, ...] = ()
    reacted: frozenset[str] = frozenset()


def standing_in(tx: Transaction, place: Place) -> Standing:
    """Everything that the tickets of a place have there."""
    here = threads.at_place(tx, place)
    found: list[Copy] = []
    reacted: set[str] = {thread.card for thread in here if thread.card}
    for thread in here:
        ours = copies.of_thread(tx, thread)
        sources = _sources(tx, thread)
        found += [*(Copy(SOURCE, ref) for ref in sources.values()), *ours]
        reacted |= _reacted(tx, thread, sources)
    return Standing(tuple(found), frozenset(reacted))


def _sources(tx: Transaction, thread: Thread) -> dict[str, MessageRef]:
    """The messages written there that are posts, by the post's id."""
    statement = select(posts.c.id, posts.c.source, posts.c.source_place).where(
        posts.c.desk == tx.desk,
        posts.c.ticket == thread.ticket,
        posts.c.thread == thread.id,
        posts.c.source.is_not(None),
        posts.c.deleted_at.is_(None),
    )
    return {
        row.id: MessageRef(Place(thread.installation, row.source_place), row.source)
        for row in tx.connection.execute(statement)
    }


def _reacted(tx: Transaction, thread: Thread, sources: dict[str, MessageRef]) -> set[str]:
    statement = (
        select(reactions.c.post)
        .join(posts, (posts.c.desk == reactions.c.desk) & (posts.c.id == reactions.c.post))
        .where(
            posts.c.desk == tx.desk,
            posts.c.ticket == thread.ticket,
            reactions.c.thread == thread.id,
            reactions.c.present,
        )
    )
    with_reactions = set(tx.connection.execute(statement).scalars()) | _first(tx, thread)
    found = {ref.id for post, ref in sources.items() if post in with_reactions}
    for post in with_reactions - set(sources):
        found |= {copy.ref.id for copy in copies.of_post(tx, post, thread)}
    return found


def _first(tx: Transaction, thread: Thread) -> set[str]:
    """Reactions to a ticket's first message can be commands."""
    statement = select(posts.c.id).where(
        posts.c.desk == tx.desk, posts.c.ticket == thread.ticket, posts.c.position == 1
    )
    return set(tx.connection.execute(statement).scalars())
