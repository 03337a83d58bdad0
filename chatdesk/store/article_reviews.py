"""Which articles are to be looked through, and when somebody was last told so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select, update

from chatdesk.domain.article_reviews import REMIND_AGAIN, due_on
from chatdesk.domain.knowledge import Article
from chatdesk.store.article_rows import article_of
from chatdesk.store.tables_knowledge import articles
from chatdesk.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Due:
    """An article, and since when it is to be looked through."""

    article: Article
    since: date
    reminded_at: datetime | None


def due(tx: Transaction, today: date, after: timedelta | None) -> Sequence[Due]:
    """Those that wait longest first. ``after``: how long one that was looked through is let alone."""
    statement = select(articles).where(
        articles.c.desk == tx.desk,
        articles.c.review_on.is_not(None),
        articles.c.review_on <= today.isoformat(),
    )
    found = []
    for row in tx.connection.execute(statement):
        values = row._mapping
        one = article_of(values)
        looked = values["looked_through_on"]
        since = due_on(one, date.fromisoformat(looked) if looked else None, after)
        if since is not None and since <= today:
            found.append(Due(one, since, values["reminded_at"]))
    return sorted(found, key=lambda each: (each.since, each.article.key))


def to_remind(known: Sequence[Due], now: datetime) -> Sequence[Due]:
    """Of those that are due, the ones that nobody was told of within a week."""
    return [one for one in known if one.reminded_at is None or one.reminded_at <= now - REMIND_AGAIN]


def note_reminded(tx: Transaction, key: str, now: datetime) -> None:
    tx.connection.execute(
        update(articles).where(articles.c.desk == tx.desk, articles.c.key == key).values(reminded_at=now)
    )


def note_looked_through(tx: Transaction, key: str, today: date) -> None:
    """Somebody says that it is still right. It is no new version: what it says stays."""
    tx.connection.execute(
        update(articles)
        .where(articles.c.desk == tx.desk, articles.c.key == key)
        .values(looked_through_on=today.isoformat(), reminded_at=None)
    )
