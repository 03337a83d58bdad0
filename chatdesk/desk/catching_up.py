"""Which places have to be read again after we were away, and which come first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import and_, select

from chatdesk.contract.inbound import MessagePosted
from chatdesk.contract.ports import Answer
from chatdesk.contract.vocabulary import Installation, Place
from chatdesk.desk import intake
from chatdesk.domain.lifecycle import OVER, Status
from chatdesk.domain.ticket import ThreadState
from chatdesk.store import catch_ups, channels, threads
from chatdesk.store.catch_ups import CatchUp, Urgency
from chatdesk.store.tables import threads as thread_table
from chatdesk.store.tables import tickets
from chatdesk.store.transaction import Transaction

OVERLAP = timedelta(minutes=10)
"""What was heard last may have been lost on the way: platforms send again for some minutes."""
RECENTLY = timedelta(days=7)
"""How long after a ticket is over its places are still read."""


def missed_something(tx: Transaction, installation: Installation, now: datetime) -> int:
    """An installation is connected again: read every place of it where something may have happened."""
    heard = catch_ups.heard_until(tx, installation)
    since = None if heard is None else heard - OVERLAP
    wanted = [*_threads(tx, installation, since, now)]
    if since is not None:
        wanted += _intake(tx, installation, since, now)
    catch_ups.want_all(tx, installation, wanted, now)
    catch_ups.note_heard(tx, installation, now)
    return len(wanted)


def take_in(tx: Transaction, event: MessagePosted, now: datetime) -> Answer:
    """Take in a message of the past. If it made a ticket, what was said under it has not been read yet."""
    stands = event.thread
    is_new = stands is not None and not threads.at_place(tx, stands)
    answer = intake.take_in(tx, event, now)
    if stands is not None and is_new and threads.at_place(tx, stands):
        wanted = CatchUp(tx.desk, stands, False, None, True, Urgency.WORKING, now)
        catch_ups.want(tx, wanted, now)
    return answer


def look_again(tx: Transaction, installation: Installation, now: datetime) -> int:
    """Nothing is known to be missed, but a platform may have lost something all the same."""
    heard = catch_ups.heard_until(tx, installation)
    if heard is None:
        return 0
    count = 0
    for one in (*_threads(tx, installation, heard - OVERLAP, now), *_intake(tx, installation, heard, now)):
        if catch_ups.find(tx, one.place) is None:
            routine = CatchUp(
                one.desk, one.place, one.intake, one.since, False, Urgency.ROUTINE, one.active_at
            )
            catch_ups.want(tx, routine, now)
            count += 1
    return count


def _threads(
    tx: Transaction, installation: Installation, since: datetime | None, now: datetime
) -> Iterator[CatchUp]:
    """The places of tickets that are not over, or have not been for long; a DM once, for all its tickets."""
    statement = (
        select(thread_table.c.place, tickets.c.status, tickets.c.last_post_at, tickets.c.created_at)
        .join(tickets, and_(tickets.c.desk == thread_table.c.desk, tickets.c.number == thread_table.c.ticket))
        .where(
            tickets.c.desk == tx.desk,
            thread_table.c.platform == installation.platform,
            thread_table.c.installation == installation.id,
            thread_table.c.place.is_not(None),
            thread_table.c.state == ThreadState.OPEN,
            tickets.c.status.not_in(OVER) | (tickets.c.last_post_at > now - RECENTLY),
        )
    )
    places: dict[str, CatchUp] = {}
    for row in tx.connection.execute(statement):
        is_worked_on = row.status not in (*OVER, Status.RESOLVED)
        one = CatchUp(
            desk=tx.desk,
            place=Place(installation, row.place),
            intake=False,
            since=since,
            holds=True,
            urgency=Urgency.WORKING if is_worked_on else Urgency.RESOLVED,
            active_at=row.last_post_at or row.created_at,
        )
        known = places.get(row.place)
        if known is None or (one.urgency, known.active_at) < (known.urgency, one.active_at):
            places[row.place] = one
    yield from places.values()


def _intake(tx: Transaction, installation: Installation, since: datetime, now: datetime) -> Iterator[CatchUp]:
    """The channels in which tickets are made."""
    resolved = (channels.resolve(tx, route.channel) for route in tx.organisation.routes)
    for place in dict.fromkeys(place for place in resolved if place is not None):
        if place.installation == installation:
            yield CatchUp(tx.desk, place, True, since, True, Urgency.INTAKE, now)
