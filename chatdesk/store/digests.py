"""Until when each team was told its numbers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from chatdesk.store.tables_reports import digests


def told(connection: Connection, desk: str) -> Mapping[str, datetime]:
    """By team; nothing of a team whose first digest is still to come."""
    statement = select(digests.c.team, digests.c.until).where(digests.c.desk == desk)
    return {row.team: row.until for row in connection.execute(statement)}


def put(connection: Connection, desk: str, team: str, until: datetime) -> None:
    its = (digests.c.desk == desk, digests.c.team == team)
    if connection.execute(update(digests).where(*its).values(until=until)).rowcount == 0:
        connection.execute(insert(digests).values(desk=desk, team=team, until=until))


def forget(connection: Connection, desk: str, team: str) -> None:
    """Of a team that gets none any more: should it get them again, it begins anew."""
    connection.execute(delete(digests).where(digests.c.desk == desk, digests.c.team == team))
