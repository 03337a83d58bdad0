"""Tables of how tickets end: whether the requester was asked to agree, and what they thought of it."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table, Text, text

from chatdesk.store.columns import Instant, desk_column, metadata

close_requests = Table(
    "close_request",
    metadata,
    desk_column(),
    Column("ticket", Integer, primary_key=True, autoincrement=False),
    Column("asked_by", String(20), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("resolution", Text),
    Column("code", String(40)),
    Column("effect", String(20)),
)

ratings = Table(
    "rating",
    metadata,
    desk_column(),
    Column("ticket", Integer, primary_key=True, autoincrement=False),
    Column("person", String(20), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("score", Integer),
    Column("comment", Text),
    Column("rated_at", Instant),
    Index("ix_rating_desk_person_asked_at", "desk", "person", "asked_at"),
    Index("ix_rating_desk_asked_at", "desk", "asked_at"),
    Index(
        "ix_rating_desk_rated_at",
        "desk",
        "rated_at",
        sqlite_where=text("rated_at IS NOT NULL"),
        postgresql_where=text("rated_at IS NOT NULL"),
    ),
)
