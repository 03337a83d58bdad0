"""Tickets that time ends or brings back, each kind found by its index."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Select, bindparam, exists, or_, select, text

from chatdesk.domain.endings import notice
from chatdesk.domain.erasure import ERASED, NEVER_NEWER
from chatdesk.domain.lifecycle import Status
from chatdesk.domain.organisation import Organisation
from chatdesk.domain.ticket import Ticket
from chatdesk.store import imports
from chatdesk.store.tables import WORKED_ON, posts, tickets
from chatdesk.store.tickets import from_row
from chatdesk.store.transaction import Transaction

MOST = 100
"""How many are taken at once; the rest are found at the next look."""
LISTED = 25


def _snoozed_of(column: Column[str | None]) -> Select[Any]:
    mine = (tickets.c.desk == bindparam("desk"), column == bindparam("whose"), text(WORKED_ON))
    return (
        select(tickets)
        .where(*mine, tickets.c.snoozed_at.is_not(None))
        .order_by(tickets.c.number)
        .limit(LISTED)
    )


_SNOOZED_OF_TEAM = _snoozed_of(tickets.c.team)
_SNOOZED_OF_PERSON = _snoozed_of(tickets.c.assignee)


def to_close(connection: Connection, desk: Organisation, now: datetime) -> Sequence[Ticket]:
    """Resolved and pending tickets about which nobody said anything for as long as the desk waits."""
    found: list[Ticket] = []
    if desk.close_resolved_after is not None:
        found += _waiting(connection, desk, Status.RESOLVED, now - desk.close_resolved_after)
    if desk.close_pending_after is not None:
        fair = (tickets.c.reminded_at <= now - notice(desk),) if desk.remind_pending_after is not None else ()
        found += _waiting(connection, desk, Status.PENDING, now - desk.close_pending_after, *fair)
    return found


def to_remind(connection: Connection, desk: Organisation, now: datetime) -> Sequence[Ticket]:
    """Pending tickets whose requester is to be told that we wait for them."""
    if desk.remind_pending_after is None:
        return []
    since = now - desk.remind_pending_after
    return _waiting(connection, desk, Status.PENDING, since, tickets.c.reminded_at.is_(None))


def to_forget(connection: Connection, desk: Organisation, now: datetime) -> Sequence[Ticket]:
    """Tickets that were closed so long ago that their words are no longer kept."""
    if desk.forget_closed_after is None:
        return []
    said = exists().where(
        posts.c.desk == tickets.c.desk, posts.c.ticket == tickets.c.number, posts.c.version != NEVER_NEWER
    )
    statement = (
        select(tickets)
        .where(
            tickets.c.desk == desk.desk,
            tickets.c.closed_at <= now - desk.forget_closed_after,
            tickets.c.status.in_((Status.CLOSED, Status.CANCELLED)),
            or_(tickets.c.title != ERASED, said),
        )
        .order_by(tickets.c.closed_at)
        .limit(MOST)
    )
    return [from_row(row) for row in connection.execute(statement)]


def _waiting(
    connection: Connection, desk: Organisation, status: Status, since: datetime, *and_: ColumnElement[bool]
) -> Sequence[Ticket]:
    statement = (
        select(tickets)
        .where(
            tickets.c.desk == desk.desk,
            tickets.c.status == status,
            tickets.c.waits_since.is_not(None),
            tickets.c.waits_since <= since,
            *and_,
        )
        .order_by(tickets.c.waits_since)
        .limit(MOST)
    )
    return [from_row(row) for row in connection.execute(statement)]


def without_beginning(connection: Connection, desk: Organisation) -> Sequence[Ticket]:
    """Tickets that wait, of which it is not known since when: they did before this was noted."""
    statuses = (Status.PENDING, Status.RESOLVED)
    statement = (
        select(tickets)
        .where(
            tickets.c.desk == desk.desk,
            tickets.c.status.in_(statuses),
            tickets.c.waits_since.is_(None),
            ~imports.resting(),
        )
        .order_by(tickets.c.number)
        .limit(MOST)
    )
    return [from_row(row) for row in connection.execute(statement)]


def to_wake(connection: Connection, desk: Organisation, now: datetime) -> Sequence[Ticket]:
    """Snoozed tickets whose time has come."""
    over = (tickets.c.snoozed_until.is_not(None), tickets.c.snoozed_until <= now)
    statement = (
        select(tickets)
        .where(*over, tickets.c.desk == desk.desk)
        .order_by(tickets.c.snoozed_until)
        .limit(MOST)
    )
    return [from_row(row) for row in connection.execute(statement)]


def to_follow_up(connection: Connection, desk: Organisation, now: datetime) -> Sequence[Ticket]:
    """Tickets of whose follow-up staff are to be reminded."""
    come = (tickets.c.follow_up_at.is_not(None), tickets.c.follow_up_at <= now)
    statement = (
        select(tickets).where(*come, tickets.c.desk == desk.desk).order_by(tickets.c.follow_up_at).limit(MOST)
    )
    return [from_row(row) for row in connection.execute(statement)]


def snoozed_of(tx: Transaction, teams: Collection[str], person: str) -> Sequence[Ticket]:
    """What some teams or a person have put out of sight, oldest first."""
    asked = [(_SNOOZED_OF_TEAM, team) for team in sorted(teams)] + [(_SNOOZED_OF_PERSON, person)]
    found: dict[int, Ticket] = {}
    for statement, whose in asked:
        for row in tx.connection.execute(statement, {"desk": tx.desk, "whose": whose}):
            found[row.number] = from_row(row)
    return [found[number] for number in sorted(found)][:LISTED]
