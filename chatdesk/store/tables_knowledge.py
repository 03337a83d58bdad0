"""Tables of articles: as they are, were and may become, and what became of those that were shown."""

from __future__ import annotations

from sqlalchemy import DDL, JSON, Column, Index, Integer, String, Table, Text, event, text

from chatdesk.store.columns import Instant, desk_column, id_column, metadata

_OF_A_TICKET = text("ticket IS NOT NULL")


def _words() -> tuple[Column[object], ...]:
    """What an article says, wherever one is kept."""
    return (
        Column("title", Text, nullable=False),
        Column("body", Text, nullable=False),
        Column("readers", String(10), nullable=False),
        Column("category", String(200)),
        Column("language", String(20), nullable=False),
        Column("keywords", JSON, nullable=False),
        Column("owner", Text),
        Column("review_on", String(10)),
    )


articles = Table(
    "article",
    metadata,
    desk_column(),
    Column("key", String(200), primary_key=True),
    *_words(),
    Column("plain_title", Text, nullable=False),
    Column("plain_keywords", Text, nullable=False),
    Column("plain_body", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("origin", String(10)),
    Column("reminded_at", Instant),
    Column("looked_through_on", String(10)),
)

article_versions = Table(
    "article_version",
    metadata,
    desk_column(),
    Column("key", String(200), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    *_words(),
    Column("change", String(10), nullable=False),
    Column("origin", String(10), nullable=False),
    Column("person", String(20)),
    Column("at", Instant, nullable=False),
)

article_drafts = Table(
    "article_draft",
    metadata,
    desk_column(),
    id_column(),
    Column("key", String(200)),
    Column("ticket", Integer),
    *_words(),
    Column("person", String(20), nullable=False),
    Column("at", Instant, nullable=False),
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

article_views = Table(
    "article_view",
    metadata,
    desk_column(),
    id_column(),
    Column("article", String(200), nullable=False),
    Column("way", String(10), nullable=False),
    Column("person", String(20)),
    Column("ticket", Integer),
    Column("shown_at", Instant, nullable=False),
    Column("verdict", String(10)),
    Column("said_at", Instant),
    Index("ix_article_view_desk_article", "desk", "article"),
    Index(
        "ix_article_view_desk_ticket",
        "desk",
        "ticket",
        sqlite_where=_OF_A_TICKET,
        postgresql_where=_OF_A_TICKET,
    ),
)

article_gaps = Table(
    "article_gap",
    metadata,
    desk_column(),
    id_column(),
    Column("way", String(10), nullable=False),
    Column("words", Text, nullable=False),
    Column("person", String(20), nullable=False),
    Column("ticket", Integer),
    Column("at", Instant, nullable=False),
    Index("ix_article_gap_desk_at", "desk", "at"),
    Index(
        "ix_article_gap_desk_ticket",
        "desk",
        "ticket",
        sqlite_where=_OF_A_TICKET,
        postgresql_where=_OF_A_TICKET,
    ),
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
