"""Tickets: numbers, loading, saving, lists."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import fields, replace
from datetime import datetime

from sqlalchemy import Connection, Row, and_, bindparam, exists, func, insert, or_, select, text, update

from chatdesk.contract.vocabulary import Installation, Place, Platform, Side
from chatdesk.domain.endings import settled
from chatdesk.domain.lifecycle import Status
from chatdesk.domain.organisation import ThreadMode
from chatdesk.domain.ticket import Ticket
from chatdesk.store import imports
from chatdesk.store.tables import WORKED_ON, desks, threads, ticket_people, tickets
from chatdesk.store.transaction import Transaction

_ADD = insert(tickets)
_LOAD = select(tickets).where(tickets.c.desk == bindparam("desk"), tickets.c.number == bindparam("number"))
_SAVE = update(tickets).where(
    tickets.c.desk == bindparam("its_desk"),
    tickets.c.number == bindparam("its_number"),
    tickets.c.version == bindparam("known_version"),
)
_QUEUE = (
    select(tickets)
    .where(tickets.c.desk == bindparam("desk"), tickets.c.team == bindparam("team"), text(WORKED_ON))
    .where(tickets.c.snoozed_at.is_(None))
    .order_by(tickets.c.number)
    .limit(bindparam("most"))
)
_ASSIGNED = (
    select(tickets)
    .where(tickets.c.desk == bindparam("desk"), tickets.c.assignee == bindparam("person"), text(WORKED_ON))
    .where(tickets.c.snoozed_at.is_(None))
    .order_by(tickets.c.number)
    .limit(bindparam("most"))
)
_COLUMNS = tuple(field.name for field in fields(Ticket) if field.name != "origin")


class StaleTicket(Exception):
    """Somebody else saved the ticket since it was loaded; the use case is to be run again."""


def next_number(tx: Transaction) -> int:
    """Take the desk's next ticket number."""
    statement = (
        update(desks)
        .where(desks.c.id == tx.desk)
        .values(last_ticket=desks.c.last_ticket + 1)
        .returning(desks.c.last_ticket)
    )
    return int(tx.connection.execute(statement).scalar_one())


def add(tx: Transaction, ticket: Ticket) -> None:
    tx.connection.execute(_ADD, _to_row(ticket))


def load(tx: Transaction, number: int) -> Ticket | None:
    row = tx.connection.execute(_LOAD, {"desk": tx.desk, "number": number}).one_or_none()
    return None if row is None else from_row(row)


def save(tx: Transaction, ticket: Ticket) -> Ticket:
    """Save a changed ticket and return it with its new version. Raises StaleTicket."""
    saved = replace(settled(ticket), version=ticket.version + 1)
    known = {"its_desk": tx.desk, "its_number": ticket.number, "known_version": ticket.version}
    if tx.connection.execute(_SAVE, _to_row(saved) | known).rowcount != 1:
        raise StaleTicket(f"ticket {ticket.number} was changed meanwhile")
    return saved


def of_person(
    tx: Transaction, person: str, statuses: Collection[Status], limit: int = 25
) -> Sequence[Ticket]:
    """Tickets that a person asked for or takes part in, newest first."""
    takes_part = (
        select(ticket_people.c.ticket)
        .where(ticket_people.c.desk == tx.desk, ticket_people.c.person == person)
        .scalar_subquery()
    )
    statement = (
        select(tickets)
        .where(
            tickets.c.desk == tx.desk,
            or_(tickets.c.requester == person, tickets.c.number.in_(takes_part)),
            tickets.c.status.in_(statuses),
        )
        .order_by(tickets.c.number.desc())
        .limit(limit)
    )
    return [from_row(row) for row in tx.connection.execute(statement)]


def queue_of(tx: Transaction, teams: Collection[str], limit: int = 25) -> Sequence[Ticket]:
    """What some teams have to work on now, oldest first: without what is snoozed."""
    found: list[Ticket] = []
    for team in teams:
        asked = {"desk": tx.desk, "team": team, "most": limit}
        found += [from_row(row) for row in tx.connection.execute(_QUEUE, asked)]
    return sorted(found, key=lambda ticket: ticket.number)[:limit]


def without_team_thread(tx: Transaction, team: str, statuses: Collection[Status]) -> Sequence[Ticket]:
    """A team's tickets that never had a thread of that team, oldest first; not those that rest."""
    has_thread = exists().where(
        threads.c.desk == tickets.c.desk,
        threads.c.ticket == tickets.c.number,
        threads.c.side == Side.TEAM,
        threads.c.team == team,
    )
    statement = (
        select(tickets)
        .where(
            tickets.c.desk == tx.desk,
            tickets.c.team == team,
            tickets.c.status.in_(statuses),
            ~has_thread,
            ~imports.resting(),
        )
        .order_by(tickets.c.number)
    )
    return [from_row(row) for row in tx.connection.execute(statement)]


def assigned_to(tx: Transaction, person: str, limit: int = 25) -> Sequence[Ticket]:
    """What a person has to work on now, oldest first: without what is snoozed."""
    asked = {"desk": tx.desk, "person": person, "most": limit}
    return [from_row(row) for row in tx.connection.execute(_ASSIGNED, asked)]


def drafts_until(connection: Connection, now: datetime, limit: int = 100) -> Sequence[Ticket]:
    """Drafts of all desks whose time is over."""
    statement = (
        select(tickets)
        .where(tickets.c.draft_until <= now, tickets.c.status == Status.DRAFT)
        .order_by(tickets.c.draft_until)
        .limit(limit)
    )
    return [from_row(row) for row in connection.execute(statement)]


def latest(tx: Transaction, limit: int = 100) -> Sequence[Ticket]:
    """The newest tickets, whatever their status."""
    statement = (
        select(tickets).where(tickets.c.desk == tx.desk).order_by(tickets.c.number.desc()).limit(limit)
    )
    return [from_row(row) for row in tx.connection.execute(statement)]


def earlier_of(tx: Transaction, requester: str, before: int) -> tuple[int, int]:
    """How many tickets a requester had before this one, and how many of those were reopened."""
    statement = select(func.count(), func.count().filter(tickets.c.reopens > 0)).where(
        and_(tickets.c.desk == tx.desk, tickets.c.requester == requester, tickets.c.number < before)
    )
    count, reopened = tx.connection.execute(statement).one()
    return int(count), int(reopened)


def _to_row(ticket: Ticket) -> dict[str, object]:
    row = {name: getattr(ticket, name) for name in _COLUMNS}
    origin = ticket.origin
    return row | {
        "tags": list(ticket.tags),
        "fields": [list(pair) for pair in ticket.fields],
        "origin_platform": origin and origin.platform,
        "origin_installation": origin and origin.installation.id,
        "origin_place": origin and origin.id,
    }


def from_row(row: Row[tuple[object, ...]]) -> Ticket:
    values = dict(row._mapping)
    platform = values.pop("origin_platform")
    installation = values.pop("origin_installation")
    place = values.pop("origin_place")
    origin = Place(Installation(Platform(platform), installation), place) if platform else None
    return Ticket(
        **values
        | {
            "status": Status(values["status"]),
            "mode": ThreadMode(values["mode"]),
            "tags": tuple(values["tags"]),
            "fields": tuple((key, value) for key, value in values["fields"]),
            "origin": origin,
        }
    )
