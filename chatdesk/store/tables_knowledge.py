"""Tables of articles, and of what became of those that were shown."""

from __future__ import annotations

from sqlalchemy import DDL, JSON, Column, Index, Integer, String, Table, Text, event

from chatdesk.store.columns import Instant, desk_column, metadata

articles = Table(
    "article",
    metadata,
    desk_column(),
    Column("key", String(200), primary_key=True),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("readers", String(10), nullable=False),
    Column("category", String(200)),
    Column("language", String(20), nullable=False),
    Column("keywords", JSON, nullable=False),
    Column("owner", Text),
    Column("review_on", String(10)),
    Column("plain_title", Text, nullable=False),
    Column("plain_keywords", Text, nullable=False),
    Column("plain_body", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("changed_at", Instant, nullable=False),
)

article_uses = Table(
    "article_use",
    metadata,
    desk_column(),
    Column("ticket", Integer, primary_key=True, autoincrement=False),
    Column("article", String(200), primary_key=True),
    Column("shown_at", Instant, nullable=False),
    Column("verdict", String(10)),
    Column("said_at", Instant),
    Index("ix_article_use_desk_article", "desk", "article"),
)

FULL_TEXT = "article_text"
"""SQLite's index of words. It is no table of ours: SQLite keeps several for it, which begin so."""

MAKE_FULL_TEXT = (
    f"CREATE VIRTUAL TABLE {FULL_TEXT} USING fts5(desk UNINDEXED, key UNINDEXED, title, keywords, body)"
)

_MAKE = DDL(MAKE_FULL_TEXT).execute_if(dialect="sqlite")  # type: ignore[no-untyped-call]
_DROP = DDL(f"DROP TABLE IF EXISTS {FULL_TEXT}").execute_if(dialect="sqlite")  # type: ignore[no-untyped-call]
event.listen(articles, "after_create", _MAKE)
event.listen(articles, "after_drop", _DROP)
