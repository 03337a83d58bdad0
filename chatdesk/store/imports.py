"""Tickets that were taken in from elsewhere: which record became which, and which of them rest.

An imported ticket rests until somebody takes it up: it has no threads, nothing is promised for it, and time
brings nothing to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, exists, insert, select, update

from chatdesk.contract.vocabulary import IdentityId
from chatdesk.store import people
from chatdesk.store.tables import desks, history, identities, posts, tickets
from chatdesk.store.tables import people as persons
from chatdesk.store.tables_imports import imports
from chatdesk.store.transaction import Transaction

_ADD = insert(imports)
_BY_KEY = select(imports).where(
    imports.c.desk == bindparam("desk"),
    imports.c.source == bindparam("source"),
    imports.c.key == bindparam("key"),
)
_OF_TICKET = select(imports).where(
    imports.c.desk == bindparam("desk"), imports.c.ticket == bindparam("ticket")
)


@dataclass(frozen=True, slots=True)
class Imported:
    """A record of ``source``, known there as ``key``, and the ticket that it became."""

    source: str
    key: str
    ticket: int
    at: datetime
    taken_up_at: datetime | None = None
    """Since when it is a ticket like any other; None: it rests."""

    @property
    def described(self) -> str:
        return f"from {self.source} #{self.key.replace('#', '/').rpartition('/')[2]}"


def note(tx: Transaction, imported: Imported) -> None:
    tx.connection.execute(
        _ADD,
        {
            "desk": tx.desk,
            "source": imported.source,
            "key": imported.key,
            "ticket": imported.ticket,
            "at": imported.at,
            "taken_up_at": imported.taken_up_at,
        },
    )


def by_key(tx: Transaction, source: str, key: str) -> Imported | None:
    """What became of a record, if it was taken in before."""
    row = tx.connection.execute(_BY_KEY, {"desk": tx.desk, "source": source, "key": key}).one_or_none()
    return None if row is None else Imported(row.source, row.key, row.ticket, row.at, row.taken_up_at)


def of_ticket(tx: Transaction, ticket: int) -> Imported | None:
    """Where a ticket came from, if it was imported."""
    row = tx.connection.execute(_OF_TICKET, {"desk": tx.desk, "ticket": ticket}).one_or_none()
    return None if row is None else Imported(row.source, row.key, row.ticket, row.at, row.taken_up_at)


def rests(tx: Transaction, ticket: int) -> bool:
    found = of_ticket(tx, ticket)
    return found is not None and found.taken_up_at is None


def take_up(tx: Transaction, ticket: int, now: datetime) -> None:
    """From now on it is a ticket like any other."""
    tx.connection.execute(
        update(imports)
        .where(imports.c.desk == tx.desk, imports.c.ticket == ticket, imports.c.taken_up_at.is_(None))
        .values(taken_up_at=now)
    )


def since_when(tx: Transaction) -> Mapping[int, datetime | None]:
    """Of every imported ticket, since when it is one like any other; None while it rests."""
    statement = select(imports.c.ticket, imports.c.taken_up_at).where(imports.c.desk == tx.desk)
    return {row.ticket: row.taken_up_at for row in tx.connection.execute(statement)}


def any_known(tx: Transaction, post_ids: Sequence[str], entry_ids: Sequence[str]) -> bool:
    """Whether the desk has any of these posts or entries of a history."""
    found = exists().where(posts.c.desk == tx.desk, posts.c.id.in_(post_ids)) | exists().where(
        history.c.desk == tx.desk, history.c.id.in_(entry_ids)
    )
    return bool(tx.connection.execute(select(found)).scalar_one())


def take_number(tx: Transaction, number: int) -> int | None:
    """Give a ticket its old number; None where another has it. Numbers that are given go on behind it."""
    taken = exists().where(tickets.c.desk == tx.desk, tickets.c.number == number)
    if tx.connection.execute(select(taken)).scalar_one():
        return None
    tx.connection.execute(
        update(desks).where(desks.c.id == tx.desk, desks.c.last_ticket < number).values(last_ticket=number)
    )
    return number


def person(
    tx: Transaction,
    known_as: str,
    accounts: Sequence[tuple[IdentityId, str | None, str | None]],
    now: datetime,
) -> str:
    """Somebody by any of their accounts; who is nobody here yet is made, with the id that they had."""
    unknown = []
    found: str | None = None
    for who, name, handle in accounts:
        known = people.identity(tx, who)
        if known is None:
            unknown.append((who, name, handle))
        elif found is None:
            found = known.person
    if found is None:
        found = known_as
        there = exists().where(persons.c.desk == tx.desk, persons.c.id == found)
        if not tx.connection.execute(select(there)).scalar_one():
            tx.connection.execute(insert(persons).values(desk=tx.desk, id=found, created_at=now))
    for who, name, handle in unknown:
        tx.connection.execute(
            insert(identities).values(
                desk=tx.desk, platform=who.platform, id=who.id, person=found, installation=None, name=name,
                avatar_url=None, handle=handle, profiled_at=None,
            )
        )  # fmt: skip
    return found


def resting() -> ColumnElement[bool]:
    """That the ticket of an enclosing statement rests."""
    return exists().where(
        imports.c.desk == tickets.c.desk,
        imports.c.ticket == tickets.c.number,
        imports.c.taken_up_at.is_(None),
    )
