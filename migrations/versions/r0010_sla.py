"""When promises are looked at next."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chatdesk.store.columns import Instant

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sla_look",
        sa.Column("desk", sa.String(40), primary_key=True),
        sa.Column("ticket", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", Instant, nullable=False),
    )
    op.create_index("ix_sla_look_at", "sla_look", ["at"])


def downgrade() -> None:
    op.drop_table("sla_look")
