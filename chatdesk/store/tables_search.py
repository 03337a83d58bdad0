"""The words of posts as they are searched, and their indexes, which are no tables of ours.

SQLite keeps several tables for its index, which begin with its name. It holds no text: what stands in
``post_words`` is what was put into it, word for word.
"""

from __future__ import annotations

from sqlalchemy import DDL, BigInteger, Column, Index, Integer, String, Table, Text, event

from chatdesk.store.columns import desk_column, metadata

post_words = Table(
    "post_words",
    metadata,
    desk_column(),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("post", String(20), nullable=False),
    Column("ticket", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Index("ix_post_words_desk_post", "desk", "post", unique=True),
)

WORD_INDEX = "post_text"

MAKE_ON_SQLITE = (
    f"CREATE VIRTUAL TABLE {WORD_INDEX} "
    "USING fts5(title, body, content='', columnsize=0, detail=column, tokenize='ascii')"
)
"""Its words are told apart already; this tokenizer parts them at spaces alone."""

MAKE_ON_POSTGRESQL = (
    f"CREATE INDEX {WORD_INDEX} ON post_words USING gin (to_tsvector('simple', title || ' ' || body)) "
    "WITH (gin_pending_list_limit = 512)"
)

_ON_SQLITE = DDL(MAKE_ON_SQLITE).execute_if(dialect="sqlite")  # type: ignore[no-untyped-call]
_ON_POSTGRESQL = DDL(MAKE_ON_POSTGRESQL).execute_if(dialect="postgresql")  # type: ignore[no-untyped-call]
_DROP = DDL(f"DROP TABLE IF EXISTS {WORD_INDEX}").execute_if(dialect="sqlite")  # type: ignore[no-untyped-call]
event.listen(post_words, "after_create", _ON_SQLITE)
event.listen(post_words, "after_create", _ON_POSTGRESQL)
event.listen(post_words, "after_drop", _DROP)
