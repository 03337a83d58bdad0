"""The table of when promises are looked at next."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, Table

from chatdesk.store.columns import Instant, desk_column, metadata

sla_looks = Table(
    "sla_look",
    metadata,
    desk_column(),
    Column("ticket", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Index("ix_sla_look_at", "at"),
)
