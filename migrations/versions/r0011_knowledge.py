"""Articles, and what became of those that were shown."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chatdesk.store.columns import Instant

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "article",
        sa.Column("desk", sa.String(40), primary_key=True),
        sa.Column("key", sa.String(200), primary_key=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("readers", sa.String(10), nullable=False),
        sa.Column("category", sa.String(200)),
        sa.Column("language", sa.String(20), nullable=False),
        sa.Column("keywords", sa.JSON, nullable=False),
        sa.Column("owner", sa.Text),
        sa.Column("review_on", sa.String(10)),
        sa.Column("plain_title", sa.Text, nullable=False),
        sa.Column("plain_keywords", sa.Text, nullable=False),
        sa.Column("plain_body", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("changed_at", Instant, nullable=False),
    )
    op.create_table(
        "article_use",
        sa.Column("desk", sa.String(40), primary_key=True),
        sa.Column("ticket", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("article", sa.String(200), primary_key=True),
        sa.Column("shown_at", Instant, nullable=False),
        sa.Column("verdict", sa.String(10)),
        sa.Column("said_at", Instant),
    )
    op.create_index("ix_article_use_desk_article", "article_use", ["desk", "article"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE article_text "
            "USING fts5(desk UNINDEXED, key UNINDEXED, title, keywords, body)"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE article_text")
    op.drop_table("article_use")
    op.drop_table("article")
