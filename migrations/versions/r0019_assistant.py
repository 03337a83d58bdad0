"""What staff asked the assistant, and what it answered as long as it may be needed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chatdesk.store.columns import Instant

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_DUE = sa.text("due_at IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "assistant_request",
        sa.Column("desk", sa.String(40), primary_key=True),
        sa.Column("id", sa.String(20), primary_key=True),
        sa.Column("ticket", sa.Integer, nullable=False),
        sa.Column("task", sa.String(20), nullable=False),
        sa.Column("person", sa.String(20), nullable=False),
        sa.Column("platform", sa.String(20), nullable=False),
        sa.Column("identity", sa.String(60), nullable=False),
        sa.Column("installation", sa.String(60)),
        sa.Column("place", sa.String(120)),
        sa.Column("said", sa.Text, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("due_at", Instant),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("text", sa.Text),
        sa.Column("ended_at", Instant),
    )
    op.create_index(
        "ix_assistant_request_due_at",
        "assistant_request",
        ["due_at"],
        sqlite_where=_DUE,
        postgresql_where=_DUE,
    )
    op.create_index("ix_assistant_request_desk_ticket", "assistant_request", ["desk", "ticket"])


def downgrade() -> None:
    op.drop_table("assistant_request")
