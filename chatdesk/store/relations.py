"""Ties between tickets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, bindparam, delete, insert, or_, select

from chatdesk.domain.relations import Relation, Tie
from chatdesk.store.tables_relations import relations
from chatdesk.store.transaction import Transaction

_OF_TICKET = (
    select(relations.c.ticket, relations.c.tie, relations.c.other)
    .where(
        relations.c.desk == bindparam("desk"),
        or_(relations.c.ticket == bindparam("number"), relations.c.other == bindparam("number")),
    )
    .order_by(relations.c.ticket, relations.c.other)
)


def add(tx: Transaction, relation: Relation, person: str, now: datetime) -> bool:
    """Tie two tickets. False if they are tied so already."""
    if relation in of_ticket(tx, relation.ticket):
        return False
    tx.connection.execute(
        insert(relations).values(
            desk=tx.desk,
            ticket=relation.ticket,
            tie=relation.tie,
            other=relation.other,
            made_by=person,
            made_at=now,
        )
    )
    return True


def remove_between(tx: Transaction, one: int, two: int) -> int:
    """Undo every tie between two tickets; how many there were."""
    there = and_(relations.c.ticket == one, relations.c.other == two)
    back = and_(relations.c.ticket == two, relations.c.other == one)
    return tx.connection.execute(
        delete(relations).where(relations.c.desk == tx.desk, or_(there, back))
    ).rowcount


def of_ticket(tx: Transaction, number: int) -> tuple[Relation, ...]:
    """A ticket's ties, whichever end of them it is."""
    rows = tx.connection.execute(_OF_TICKET, {"desk": tx.desk, "number": number})
    return tuple(Relation(row.ticket, Tie(row.tie), row.other) for row in rows)


def children_of(tx: Transaction, number: int) -> Sequence[int]:
    """The tickets that are children of this one, oldest first."""
    ties = of_ticket(tx, number)
    return sorted(one.ticket for one in ties if one.tie is Tie.CHILD_OF and one.other == number)


def parent_of(tx: Transaction, number: int) -> int | None:
    ties = of_ticket(tx, number)
    return next((one.other for one in ties if one.tie is Tie.CHILD_OF and one.ticket == number), None)
