"""What numbers are reckoned from: tickets of a period with their histories, read in a few statements."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, exists, func, or_, select, text

from chatdesk.contract.vocabulary import Installation, Place, PlaceKind, Platform, Side
from chatdesk.domain.lifecycle import Status
from chatdesk.domain.ticket import HistoryEntry
from chatdesk.store.tables import WORKED_ON, channels, history, threads, tickets
from chatdesk.store.tables_closing import ratings
from chatdesk.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Row:
    """What a ticket is now. ``asked_at`` is the channel that its requester's first thread stands in."""

    number: int
    status: Status
    requester: str
    team: str | None
    category: str | None
    priority: str
    assignee: str | None
    asked_at: Place | None
    by_dm: bool = False
    score: int | None = None
    rated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A ticket and its history, oldest first."""

    row: Row
    history: tuple[HistoryEntry, ...]


def told_since(tx: Transaction, since: datetime, teams: Collection[str] | None = None) -> Iterator[Told]:
    """Tickets that anybody still works on, or that began, ended or were rated since then.

    Of these teams alone, if any are named.
    """
    places = _places(tx, since, teams)
    entries = _histories(tx, since, teams)
    statement = (
        select(tickets, ratings.c.score, ratings.c.rated_at)
        .outerjoin(ratings, and_(ratings.c.desk == tickets.c.desk, ratings.c.ticket == tickets.c.number))
        .where(tickets.c.desk == tx.desk, tickets.c.number.in_(_concerned(tx, since, teams)))
        .order_by(tickets.c.number)
    )
    for row in tx.connection.execute(statement):
        place, by_dm = places.get(row.number, (None, False))
        known = Row(
            number=row.number,
            status=Status(row.status),
            requester=row.requester,
            team=row.team,
            category=row.category,
            priority=row.priority,
            assignee=row.assignee,
            asked_at=place,
            by_dm=by_dm,
            score=row.score,
            rated_at=row.rated_at,
        )
        yield Told(known, tuple(entries.get(row.number, ())))


def count_since(tx: Transaction, since: datetime, teams: Collection[str] | None = None) -> int:
    """How many tickets those are."""
    found = _concerned(tx, since, teams).subquery()
    return tx.connection.scalar(select(func.count()).select_from(found)) or 0


def channel_names(tx: Transaction) -> Mapping[tuple[str, str], str]:
    """Every channel that we have heard of, by platform and id."""
    statement = select(channels.c.platform, channels.c.id, channels.c.name).where(channels.c.desk == tx.desk)
    return {(row.platform, row.id): row.name for row in tx.connection.execute(statement)}


def _concerned(tx: Transaction, since: datetime, teams: Collection[str] | None) -> Select[int]:
    rated = exists().where(
        ratings.c.desk == tickets.c.desk, ratings.c.ticket == tickets.c.number, ratings.c.rated_at >= since
    )
    of_teams = () if teams is None else (tickets.c.team.in_(list(teams)),)
    return select(tickets.c.number).where(
        tickets.c.desk == tx.desk,
        *of_teams,
        or_(
            text(WORKED_ON),
            tickets.c.created_at >= since,
            tickets.c.resolved_at >= since,
            tickets.c.closed_at >= since,
            rated,
        ),
    )


def _histories(
    tx: Transaction, since: datetime, teams: Collection[str] | None
) -> dict[int, list[HistoryEntry]]:
    statement = (
        select(history)
        .where(history.c.desk == tx.desk, history.c.ticket.in_(_concerned(tx, since, teams)))
        .order_by(history.c.ticket, history.c.id)
    )
    found: dict[int, list[HistoryEntry]] = {}
    for row in tx.connection.execute(statement):
        entry = HistoryEntry(
            row.desk, row.id, row.ticket, row.kind, row.actor, row.platform, row.means, row.at,
            tuple(row.data.items()),
        )  # fmt: skip
        found.setdefault(row.ticket, []).append(entry)
    return found


def _places(tx: Transaction, since: datetime, teams: Collection[str] | None) -> dict[int, tuple[Place, bool]]:
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
        row.ticket: (
            Place(Installation(Platform(row.platform), row.installation), row.parent),
            row.kind == PlaceKind.DM,
        )
        for row in tx.connection.execute(statement)
    }
