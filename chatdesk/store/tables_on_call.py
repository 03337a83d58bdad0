"""The tables of who is on call instead of the rota, of who was told so last, and of open calls."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table

from chatdesk.store.columns import Instant, desk_column, id_column, metadata

on_call = Table(
    "on_call",
    metadata,
    desk_column(),
    id_column(),
    Column("team", String(40), nullable=False),
    Column("person", String(20), nullable=False),
    Column("since", Instant, nullable=False),
    Column("until", Instant),
)

watches = Table(
    "watch",
    metadata,
    desk_column(),
    Column("team", String(40), primary_key=True),
    Column("who", String(80), nullable=False),
)

calls = Table(
    "call",
    metadata,
    desk_column(),
    Column("ticket", Integer, primary_key=True, autoincrement=False),
    Column("team", String(40), nullable=False),
    Column("because", String(20), nullable=False),
    Column("step", Integer, nullable=False),
    Column("called_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Index("ix_call_due_at", "due_at"),
)
