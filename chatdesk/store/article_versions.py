"""Every version that an article has had: what it said, who changed it, and by which way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Row, func, insert, select

from chatdesk.domain.knowledge import Article
from chatdesk.store.article_rows import article_of, columns_of
from chatdesk.store.tables_knowledge import article_versions
from chatdesk.store.transaction import Transaction


class Origin(StrEnum):
    FILE = "file"
    DESK = "desk"
    """Written in chat."""


class Change(StrEnum):
    WRITTEN = "written"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Version:
    """``person`` is who wrote it in chat; None where a file was applied."""

    article: Article
    version: int
    change: Change
    origin: Origin
    person: str | None
    at: datetime


def note(tx: Transaction, one: Version) -> None:
    tx.connection.execute(
        insert(article_versions).values(
            desk=tx.desk,
            key=one.article.key,
            version=one.version,
            change=one.change,
            origin=one.origin,
            person=one.person,
            at=one.at,
            **columns_of(one.article),
        )
    )


def newest_number(tx: Transaction, key: str) -> int:
    """The highest version that is kept of an article; 0 where none is."""
    statement = select(func.coalesce(func.max(article_versions.c.version), 0)).where(
        article_versions.c.desk == tx.desk, article_versions.c.key == key
    )
    return int(tx.connection.execute(statement).scalar_one())


def of_article(tx: Transaction, key: str) -> Sequence[Version]:
    """The newest first."""
    statement = (
        select(article_versions)
        .where(article_versions.c.desk == tx.desk, article_versions.c.key == key)
        .order_by(article_versions.c.version.desc())
    )
    return [_from_row(row) for row in tx.connection.execute(statement)]


def keys(tx: Transaction) -> Sequence[str]:
    """Of all articles there ever were, since versions are kept."""
    statement = select(article_versions.c.key).where(article_versions.c.desk == tx.desk).distinct()
    return list(tx.connection.execute(statement).scalars())


def retired_in_chat(tx: Transaction) -> Mapping[str, Version]:
    """By key: what somebody took away in chat and nothing has brought back since."""
    newest = (
        select(article_versions.c.key, func.max(article_versions.c.version).label("version"))
        .where(article_versions.c.desk == tx.desk)
        .group_by(article_versions.c.key)
        .subquery()
    )
    statement = (
        select(article_versions)
        .join(
            newest,
            (newest.c.key == article_versions.c.key) & (newest.c.version == article_versions.c.version),
        )
        .where(
            article_versions.c.desk == tx.desk,
            article_versions.c.change == Change.RETIRED,
            article_versions.c.origin == Origin.DESK,
        )
    )
    return {row.key: _from_row(row) for row in tx.connection.execute(statement)}


def _from_row(row: Row[tuple[object, ...]]) -> Version:
    values = row._mapping
    return Version(
        article=article_of(values),
        version=values["version"],
        change=Change(values["change"]),
        origin=Origin(values["origin"]),
        person=values["person"],
        at=values["at"],
    )
