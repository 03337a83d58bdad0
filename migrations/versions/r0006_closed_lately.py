"""Tickets that were closed lately are found by their time, however many were closed before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_CLOSED = sa.text("closed_at IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_ticket_desk_closed_at",
        "ticket",
        ["desk", "closed_at"],
        sqlite_where=_CLOSED,
        postgresql_where=_CLOSED,
    )


def downgrade() -> None:
    op.drop_index("ix_ticket_desk_closed_at", table_name="ticket")
