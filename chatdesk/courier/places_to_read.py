"""What is noted of a place while it is read, a transaction each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from chatdesk.contract.inbound import MessagePosted
from chatdesk.contract.outbound import Copy
from chatdesk.courier.looking_back import THREAD_MESSAGES
from chatdesk.store import catch_ups, desks, early, standing
from chatdesk.store.catch_ups import CatchUp
from chatdesk.store.early import Kept
from chatdesk.store.standing import Standing
from chatdesk.store.transaction import Transaction

CLAIMED = timedelta(minutes=15)
"""How long one process has for a place before another takes it up."""


def _reading(connection: Connection, wanted: CatchUp) -> Transaction | None:
    organisation = desks.load(connection, wanted.desk)
    return None if organisation is None else Transaction(connection, wanted.desk, organisation)


def known_in(connection: Connection, wanted: CatchUp) -> Standing:
    """What we know of a place, with what waits there: it may be gone from the place before its turn comes."""
    tx = _reading(connection, wanted)
    if tx is None:
        return Standing()
    found = standing.standing_in(tx, wanted.place)
    turn = early.kept(tx, wanted.place.platform, early.turn_of(wanted.place), limit=THREAD_MESSAGES)
    waiting = (Copy(standing.SOURCE, one.event.ref) for one in turn if isinstance(one.event, MessagePosted))
    return Standing((*found.messages, *waiting), found.reacted)


def kept(connection: Connection, wanted: CatchUp) -> Sequence[Kept]:
    """What was written there meanwhile and waits, in order."""
    tx = _reading(connection, wanted)
    if tx is None:
        return ()
    return early.kept(tx, wanted.place.platform, early.turn_of(wanted.place), limit=50)


def claimed(tx: Transaction, wanted: CatchUp, now: datetime) -> bool:
    """Whether it is ours to read now."""
    return catch_ups.claim(tx, wanted.place, now, now + CLAIMED)


def later(tx: Transaction, wanted: CatchUp, at: datetime) -> None:
    """It could not be read: not before then."""
    catch_ups.later(tx, wanted.place, at)


def let_go(tx: Transaction, wanted: CatchUp) -> None:
    """Nothing waits there any longer, unless somebody has begun to this very moment."""
    if not early.are_kept(tx, wanted.place.platform, {early.turn_of(wanted.place)}):
        catch_ups.let_go(tx, wanted.place)


def finished(tx: Transaction, wanted: CatchUp) -> None:
    """The place was read, unless it has to be once more: we were away again, or somebody waits."""
    current = catch_ups.find(tx, wanted.place)
    is_waited_for = early.are_kept(tx, wanted.place.platform, {early.turn_of(wanted.place)})
    if current is None or current.wanted_at != wanted.wanted_at or is_waited_for:
        if current is not None:
            catch_ups.soon(tx, wanted.place)
        return
    catch_ups.forget(tx, wanted.place)
