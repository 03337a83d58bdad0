"""Tickets that are over, as far as a classifier learns from them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Row, select

from chatdesk.contract.vocabulary import AudienceKind, Side
from chatdesk.domain.erasure import ERASED
from chatdesk.domain.lifecycle import Status
from chatdesk.domain.text import is_blank
from chatdesk.domain.ticket import Ticket
from chatdesk.domain.triage_measures import Example
from chatdesk.store.tables import posts, tickets
from chatdesk.store.transaction import Transaction

MOST = 50_000
"""Tickets that are learned from, the newest."""
FIRST_POSTS = 3
_AT_ONCE = 500


def finished(tx: Transaction, since: datetime) -> Sequence[Example]:
    """What agents left tickets as that were made since then and are resolved or closed, oldest first."""
    statement = (
        select(
            tickets.c.number,
            tickets.c.title,
            tickets.c.description,
            tickets.c.requester,
            tickets.c.category,
            tickets.c.priority,
            tickets.c.team,
        )
        .where(
            tickets.c.desk == tx.desk,
            tickets.c.created_at >= since,
            tickets.c.status.in_((Status.RESOLVED, Status.CLOSED)),
        )
        .order_by(tickets.c.number.desc())
        .limit(MOST)
    )
    rows = list(reversed(tx.connection.execute(statement).all()))
    found: list[Example] = []
    for first in range(0, len(rows), _AT_ONCE):
        found += _examples(tx, rows[first : first + _AT_ONCE])
    return found


def _examples(
    tx: Transaction, rows: Sequence[Row[tuple[int, str, str, str, str, str, str]]]
) -> Iterator[Example]:
    said = _first_words(tx, {row.number: row.requester for row in rows})
    for row in rows:
        text = _together(row.title, row.description, said.get(row.number, ()))
        if not is_blank(text):
            yield Example(row.number, row.requester, text, row.category, row.priority, row.team)


def text_of(tx: Transaction, ticket: Ticket) -> str:
    """What its requester said of a ticket, as it is learned from and guessed by."""
    said = _first_words(tx, {ticket.number: ticket.requester}).get(ticket.number, ())
    return _together(ticket.title, ticket.description, said)


def _together(title: str, description: str, said: Sequence[str]) -> str:
    """Words that were erased are no words; a title alone was not given by anybody."""
    if is_blank(description) and not said:
        return ""
    return "\n".join((title, description, *said)).replace(ERASED, "")


def _first_words(tx: Transaction, requesters: dict[int, str]) -> dict[int, list[str]]:
    """The requester's first posts on each of these tickets; never an internal one."""
    if not requesters:
        return {}
    statement = (
        select(posts.c.ticket, posts.c.author, posts.c.body)
        .where(
            posts.c.desk == tx.desk,
            posts.c.ticket.in_(sorted(requesters)),
            posts.c.position <= FIRST_POSTS,
            posts.c.side == Side.CUSTOMER,
            posts.c.audience != AudienceKind.INTERNAL,
            posts.c.deleted_at.is_(None),
        )
        .order_by(posts.c.ticket, posts.c.position)
    )
    found: dict[int, list[str]] = {}
    for row in tx.connection.execute(statement):
        if row.author == requesters[row.ticket]:
            found.setdefault(row.ticket, []).append(row.body)
    return found
