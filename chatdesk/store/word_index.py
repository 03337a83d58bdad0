"""The index of all posts' words: SQLite's FTS5, PostgreSQL's GIN. The statements that differ between the two.

PostgreSQL keeps its index by itself. On SQLite posts are put in many at a time, in the transaction of every
256th, because one at a time costs several times as much. The newest are thus not in the index yet; they are
among those that a search reads anyway.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

from sqlalchemy import BigInteger, Subquery, column, text

from chatdesk.store.transaction import Transaction

AT_ONCE = 256
"""So many are put into SQLite's index together."""
SHORTEST_BEGINNING = 3
"""Bytes of a word that is looked for as the beginning of others, too."""
_DESK_BITS = 32

_PUT_ON_SQLITE = text(
    "INSERT INTO post_text (rowid, title, body) SELECT :base + number, title, body FROM post_words "
    "WHERE desk = :desk AND number > :after AND number <= :until"
)
_FORGET_ON_SQLITE = text(
    "INSERT INTO post_text (post_text, rowid, title, body) VALUES ('delete', :row, :title, :body)"
)
_AGAIN_ON_SQLITE = text("INSERT INTO post_text (rowid, title, body) VALUES (:row, :title, :body)")
_FIND_ON_SQLITE = text(
    "SELECT rowid - :base AS number FROM post_text "
    "WHERE post_text MATCH :wanted AND rowid > :base AND rowid < :base + 4294967296 "
    "ORDER BY rowid DESC LIMIT :most"
)
_FIND_ON_POSTGRESQL = text(
    "SELECT number FROM (WITH matched AS MATERIALIZED (SELECT number FROM post_words WHERE desk = :desk "
    "AND to_tsvector('simple', title || ' ' || body) @@ to_tsquery('simple', :wanted)) "
    "SELECT number FROM matched) AS matches ORDER BY number DESC LIMIT :most"
)


def put(tx: Transaction, number: int) -> None:
    """A post was given this number: those up to it are put into the index where their time has come."""
    if _on_sqlite(tx) and number % AT_ONCE == 0:
        given = {"base": _base(tx.desk), "desk": tx.desk, "after": number - AT_ONCE, "until": number}
        tx.connection.execute(_PUT_ON_SQLITE, given)


def replace(tx: Transaction, number: int, old: tuple[str, str], new: tuple[str, str], newest: int) -> None:
    """A post's title and words are others now; ``newest`` is the highest number there is."""
    if not _on_sqlite(tx) or number > newest - newest % AT_ONCE:
        return
    row = _base(tx.desk) + number
    for statement, (title, body) in ((_FORGET_ON_SQLITE, old), (_AGAIN_ON_SQLITE, new)):
        tx.connection.execute(statement, {"row": row, "title": title, "body": body})


def numbers(tx: Transaction, words: Sequence[str], most: int) -> Subquery:
    """The numbers of the newest posts with all of these words, the last of which may be a beginning."""
    if _on_sqlite(tx):
        wanted = " AND ".join(f'"{word}"' for word in words) + (" *" if _may_begin(words[-1]) else "")
        asked = {"base": _base(tx.desk), "wanted": wanted, "most": most}
        statement = _FIND_ON_SQLITE
    else:
        wanted = " & ".join(f"'{word}'" for word in words) + (":*" if _may_begin(words[-1]) else "")
        asked = {"desk": tx.desk, "wanted": wanted, "most": most}
        statement = _FIND_ON_POSTGRESQL
    return statement.bindparams(**asked).columns(column("number", BigInteger)).subquery("found")


def _may_begin(word: str) -> bool:
    """Too many words begin with one or two letters; a sign of a script without spaces says more."""
    return len(word.encode()) >= SHORTEST_BEGINNING


def _on_sqlite(tx: Transaction) -> bool:
    return tx.connection.dialect.name == "sqlite"


def _base(desk: str) -> int:
    """Where a desk's rows begin in SQLite's index, which is one for all desks in the file."""
    return (zlib.crc32(desk.encode()) & 0x3FFF_FFFF) << _DESK_BITS
