"""Calls that rules want made to other programs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chatdesk.store.columns import Instant

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_DUE = sa.text("due_at IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "webhook_call",
        sa.Column("desk", sa.String(40), primary_key=True),
        sa.Column("id", sa.String(20), primary_key=True),
        sa.Column("hook", sa.String(40), nullable=False),
        sa.Column("ticket", sa.Integer, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("due_at", Instant),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text),
    )
    op.create_index(
        "ix_webhook_call_due_at", "webhook_call", ["due_at"], sqlite_where=_DUE, postgresql_where=_DUE
    )


def downgrade() -> None:
    op.drop_table("webhook_call")
