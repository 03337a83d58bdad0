"""Counts and lists for the operator, over all desks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, func, select

from chatdesk.contract.vocabulary import Installation, Platform
from chatdesk.store.tables import deliveries, effects, installations, tickets


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
