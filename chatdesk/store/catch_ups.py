"""Which places are to be read again, in which order, and until when each installation was heard."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from sqlalchemy import (
    Connection,
    Row,
    bindparam,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.sql.elements import ColumnElement

from chatdesk.contract.vocabulary import Installation, Place, Platform
from chatdesk.store.tables_inbound import catch_ups
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
