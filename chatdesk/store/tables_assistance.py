"""The table of what staff asked the assistant, and of what it answered as long as it may be needed."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table, Text, text

from chatdesk.store.columns import Instant, desk_column, id_column, metadata

_DUE = text("due_at IS NOT NULL")

assistant_requests = Table(
    "assistant_request",
    metadata,
    desk_column(),
    id_column(),
    Column("ticket", Integer, nullable=False),
    Column("task", String(20), nullable=False),
    Column("person", String(20), nullable=False),
    Column("platform", String(20), nullable=False),
    Column("identity", String(60), nullable=False),
    Column("installation", String(60)),
    Column("place", String(120)),
    Column("said", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("due_at", Instant),
    Column("tries", Integer, nullable=False),
    Column("text", Text),
    Column("ended_at", Instant),
    Index("ix_assistant_request_due_at", "due_at", sqlite_where=_DUE, postgresql_where=_DUE),
    Index("ix_assistant_request_desk_ticket", "desk", "ticket"),
)
