"""The database's engine, and every difference between SQLite and PostgreSQL that the rest need not know.

On SQLite the driver is told to leave transactions alone, and ``BEGIN`` is sent by us: left to itself the
driver of Python 3.11 sends none before a savepoint, so that a released savepoint would be a commit.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

BUSY_SECONDS = 15
"""How long a writer waits for another process, such as a command, that is writing."""

_READS = "chatdesk_reads"


def open_engine(url: str) -> Engine:
    """An engine for ``sqlite:///path`` or ``postgresql+psycopg://…``. Connects when it is first used."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        return _open_sqlite(address)
    return create_engine(address, pool_pre_ping=True)


def for_reading(engine: Engine) -> Engine:
    """The same database, whose transactions take no write lock."""
    return engine.execution_options(**{_READS: True})


def change_counter(connection: Connection) -> int:
    """A number that differs from the last one when another process has written since.

    Always the same where the database cannot tell (PostgreSQL notifies instead).
    """
    driver = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        return 0
    row = driver.execute("PRAGMA data_version").fetchone()
    return int(row[0])


def still_in_transaction(connection: Connection) -> bool:
    """False where the database gave up the whole transaction by itself, as SQLite does on a full disk."""
    driver = connection.connection.driver_connection
    return not isinstance(driver, sqlite3.Connection) or driver.in_transaction


def _open_sqlite(address: URL) -> Engine:
    if address.database:
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        address,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False, "isolation_level": None},
    )
    event.listen(engine, "connect", _prepare_connection)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare_connection(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    reads = connection.get_execution_options().get(_READS, False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
