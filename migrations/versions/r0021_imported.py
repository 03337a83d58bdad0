"""What was taken in from elsewhere."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chatdesk.store.columns import Instant

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "imported",
        sa.Column("desk", sa.String(40), primary_key=True),
        sa.Column("source", sa.String(20), primary_key=True),
        sa.Column("key", sa.String(160), primary_key=True),
        sa.Column("ticket", sa.Integer, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("taken_up_at", Instant),
    )
    op.create_index("ix_imported_desk_ticket", "imported", ["desk", "ticket"])


def downgrade() -> None:
    op.drop_table("imported")
