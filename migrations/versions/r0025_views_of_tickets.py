"""Find what was shown or asked with a ticket, however much was shown before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_OF_A_TICKET = sa.text("ticket IS NOT NULL")


def upgrade() -> None:
    for table in ("article_view", "article_gap"):
        op.create_index(
            f"ix_{table}_desk_ticket",
            table,
            ["desk", "ticket"],
            sqlite_where=_OF_A_TICKET,
            postgresql_where=_OF_A_TICKET,
        )


def downgrade() -> None:
    for table in ("article_gap", "article_view"):
        op.drop_index(f"ix_{table}_desk_ticket", table)
