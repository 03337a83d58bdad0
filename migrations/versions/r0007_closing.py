"""How tickets end: codes, what waits and is snoozed, requests to close, ratings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chatdesk.store.columns import Instant

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_TIMES = ("waits_since", "reminded_at", "snoozed_at", "snoozed_until")
_WAITS = sa.text("waits_since IS NOT NULL")
_SNOOZED = sa.text("snoozed_until IS NOT NULL")


def upgrade() -> None:
    op.add_column("ticket", sa.Column("resolution_code", sa.String(40)))
    for name in _TIMES:
        op.add_column("ticket", sa.Column(name, Instant))
    op.create_index(
        "ix_ticket_waits",
        "ticket",
        ["desk", "status", "waits_since"],
        sqlite_where=_WAITS,
        postgresql_where=_WAITS,
    )
    op.create_index(
        "ix_ticket_desk_snoozed_until",
        "ticket",
        ["desk", "snoozed_until"],
        sqlite_where=_SNOOZED,
        postgresql_where=_SNOOZED,
    )
    op.create_table(
        "close_request",
        sa.Column("desk", sa.String(40), primary_key=True),
        sa.Column("ticket", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("asked_by", sa.String(20), nullable=False),
        sa.Column("asked_at", Instant, nullable=False),
        sa.Column("resolution", sa.Text),
        sa.Column("code", sa.String(40)),
        sa.Column("effect", sa.String(20)),
    )
    op.create_table(
        "rating",
        sa.Column("desk", sa.String(40), primary_key=True),
        sa.Column("ticket", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("person", sa.String(20), nullable=False),
        sa.Column("asked_at", Instant, nullable=False),
        sa.Column("score", sa.Integer),
        sa.Column("comment", sa.Text),
        sa.Column("rated_at", Instant),
    )
    op.create_index("ix_rating_desk_person_asked_at", "rating", ["desk", "person", "asked_at"])


def downgrade() -> None:
    op.drop_table("rating")
    op.drop_table("close_request")
    op.drop_index("ix_ticket_desk_snoozed_until", table_name="ticket")
    op.drop_index("ix_ticket_waits", table_name="ticket")
    for name in (*_TIMES, "resolution_code"):
        op.drop_column("ticket", name)
