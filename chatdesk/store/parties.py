"""Who takes part in a ticket besides its requester."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select

from chatdesk.store.tables import ticket_people
from chatdesk.store.transaction import Transaction

_MEMBERS = (
    select(ticket_people.c.person)
    .where(ticket_people.c.desk == bindparam("desk"), ticket_people.c.ticket == bindparam("ticket"))
    .order_by(ticket_people.c.added_at)
)


def add(tx: Transaction, ticket: int, person: str, party: int, now: datetime) -> bool:
    """Let a person take part. False if they already do."""
    if person in members(tx, ticket):
        return False
    tx.connection.execute(
        insert(ticket_people).values(desk=tx.desk, ticket=ticket, person=person, party=party, added_at=now)
    )
    return True


def remove(tx: Transaction, ticket: int, person: str) -> bool:
    """Let a person no longer take part. False if they did not."""
    result = tx.connection.execute(
        delete(ticket_people).where(
            ticket_people.c.desk == tx.desk,
            ticket_people.c.ticket == ticket,
            ticket_people.c.person == person,
        )
    )
    return result.rowcount == 1


def party_of(tx: Transaction, ticket: int, person: str) -> int:
    """The party somebody belongs to: the first, the requester's own, unless they take part in another."""
    statement = select(ticket_people.c.party).where(
        ticket_people.c.desk == tx.desk, ticket_people.c.ticket == ticket, ticket_people.c.person == person
    )
    return tx.connection.execute(statement).scalar_one_or_none() or 1


def members(tx: Transaction, ticket: int) -> Sequence[str]:
    """Person ids of a ticket's participants, the requester not included, in the order they were added."""
    return list(tx.connection.execute(_MEMBERS, {"desk": tx.desk, "ticket": ticket}).scalars())


def parties_of_person(tx: Transaction, person: str) -> Mapping[int, int]:
    """By ticket, the party somebody belongs to, where they take part."""
    statement = select(ticket_people.c.ticket, ticket_people.c.party).where(
        ticket_people.c.desk == tx.desk, ticket_people.c.person == person
    )
    return {row.ticket: row.party for row in tx.connection.execute(statement)}
