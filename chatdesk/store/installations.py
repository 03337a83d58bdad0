"""Installations whose credentials stopped working: nothing is delivered there until they connect again."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select, update
from sqlalchemy.sql.elements import ColumnElement

from chatdesk.contract.vocabulary import Installation, Platform
from chatdesk.store.committing import announce
from chatdesk.store.tables import installations


def pause(connection: Connection, installation: Installation, reason: str) -> bool:
    """Let what is addressed there wait, until it connects again or a trial succeeds. False if it did already.

    The reason is that of the newest try.
    """
    begun = update(installations).where(*_is(installation), installations.c.paused.is_(None))
    if connection.execute(begun.values(paused=reason)).rowcount:
        return True
    connection.execute(update(installations).where(*_is(installation)).values(paused=reason))
    return False


def resume(connection: Connection, installation: Installation) -> bool:
    """Deliver there again. False if nothing was paused."""
    ended = update(installations).where(*_is(installation), installations.c.paused.is_not(None))
    if not connection.execute(ended.values(paused=None)).rowcount:
        return False
    announce(connection)
    return True


def paused(connection: Connection, installation: Installation) -> str | None:
    """Why nothing is delivered there, or None if it is."""
    return connection.execute(select(installations.c.paused).where(*_is(installation))).scalar_one_or_none()


def desks_of(connection: Connection, installation: Installation) -> Sequence[str]:
    """The desks that are installed there."""
    rows = connection.execute(select(installations.c.desk).where(*_is(installation)))
    return [row.desk for row in rows]


def of_desk(connection: Connection, desk: str) -> Sequence[Installation]:
    """Where a desk is installed."""
    rows = connection.execute(
        select(installations.c.platform, installations.c.id).where(installations.c.desk == desk)
    )
    return [Installation(Platform(row.platform), row.id) for row in rows]


def named(connection: Connection, installation: Installation) -> str:
    """What it calls itself, or its id."""
    name = connection.execute(select(installations.c.name).where(*_is(installation))).scalars().first()
    return name or installation.id


def _is(installation: Installation) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return installations.c.platform == installation.platform, installations.c.id == installation.id
