"""The tables of what is to be shown: effects, their deliveries, and how far each got."""

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
    text,
)

from chatdesk.store.columns import Instant, metadata
from chatdesk.store.columns import desk_column as _desk
from chatdesk.store.columns import id_column as _id

effects = Table(
    "effect",
    metadata,
    _desk(),
    _id(),
    Column("ticket", Integer),
    Column("kind", String(16), nullable=False),
    Column("payload", JSON, nullable=False),
    Column("post", String(20)),
    Column("created_at", Instant, nullable=False),
    Index("ix_effect_desk_post", "desk", "post"),
    Index("ix_effect_desk_ticket", "desk", "ticket"),
    Index("ix_effect_created_at", "created_at"),
)

deliveries = Table(
    "delivery",
    metadata,
    _desk(),
    _id(),
    Column("effect", String(20), nullable=False),
    Column("lane", String(240), nullable=False),
    Column("thread", String(20)),
    Column("platform", String(20), nullable=False),
    Column("installation", String(60), nullable=False),
    Column("place", String(120)),
    Column("state", String(10), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("uncertain", Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("tried_at", Instant),
    Column("next_at", Instant, nullable=False),
    Column("done_at", Instant),
    Column("reason", Text),
    Column("marked", String(8), nullable=False),
    Column("message", String(120)),
    Index("ix_delivery_desk_effect", "desk", "effect"),
    Index("ix_delivery_desk_platform_message", "desk", "platform", "message"),
    Index(
        "ix_delivery_pending",
        "desk",
        "lane",
        "id",
        sqlite_where=text("state IN ('waiting', 'in_flight')"),
        postgresql_where=text("state IN ('waiting', 'in_flight')"),
    ),
)

delivery_steps = Table(
    "delivery_step",
    metadata,
    _desk(),
    Column("delivery", String(20), primary_key=True),
    Column("name", String(120), primary_key=True),
    Column("value", Text, nullable=False),
)
