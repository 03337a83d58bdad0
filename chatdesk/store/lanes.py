"""Lanes: which have something that may be tried now, and taking it.

Within a lane only the oldest pending delivery is ever tried, one attempt at a time; what waits there blocks
its own lane and no other. All desks are served by the same queries.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    Integer,
    Join,
    Row,
    Select,
    and_,
    bindparam,
    func,
    select,
    update,
)
from sqlalchemy.sql.elements import ColumnElement

from chatdesk.contract.vocabulary import Installation, Platform
from chatdesk.domain.effects import CardChanged
from chatdesk.store import leases
from chatdesk.store.deliveries import (
    OF_EFFECT,
    THIS,
    DeliveryRow,
    DeliveryState,
    is_one,
    is_pending,
    load,
    selection,
)
from chatdesk.store.effect_rows import kind_of
from chatdesk.store.engine import now_there
from chatdesk.store.parts import Part, delivered_in
from chatdesk.store.tables import Instant, installations, threads
from chatdesk.store.tables_outbox import deliveries, effects


@dataclass(frozen=True, slots=True)
class LaneRef:
    desk: str
    lane: str


@dataclass(frozen=True, slots=True)
class DueLane:
    """A lane whose head may be tried.

    ``channel`` is what it shares a rate limit with: where its thread hangs, else its place, else the lane.
    ``refreshes``: it is to draw a card anew that stands there already.
    """

    desk: str
    lane: str
    installation: Installation
    channel: str
    refreshes: bool = False

    @property
    def ref(self) -> LaneRef:
        return LaneRef(self.desk, self.lane)


@dataclass(frozen=True, slots=True)
class DueLanes:
    """Lanes whose head may be tried now, longest waiting first, and when the next of the others may be."""

    now: tuple[DueLane, ...]
    next_at: datetime | None


def due(
    connection: Connection,
    platforms: Collection[Platform],
    now: datetime,
    limit: int,
    per_channel: int = 100,
    holder: str | None = None,
    parts: Collection[Part] = (),
) -> DueLanes:
    """What there is to do on these platforms, or these parts of them, at most so many lanes of one channel.

    Lanes of a paused installation wait. ``holder``: leave out what is in other replicas' hands.
    """
    look = _look(tuple(parts), holder is not None)
    asked: dict[str, object] = {"served": list(platforms), "at": now}
    if holder is not None:
        asked |= {"holder": holder, "there": now_there(connection)}
    ready = connection.execute(look.ready, asked | {"per_channel": per_channel, "most": limit})
    return DueLanes(
        now=tuple(replace(_due_lane(row), refreshes=bool(row.refreshes)) for row in ready),
        next_at=connection.execute(look.later, asked).scalar_one(),
    )


@dataclass(frozen=True, slots=True)
class _Look:
    """What may be tried now, and when the next of the others may be."""

    ready: Select[Any]
    later: Select[Any]


@lru_cache(maxsize=64)
def _look(parts: tuple[Part, ...], among_others: bool) -> _Look:
    """Built once, since it is asked after every commit and takes longer to build than to execute."""
    at = bindparam("at", type_=Instant)
    served: BindParameter[Any] = bindparam("served", expanding=True)
    waiting = [deliveries.c.state == DeliveryState.WAITING, _served(served, parts)]
    if among_others:
        waiting.append(~leases.delivered_by_another())
    channel = func.coalesce(threads.c.parent, deliveries.c.place, deliveries.c.lane)
    turn = func.row_number().over(
        partition_by=[deliveries.c.platform, deliveries.c.installation, channel],
        order_by=[deliveries.c.next_at, deliveries.c.id],
    )
    refreshes = and_(effects.c.kind == kind_of(CardChanged), threads.c.card.is_not(None)).label("refreshes")
    columns = select(deliveries, channel.label("channel"), turn.label("turn"), refreshes)
    ready = (
        _heads(columns, _with_thread().join(effects, OF_EFFECT))
        .where(*waiting, deliveries.c.next_at <= at)
        .subquery("ready")
    )
    return _Look(
        select(ready)
        .where(ready.c.turn <= bindparam("per_channel", type_=Integer))
        .order_by(ready.c.next_at, ready.c.id)
        .limit(bindparam("most", type_=Integer)),
        _heads(select(func.min(deliveries.c.next_at))).where(*waiting, deliveries.c.next_at > at),
    )


def of_paused(
    connection: Connection, platforms: Collection[Platform], parts: Collection[Part] = ()
) -> Sequence[DueLane]:
    """For each paused installation the lane that has waited longest for it."""
    here = deliveries.c.platform.in_(platforms)
    paused = (here, *_within(parts), installations.c.paused.is_not(None))
    statement = (
        _heads(select(deliveries, deliveries.c.lane.label("channel")))
        .where(deliveries.c.state == DeliveryState.WAITING, *paused)
        .order_by(deliveries.c.id)
    )
    found: dict[Installation, DueLane] = {}
    for row in connection.execute(statement):
        lane = _due_lane(row)
        found.setdefault(lane.installation, lane)
    return tuple(found.values())


def claim(
    connection: Connection,
    lane: LaneRef,
    platforms: Collection[Platform],
    now: datetime,
    parts: Collection[Part] = (),
) -> DeliveryRow | None:
    """Take the lane's head for an attempt, or None if it may not be tried now. Commit before trying it."""
    row = _head(connection, lane)
    if row is None or row.state != DeliveryState.WAITING or row.next_at > now:
        return None
    free = select(deliveries.c.id).where(is_one(row.desk, row.id), _served(platforms, parts))
    if connection.execute(free.select_from(_with_installation())).one_or_none() is None:
        return None
    return _claimed(connection, row, now)


