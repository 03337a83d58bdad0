"""All tables. Every one is keyed by desk first, so that a cluster can shard by desk."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    String,
    Table,
    Text,
    text,
)

from chatdesk.store import tables_assistance as tables_assistance
from chatdesk.store import tables_automation as tables_automation
from chatdesk.store import tables_closing as tables_closing
from chatdesk.store import tables_erasure as tables_erasure
from chatdesk.store import tables_imports as tables_imports
from chatdesk.store import tables_inbound as tables_inbound
from chatdesk.store import tables_knowledge as tables_knowledge
from chatdesk.store import tables_on_call as tables_on_call
from chatdesk.store import tables_outbox as tables_outbox
from chatdesk.store import tables_relations as tables_relations
from chatdesk.store import tables_reports as tables_reports
from chatdesk.store import tables_search as tables_search
from chatdesk.store import tables_sla as tables_sla
from chatdesk.store import tables_triage as tables_triage
from chatdesk.store.columns import Instant as Instant
from chatdesk.store.columns import desk_column as _desk
from chatdesk.store.columns import id_column as _id
from chatdesk.store.columns import metadata as metadata

desks = Table(
    "desk",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("organisation", JSON, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("last_ticket", Integer, nullable=False),
    Column("applied_at", Instant, nullable=False),
    Column("retired_at", Instant),
)

installations = Table(
    "installation",
    metadata,
    _desk(),
    Column("platform", String(20), primary_key=True),
    Column("id", String(60), primary_key=True),
    Column("name", Text, nullable=False),
    Column("bot", String(60), nullable=False),
    Column("connected_at", Instant, nullable=False),
    Column("paused", Text),
    Index("ix_installation_platform_id", "platform", "id", unique=True),
)

channels = Table(
    "channel",
    metadata,
    _desk(),
    Column("platform", String(20), primary_key=True),
    Column("id", String(60), primary_key=True),
    Column("installation", String(60), nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", String(10), nullable=False),
    Column("seen_at", Instant, nullable=False),
)

people = Table(
    "person",
    metadata,
    _desk(),
    _id(),
    Column("created_at", Instant, nullable=False),
)

identities = Table(
    "identity",
    metadata,
    _desk(),
    Column("platform", String(20), primary_key=True),
    Column("id", String(60), primary_key=True),
    Column("person", String(20), nullable=False),
    Column("installation", String(60)),
    Column("name", Text),
    Column("avatar_url", Text),
    Column("handle", Text),
    Column("profiled_at", Instant),
    Index("ix_identity_desk_person", "desk", "person"),
)

staff = Table(
    "staff",
    metadata,
    _desk(),
    Column("platform", String(20), primary_key=True),
    Column("source", String(80), primary_key=True),
    Column("identity", String(60), primary_key=True),
    Index("ix_staff_desk_platform_identity", "desk", "platform", "identity"),
)

link_codes = Table(
    "link_code",
    metadata,
    _desk(),
    Column("digest", String(64), primary_key=True),
    Column("person", String(20), nullable=False),
    Column("platform", String(20), nullable=False),
    Column("identity", String(60), nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
)

WORKED_ON = "status IN ('new', 'open', 'pending', 'on_hold')"
"""Tickets that are in somebody's queue. Written as in their indexes: only so does SQLite use those."""

