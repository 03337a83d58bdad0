"""The tables of what comes in: what was handled, what waits for its turn, what is asked and read again."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from chatdesk.store.columns import Instant, metadata
from chatdesk.store.columns import desk_column as _desk
from chatdesk.store.columns import id_column as _id

handled = Table(
    "handled",
    metadata,
    _desk(),
    Column("key", String(160), primary_key=True),
    Column("at", Instant, nullable=False),
    Index("ix_handled_at", "at"),
)

forms = Table(
    "form",
    metadata,
    _desk(),
    _id(),
    Column("kind", String(12), nullable=False),
    Column("person", String(20), nullable=False),
    Column("opened", JSON, nullable=False),
    Column("ticket_version", Integer),
    Column("values", JSON, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("ended_at", Instant),
)

choices = Table(
    "choice",
    metadata,
    _desk(),
    _id(),
    Column("kind", String(20), nullable=False),
    Column("person", String(20)),
    Column("ticket", Integer),
    Column("data", JSON, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("answered_at", Instant),
)

early_events = Table(
    "early_event",
    metadata,
    _desk(),
    _id(),
    Column("platform", String(20), nullable=False),
    Column("subject", String(120), nullable=False),
    Column("event", JSON, nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_early_event_desk_platform_subject", "desk", "platform", "subject"),
)

catch_ups = Table(
    "catch_up",
    metadata,
    _desk(),
    Column("platform", String(20), primary_key=True),
    Column("place", String(120), primary_key=True),
    Column("installation", String(60), nullable=False),
    Column("intake", Boolean, nullable=False),
    Column("since", Instant),
    Column("holds", Boolean, nullable=False),
    Column("urgency", Integer, nullable=False),
    Column("active_at", Instant, nullable=False),
    Column("waited_since", Instant),
    Column("wanted_at", Instant, nullable=False),
    Column("next_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    Index("ix_catch_up_urgency_active_at", "urgency", "active_at"),
)

heard = Table(
    "heard",
    metadata,
    _desk(),
    Column("platform", String(20), primary_key=True),
    Column("installation", String(60), primary_key=True),
    Column("until", Instant, nullable=False),
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("id", String(20), primary_key=True),
    Column("event", JSON, nullable=False),
    Column("error", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("released_at", Instant),
)
