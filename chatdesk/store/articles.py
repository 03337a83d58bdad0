"""A desk's articles: what is applied, how they are found, and what became of those that were shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Row, delete, func, insert, select, update

from chatdesk.domain.knowledge import Article, Plain, Readers, corrected, is_likely, plain_words
from chatdesk.store import full_text
from chatdesk.store.tables_knowledge import article_uses, articles
from chatdesk.store.transaction import Transaction

MOST = 10


class Verdict(StrEnum):
    HELPFUL = "helpful"
    NOT = "not"
    IGNORED = "ignored"
    """Nobody said; the ticket was sent when its time had come."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Keys of articles, by what applying a folder does to them."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Applied:
    """An article as it stands in the desk."""

    article: Article
    version: int
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Counts:
    shown: int = 0
    helpful: int = 0
    not_helpful: int = 0
    ignored: int = 0


def changes(tx: Transaction, wanted: Sequence[Article]) -> Changes:
    """What applying these articles would do."""
    known = {one.article.key: one.article for one in listed(tx)}
    keys = {one.key for one in wanted}
    return Changes(
        added=tuple(one.key for one in wanted if one.key not in known),
        changed=tuple(one.key for one in wanted if one.key in known and known[one.key] != one),
        removed=tuple(key for key in known if key not in keys),
    )


def apply(tx: Transaction, wanted: Sequence[Article], now: datetime) -> Changes:
    """These are the desk's articles now, and no others. What became of removed ones is still counted."""
    made = changes(tx, wanted)
    for one in wanted:
        if one.key in made.added:
            tx.connection.execute(insert(articles).values(_to_row(tx, one, now) | {"version": 1}))
        elif one.key in made.changed:
            values = _to_row(tx, one, now) | {"version": articles.c.version + 1}
            tx.connection.execute(update(articles).where(*_is(tx, one.key)).values(values))
        if one.key in (*made.added, *made.changed):
            full_text.put(tx, one.key, plain_words(one))
    for key in made.removed:
        tx.connection.execute(delete(articles).where(*_is(tx, key)))
        full_text.remove(tx, key)
    return made


def listed(tx: Transaction) -> Sequence[Applied]:
    """All of a desk's articles, those changed last first."""
    statement = (
        select(articles)
        .where(articles.c.desk == tx.desk)
        .order_by(articles.c.changed_at.desc(), articles.c.key)
    )
    return [_from_row(row) for row in tx.connection.execute(statement)]


def load(tx: Transaction, key: str) -> Article | None:
    row = tx.connection.execute(select(articles).where(*_is(tx, key))).one_or_none()
    return None if row is None else _from_row(row).article


def search(tx: Transaction, words: Sequence[str], readers: Sequence[Readers]) -> Sequence[Article]:
    """Articles about these words for these readers, the best first: with all of them, else with any."""
    meant = corrected(words, _vocabulary(tx))
    found = full_text.find(tx, meant, every=True, most=MOST) or full_text.find(
        tx, meant, every=False, most=MOST
    )
    loaded = (load(tx, one.key) for one in found)
    return [one for one in loaded if one is not None and one.readers in readers]


def likely(tx: Transaction, words: Sequence[str], readers: Sequence[Readers]) -> Article | None:
    """The article for these readers that most likely answers a request, if one does."""
    meant = corrected(words, _vocabulary(tx))
    for one in full_text.find(tx, meant, every=False, most=3):
        article = load(tx, one.key)
        if article and article.readers in readers and is_likely(meant, plain_words(article)):
            return article
    return None


def _vocabulary(tx: Transaction) -> frozenset[str]:
    """The words of all titles and keywords, which mistyped ones are read as."""
    statement = select(articles.c.plain_title, articles.c.plain_keywords).where(articles.c.desk == tx.desk)
    return frozenset(
        word
        for row in tx.connection.execute(statement)
        for word in f"{row.plain_title} {row.plain_keywords}".split()
    )


def note_shown(tx: Transaction, ticket: int, article: str, now: datetime) -> None:
    tx.connection.execute(
        insert(article_uses).values(desk=tx.desk, ticket=ticket, article=article, shown_at=now)
    )


def open_use(tx: Transaction, ticket: int) -> str | None:
    """The article that a requester was shown and has not said anything about."""
    statement = select(article_uses.c.article).where(*_unsaid(tx, ticket))
    return tx.connection.execute(statement).scalars().first()


def judge(tx: Transaction, ticket: int, verdict: Verdict, now: datetime) -> str | None:
    """What a requester said of the article that they were shown; which it was, None if there was none."""
    shown = open_use(tx, ticket)
    if shown is not None:
        tx.connection.execute(
            update(article_uses).where(*_unsaid(tx, ticket)).values(verdict=verdict, said_at=now)
        )
    return shown


def counts(tx: Transaction) -> Mapping[str, Counts]:
    """How often each article was shown, and what was said of it."""
    statement = (
        select(article_uses.c.article, article_uses.c.verdict, func.count().label("times"))
        .where(article_uses.c.desk == tx.desk)
        .group_by(article_uses.c.article, article_uses.c.verdict)
    )
    by_article: dict[str, dict[str | None, int]] = {}
    for row in tx.connection.execute(statement):
        by_article.setdefault(row.article, {})[row.verdict] = row.times
    return {
        article: Counts(
            sum(times.values()),
            times.get(Verdict.HELPFUL, 0),
            times.get(Verdict.NOT, 0),
            times.get(Verdict.IGNORED, 0),
        )
        for article, times in by_article.items()
    }


def _is(tx: Transaction, key: str) -> tuple[ColumnElement[bool], ...]:
    return (articles.c.desk == tx.desk, articles.c.key == key)


def _unsaid(tx: Transaction, ticket: int) -> tuple[ColumnElement[bool], ...]:
    return (
        article_uses.c.desk == tx.desk,
        article_uses.c.ticket == ticket,
        article_uses.c.verdict.is_(None),
    )


def _to_row(tx: Transaction, one: Article, now: datetime) -> dict[str, object]:
    words: Plain = plain_words(one)
    return {
        "desk": tx.desk,
        "key": one.key,
        "title": one.title,
        "body": one.body,
        "readers": one.readers,
        "category": one.category,
        "language": one.language,
        "keywords": list(one.keywords),
        "owner": one.owner,
        "review_on": one.review_on.isoformat() if one.review_on else None,
        "plain_title": words.title,
        "plain_keywords": words.keywords,
        "plain_body": words.body,
        "changed_at": now,
    }


def _from_row(row: Row[tuple[object, ...]]) -> Applied:
    values = row._mapping
    article = Article(
        key=values["key"],
        title=values["title"],
        body=values["body"],
        readers=Readers(values["readers"]),
        category=values["category"],
        language=values["language"],
        keywords=tuple(values["keywords"]),
        owner=values["owner"],
        review_on=date.fromisoformat(values["review_on"]) if values["review_on"] else None,
    )
    return Applied(article, values["version"], values["changed_at"])
