"""Articles as they were, as they may become, what was said of them, and what none of them answers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chatdesk.store.columns import Instant

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def _words() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("readers", sa.String(10), nullable=False),
        sa.Column("category", sa.String(200)),
        sa.Column("language", sa.String(20), nullable=False),
        sa.Column("keywords", sa.JSON, nullable=False),
        sa.Column("owner", sa.Text),
        sa.Column("review_on", sa.String(10)),
    )


def upgrade() -> None:
    op.add_column("article", sa.Column("origin", sa.String(10)))
    op.add_column("article", sa.Column("reminded_at", Instant))
    op.create_table(
        "article_version",
        sa.Column("desk", sa.String(40), primary_key=True),
        sa.Column("key", sa.String(200), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        *_words(),
        sa.Column("change", sa.String(10), nullable=False),
        sa.Column("origin", sa.String(10), nullable=False),
        sa.Column("person", sa.String(20)),
        sa.Column("at", Instant, nullable=False),
    )
    op.create_table(
        "article_draft",
        sa.Column("desk", sa.String(40), primary_key=True),
        sa.Column("id", sa.String(20), primary_key=True),
        sa.Column("key", sa.String(200)),
        sa.Column("ticket", sa.Integer),
        *_words(),
        sa.Column("person", sa.String(20), nullable=False),
        sa.Column("at", Instant, nullable=False),
    )
    op.create_table(
        "article_view",
        sa.Column("desk", sa.String(40), primary_key=True),
        sa.Column("id", sa.String(20), primary_key=True),
        sa.Column("article", sa.String(200), nullable=False),
        sa.Column("way", sa.String(10), nullable=False),
        sa.Column("person", sa.String(20)),
        sa.Column("ticket", sa.Integer),
        sa.Column("shown_at", Instant, nullable=False),
        sa.Column("verdict", sa.String(10)),
        sa.Column("said_at", Instant),
    )
    op.create_index("ix_article_view_desk_article", "article_view", ["desk", "article"])
    op.create_table(
        "article_gap",
        sa.Column("desk", sa.String(40), primary_key=True),
        sa.Column("id", sa.String(20), primary_key=True),
        sa.Column("way", sa.String(10), nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("person", sa.String(20), nullable=False),
        sa.Column("ticket", sa.Integer),
        sa.Column("at", Instant, nullable=False),
    )
    op.create_index("ix_article_gap_desk_at", "article_gap", ["desk", "at"])


def downgrade() -> None:
    for table in ("article_gap", "article_view", "article_draft", "article_version"):
        op.drop_table(table)
    with op.batch_alter_table("article") as article:
        article.drop_column("reminded_at")
        article.drop_column("origin")
