"""How satisfied requesters were: one rating a ticket, and when each was asked for."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, select

from chatdesk.store.tables_closing import ratings
from chatdesk.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Rating:
    """``score`` is from 1 to 5, None until somebody gave one."""

    ticket: int
    person: str
    asked_at: datetime
    score: int | None = None
    comment: str | None = None
    rated_at: datetime | None = None


def put(tx: Transaction, rating: Rating) -> None:
    """Note it instead of what was known of that ticket."""
    tx.connection.execute(delete(ratings).where(ratings.c.desk == tx.desk, ratings.c.ticket == rating.ticket))
    tx.connection.execute(insert(ratings).values(desk=tx.desk, **asdict(rating)))


def of_ticket(tx: Transaction, ticket: int) -> Rating | None:
    statement = select(ratings).where(ratings.c.desk == tx.desk, ratings.c.ticket == ticket)
    row = tx.connection.execute(statement).one_or_none()
    if row is None:
        return None
    return Rating(row.ticket, row.person, row.asked_at, row.score, row.comment, row.rated_at)


def last_asked(tx: Transaction, person: str) -> datetime | None:
    """When a person was last asked about any ticket."""
    asked = select(func.max(ratings.c.asked_at)).where(ratings.c.desk == tx.desk, ratings.c.person == person)
    return tx.connection.execute(asked).scalar_one_or_none()
