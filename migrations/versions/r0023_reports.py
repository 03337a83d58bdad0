"""What a report is about is found by its time, however many tickets there are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_RESOLVED = sa.text("resolved_at IS NOT NULL")
_RATED = sa.text("rated_at IS NOT NULL")


def upgrade() -> None:
    op.create_index("ix_ticket_desk_created_at", "ticket", ["desk", "created_at"])
    op.create_index(
        "ix_ticket_desk_resolved_at",
        "ticket",
        ["desk", "resolved_at"],
        sqlite_where=_RESOLVED,
        postgresql_where=_RESOLVED,
    )
    op.create_index(
        "ix_rating_desk_rated_at",
        "rating",
        ["desk", "rated_at"],
        sqlite_where=_RATED,
        postgresql_where=_RATED,
    )
    op.create_index("ix_rating_desk_asked_at", "rating", ["desk", "asked_at"])


def downgrade() -> None:
    op.drop_index("ix_rating_desk_asked_at", "rating")
    op.drop_index("ix_rating_desk_rated_at", "rating")
    op.drop_index("ix_ticket_desk_resolved_at", "ticket")
    op.drop_index("ix_ticket_desk_created_at", "ticket")
