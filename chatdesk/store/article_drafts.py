"""Articles that somebody began and nobody has published: in a table of their own, where no search looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, delete, insert, select, update

from chatdesk.domain.knowledge import Article
from chatdesk.store.article_rows import article_of, columns_of
from chatdesk.store.tables import tickets
from chatdesk.store.tables_knowledge import article_drafts
from chatdesk.store.transaction import Transaction

MOST = 25


@dataclass(frozen=True, slots=True)
class Draft:
    """``article.key`` is that of the article that it is to replace; "" for a new one.

    ``ticket``: the one that it was made from.
    """

    id: str
    article: Article
    person: str
    at: datetime
    ticket: int | None = None


def put(tx: Transaction, draft: Draft) -> None:
    """Keep a draft, a new one or one that there is."""
    values = {
        "key": draft.article.key or None,
        "ticket": draft.ticket,
        "person": draft.person,
        "at": draft.at,
        **columns_of(draft.article),
    }
    mine = (article_drafts.c.desk == tx.desk, article_drafts.c.id == draft.id)
    if tx.connection.execute(update(article_drafts).where(*mine).values(values)).rowcount == 0:
        tx.connection.execute(insert(article_drafts).values(desk=tx.desk, id=draft.id, **values))


def load(tx: Transaction, draft_id: str) -> Draft | None:
    statement = select(article_drafts).where(
        article_drafts.c.desk == tx.desk, article_drafts.c.id == draft_id
    )
    row = tx.connection.execute(statement).one_or_none()
    return None if row is None else _from_row(row)


def listed(tx: Transaction, most: int = MOST) -> Sequence[Draft]:
    """Those begun last first."""
    statement = (
        select(article_drafts)
        .where(article_drafts.c.desk == tx.desk)
        .order_by(article_drafts.c.at.desc(), article_drafts.c.id)
        .limit(most)
    )
    return [_from_row(row) for row in tx.connection.execute(statement)]


def remove(tx: Transaction, draft_id: str) -> None:
    tx.connection.execute(
        delete(article_drafts).where(article_drafts.c.desk == tx.desk, article_drafts.c.id == draft_id)
    )


def forget_requests_of(tx: Transaction, person: str) -> None:
    """Of somebody who is erased, what was made from their tickets and nobody has looked through yet."""
    asked = select(tickets.c.number).where(tickets.c.desk == tx.desk, tickets.c.requester == person)
    tx.connection.execute(
        delete(article_drafts).where(
            article_drafts.c.desk == tx.desk, article_drafts.c.ticket.in_(asked.scalar_subquery())
        )
    )


def forget_ticket(tx: Transaction, ticket: int) -> None:
    """What was made from a ticket whose words are no longer kept."""
    tx.connection.execute(
        delete(article_drafts).where(article_drafts.c.desk == tx.desk, article_drafts.c.ticket == ticket)
    )


def _from_row(row: Row[tuple[object, ...]]) -> Draft:
    values = row._mapping
    return Draft(values["id"], article_of(values), values["person"], values["at"], values["ticket"])
