"""What numbers are reckoned from: tickets of a period, each with its history, one after the other."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import CompoundSelect, and_, func, select, text, union

from chatdesk.contract.vocabulary import Installation, Place, PlaceKind, Platform, Side
from chatdesk.domain.lifecycle import Status
from chatdesk.domain.ticket import HistoryEntry
from chatdesk.store.tables import WORKED_ON, channels, history, threads, tickets
from chatdesk.store.tables_closing import ratings
from chatdesk.store.transaction import Transaction

READ = (
    "created", "submitted", "status", "reopened", "post", "first_response", "deflected", "priority", "moved",
    "category",
)  # fmt: skip
"""The kinds of history that numbers come from."""
_AT_ONCE = 2000
"""Rows that are held in memory."""


@dataclass(frozen=True, slots=True)
class Row:
    """What a ticket is now."""

    number: int
    status: Status
    requester: str
    team: str | None
    category: str | None
    priority: str
    service: str | None
    assignee: str | None
    score: int | None = None
    rated_at: datetime | None = None
    asked_at: datetime | None = None
    """When the requester was asked for a rating."""


@dataclass(frozen=True, slots=True)
class Told:
    """A ticket and its history, oldest first."""

    row: Row
    history: tuple[HistoryEntry, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """What a requester said about how a ticket was dealt with."""

    ticket: int
    score: int
    comment: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """The channel that a requester's first thread stands in."""

    place: Place
    by_dm: bool


def told_since(tx: Transaction, since: datetime, teams: Collection[str] | None = None) -> Iterator[Told]:
    """Tickets that anybody still works on, or that began, ended or were rated since then.

    Of these teams alone, if any are named. Two statements are read side by side, so that a desk of any size
    takes little memory.
    """
    statement = (
        select(
            tickets.c.number,
            tickets.c.status,
            tickets.c.requester,
            tickets.c.team,
            tickets.c.category,
            tickets.c.priority,
            tickets.c.service,
            tickets.c.assignee,
            ratings.c.score,
            ratings.c.rated_at,
            ratings.c.asked_at,
        )
        .outerjoin(ratings, and_(ratings.c.desk == tickets.c.desk, ratings.c.ticket == tickets.c.number))
        .where(tickets.c.desk == tx.desk, tickets.c.number.in_(_concerned(tx, since, teams)))
        .order_by(tickets.c.number)
    )
    histories = _histories(tx, since, teams)
    ahead = next(histories, None)
    for row in tx.connection.execute(statement.execution_options(yield_per=_AT_ONCE)):
        while ahead is not None and ahead[0] < row.number:
            ahead = next(histories, None)
        entries = ahead[1] if ahead is not None and ahead[0] == row.number else ()
        yield Told(
            Row(
                row.number,
                Status(row.status),
                row.requester,
                row.team,
                row.category,
                row.priority,
                row.service,
                row.assignee,
                row.score,
                row.rated_at,
                row.asked_at,
            ),
            entries,
        )


def _histories(
    tx: Transaction, since: datetime, teams: Collection[str] | None
) -> Iterator[tuple[int, tuple[HistoryEntry, ...]]]:
    """Of each ticket in turn what numbers come from; who did it and how is nothing of theirs."""
    statement = (
        select(history.c.ticket, history.c.id, history.c.kind, history.c.means, history.c.at, history.c.data)
        .where(
            history.c.desk == tx.desk,
            history.c.kind.in_(READ),
            history.c.ticket.in_(_concerned(tx, since, teams)),
        )
        .order_by(history.c.ticket, history.c.id)
    )
    rows = tx.connection.execute(statement.execution_options(yield_per=_AT_ONCE))
    for ticket, entries in groupby(rows, key=lambda row: row.ticket):
        yield (
            ticket,
            tuple(
                HistoryEntry(tx.desk, id_, ticket, kind, None, None, means, at, tuple(data.items()))
                for _, id_, kind, means, at, data in entries
            ),
        )


def count_since(tx: Transaction, since: datetime, teams: Collection[str] | None = None) -> int:
    """How many tickets those are."""
    found = _concerned(tx, since, teams).subquery()
    return tx.connection.scalar(select(func.count()).select_from(found)) or 0


def channel_names(tx: Transaction) -> Mapping[tuple[str, str], str]:
    """Every channel that we have heard of, by platform and id."""
    statement = select(channels.c.platform, channels.c.id, channels.c.name).where(channels.c.desk == tx.desk)
    return {(row.platform, row.id): row.name for row in tx.connection.execute(statement)}


def remarks(
    tx: Transaction, since: datetime, until: datetime, teams: Collection[str] | None, most: int
) -> Sequence[Remark]:
    """What requesters said with their ratings, the newest first."""
    of_teams = () if teams is None else (tickets.c.team.in_(list(teams)),)
    statement = (
        select(ratings.c.ticket, ratings.c.score, ratings.c.comment, ratings.c.rated_at)
        .join(tickets, and_(tickets.c.desk == ratings.c.desk, tickets.c.number == ratings.c.ticket))
        .where(
            ratings.c.desk == tx.desk,
            ratings.c.rated_at >= since,
            ratings.c.rated_at < until,
            ratings.c.score.is_not(None),
            ratings.c.comment.is_not(None),
            *of_teams,
        )
        .order_by(ratings.c.rated_at.desc())
        .limit(most)
    )
    return [Remark(*row) for row in tx.connection.execute(statement)]


def asked_in(tx: Transaction, since: datetime, teams: Collection[str] | None = None) -> Mapping[int, Asked]:
    """Where each of those tickets was asked."""
    statement = (
        select(threads.c.ticket, threads.c.platform, threads.c.installation, threads.c.parent, threads.c.kind)
        .where(
            threads.c.desk == tx.desk,
            threads.c.side == Side.CUSTOMER,
            threads.c.ticket.in_(_concerned(tx, since, teams)),
        )
        .order_by(threads.c.id.desc())
    )
    return {
        row.ticket: Asked(
            Place(Installation(Platform(row.platform), row.installation), row.parent),
            row.kind == PlaceKind.DM,
        )
        for row in tx.connection.execute(statement)
    }


def _concerned(tx: Transaction, since: datetime, teams: Collection[str] | None) -> CompoundSelect[int]:
    """Their numbers, each part found by an index of its own."""
    theirs = (tickets.c.desk == tx.desk, *(() if teams is None else (tickets.c.team.in_(list(teams)),)))
    number = select(tickets.c.number).where(*theirs)
    rated = select(ratings.c.ticket).where(ratings.c.desk == tx.desk)
    if teams is not None:
        rated = rated.join(
            tickets, and_(tickets.c.desk == ratings.c.desk, tickets.c.number == ratings.c.ticket)
        ).where(*theirs)
    return union(
        number.where(text(WORKED_ON)),
        *(
            number.where(when >= since)
            for when in (tickets.c.created_at, tickets.c.resolved_at, tickets.c.closed_at)
        ),
        *(rated.where(when >= since) for when in (ratings.c.rated_at, ratings.c.asked_at)),
    )
