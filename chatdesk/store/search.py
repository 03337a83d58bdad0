"""Tickets by words that stand in them.

Each post is searched together with its ticket's title. First the newest thousand posts are read, which also
finds what is in so many tickets that an index would find far too much. Only where they do not hold enough is
the index asked, for the newest thousand that it has. So a search costs the same however many tickets there
are. What has all the words in its title comes first, then what is newest.

A post keeps its row and its number for ever; where it is deleted, its words go.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    bindparam,
    case,
    func,
    insert,
    or_,
    select,
    update,
)

from chatdesk.contract.vocabulary import Audience, AudienceKind
from chatdesk.domain.searching import searched, standing_in
from chatdesk.domain.ticket import Post
from chatdesk.store import word_index
from chatdesk.store.tables import posts
from chatdesk.store.tables_search import post_words
from chatdesk.store.transaction import Transaction

NEWEST = 1000
"""So many posts are read."""
RANKED = 1000
"""So many of the index's, the newest, are ranked."""

_HIGHEST = (
    select(func.coalesce(func.max(post_words.c.number), 0))
    .where(post_words.c.desk == bindparam("its_desk"))
    .scalar_subquery()
)
_ADD = insert(post_words).values(number=_HIGHEST + 1).returning(post_words.c.number)
_ROW = select(post_words, _HIGHEST.label("newest")).where(
    post_words.c.desk == bindparam("desk"), post_words.c.post == bindparam("post")
)


@dataclass(frozen=True, slots=True)
class Found:
    """A ticket, and its newest post with the words."""

    ticket: int
    post: str


@dataclass(frozen=True, slots=True)
class Searched:
    """A post's words, and who may read it."""

    post: str
    ticket: int
    audience: Audience
    words: str


@dataclass(frozen=True, slots=True, order=True)
class _Hit:
    in_title: int
    number: int
    ticket: int


def add(tx: Transaction, post: Post, title: str) -> None:
    """A new post can be found, by its words and its ticket's title."""
    given = {
        "desk": tx.desk,
        "its_desk": tx.desk,
        "post": post.id,
        "ticket": post.ticket,
        "title": searched(title),
        "body": _body(post),
    }
    word_index.put(tx, tx.connection.execute(_ADD, given).scalar_one())


def changed(tx: Transaction, post: Post) -> None:
    """A post is found by the words that it has now; a deleted one only by its ticket's title."""
    row = _row(tx, post.id)
    if row is not None:
        _rewrite(tx, row, row.title, _body(post))


def retitled(tx: Transaction, ticket: int, title: str) -> None:
    """What a ticket has is found by its new title."""
    its_posts = select(posts.c.id).where(posts.c.desk == tx.desk, posts.c.ticket == ticket)
    for row in [_row(tx, post) for post in tx.connection.execute(its_posts).scalars()]:
        if row is not None:
            _rewrite(tx, row, searched(title), row.body)


def moved(tx: Transaction, post: str, ticket: int) -> None:
    """A post belongs to another ticket; the title it was written under still finds it."""
    tx.connection.execute(
        update(post_words)
        .where(post_words.c.desk == tx.desk, post_words.c.post == post)
        .values(ticket=ticket)
    )


def _body(post: Post) -> str:
    return "" if post.deleted_at else searched(post.body)


def _row(tx: Transaction, post: str) -> Row[Any] | None:
    asked = {"desk": tx.desk, "its_desk": tx.desk, "post": post}
    return tx.connection.execute(_ROW, asked).one_or_none()


def _rewrite(tx: Transaction, row: Row[Any], title: str, body: str) -> None:
    if (title, body) == (row.title, row.body):
        return
    tx.connection.execute(
        update(post_words)
        .where(post_words.c.desk == tx.desk, post_words.c.number == row.number)
        .values(title=title, body=body)
    )
    word_index.replace(tx, row.number, (row.title, row.body), (title, body), row.newest)


def find(tx: Transaction, words: Sequence[str], most: int) -> Sequence[Found]:
    """Tickets with all of these words in their title and one of their posts, the best first.

    The last word may be the beginning of one.
    """
    hits = {one.ticket: one for one in _hits(tx, _among_newest(tx, words, most))}
    if len(hits) < most:
        hits |= {one.ticket: one for one in _hits(tx, _by_index(tx, words, most))}
    best = sorted(hits.values(), reverse=True)[:most]
    post_of = _posts_of(tx, [one.number for one in best])
    return [Found(one.ticket, post_of[one.number]) for one in best]


def _hits(tx: Transaction, statement: Select[Any, int, int]) -> Sequence[_Hit]:
    return [_Hit(*row) for row in tx.connection.execute(statement)]


def _among_newest(tx: Transaction, words: Sequence[str], most: int) -> Select[Any, int, int]:
    newest = (
        select(post_words.c.number, post_words.c.ticket, post_words.c.title, post_words.c.body)
        .where(post_words.c.desk == tx.desk)
        .order_by(post_words.c.number.desc())
        .limit(NEWEST)
        .subquery("newest")
    )
    pieces = [f"%{piece}%" for piece in standing_in(words)]
    stands = [or_(newest.c.title.like(piece), newest.c.body.like(piece)) for piece in pieces]
    in_title = and_(*(newest.c.title.like(piece) for piece in pieces))
    return _ranked(newest.c.number, newest.c.ticket, in_title, most).where(*stands)


def _by_index(tx: Transaction, words: Sequence[str], most: int) -> Select[Any, int, int]:
    found = word_index.numbers(tx, words, RANKED)
    in_title = and_(*(post_words.c.title.like(f"%{piece}%") for piece in standing_in(words)))
    ranked = _ranked(post_words.c.number, post_words.c.ticket, in_title, most)
    return ranked.join_from(found, post_words, found.c.number == post_words.c.number).where(
        post_words.c.desk == tx.desk
    )


def _ranked(
    number: ColumnElement[int], ticket: ColumnElement[int], in_title: ColumnElement[bool], most: int
) -> Select[Any, int, int]:
    """Tickets by their newest hit, those with all words in their title first."""
    title_hit, newest = func.max(case((in_title, 1), else_=0)), func.max(number)
    return (
        select(title_hit, newest, ticket)
        .group_by(ticket)
        .order_by(title_hit.desc(), newest.desc())
        .limit(most)
    )


def _posts_of(tx: Transaction, numbers: Collection[int]) -> Mapping[int, str]:
    statement = select(post_words.c.number, post_words.c.post).where(
        post_words.c.desk == tx.desk, post_words.c.number.in_(numbers)
    )
    return {row.number: row.post for row in tx.connection.execute(statement)}


def of_tickets(tx: Transaction, tickets: Collection[int], most: int) -> Sequence[Searched]:
    """The words of some tickets' posts that were not deleted, the newest first, and who may read them."""
    statement = (
        select(
            posts.c.id,
            posts.c.ticket,
            posts.c.audience,
            posts.c.party,
            posts.c.last_party,
            post_words.c.body,
        )
        .join(post_words, and_(post_words.c.desk == posts.c.desk, post_words.c.post == posts.c.id))
        .where(posts.c.desk == tx.desk, posts.c.ticket.in_(tickets), posts.c.deleted_at.is_(None))
        .order_by(posts.c.ticket.desc(), posts.c.position.desc())
        .limit(most)
    )
    return [
        Searched(
            row.id, row.ticket, Audience(AudienceKind(row.audience), row.party, row.last_party), row.body
        )
        for row in tx.connection.execute(statement)
    ]
