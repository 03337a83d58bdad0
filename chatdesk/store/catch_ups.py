"""Which places are to be read again, in which order, and until when each installation was heard."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from sqlalchemy import (
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    case,
    delete,
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

from chatdesk.contract.vocabulary import Installation, Place, PlaceKind, Platform, Side
from chatdesk.domain.lifecycle import OVER, Status
from chatdesk.domain.ticket import ThreadState
from chatdesk.store.tables import Instant, catch_ups, heard, threads, tickets
from chatdesk.store.transaction import Transaction

_WAITS = select(catch_ups.c.waited_since).where(
    catch_ups.c.desk == bindparam("desk"),
    catch_ups.c.platform == bindparam("platform"),
    catch_ups.c.place == bindparam("place"),
    catch_ups.c.holds,
)


class Urgency(IntEnum):
    """What is read first; within one, the place where something happened last."""

    WAITED_FOR = 0
    """Somebody has just written there, and waits for it."""
    INTAKE = 1
    WORKING = 2
    """A place of a ticket that somebody works on."""
    RESOLVED = 3
    ROUTINE = 4
    """Nothing was missed as far as we know."""


@dataclass(frozen=True, slots=True)
class CatchUp:
    """A place that is to be read. ``since``: until when we heard what happened there; None if never.

    ``intake``: only what makes tickets is looked for. ``holds``: what is written there waits for its turn.
    """

    desk: str
    place: Place
    intake: bool
    since: datetime | None
    holds: bool
    urgency: Urgency
    active_at: datetime
    waited_since: datetime | None = None
    attempts: int = 0
    wanted_at: datetime | None = None


def want(tx: Transaction, wanted: CatchUp, now: datetime) -> None:
    """Have a place read. Where that is wanted already, the longer past and the greater urgency count."""
    known = find(tx, wanted.place)
    if known is not None:
        wanted = _both(known, wanted, now)
        forget(tx, wanted.place)
    tx.connection.execute(insert(catch_ups).values(_to_row(wanted, now)))


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


def _to_row(wanted: CatchUp, now: datetime) -> dict[str, object]:
    return {
        "desk": wanted.desk,
        "platform": wanted.place.platform,
        "place": wanted.place.id,
        "installation": wanted.place.installation.id,
        "intake": wanted.intake,
        "since": wanted.since,
        "holds": wanted.holds,
        "urgency": wanted.urgency,
        "active_at": wanted.active_at,
        "waited_since": wanted.waited_since,
        "wanted_at": now,
        "next_at": now,
        "attempts": 0,
    }


def _both(known: CatchUp, wanted: CatchUp, now: datetime) -> CatchUp:
    """Whoever waits there has waited in vain so far, as nobody could read it; their patience begins anew."""
    pasts = (known.since, wanted.since)
    return CatchUp(
        desk=wanted.desk,
        place=wanted.place,
        intake=known.intake and wanted.intake,
        since=min((one for one in pasts if one is not None), default=None) if all(pasts) else None,
        holds=known.holds or wanted.holds,
        urgency=min(known.urgency, wanted.urgency),
        active_at=max(known.active_at, wanted.active_at),
        waited_since=None if known.waited_since is None else now,
    )


def find(tx: Transaction, place: Place) -> CatchUp | None:
    row = tx.connection.execute(select(catch_ups).where(*_at(tx, place))).one_or_none()
    return None if row is None else _from_row(row)


def let_wait(tx: Transaction, place: Place, now: datetime) -> bool:
    """Whether what is written in a place has to wait. If so, it is read before others."""
    here = {"desk": tx.desk, "platform": place.platform, "place": place.id}
    row = tx.connection.execute(_WAITS, here).one_or_none()
    if row is None:
        return False
    if row.waited_since is None:
        tx.connection.execute(
            update(catch_ups)
            .where(*_at(tx, place))
            .values(waited_since=now, urgency=Urgency.WAITED_FOR, active_at=now)
        )
    return True


def let_go(tx: Transaction, place: Place) -> None:
    """Nothing waits in this place any longer, although it has not been read yet."""
    tx.connection.execute(update(catch_ups).where(*_at(tx, place)).values(holds=False))


def forget(tx: Transaction, place: Place) -> None:
    """The place has been read."""
    tx.connection.execute(delete(catch_ups).where(*_at(tx, place)))


def claim(tx: Transaction, place: Place, now: datetime, until: datetime) -> bool:
    """Whether a place is ours to read now; until then no other process takes it up."""
    claimed = tx.connection.execute(
        update(catch_ups)
        .where(*_at(tx, place), catch_ups.c.next_at <= now)
        .values(next_at=until, attempts=catch_ups.c.attempts + 1)
    )
    return claimed.rowcount == 1


def later(tx: Transaction, place: Place, at: datetime) -> None:
    """Reading did not work: not before then."""
    tx.connection.execute(update(catch_ups).where(*_at(tx, place)).values(next_at=at))


def soon(tx: Transaction, place: Place) -> None:
    """It has to be read once more."""
    tx.connection.execute(
        update(catch_ups).where(*_at(tx, place)).values(next_at=catch_ups.c.wanted_at, attempts=0)
    )


def due(
    connection: Connection, platforms: Collection[Platform], now: datetime, limit: int
) -> Sequence[CatchUp]:
    """What may be read now, the most urgent first."""
    found: list[CatchUp] = []
    for urgency in Urgency:  # each by itself, so that the index gives the order
        statement = (
            select(catch_ups)
            .where(
                catch_ups.c.urgency == urgency,
                catch_ups.c.platform.in_(platforms),
                catch_ups.c.next_at <= now,
            )
            .order_by(catch_ups.c.active_at.desc())
            .limit(limit - len(found))
        )
        found += [_from_row(row) for row in connection.execute(statement)]
        if len(found) >= limit:
            break
    return found


def waiting_too_long(connection: Connection, before: datetime) -> Sequence[CatchUp]:
    """Places where somebody has been waiting since before then."""
    statement = select(catch_ups).where(
        catch_ups.c.urgency == Urgency.WAITED_FOR, catch_ups.c.holds, catch_ups.c.waited_since < before
    )
    return [_from_row(row) for row in connection.execute(statement)]


def left(
    connection: Connection, platforms: Collection[Platform], urgency: Urgency
) -> frozenset[Installation]:
    """The installations with places of at least this urgency that are still to be read."""
    statement = (
        select(catch_ups.c.platform, catch_ups.c.installation)
        .where(catch_ups.c.platform.in_(platforms), catch_ups.c.urgency <= urgency)
        .distinct()
    )
    return frozenset(Installation(Platform(row[0]), row[1]) for row in connection.execute(statement))


def heard_until(tx: Transaction, installation: Installation) -> datetime | None:
    """Until when nothing that happened there can have been missed; None if it was never heard."""
    return tx.connection.execute(
        select(heard.c.until).where(
            heard.c.desk == tx.desk,
            heard.c.platform == installation.platform,
            heard.c.installation == installation.id,
        )
    ).scalar_one_or_none()


def note_heard(tx: Transaction, installation: Installation, until: datetime) -> None:
    """Nothing that happened there until then was missed, or will be once what is wanted has been read."""
    here = (
        heard.c.desk == tx.desk,
        heard.c.platform == installation.platform,
        heard.c.installation == installation.id,
    )
    done = tx.connection.execute(update(heard).where(*here).values(until=until))
    if done.rowcount == 0:
        tx.connection.execute(
            insert(heard).values(
                desk=tx.desk, platform=installation.platform, installation=installation.id, until=until
            )
        )


def _at(tx: Transaction, place: Place) -> tuple[ColumnElement[bool], ...]:
    return (
        catch_ups.c.desk == tx.desk,
        catch_ups.c.platform == place.platform,
        catch_ups.c.place == place.id,
    )


def _from_row(row: Row[tuple[object, ...]]) -> CatchUp:
    values = row._mapping
    return CatchUp(
        desk=values["desk"],
        place=Place(Installation(Platform(values["platform"]), values["installation"]), values["place"]),
        intake=values["intake"],
        since=values["since"],
        holds=values["holds"],
        urgency=Urgency(values["urgency"]),
        active_at=values["active_at"],
        waited_since=values["waited_since"],
        attempts=values["attempts"],
        wanted_at=values["wanted_at"],
    )
