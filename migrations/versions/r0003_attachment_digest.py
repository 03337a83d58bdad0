"""By which attachments a stored file is needed."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_attachment_digest", "attachment", ["digest"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_attachment_digest", table_name="attachment")
