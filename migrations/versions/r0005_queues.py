"""Queues are found by their oldest tickets, old effects by their age, however many others there are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_WORKED_ON = sa.text("status IN ('new', 'open', 'pending', 'on_hold')")


def upgrade() -> None:
    for name, owner in (("ix_ticket_queue", "team"), ("ix_ticket_assigned", "assignee")):
        op.create_index(
            name,
            "ticket",
            ["desk", owner, "number"],
            sqlite_where=_WORKED_ON,
            postgresql_where=_WORKED_ON,
        )
    op.create_index("ix_effect_created_at", "effect", ["created_at"])
    op.drop_index("ix_ticket_desk_assignee_status", table_name="ticket")


def downgrade() -> None:
    op.create_index("ix_ticket_desk_assignee_status", "ticket", ["desk", "assignee", "status"])
    op.drop_index("ix_effect_created_at", table_name="effect")
    op.drop_index("ix_ticket_assigned", table_name="ticket")
    op.drop_index("ix_ticket_queue", table_name="ticket")
