"""The table of which digest a team was sent last."""

from __future__ import annotations

from sqlalchemy import Column, String, Table

from chatdesk.store.columns import Instant, desk_column, metadata

digests = Table(
    "digest",
    metadata,
    desk_column(),
    Column("team", String(40), primary_key=True),
    Column("until", Instant, nullable=False),
)