def claim_for_trial(connection: Connection, lane: LaneRef, now: datetime) -> DeliveryRow | None:
    """Take the head of a lane whose installation is paused, to see whether its credentials work again."""
    row = _head(connection, lane)
    return None if row is None or row.state != DeliveryState.WAITING else _claimed(connection, row, now)


def _head(connection: Connection, lane: LaneRef) -> Row[Any] | None:
    return connection.execute(_HEAD, {"of_desk": lane.desk, "of_lane": lane.lane}).one_or_none()


def _claimed(connection: Connection, row: Row[Any], now: datetime) -> DeliveryRow | None:
    """Nobody else has taken it or is about to: nobody does before this transaction is over."""
    this = {"of_desk": row.desk, "of_id": row.id}
    if connection.execute(_FREE, this | {"seen": row.attempts}).first() is None:
        return None
    connection.execute(_TAKE, this | {"at": now})
    return load(connection, row.desk, row.id)


def recover(connection: Connection) -> int:
    """After a start: what was in flight when the process died may or may not have arrived; how many."""
    return _recover(connection)


def recover_installation(connection: Connection, installation: Installation) -> int:
    """The same for one installation, when its lease was taken over."""
    return _recover(
        connection,
        deliveries.c.platform == installation.platform,
        deliveries.c.installation == installation.id,
    )


def left_behind(
    connection: Connection, platforms: Collection[Platform], parts: Collection[Part] = ()
) -> Sequence[Installation]:
    """Where deliveries are in flight and no replica sees to them: the one that did is gone."""
    rows = connection.execute(
        select(deliveries.c.platform, deliveries.c.installation)
        .distinct()
        .where(
            is_pending(),
            deliveries.c.state == DeliveryState.IN_FLIGHT,
            deliveries.c.platform.in_(platforms),
            *_within(parts),
            leases.delivered_by_nobody(connection),
        )
    )
    return [Installation(Platform(row.platform), row.installation) for row in rows]


def recover_lane(connection: Connection, lane: LaneRef) -> int:
    """The same for a lane whose work was broken off."""
    return _recover(connection, deliveries.c.desk == lane.desk, deliveries.c.lane == lane.lane)


def _recover(connection: Connection, *which: ColumnElement[bool]) -> int:
    return connection.execute(
        update(deliveries)
        .where(is_pending(), deliveries.c.state == DeliveryState.IN_FLIGHT, *which)
        .values(state=DeliveryState.WAITING, uncertain=True)
    ).rowcount


def _served(
    platforms: Collection[Platform] | BindParameter[Any], parts: Collection[Part]
) -> ColumnElement[bool]:
    """The delivery's platform is on and its installation is not paused."""
    return and_(deliveries.c.platform.in_(platforms), *_within(parts), installations.c.paused.is_(None))


def _within(parts: Collection[Part]) -> tuple[ColumnElement[bool], ...]:
    return (delivered_in(parts),) if parts else ()


def _with_installation() -> Join:
    return deliveries.outerjoin(
        installations,
        and_(
            installations.c.desk == deliveries.c.desk,
            installations.c.platform == deliveries.c.platform,
            installations.c.id == deliveries.c.installation,
        ),
    )


def _with_thread() -> Join:
    return _with_installation().outerjoin(
        threads, and_(threads.c.desk == deliveries.c.desk, threads.c.id == deliveries.c.thread)
    )


def _due_lane(row: Row[Any]) -> DueLane:
    installation = Installation(Platform(row.platform), row.installation)
    return DueLane(row.desk, row.lane, installation, row.channel)


def _heads(statement: Select[Any], source: Join | None = None) -> Select[Any]:
    """A selection from the oldest pending delivery of each lane."""
    head = (
        select(deliveries.c.desk, func.min(deliveries.c.id).label("id"))
        .where(is_pending())
        .group_by(deliveries.c.desk, deliveries.c.lane)
        .subquery("head")
    )
    return statement.select_from(
        (source if source is not None else _with_installation()).join(
            head, and_(head.c.desk == deliveries.c.desk, head.c.id == deliveries.c.id)
        )
    )


_HEAD = (
    selection()
    .where(deliveries.c.desk == bindparam("of_desk"), deliveries.c.lane == bindparam("of_lane"), is_pending())
    .order_by(deliveries.c.id)
    .limit(1)
)
_FREE = (
    select(deliveries.c.id)
    .where(
        THIS,
        deliveries.c.state == DeliveryState.WAITING,
        deliveries.c.attempts == bindparam("seen"),
    )
    .with_for_update(skip_locked=True)
)
_TAKE = (
    update(deliveries)
    .where(THIS)
    .values(
        state=DeliveryState.IN_FLIGHT,
        attempts=deliveries.c.attempts + 1,
        tried_at=func.coalesce(deliveries.c.tried_at, bindparam("at", type_=Instant)),
    )
)
"""Built once: they are asked for with every delivery."""
