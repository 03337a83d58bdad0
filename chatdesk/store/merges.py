"""Tickets that were merged into others: which, since when, and whose party is whose there.

A merged ticket's conversation and its customers' threads are the main ticket's rows; its parties got the
numbers behind ``base``. Its own people stay its own, so that nobody of them ever becomes somebody of another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Row, bindparam, func, insert, select, update

from chatdesk.contract.vocabulary import Audience, AudienceKind, Side
from chatdesk.domain.audience import closed_to_newcomers, moved_back, moved_by
from chatdesk.domain.lifecycle import Status
from chatdesk.domain.ticket import Post
from chatdesk.store import posts, search
from chatdesk.store.tables import posts as post_rows
from chatdesk.store.tables import threads, ticket_people, tickets
from chatdesk.store.tables_relations import merges
from chatdesk.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Merge:
    """``source`` went into ``target``; its parties 1 to ``parties`` are those behind ``base`` there.

    ``status`` is the source's before. ``threads``: its staff threads that ended with it. ``line``: the effect
    that told the main ticket's staff.
    """

    desk: str
    id: str
    source: int
    target: int
    base: int
    parties: int
    merged_by: str
    merged_at: datetime
    status: Status
    threads: tuple[str, ...] = ()
    line: str | None = None
    undone_at: datetime | None = None

    def holds(self, party: int) -> bool:
        """Whether a party of the main ticket is one of the merged ticket's."""
        return self.base < party <= self.base + self.parties


_LIVE = merges.c.undone_at.is_(None)
_OF_SOURCE = select(merges).where(
    merges.c.desk == bindparam("desk"), merges.c.source == bindparam("number"), _LIVE
)
_INTO = (
    select(merges)
    .where(merges.c.desk == bindparam("desk"), merges.c.target == bindparam("number"), _LIVE)
    .order_by(merges.c.base)
)


def add(tx: Transaction, merge: Merge) -> None:
    tx.connection.execute(insert(merges).values(asdict(merge) | {"threads": list(merge.threads)}))


def undo(tx: Transaction, merge: Merge, now: datetime) -> None:
    tx.connection.execute(
        update(merges).where(merges.c.desk == tx.desk, merges.c.id == merge.id).values(undone_at=now)
    )


def of_source(tx: Transaction, number: int) -> Merge | None:
    """How a ticket was merged into another, if it is."""
    row = tx.connection.execute(_OF_SOURCE, {"desk": tx.desk, "number": number}).one_or_none()
    return None if row is None else _from_row(row)


def into(tx: Transaction, number: int) -> Sequence[Merge]:
    """What is merged into a ticket, in the order in which it came."""
    return [_from_row(row) for row in tx.connection.execute(_INTO, {"desk": tx.desk, "number": number})]


def main_of(tx: Transaction, number: int) -> int:
    """The ticket that holds a ticket's conversation: itself, unless it was merged."""
    merge = of_source(tx, number)
    return number if merge is None else main_of(tx, merge.target)


def holder_of(tx: Transaction, number: int, party: int) -> tuple[int, int]:
    """The ticket that holds what a party of this one wrote, and which party of it they are."""
    merge = of_source(tx, number)
    return (number, party) if merge is None else holder_of(tx, merge.target, party + merge.base)


def owner_of(tx: Transaction, number: int, party: int) -> tuple[int, int]:
    """The ticket as a party of this one knows it, and which party of it they are."""
    if party > 1:
        for merge in into(tx, number):
            if merge.holds(party):
                return owner_of(tx, merge.source, party - merge.base)
    return number, party


def people_of(tx: Transaction, number: int) -> frozenset[str]:
    """Everybody who asked for, or takes part in, what is merged into a ticket."""
    found: set[str] = set()
    for merge in into(tx, number):
        asked = select(tickets.c.requester).where(tickets.c.desk == tx.desk, tickets.c.number == merge.source)
        takes_part = select(ticket_people.c.person).where(
            ticket_people.c.desk == tx.desk, ticket_people.c.ticket == merge.source
        )
        found |= set(tx.connection.execute(asked.union(takes_part)).scalars())
        found |= people_of(tx, merge.source)
    return frozenset(found)


