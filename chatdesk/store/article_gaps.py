"""What people asked that no article answered, for three months."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select

from chatdesk.domain.article_gaps import Asked, Way
from chatdesk.store.ids import new_id
from chatdesk.store.tables_knowledge import article_gaps
from chatdesk.store.transaction import Transaction

KEPT = timedelta(days=90)
MOST = 3000
"""Of the newest so many are brought together."""


def note(
    tx: Transaction, way: Way, words: Sequence[str], person: str, now: datetime, ticket: int | None = None
) -> None:
    """Remember what was asked, if it says anything."""
    if words:
        tx.connection.execute(
            insert(article_gaps).values(
                desk=tx.desk,
                id=new_id(),
                way=way,
                words=" ".join(words),
                person=person,
                ticket=ticket,
                at=now,
            )
        )


def withdraw(tx: Transaction, ticket: int) -> None:
    """An article was found for a ticket after all, or its words are no longer kept."""
    tx.connection.execute(
        delete(article_gaps).where(article_gaps.c.desk == tx.desk, article_gaps.c.ticket == ticket)
    )


def since(tx: Transaction, when: datetime) -> Sequence[Asked]:
    """The newest first. A ticket counts by itself, a search by who searched."""
    statement = (
        select(article_gaps)
        .where(article_gaps.c.desk == tx.desk, article_gaps.c.at >= when)
        .order_by(article_gaps.c.at.desc(), article_gaps.c.id.desc())
        .limit(MOST)
    )
    return [
        Asked(
            words=tuple(row.words.split()),
            way=Way(row.way),
            by=row.person if row.ticket is None else f"#{row.ticket}",
        )
        for row in tx.connection.execute(statement)
    ]


def forget_person(tx: Transaction, person: str) -> None:
    """What somebody asked, in their own words."""
    tx.connection.execute(
        delete(article_gaps).where(article_gaps.c.desk == tx.desk, article_gaps.c.person == person)
    )


def forget(connection: Connection, now: datetime) -> int:
    """Prune what was asked long ago."""
    return connection.execute(delete(article_gaps).where(article_gaps.c.at < now - KEPT)).rowcount
