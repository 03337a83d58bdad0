"""Who was given a ticket in turn, who is away, and how much everybody has."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, func, insert, or_, select, text, update

from chatdesk.store.tables import WORKED_ON, tickets
from chatdesk.store.tables_automation import away, turns
from chatdesk.store.transaction import Transaction


def given(tx: Transaction, team: str) -> Mapping[str, datetime]:
    """When each of a team's agents was given a ticket in turn."""
    statement = select(turns.c.person, turns.c.at).where(turns.c.desk == tx.desk, turns.c.team == team)
    return {row.person: row.at for row in tx.connection.execute(statement)}


def give(tx: Transaction, team: str, person: str, now: datetime) -> None:
    """It was this person's turn."""
    tx.connection.execute(
        delete(turns).where(turns.c.desk == tx.desk, turns.c.team == team, turns.c.person == person)
    )
    tx.connection.execute(insert(turns).values(desk=tx.desk, team=team, person=person, at=now))


def loads(tx: Transaction) -> Mapping[str, int]:
    """How many tickets everybody who has any works on."""
    statement = (
        select(tickets.c.assignee, func.count())
        .where(tickets.c.desk == tx.desk, tickets.c.assignee.is_not(None), text(WORKED_ON))
        .group_by(tickets.c.assignee)
    )
    return {row[0]: row[1] for row in tx.connection.execute(statement)}


def previous_agent(tx: Transaction, requester: str, before: int) -> str | None:
    """Who had the last of the requester's earlier tickets that anybody had."""
    statement = (
        select(tickets.c.assignee)
        .where(
            tickets.c.desk == tx.desk,
            tickets.c.requester == requester,
            tickets.c.number < before,
            tickets.c.assignee.is_not(None),
        )
        .order_by(tickets.c.number.desc())
        .limit(1)
    )
    return tx.connection.execute(statement).scalars().first()


def go_away(tx: Transaction, person: str, since: datetime, until: datetime | None) -> None:
    """Somebody is away, until they are back or until then."""
    come_back(tx, person)
    tx.connection.execute(insert(away).values(desk=tx.desk, person=person, since=since, until=until))


def come_back(tx: Transaction, person: str) -> bool:
    """False if they were not away."""
    gone = delete(away).where(away.c.desk == tx.desk, away.c.person == person)
    return tx.connection.execute(gone).rowcount == 1


def away_now(tx: Transaction, now: datetime) -> Mapping[str, datetime | None]:
    """Who is away, and until when."""
    statement = select(away.c.person, away.c.until).where(
        away.c.desk == tx.desk, or_(away.c.until.is_(None), away.c.until > now)
    )
    return {row.person: row.until for row in tx.connection.execute(statement)}


def become_one(tx: Transaction, kept: str, other: str) -> None:
    """Two persons turn out to be one."""
    tx.connection.execute(delete(turns).where(turns.c.desk == tx.desk, turns.c.person == other))
    gone = set(tx.connection.execute(select(away.c.person).where(away.c.desk == tx.desk)).scalars())
    others = (away.c.desk == tx.desk, away.c.person == other)
    if kept in gone:
        tx.connection.execute(delete(away).where(*others))
    else:
        tx.connection.execute(update(away).where(*others).values(person=kept))
