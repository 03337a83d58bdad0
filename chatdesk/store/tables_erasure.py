"""The table of who was erased: fingerprints, so that their past does not come in again."""

from __future__ import annotations

from sqlalchemy import Column, String, Table

from chatdesk.store.columns import Instant, desk_column, metadata

erasures = Table(
    "erasure",
    metadata,
    desk_column(),
    Column("fingerprint", String(64), primary_key=True),
    Column("at", Instant, nullable=False),
)
