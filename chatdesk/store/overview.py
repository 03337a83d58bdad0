"""Counts and lists for the operator, over all desks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, func, select

from chatdesk.contract.vocabulary import Installation, Platform
from chatdesk.store.deliveries import is_pending
from chatdesk.store.tables import installations, tickets
from chatdesk.store.tables_outbox import deliveries, effects


@dataclass(frozen=True, slots=True)
class Trouble:
    """A delivery that failed for good, or that failed before and waits for another try."""

    desk: str
    id: str
    ticket: int | None
    kind: str
    lane: str
    platform: str
    state: str
    attempts: int
    next_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits for an installation. ``oldest`` is when the oldest of it was written."""

    desk: str
    installation: Installation
    depth: int
    oldest: datetime | None
    paused: str | None

    def age(self, now: datetime) -> timedelta:
        return timedelta() if self.oldest is None else max(now - self.oldest, timedelta())


@dataclass(frozen=True, slots=True)
class InstallationState:
    desk: str
    installation: Installation
    name: str
    connected_at: datetime
    paused: str | None


def troubles(connection: Connection, limit: int = 200) -> tuple[Trouble, ...]:
    """Oldest first."""
    rows = connection.execute(
        select(deliveries, effects.c.ticket, effects.c.kind)
        .join(effects, and_(effects.c.desk == deliveries.c.desk, effects.c.id == deliveries.c.effect))
        .where(
            (deliveries.c.state == "failed")
            | ((deliveries.c.state == "waiting") & (deliveries.c.attempts > 0))
        )
        .order_by(deliveries.c.id)
        .limit(limit)
    )
    return tuple(
        Trouble(
            row.desk,
            row.id,
            row.ticket,
            row.kind,
            row.lane,
            row.platform,
            row.state,
            row.attempts,
            row.next_at,
            row.reason or "",
        )
        for row in rows
    )


def tickets_by_status(connection: Connection, desk: str) -> Mapping[str, int]:
    rows = connection.execute(
        select(tickets.c.status, func.count()).where(tickets.c.desk == desk).group_by(tickets.c.status)
    )
    return {row[0]: row[1] for row in rows}


def deliveries_by_state(connection: Connection) -> Mapping[str, int]:
    rows = connection.execute(
        select(deliveries.c.state, func.count())
        .where(deliveries.c.state.in_(["waiting", "in_flight", "failed"]))
        .group_by(deliveries.c.state)
    )
    return {row[0]: row[1] for row in rows}


def backlogs(connection: Connection) -> tuple[Backlog, ...]:
    """Of every installation, also where nothing waits; and of those that were never connected."""
    key = (deliveries.c.desk, deliveries.c.platform, deliveries.c.installation)
    rows = connection.execute(
        select(*key, func.count().label("depth"), func.min(deliveries.c.id).label("first"))
        .where(is_pending())
        .group_by(*key)
    ).all()
    waiting = {(row.desk, Installation(Platform(row.platform), row.installation)): row for row in rows}
    states = {(one.desk, one.installation): one.paused for one in installed(connection)}
    found = []
    for desk, installation in sorted({*states, *waiting}, key=str):
        row = waiting.get((desk, installation))
        oldest = None if row is None else _written_at(connection, desk, row.first)
        depth = 0 if row is None else row.depth
        found.append(Backlog(desk, installation, depth, oldest, states.get((desk, installation))))
    return tuple(found)


def _written_at(connection: Connection, desk: str, delivery: str) -> datetime | None:
    return connection.execute(
        select(deliveries.c.created_at).where(deliveries.c.desk == desk, deliveries.c.id == delivery)
    ).scalar_one_or_none()


def waiting_for(connection: Connection, installation: Installation) -> int:
    """How many deliveries wait for an installation."""
    mine = (
        deliveries.c.platform == installation.platform,
        deliveries.c.installation == installation.id,
        is_pending(),
    )
    return connection.execute(select(func.count()).select_from(deliveries).where(*mine)).scalar_one()


def installed(connection: Connection) -> tuple[InstallationState, ...]:
    rows = connection.execute(
        select(installations).order_by(installations.c.desk, installations.c.platform, installations.c.id)
    )
    return tuple(
        InstallationState(
            row.desk, Installation(Platform(row.platform), row.id), row.name, row.connected_at, row.paused
        )
        for row in rows
    )
