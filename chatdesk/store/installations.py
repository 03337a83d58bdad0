"""Installations whose credentials stopped working: nothing is delivered there until they connect again."""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from chatdesk.contract.vocabulary import Installation
from chatdesk.store.tables import installations


def pause(connection: Connection, installation: Installation, reason: str) -> None:
    """Let what is addressed there wait. Connecting again ends it."""
    connection.execute(
        update(installations)
        .where(installations.c.platform == installation.platform, installations.c.id == installation.id)
        .values(paused=reason)
    )


def paused(connection: Connection, installation: Installation) -> str | None:
    """Why nothing is delivered there, or None if it is."""
    return connection.execute(
        select(installations.c.paused).where(
            installations.c.platform == installation.platform, installations.c.id == installation.id
        )
    ).scalar_one_or_none()
