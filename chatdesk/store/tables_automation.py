"""The tables of what chatdesk does by itself: whose turn it is, who is away, what is out of order, timers."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table, Text, text

from chatdesk.store.columns import Instant, desk_column, id_column, metadata

turns = Table(
    "turn",
    metadata,
    desk_column(),
    Column("team", String(40), primary_key=True),
    Column("person", String(20), primary_key=True),
    Column("at", Instant, nullable=False),
)

away = Table(
    "away",
    metadata,
    desk_column(),
    Column("person", String(20), primary_key=True),
    Column("since", Instant, nullable=False),
    Column("until", Instant),
)

outages = Table(
    "outage",
    metadata,
    desk_column(),
    Column("service", String(200), primary_key=True),
    Column("since", Instant, nullable=False),
)

_DUE = text("due_at IS NOT NULL")

rule_timers = Table(
    "rule_timer",
    metadata,
    desk_column(),
    Column("ticket", Integer, primary_key=True, autoincrement=False),
    Column("rule", String(40), primary_key=True),
    Column("base", Instant, nullable=False),
    Column("due_at", Instant),
    Column("fired", Instant),
    Index("ix_rule_timer_due_at", "due_at", sqlite_where=_DUE, postgresql_where=_DUE),
)

webhook_calls = Table(
    "webhook_call",
    metadata,
    desk_column(),
    id_column(),
    Column("hook", String(40), nullable=False),
    Column("ticket", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("due_at", Instant),
    Column("tries", Integer, nullable=False),
    Column("reason", Text),
    Index("ix_webhook_call_due_at", "due_at", sqlite_where=_DUE, postgresql_where=_DUE),
)
