"""Which places have to be read again after we were away, and which come first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from chatdesk.contract.inbound import MessagePosted
from chatdesk.contract.ports import Answer
from chatdesk.contract.vocabulary import Installation, Platform
from chatdesk.desk import intake
from chatdesk.store import catch_ups, channels, hearing, threads, threads_to_read
from chatdesk.store.catch_ups import CatchUp, Urgency
from chatdesk.store.threads_to_read import Threads
from chatdesk.store.transaction import Transaction

OVERLAP = timedelta(minutes=10)
"""What was heard last may have been lost on the way: platforms send again for some minutes."""
ROUTINE = timedelta(hours=6)
"""How often everything is looked at again, although nothing is known to be missed."""
RECENTLY = timedelta(days=7)
"""How long after a ticket is over its places are still read."""


def missed_something(tx: Transaction, installation: Installation, now: datetime) -> int:
    """An installation is connected again: read every place of it where something may have happened."""
    heard = hearing.heard_until(tx, installation)
    since = None if heard is None else heard - OVERLAP
    count = threads_to_read.want_threads(tx, installation, Threads(since, now - RECENTLY, holds=True), now)
    if since is not None:
        for one in _intake(tx, installation, since, now):
            catch_ups.want(tx, one, now)
            count += 1
    hearing.note_heard(tx, installation, now)
    return count


def missed_directs(tx: Transaction, platform: Platform, heard: datetime | None, now: datetime) -> int:
    """What was written to us directly may have been missed, whatever installation it belongs to."""
    since = None if heard is None else heard - OVERLAP
    return threads_to_read.want_directs(tx, platform, Threads(since, now - RECENTLY, holds=True), now)


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
    heard = hearing.heard_until(tx, installation)
    if heard is None:
        return 0
    since = heard - ROUTINE - OVERLAP
    threads_of = Threads(since, now - RECENTLY, holds=False, is_routine=True)
    count = threads_to_read.want_threads(tx, installation, threads_of, now)
    for one in _intake(tx, installation, since, now):
        if catch_ups.find(tx, one.place) is None:
            catch_ups.want(tx, replace(one, holds=False, urgency=Urgency.ROUTINE), now)
            count += 1
    return count


def _intake(tx: Transaction, installation: Installation, since: datetime, now: datetime) -> Iterator[CatchUp]:
    """The channels in which tickets are made."""
    resolved = (channels.resolve(tx, route.channel) for route in tx.organisation.routes)
    for place in dict.fromkeys(place for place in resolved if place is not None):
        if place.installation == installation:
            yield CatchUp(tx.desk, place, True, since, True, Urgency.INTAKE, now)
