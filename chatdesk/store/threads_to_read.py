"""Places of tickets that are to be read again: chosen by one statement, as they can be tens of thousands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    Select,
    and_,
    case,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    union,
    update,
)
from sqlalchemy.sql.elements import ColumnElement

from chatdesk.contract.vocabulary import Installation, PlaceKind, Platform, Side
from chatdesk.domain.lifecycle import OVER, Status
from chatdesk.domain.ticket import ThreadState
from chatdesk.store.catch_ups import Urgency
from chatdesk.store.tables import Instant, threads, tickets
from chatdesk.store.tables_inbound import catch_ups
from chatdesk.store.transaction import Transaction


def want_threads(tx: Transaction, installation: Installation, threads_of: Threads, now: datetime) -> int:
    """Have the places of tickets read that are not over, or have not been for long; how many are wanted now.

    One statement, since they can be tens of thousands. A DM is read once for all its tickets. What is wanted
    already keeps its longer past.
    """
    here = (
        catch_ups.c.desk == tx.desk,
        catch_ups.c.platform == installation.platform,
        catch_ups.c.installation == installation.id,
    )
    if threads_of.holds:
        tx.connection.execute(update(catch_ups).where(*here).values(_again(now)))
    chosen = _threads(tx, installation.platform, threads_of, now)
    return _insert_unknown(tx, installation.platform, chosen.where(threads.c.installation == installation.id))


def want_directs(tx: Transaction, platform: Platform, threads_of: Threads, now: datetime) -> int:
    """The same for direct messages, whatever installation they belong to. Of two pasts the longer counts."""
    direct = exists().where(
        threads.c.desk == catch_ups.c.desk,
        threads.c.platform == catch_ups.c.platform,
        threads.c.place == catch_ups.c.place,
        threads.c.kind == PlaceKind.DM,
    )
    tx.connection.execute(
        update(catch_ups)
        .where(catch_ups.c.desk == tx.desk, catch_ups.c.platform == platform, direct)
        .values(_again(now) | {"since": _longer_past(threads_of.since)})
    )
    chosen = _threads(tx, platform, threads_of, now)
    return _insert_unknown(tx, platform, chosen.where(threads.c.kind == PlaceKind.DM))


def _longer_past(since: datetime | None) -> ColumnElement[datetime | None] | None:
    if since is None:
        return None
    return case((catch_ups.c.since > since, since), else_=catch_ups.c.since)


def _again(now: datetime) -> dict[str, object]:
    """What changes in a place that is wanted already and has to be read from now on."""
    waits = {"waited_since": case((catch_ups.c.waited_since.is_not(None), now))}
    return {"holds": True, "wanted_at": now, "next_at": now, "attempts": 0, **waits}


def _insert_unknown(tx: Transaction, platform: Platform, chosen: Select[tuple[object, ...]]) -> int:
    """A DM can be wanted for another installation already, of which the person has a ticket too."""
    known = select(catch_ups.c.place).where(catch_ups.c.desk == tx.desk, catch_ups.c.platform == platform)
    unknown = chosen.where(threads.c.place.not_in(known))
    names = [column.name for column in unknown.selected_columns]
    return tx.connection.execute(insert(catch_ups).from_select(names, unknown)).rowcount


@dataclass(frozen=True, slots=True)
class Threads:
    """Which threads are to be read, and how: those of tickets that are not over, or since ``lately``."""

    since: datetime | None
    lately: datetime
    holds: bool
    is_routine: bool = False


_speaks_to_a_party = and_(
    threads.c.state == ThreadState.CLOSED, threads.c.side == Side.TEAM, threads.c.party.is_not(None)
)
"""The old staff thread of a merged ticket: what is written there still goes to its requester."""


def _threads(
    tx: Transaction, platform: Platform, wanted: Threads, now: datetime
) -> Select[tuple[object, ...]]:
    is_worked_on = tickets.c.status.not_in((*OVER, Status.RESOLVED))
    here = tickets.c.desk == tx.desk
    not_over = select(tickets.c.number).where(here, tickets.c.status.in_(set(Status) - OVER))
    lately_over = select(tickets.c.number).where(here, tickets.c.closed_at > wanted.lately)
    urgency = (
        literal(int(Urgency.ROUTINE))
        if wanted.is_routine
        else func.min(case((is_worked_on, int(Urgency.WORKING)), else_=int(Urgency.RESOLVED)))
    )
    return (
        select(
            literal(tx.desk).label("desk"),
            literal(str(platform)).label("platform"),
            threads.c.place,
            func.min(threads.c.installation).label("installation"),
            literal(False).label("intake"),
            literal(wanted.since, Instant()).label("since"),
            literal(wanted.holds).label("holds"),
            urgency.label("urgency"),
            func.max(func.coalesce(tickets.c.last_post_at, tickets.c.created_at)).label("active_at"),
            literal(now, Instant()).label("wanted_at"),
            literal(now, Instant()).label("next_at"),
            literal(0).label("attempts"),
        )
        .join(tickets, and_(tickets.c.desk == threads.c.desk, tickets.c.number == threads.c.ticket))
        .where(
            here,
            tickets.c.number.in_(union(not_over, lately_over)),
            # So written that SQLite begins with the tickets: by platform it would read all threads.
            threads.c.platform.concat("") == platform,
            threads.c.place.is_not(None),
            or_(threads.c.state == ThreadState.OPEN, _speaks_to_a_party),
        )
        .group_by(threads.c.place)
    )
