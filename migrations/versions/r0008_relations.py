"""How tickets belong together: merged into one another, or tied; posts for several parties."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chatdesk.store.columns import Instant

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("post", sa.Column("last_party", sa.Integer))
    op.create_table(
        "merge",
        sa.Column("desk", sa.String(40), primary_key=True),
        sa.Column("id", sa.String(20), primary_key=True),
        sa.Column("source", sa.Integer, nullable=False),
        sa.Column("target", sa.Integer, nullable=False),
        sa.Column("base", sa.Integer, nullable=False),
        sa.Column("parties", sa.Integer, nullable=False),
        sa.Column("merged_by", sa.String(20), nullable=False),
        sa.Column("merged_at", Instant, nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("threads", sa.JSON, nullable=False),
        sa.Column("line", sa.String(20)),
        sa.Column("undone_at", Instant),
    )
    op.create_index("ix_merge_desk_source", "merge", ["desk", "source"])
    op.create_index("ix_merge_desk_target", "merge", ["desk", "target"])
    op.create_table(
        "relation",
        sa.Column("desk", sa.String(40), primary_key=True),
        sa.Column("ticket", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("tie", sa.String(12), primary_key=True),
        sa.Column("other", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("made_by", sa.String(20), nullable=False),
        sa.Column("made_at", Instant, nullable=False),
    )
    op.create_index("ix_relation_desk_other", "relation", ["desk", "other"])


def downgrade() -> None:
    op.drop_table("relation")
    op.drop_table("merge")
    op.drop_column("post", "last_party")
