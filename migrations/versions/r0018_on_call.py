"""Who is on call by word, calls nobody has acknowledged, and why and until when a ticket is escalated."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chatdesk.store.columns import Instant

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "on_call",
        sa.Column("desk", sa.String(40), primary_key=True),
        sa.Column("id", sa.String(20), primary_key=True),
        sa.Column("team", sa.String(40), nullable=False),
        sa.Column("person", sa.String(20), nullable=False),
        sa.Column("since", Instant, nullable=False),
        sa.Column("until", Instant),
    )
    op.create_table(
        "call",
        sa.Column("desk", sa.String(40), primary_key=True),
        sa.Column("ticket", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("team", sa.String(40), nullable=False),
        sa.Column("because", sa.String(20), nullable=False),
        sa.Column("step", sa.Integer, nullable=False),
        sa.Column("called_at", Instant, nullable=False),
        sa.Column("due_at", Instant, nullable=False),
    )
    op.create_index("ix_call_due_at", "call", ["due_at"])
    op.add_column("escalation", sa.Column("because", sa.String(20)))
    op.add_column("escalation", sa.Column("called", sa.Integer, nullable=False, server_default="0"))
    op.add_column("escalation", sa.Column("answer_by", Instant))
    op.create_index(
        "ix_escalation_answer_by",
        "escalation",
        ["answer_by"],
        sqlite_where=sa.text("answer_by IS NOT NULL"),
        postgresql_where=sa.text("answer_by IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_escalation_answer_by", "escalation")
    with op.batch_alter_table("escalation") as escalation:
        for name in ("answer_by", "called", "because"):
            escalation.drop_column(name)
    op.drop_table("call")
    op.drop_table("on_call")
