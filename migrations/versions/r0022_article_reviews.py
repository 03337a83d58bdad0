"""When an article was looked through and found right."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("article", sa.Column("looked_through_on", sa.String(10)))


def downgrade() -> None:
    with op.batch_alter_table("article") as article:
        article.drop_column("looked_through_on")
