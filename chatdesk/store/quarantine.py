"""Events that could not be handled, kept until they can be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from chatdesk.contract import codec
from chatdesk.contract.inbound import Inbound
from chatdesk.store.ids import new_id
from chatdesk.store.tables_inbound import quarantine


@dataclass(frozen=True, slots=True)
class Held:
    """An event in quarantine. ``event`` is None where this version no longer understands it."""

    id: str
    kind: str
    event: Inbound | None
    error: str
    attempts: int
    at: datetime


def put(connection: Connection, event: Inbound, error: str, now: datetime) -> str:
    """Keep an event that failed; its id."""
    held = new_id()
    connection.execute(
        insert(quarantine).values(id=held, event=codec.dump(event), error=error, attempts=1, at=now)
    )
    return held


def listed(connection: Connection, limit: int = 100) -> tuple[Held, ...]:
    """What is still held, oldest first."""
    rows = connection.execute(
        select(quarantine).where(quarantine.c.released_at.is_(None)).order_by(quarantine.c.id).limit(limit)
    )
    return tuple(
        Held(row.id, str(row.event.get("event")), _event(row.event), row.error, row.attempts, row.at)
        for row in rows
    )


def count(connection: Connection) -> int:
    statement = select(func.count()).select_from(quarantine).where(quarantine.c.released_at.is_(None))
    return connection.scalar(statement) or 0


def release(connection: Connection, held: str, now: datetime) -> None:
    """It was handled after all, or is given up."""
    connection.execute(update(quarantine).where(quarantine.c.id == held).values(released_at=now))


def failed_again(connection: Connection, held: str, error: str) -> None:
    connection.execute(
        update(quarantine)
        .where(quarantine.c.id == held)
        .values(error=error, attempts=quarantine.c.attempts + 1)
    )


def _event(document: dict[str, object]) -> Inbound | None:
    try:
        return codec.load(document)
    except ValueError:
        return None
