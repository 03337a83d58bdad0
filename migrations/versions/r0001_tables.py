"""All tables, as the first release has them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attachment",
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("post", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("installation", sa.String(length=60), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("desk", "id", name=op.f("pk_attachment")),
    )
    op.create_index("ix_attachment_desk_post", "attachment", ["desk", "post"], unique=False)
    op.create_table(
        "channel",
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("installation", sa.String(length=60), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("desk", "platform", "id", name=op.f("pk_channel")),
    )
    op.create_table(
        "choice",
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("person", sa.String(length=20), nullable=True),
        sa.Column("ticket", sa.Integer(), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("desk", "id", name=op.f("pk_choice")),
    )
    op.create_table(
        "copy",
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("thread", sa.String(length=20), nullable=False),
        sa.Column("post", sa.String(length=20), nullable=False),
        sa.Column("part", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("message", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("desk", "thread", "post", "part", name=op.f("pk_copy")),
    )
    op.create_index("ix_copy_desk_platform_message", "copy", ["desk", "platform", "message"], unique=False)
    op.create_index("ix_copy_desk_post", "copy", ["desk", "post"], unique=False)
    op.create_table(
        "delivery",
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("effect", sa.String(length=20), nullable=False),
        sa.Column("lane", sa.String(length=240), nullable=False),
        sa.Column("thread", sa.String(length=20), nullable=True),
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("installation", sa.String(length=60), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("uncertain", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("marked", sa.String(length=8), nullable=False),
        sa.Column("message", sa.String(length=120), nullable=True),
        sa.PrimaryKeyConstraint("desk", "id", name=op.f("pk_delivery")),
    )
    op.create_index("ix_delivery_desk_effect", "delivery", ["desk", "effect"], unique=False)
    op.create_index(
        "ix_delivery_desk_platform_message", "delivery", ["desk", "platform", "message"], unique=False
    )
    op.create_index(
        "ix_delivery_pending",
        "delivery",
        ["desk", "lane", "id"],
        unique=False,
        sqlite_where=sa.text("state IN ('waiting', 'in_flight')"),
        postgresql_where=sa.text("state IN ('waiting', 'in_flight')"),
    )
    op.create_table(
        "delivery_step",
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("delivery", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("desk", "delivery", "name", name=op.f("pk_delivery_step")),
    )
    op.create_table(
        "desk",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("organisation", sa.JSON(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("last_ticket", sa.Integer(), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk")),
    )
    op.create_table(
        "early_event",
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("event", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("desk", "id", name=op.f("pk_early_event")),
    )
    op.create_index(
        "ix_early_event_desk_platform_subject", "early_event", ["desk", "platform", "subject"], unique=False
    )
    op.create_table(
        "effect",
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("ticket", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("post", sa.String(length=20), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("desk", "id", name=op.f("pk_effect")),
    )
    op.create_index("ix_effect_desk_post", "effect", ["desk", "post"], unique=False)
    op.create_index("ix_effect_desk_ticket", "effect", ["desk", "ticket"], unique=False)
    op.create_table(
        "escalation",
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("ticket", sa.Integer(), nullable=False),
        sa.Column("from_team", sa.String(length=40), nullable=True),
        sa.Column("to_team", sa.String(length=40), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.String(length=20), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by", sa.String(length=20), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("desk", "id", name=op.f("pk_escalation")),
    )
    op.create_index("ix_escalation_desk_ticket", "escalation", ["desk", "ticket"], unique=False)
    op.create_index("ix_escalation_state_due_at", "escalation", ["state", "due_at"], unique=False)
    op.create_table(
        "form",
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("person", sa.String(length=20), nullable=False),
        sa.Column("opened", sa.JSON(), nullable=False),
        sa.Column("ticket_version", sa.Integer(), nullable=True),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("desk", "id", name=op.f("pk_form")),
    )
    op.create_table(
        "handled",
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("desk", "key", name=op.f("pk_handled")),
    )
    op.create_index("ix_handled_at", "handled", ["at"], unique=False)
    op.create_table(
        "history",
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("ticket", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("actor", sa.String(length=20), nullable=True),
        sa.Column("platform", sa.String(length=20), nullable=True),
        sa.Column("means", sa.String(length=10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("desk", "id", name=op.f("pk_history")),
    )
    op.create_index("ix_history_desk_ticket_id", "history", ["desk", "ticket", "id"], unique=False)
    op.create_table(
        "identity",
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("person", sa.String(length=20), nullable=False),
        sa.Column("installation", sa.String(length=60), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("avatar_url", sa.Text(), nullable=True),
        sa.Column("handle", sa.Text(), nullable=True),
        sa.Column("profiled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("desk", "platform", "id", name=op.f("pk_identity")),
    )
    op.create_index("ix_identity_desk_person", "identity", ["desk", "person"], unique=False)
    op.create_table(
        "installation",
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("bot", sa.String(length=60), nullable=False),
        sa.Column("connected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paused", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("desk", "platform", "id", name=op.f("pk_installation")),
    )
    op.create_index("ix_installation_platform_id", "installation", ["platform", "id"], unique=True)
    op.create_table(
        "link_code",
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=20), nullable=False),
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("identity", sa.String(length=60), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("desk", "digest", name=op.f("pk_link_code")),
    )
    op.create_table(
        "person",
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("desk", "id", name=op.f("pk_person")),
    )
    op.create_table(
        "post",
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("ticket", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("author", sa.String(length=20), nullable=False),
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("identity", sa.String(length=60), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("audience", sa.String(length=10), nullable=False),
        sa.Column("party", sa.Integer(), nullable=True),
        sa.Column("side", sa.String(length=12), nullable=False),
        sa.Column("thread", sa.String(length=20), nullable=True),
        sa.Column("source_installation", sa.String(length=60), nullable=True),
        sa.Column("source_place", sa.String(length=120), nullable=True),
        sa.Column("source", sa.String(length=120), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("desk", "id", name=op.f("pk_post")),
    )
    op.create_index("ix_post_desk_platform_source", "post", ["desk", "platform", "source"], unique=True)
    op.create_index("ix_post_desk_ticket_position", "post", ["desk", "ticket", "position"], unique=True)
    op.create_table(
        "quarantine",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("event", sa.JSON(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantine")),
    )
    op.create_table(
        "reaction",
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("post", sa.String(length=20), nullable=False),
        sa.Column("emoji", sa.String(length=80), nullable=False),
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("identity", sa.String(length=60), nullable=False),
        sa.Column("thread", sa.String(length=20), nullable=False),
        sa.Column("present", sa.Boolean(), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("desk", "post", "emoji", "platform", "identity", name=op.f("pk_reaction")),
    )
    op.create_table(
        "staff",
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("identity", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("desk", "platform", "source", "identity", name=op.f("pk_staff")),
    )
    op.create_index(
        "ix_staff_desk_platform_identity", "staff", ["desk", "platform", "identity"], unique=False
    )
    op.create_table(
        "thread",
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("ticket", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=12), nullable=False),
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("installation", sa.String(length=60), nullable=False),
        sa.Column("parent", sa.String(length=120), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("party", sa.Integer(), nullable=True),
        sa.Column("team", sa.String(length=40), nullable=True),
        sa.Column("escalation", sa.String(length=20), nullable=True),
        sa.Column("card", sa.String(length=120), nullable=True),
        sa.Column("last_copy", sa.String(length=120), nullable=True),
        sa.Column("catching_up", sa.Boolean(), nullable=False),
        sa.Column("missed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("desk", "id", name=op.f("pk_thread")),
    )
    op.create_index("ix_thread_desk_platform_card", "thread", ["desk", "platform", "card"], unique=False)
    op.create_index("ix_thread_desk_platform_place", "thread", ["desk", "platform", "place"], unique=False)
    op.create_index("ix_thread_desk_ticket", "thread", ["desk", "ticket"], unique=False)
    op.create_table(
        "ticket",
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("requester", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("priority", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("team", sa.String(length=40), nullable=True),
        sa.Column("type", sa.String(length=40), nullable=True),
        sa.Column("service", sa.Text(), nullable=True),
        sa.Column("category", sa.String(length=200), nullable=True),
        sa.Column("assignee", sa.String(length=20), nullable=True),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("escalation_level", sa.Integer(), nullable=False),
        sa.Column("mode", sa.String(length=10), nullable=False),
        sa.Column("resolution", sa.Text(), nullable=True),
        sa.Column("follow_up", sa.Text(), nullable=True),
        sa.Column("origin_platform", sa.String(length=20), nullable=True),
        sa.Column("origin_installation", sa.String(length=60), nullable=True),
        sa.Column("origin_place", sa.String(length=120), nullable=True),
        sa.Column("origin_link", sa.Text(), nullable=True),
        sa.Column("first_response_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reopens", sa.Integer(), nullable=False),
        sa.Column("last_post_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unread", sa.Boolean(), nullable=False),
        sa.Column("draft_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("follows", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("desk", "number", name=op.f("pk_ticket")),
    )
    op.create_index("ix_ticket_desk_assignee_status", "ticket", ["desk", "assignee", "status"], unique=False)
    op.create_index("ix_ticket_desk_requester", "ticket", ["desk", "requester"], unique=False)
    op.create_index("ix_ticket_desk_status_team", "ticket", ["desk", "status", "team"], unique=False)
    op.create_index(
        "ix_ticket_draft_until",
        "ticket",
        ["draft_until"],
        unique=False,
        sqlite_where=sa.text("draft_until IS NOT NULL"),
        postgresql_where=sa.text("draft_until IS NOT NULL"),
    )
    op.create_table(
        "ticket_person",
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("ticket", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person", sa.String(length=20), nullable=False),
        sa.Column("party", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("desk", "ticket", "person", name=op.f("pk_ticket_person")),
    )
    op.create_index("ix_ticket_person_desk_person", "ticket_person", ["desk", "person"], unique=False)
