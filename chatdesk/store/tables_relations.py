"""Tables of how tickets belong together: merged into one another, or tied."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Index, Integer, String, Table

from chatdesk.store.columns import Instant, desk_column, metadata

merges = Table(
    "merge",
    metadata,
    desk_column(),
    Column("id", String(20), primary_key=True),
    Column("source", Integer, nullable=False),
    Column("target", Integer, nullable=False),
    Column("base", Integer, nullable=False),
    Column("parties", Integer, nullable=False),
    Column("merged_by", String(20), nullable=False),
    Column("merged_at", Instant, nullable=False),
    Column("status", String(12), nullable=False),
    Column("threads", JSON, nullable=False),
    Column("line", String(20)),
    Column("undone_at", Instant),
    Index("ix_merge_desk_source", "desk", "source"),
    Index("ix_merge_desk_target", "desk", "target"),
)

relations = Table(
    "relation",
    metadata,
    desk_column(),
    Column("ticket", Integer, primary_key=True, autoincrement=False),
    Column("tie", String(12), primary_key=True),
    Column("other", Integer, primary_key=True, autoincrement=False),
    Column("made_by", String(20), nullable=False),
    Column("made_at", Instant, nullable=False),
    Index("ix_relation_desk_other", "desk", "other"),
)
