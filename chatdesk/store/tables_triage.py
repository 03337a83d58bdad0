"""The table of trained classifiers, one for each desk."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Integer, String, Table, Text

from chatdesk.store.columns import Instant, desk_column, metadata

classifiers = Table(
    "classifier",
    metadata,
    desk_column(),
    Column("id", String(20), nullable=False),
    Column("trained_at", Instant, nullable=False),
    Column("since", Instant, nullable=False),
    Column("tickets", Integer, nullable=False),
    Column("report", JSON, nullable=False),
    Column("model", Text, nullable=False),
)
