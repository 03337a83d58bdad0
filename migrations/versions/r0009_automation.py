"""What chatdesk does by itself: whose turn it is, who is away, what is out of order, when rules are due."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chatdesk.store.columns import Instant

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_DUE = sa.text("due_at IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "turn",
        sa.Column("desk", sa.String(40), primary_key=True),
        sa.Column("team", sa.String(40), primary_key=True),
        sa.Column("person", sa.String(20), primary_key=True),
        sa.Column("at", Instant, nullable=False),
    )
    op.create_table(
        "away",
        sa.Column("desk", sa.String(40), primary_key=True),
        sa.Column("person", sa.String(20), primary_key=True),
        sa.Column("since", Instant, nullable=False),
        sa.Column("until", Instant),
    )
    op.create_table(
        "outage",
        sa.Column("desk", sa.String(40), primary_key=True),
        sa.Column("service", sa.String(200), primary_key=True),
        sa.Column("since", Instant, nullable=False),
    )
    op.create_table(
        "rule_timer",
        sa.Column("desk", sa.String(40), primary_key=True),
        sa.Column("ticket", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("rule", sa.String(40), primary_key=True),
        sa.Column("base", Instant, nullable=False),
        sa.Column("due_at", Instant),
        sa.Column("fired", Instant),
    )
    op.create_index(
        "ix_rule_timer_due_at", "rule_timer", ["due_at"], sqlite_where=_DUE, postgresql_where=_DUE
    )


def downgrade() -> None:
    for name in ("rule_timer", "outage", "away", "turn"):
        op.drop_table(name)
