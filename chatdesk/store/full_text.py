"""Searching words: SQLite's FTS5, PostgreSQL's tsvector. The only statements that differ between the two.

Both search the same plain words by their beginnings, and rank a title above keywords above the body.
PostgreSQL reads every article of the desk: they are hundreds, and no index has to be kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text

from chatdesk.domain.knowledge import Plain
from chatdesk.store.transaction import Transaction

_SQLITE = text(
    "SELECT key, -bm25(article_text, 0, 0, 10, 6, 1) AS score FROM article_text "
    "WHERE article_text MATCH :wanted AND desk = :desk ORDER BY score DESC, key LIMIT :most"
)
_POSTGRESQL = text(
    "SELECT key, ts_rank(words, wanted) AS score FROM ("
    "SELECT key, setweight(to_tsvector('simple', plain_title), 'A') || "
    "setweight(to_tsvector('simple', plain_keywords), 'B') || "
    "setweight(to_tsvector('simple', plain_body), 'D') AS words FROM article WHERE desk = :desk) AS every, "
    "to_tsquery('simple', :wanted) AS wanted "
    "WHERE words @@ wanted ORDER BY score DESC, key LIMIT :most"
)


@dataclass(frozen=True, slots=True)
class Found:
    key: str
    score: float


def find(tx: Transaction, words: Sequence[str], *, every: bool, most: int) -> Sequence[Found]:
    """Articles with every one of the words, or with any, the best first. Words are letters and digits."""
    if not words:
        return []
    on_sqlite = tx.connection.dialect.name == "sqlite"
    if on_sqlite:
        wanted = (" AND " if every else " OR ").join(f'"{word}"*' for word in words)
    else:
        wanted = (" & " if every else " | ").join(f"{word}:*" for word in words)
    asked = {"desk": tx.desk, "wanted": wanted, "most": most}
    rows = tx.connection.execute(_SQLITE if on_sqlite else _POSTGRESQL, asked)
    return [Found(row.key, float(row.score)) for row in rows]


def put(tx: Transaction, key: str, words: Plain) -> None:
    """Index an article's words; PostgreSQL reads them where they are."""
    if tx.connection.dialect.name != "sqlite":
        return
    remove(tx, key)
    statement = text(
        "INSERT INTO article_text (desk, key, title, keywords, body) VALUES (:d, :k, :t, :w, :b)"
    )
    given = {"d": tx.desk, "k": key, "t": words.title, "w": words.keywords, "b": words.body}
    tx.connection.execute(statement, given)


def remove(tx: Transaction, key: str) -> None:
    if tx.connection.dialect.name == "sqlite":
        statement = text("DELETE FROM article_text WHERE desk = :desk AND key = :key")
        tx.connection.execute(statement, {"desk": tx.desk, "key": key})