tickets = Table(
    "ticket",
    metadata,
    _desk(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("title", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("requester", String(20), nullable=False),
    Column("status", String(12), nullable=False),
    Column("priority", String(40), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("team", String(40)),
    Column("type", String(40)),
    Column("service", Text),
    Column("category", String(200)),
    Column("assignee", String(20)),
    Column("tags", JSON, nullable=False),
    Column("fields", JSON, nullable=False),
    Column("escalation_level", Integer, nullable=False),
    Column("mode", String(10), nullable=False),
    Column("resolution", Text),
    Column("follow_up", Text),
    Column("origin_platform", String(20)),
    Column("origin_installation", String(60)),
    Column("origin_place", String(120)),
    Column("origin_link", Text),
    Column("first_response_at", Instant),
    Column("resolved_at", Instant),
    Column("closed_at", Instant),
    Column("reopens", Integer, nullable=False),
    Column("last_post_at", Instant),
    Column("unread", Boolean, nullable=False),
    Column("draft_until", Instant),
    Column("follows", Integer),
    Column("resolution_code", String(40)),
    Column("waits_since", Instant),
    Column("reminded_at", Instant),
    Column("snoozed_at", Instant),
    Column("snoozed_until", Instant),
    Column("follow_up_at", Instant),
    Column("version", Integer, nullable=False),
    Index("ix_ticket_desk_status_team", "desk", "status", "team"),
    Index("ix_ticket_desk_requester", "desk", "requester"),
    Index(
        "ix_ticket_queue",
        "desk",
        "team",
        "number",
        sqlite_where=text(WORKED_ON),
        postgresql_where=text(WORKED_ON),
    ),
    Index(
        "ix_ticket_assigned",
        "desk",
        "assignee",
        "number",
        sqlite_where=text(WORKED_ON),
        postgresql_where=text(WORKED_ON),
    ),
    Index("ix_ticket_desk_created_at", "desk", "created_at"),
    Index(
        "ix_ticket_desk_resolved_at",
        "desk",
        "resolved_at",
        sqlite_where=text("resolved_at IS NOT NULL"),
        postgresql_where=text("resolved_at IS NOT NULL"),
    ),
    Index(
        "ix_ticket_desk_closed_at",
        "desk",
        "closed_at",
        sqlite_where=text("closed_at IS NOT NULL"),
        postgresql_where=text("closed_at IS NOT NULL"),
    ),
    Index(
        "ix_ticket_waits",
        "desk",
        "status",
        "waits_since",
        sqlite_where=text("waits_since IS NOT NULL"),
        postgresql_where=text("waits_since IS NOT NULL"),
    ),
    Index(
        "ix_ticket_desk_snoozed_until",
        "desk",
        "snoozed_until",
        sqlite_where=text("snoozed_until IS NOT NULL"),
        postgresql_where=text("snoozed_until IS NOT NULL"),
    ),
    Index(
        "ix_ticket_desk_follow_up_at",
        "desk",
        "follow_up_at",
        sqlite_where=text("follow_up_at IS NOT NULL"),
        postgresql_where=text("follow_up_at IS NOT NULL"),
    ),
    Index(
        "ix_ticket_draft_until",
        "draft_until",
        sqlite_where=text("draft_until IS NOT NULL"),
        postgresql_where=text("draft_until IS NOT NULL"),
    ),
)

ticket_people = Table(
    "ticket_person",
    metadata,
    _desk(),
    Column("ticket", Integer, primary_key=True, autoincrement=False),
    Column("person", String(20), primary_key=True),
    Column("party", Integer, nullable=False),
    Column("added_at", Instant, nullable=False),
    Index("ix_ticket_person_desk_person", "desk", "person"),
)

threads = Table(
    "thread",
    metadata,
    _desk(),
    _id(),
    Column("ticket", Integer, nullable=False),
    Column("side", String(12), nullable=False),
    Column("platform", String(20), nullable=False),
    Column("installation", String(60), nullable=False),
    Column("parent", String(120), nullable=False),
    Column("place", String(120)),
    Column("kind", String(10), nullable=False),
    Column("state", String(10), nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("party", Integer),
    Column("team", String(40)),
    Column("escalation", String(20)),
    Column("card", String(120)),
    Column("last_copy", String(120)),
    Column("catching_up", Boolean, nullable=False),
    Column("missed", Boolean, nullable=False),
    Index("ix_thread_desk_ticket", "desk", "ticket"),
    Index("ix_thread_desk_platform_place", "desk", "platform", "place"),
    Index("ix_thread_desk_platform_card", "desk", "platform", "card"),
)

posts = Table(
    "post",
    metadata,
    _desk(),
    _id(),
    Column("ticket", Integer, nullable=False),
    Column("position", Integer, nullable=False),
    Column("author", String(20), nullable=False),
    Column("platform", String(20), nullable=False),
    Column("identity", String(60), nullable=False),
    Column("body", Text, nullable=False),
    Column("audience", String(10), nullable=False),
    Column("party", Integer),
    Column("last_party", Integer),
    Column("side", String(12), nullable=False),
    Column("thread", String(20)),
    Column("source_installation", String(60)),
    Column("source_place", String(120)),
    Column("source", String(120)),
    Column("created_at", Instant, nullable=False),
    Column("version", String(40), nullable=False),
    Column("edited_at", Instant),
    Column("deleted_at", Instant),
    Index("ix_post_desk_ticket_position", "desk", "ticket", "position", unique=True),
    Index("ix_post_desk_platform_source", "desk", "platform", "source", unique=True),
)

attachments = Table(
    "attachment",
    metadata,
    _desk(),
    _id(),
    Column("post", String(20), nullable=False),
    Column("position", Integer, nullable=False),
    Column("platform", String(20), nullable=False),
    Column("installation", String(60), nullable=False),
    Column("file", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("state", String(10), nullable=False),
    Column("digest", String(64)),
    Column("reason", Text),
    Column("gone", Boolean, nullable=False),
    Index("ix_attachment_desk_post", "desk", "post"),
    Index("ix_attachment_digest", "digest"),
)

reactions = Table(
    "reaction",
    metadata,
    _desk(),
    Column("post", String(20), primary_key=True),
    Column("emoji", String(80), primary_key=True),
    Column("platform", String(20), primary_key=True),
    Column("identity", String(60), primary_key=True),
    Column("thread", String(20), nullable=False),
    Column("present", Boolean, nullable=False),
    Column("version", String(40), nullable=False),
)

copies = Table(
    "copy",
    metadata,
    _desk(),
    Column("thread", String(20), primary_key=True),
    Column("post", String(20), primary_key=True),
    Column("part", String(60), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("platform", String(20), nullable=False),
    Column("place", String(120), nullable=False),
    Column("message", String(120), nullable=False),
    Index("ix_copy_desk_platform_message", "desk", "platform", "message"),
    Index("ix_copy_desk_post", "desk", "post"),
)

escalations = Table(
    "escalation",
    metadata,
    _desk(),
    _id(),
    Column("ticket", Integer, nullable=False),
    Column("from_team", String(40)),
    Column("to_team", String(40), nullable=False),
    Column("level", Integer, nullable=False),
    Column("asked_by", String(20), nullable=False),
    Column("question", Text, nullable=False),
    Column("state", String(12), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("answered_by", String(20)),
    Column("answered_at", Instant),
    Column("outcome", Text),
    Column("because", String(20)),
    Column("called", Integer, nullable=False, server_default="0"),
    Column("answer_by", Instant),
    Index("ix_escalation_desk_ticket", "desk", "ticket"),
    Index("ix_escalation_state_due_at", "state", "due_at"),
    Index(
        "ix_escalation_answer_by",
        "answer_by",
        sqlite_where=text("answer_by IS NOT NULL"),
        postgresql_where=text("answer_by IS NOT NULL"),
    ),
)

history = Table(
    "history",
    metadata,
    _desk(),
    _id(),
    Column("ticket", Integer, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("actor", String(20)),
    Column("platform", String(20)),
    Column("means", String(10), nullable=False),
    Column("at", Instant, nullable=False),
    Column("data", JSON, nullable=False),
    Index("ix_history_desk_ticket_id", "desk", "ticket", "id"),
)

leases = Table(
    "lease",
    metadata,
    Column("name", String(120), primary_key=True),
    Column("holder", String(60), nullable=False),
    Column("until", Instant, nullable=False),
)
