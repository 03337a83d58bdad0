"""When staff are reminded of what is still to be done."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chatdesk.store.columns import Instant

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_THERE = sa.text("follow_up_at IS NOT NULL")


def upgrade() -> None:
    op.add_column("ticket", sa.Column("follow_up_at", Instant))
    op.create_index(
        "ix_ticket_desk_follow_up_at",
        "ticket",
        ["desk", "follow_up_at"],
        sqlite_where=_THERE,
        postgresql_where=_THERE,
    )


def downgrade() -> None:
    op.drop_index("ix_ticket_desk_follow_up_at", "ticket")
    op.drop_column("ticket", "follow_up_at")
