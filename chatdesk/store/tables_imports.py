"""The table of what was taken in from elsewhere, so that nothing is taken in twice."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table

from chatdesk.store.columns import Instant, desk_column, metadata

imports = Table(
    "imported",
    metadata,
    desk_column(),
    Column("source", String(20), primary_key=True),
    Column("key", String(160), primary_key=True),
    Column("ticket", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("taken_up_at", Instant),
    Index("ix_imported_desk_ticket", "desk", "ticket"),
)
