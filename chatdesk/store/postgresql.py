"""What is PostgreSQL's alone. Imported only where it is used, since its driver takes nine MiB."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import psycopg
from psycopg.types.string import StrDumperUnknown
from sqlalchemy import Connection
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

_LISTEN_SECONDS = 1.0


def prepare(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
    """Before a connection is first used."""
    driver = entry.driver_connection
    assert isinstance(driver, psycopg.Connection)
    driver.adapters.register_dumper(str, _WithoutZero)


def notices(connection: Connection, ended: Callable[[], bool]) -> Iterator[str]:
    """What comes by NOTIFY where this connection listens. Until ``ended``, which is asked every second."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    while not ended():
        for notice in driver.notifies(timeout=_LISTEN_SECONDS, stop_after=1):
            yield notice.payload


class _WithoutZero(StrDumperUnknown):
    """PostgreSQL's text holds every character but this one, which SQLite keeps and nobody can see."""

    def dump(self, obj: str) -> bytes | bytearray | memoryview | None:
        return super().dump(obj.replace("\0", ""))