def described(tx: Transaction, number: int) -> str:
    """Which tickets are merged into a ticket, or into which it was; "" where none."""
    made = of_source(tx, number)
    if made is not None:
        return f"into #{main_of(tx, number)}"
    return ", ".join(f"#{one.source}" for one in into(tx, number))


def of_person(tx: Transaction, person: str) -> Sequence[int]:
    """The numbers of merged tickets that a person asked for or takes part in."""
    asked = select(tickets.c.number).where(tickets.c.desk == tx.desk, tickets.c.requester == person)
    takes_part = select(ticket_people.c.ticket).where(
        ticket_people.c.desk == tx.desk, ticket_people.c.person == person
    )
    statement = (
        select(merges.c.source)
        .where(merges.c.desk == tx.desk, merges.c.source.in_(asked.union(takes_part)), _LIVE)
        .order_by(merges.c.source.desc())
    )
    return list(tx.connection.execute(statement).scalars())


def parties_of(tx: Transaction, number: int) -> int:
    """The highest number that a party of a ticket has, or ever had."""
    given = select(func.max(merges.c.base + merges.c.parties)).where(
        merges.c.desk == tx.desk, merges.c.target == number
    )
    known = select(func.max(threads.c.party)).where(threads.c.desk == tx.desk, threads.c.ticket == number)
    found = [tx.connection.execute(one).scalar_one_or_none() for one in (given, known)]
    return max([1, *(int(one) for one in found if one is not None)])


def take(tx: Transaction, merge: Merge) -> Sequence[Post]:
    """Move conversation and customers' threads of the merged ticket; its posts as they are now.

    What everybody could read until now stays with those who could.
    """
    so_far = closed_to_newcomers(Audience(AudienceKind.EVERYONE), merge.base)
    tx.connection.execute(
        update(post_rows)
        .where(
            post_rows.c.desk == tx.desk,
            post_rows.c.ticket == merge.target,
            post_rows.c.audience == AudienceKind.EVERYONE,
        )
        .values(audience=so_far.kind, party=so_far.party, last_party=so_far.last)
    )
    moved = posts.of_ticket(tx, merge.source)
    _put(tx, moved, merge.target, [moved_by(one.audience, merge.base, merge.parties) for one in moved])
    _move_threads(tx, merge.source, merge.target, (1, merge.parties), merge.base)
    return [one for one in (posts.load(tx, post.id) for post in moved) if one is not None]


def give_back(tx: Transaction, merge: Merge) -> Sequence[Post]:
    """The conversation and the threads are the merged ticket's again, with what was written since."""
    theirs = [
        one
        for one in posts.of_ticket(tx, merge.target)
        if one.audience.party and merge.holds(one.audience.party)
    ]
    _put(tx, theirs, merge.source, [moved_back(one.audience, merge.base) for one in theirs])
    first, last = merge.base + 1, merge.base + merge.parties
    _move_threads(tx, merge.target, merge.source, (first, last), -merge.base)
    return [one for one in (posts.load(tx, post.id) for post in theirs) if one is not None]


def _put(tx: Transaction, moved: Sequence[Post], ticket: int, audiences: Sequence[Audience]) -> None:
    """Put posts at the end of a ticket's conversation."""
    position = posts.next_position(tx, ticket)
    for offset, (post, audience) in enumerate(zip(moved, audiences, strict=True)):
        search.moved(tx, post.id, ticket)
        tx.connection.execute(
            update(post_rows)
            .where(post_rows.c.desk == tx.desk, post_rows.c.id == post.id)
            .values(
                ticket=ticket,
                position=position + offset,
                audience=audience.kind,
                party=audience.party,
                last_party=audience.last,
            )
        )


def _move_threads(tx: Transaction, here: int, there: int, parties: tuple[int, int], by: int) -> None:
    first, last = parties
    tx.connection.execute(
        update(threads)
        .where(
            threads.c.desk == tx.desk,
            threads.c.ticket == here,
            threads.c.side == Side.CUSTOMER,
            func.coalesce(threads.c.party, 1).between(first, last),
        )
        .values(ticket=there, party=func.coalesce(threads.c.party, 1) + by)
    )


def _from_row(row: Row[tuple[object, ...]]) -> Merge:
    values = dict(row._mapping)
    return Merge(**values | {"status": Status(values["status"]), "threads": tuple(values["threads"])})
