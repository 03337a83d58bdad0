"""Trained classifiers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chatdesk.store.columns import Instant

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "classifier",
        sa.Column("desk", sa.String(40), primary_key=True),
        sa.Column("id", sa.String(20), nullable=False),
        sa.Column("trained_at", Instant, nullable=False),
        sa.Column("since", Instant, nullable=False),
        sa.Column("tickets", sa.Integer, nullable=False),
        sa.Column("report", sa.JSON, nullable=False),
        sa.Column("model", sa.Text, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("classifier")
