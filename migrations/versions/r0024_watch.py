"""Who was last told that they are on call."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "watch",
        sa.Column("desk", sa.String(40), primary_key=True),
        sa.Column("team", sa.String(40), primary_key=True),
        sa.Column("who", sa.String(80), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("watch")
