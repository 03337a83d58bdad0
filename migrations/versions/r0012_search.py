"""The words of posts, as they are searched, and their index; filled from the posts that there are."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from chatdesk.domain.searching import searched

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_CHUNK = 1000
_AT_ONCE = 256


def upgrade() -> None:
    op.create_table(
        "post_words",
        sa.Column("desk", sa.String(40), primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("post", sa.String(20), nullable=False),
        sa.Column("ticket", sa.Integer, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    numbers = _fill(op.get_bind())
    op.create_index("ix_post_words_desk_post", "post_words", ["desk", "post"], unique=True)
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE post_text "
            "USING fts5(title, body, content='', columnsize=0, detail=column, tokenize='ascii')"
        )
        for desk, newest in numbers.items():
            _index(op.get_bind(), desk, newest)
    else:
        op.execute(
            "CREATE INDEX post_text ON post_words USING gin (to_tsvector('simple', title || ' ' || body)) "
            "WITH (gin_pending_list_limit = 512)"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE post_text")
    op.drop_table("post_words")


def _fill(connection: sa.Connection) -> dict[str, int]:
    """How many posts each desk has."""
    numbers: dict[str, int] = {}
    words = sa.table("post_words", *map(sa.column, ("desk", "number", "post", "ticket", "title", "body")))
    for chunk in _posts(connection):
        rows = []
        for one in chunk:
            numbers[one.desk] = numbers.get(one.desk, 0) + 1
            rows.append(
                {
                    "desk": one.desk,
                    "number": numbers[one.desk],
                    "post": one.id,
                    "ticket": one.ticket,
                    "title": searched(one.title or ""),
                    "body": "" if one.deleted_at else searched(one.body),
                }
            )
        connection.execute(sa.insert(words), rows)
    return numbers


def _posts(connection: sa.Connection) -> Iterator[Sequence[sa.Row[Any]]]:
    """All posts with their tickets' titles, the oldest of each desk first."""
    statement = sa.text(
        "SELECT p.desk, p.id, p.ticket, p.body, p.deleted_at, t.title FROM post AS p "
        "LEFT JOIN ticket AS t ON t.desk = p.desk AND t.number = p.ticket "
        "WHERE (p.desk, p.id) > (:desk, :id) ORDER BY p.desk, p.id LIMIT :most"
    )
    desk, last = "", ""
    while chunk := connection.execute(statement, {"desk": desk, "id": last, "most": _CHUNK}).all():
        yield chunk
        desk, last = chunk[-1].desk, chunk[-1].id


def _index(connection: sa.Connection, desk: str, newest: int) -> None:
    """Whole portions alone, as they are put in later."""
    statement = sa.text(
        "INSERT INTO post_text (rowid, title, body) SELECT :base + number, title, body FROM post_words "
        "WHERE desk = :desk AND number <= :until ORDER BY number"
    )
    base = (zlib.crc32(desk.encode()) & 0x3FFF_FFFF) << 32
    connection.execute(statement, {"base": base, "desk": desk, "until": newest - newest % _AT_ONCE})
