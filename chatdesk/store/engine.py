"""The database's engine, and every difference between SQLite and PostgreSQL that the rest need not know.

On SQLite one thread writes and much shares a commit. On PostgreSQL a few threads write, also in other
processes, a transaction each; what one desk does is put in a row by its own row (``take_turn``), so that use
cases, which look before they write, need not know of each other.

On SQLite the driver is told to leave transactions alone, and ``BEGIN`` is sent by us: left to itself the
driver of Python 3.11 sends none before a savepoint, so that a released savepoint would be a commit.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, func, make_url, select
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from chatdesk.store import ids
from chatdesk.store.tables import desks

BUSY_SECONDS = 15
"""How long a writer waits for another process, such as a command, that is writing."""

READERS = 4
"""How many threads read at once."""

_READS = "chatdesk_reads"
_SPARE_CONNECTIONS = 4
_CONNECT_SECONDS = 10
_UPGRADES = 0x63_68_61_74
"""The advisory lock under which one process at a time changes the schema."""

_AGAIN = frozenset({"40001", "40P01", "23505", "55P03"})
"""SQLSTATEs after which the same work, done again, finds what it collided with: serialization failure,
deadlock, unique violation, lock not available."""


@dataclass(frozen=True, slots=True)
class Ways:
    """How work is committed: by how many threads, and how much may share a commit."""

    writers: int
    largest_commit: int


_SQLITE = Ways(writers=1, largest_commit=200)
"""So much shares one commit at most that the first of a flood does not wait for the last."""

_POSTGRESQL = Ways(writers=6, largest_commit=1)


def open_engine(url: str) -> Engine:
    """An engine for ``sqlite:///path`` or ``postgresql+psycopg://…``. Connects when it is first used."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        return _open_sqlite(address)
    return _open_postgresql(address)


def ways(engine: Engine) -> Ways:
    return _SQLITE if engine.dialect.name == "sqlite" else _POSTGRESQL


def many_processes(engine: Engine) -> bool:
    """Whether several processes may serve the same database at once."""
    return engine.dialect.name != "sqlite"


def for_reading(engine: Engine) -> Engine:
    """The same database, whose transactions take no write lock and see one state of it throughout."""
    if engine.dialect.name == "sqlite":
        return engine.execution_options(**{_READS: True})
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def take_turn(connection: Connection, desk: str) -> None:
    """Wait until nobody else works for this desk, and let nobody until this transaction is over.

    What is read after this is what the one before has left. Ids made from here on sort behind those that
    the one before made, whatever the clock of its machine says.
    """
    if connection.dialect.name == "sqlite":
        return
    turn = select(desks.c.id).where(desks.c.id == desk).with_for_update().cte("turn")
    now = connection.scalar(select(func.clock_timestamp()).select_from(turn))
    if now is not None:
        ids.follow(now)


def now_there(connection: Connection) -> datetime:
    """The time by the one clock that all processes on this database share."""
    if connection.dialect.name == "sqlite":
        return datetime.now(UTC)
    there = connection.scalar(select(func.clock_timestamp()))
    assert isinstance(there, datetime)
    return there


def one_at_a_time(connection: Connection) -> None:
    """Let one process alone change the schema, until the end of this transaction."""
    if connection.dialect.name != "sqlite":
        connection.execute(select(func.pg_advisory_xact_lock(_UPGRADES)))


def worth_repeating(error: BaseException) -> bool:
    """Whether the database undid the work for a reason that may be gone when it is done again."""
    if not isinstance(error, DBAPIError):
        return False
    return error.connection_invalidated or getattr(error.orig, "sqlstate", None) in _AGAIN


def change_counter(connection: Connection) -> int:
    """A number that differs from the last one when another process has written since.

    Always the same where the database cannot tell (PostgreSQL notifies instead).
    """
    driver = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        return 0
    row = driver.execute("PRAGMA data_version").fetchone()
    return int(row[0])


def compact(engine: Engine) -> bool:
    """Let no unused page and no log hold what was deleted. False where others use the database too much."""
    try:
        if engine.dialect.name != "sqlite":
            with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
                connection.exec_driver_sql("VACUUM")
            return True
        with engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert isinstance(driver, sqlite3.Connection)
            driver.execute("VACUUM")
            (busy, *_) = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            return not busy
    except (DBAPIError, sqlite3.Error):
        return False


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
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    reads = connection.get_execution_options().get(_READS, False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _open_postgresql(address: URL) -> Engine:
    from chatdesk.store import postgresql

    engine = create_engine(
        address,
        pool_size=_POSTGRESQL.writers + READERS,
        max_overflow=_SPARE_CONNECTIONS,
        pool_pre_ping=True,
        connect_args={"connect_timeout": _CONNECT_SECONDS, "application_name": "chatdesk"},
    )
    event.listen(engine, "connect", postgresql.prepare)
    return engine


_CHANNEL = "chatdesk"


def tell_others(engine: Engine, teller: str) -> None:
    """Let other processes on this database know that something was announced, and by whom."""
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(select(func.pg_notify(_CHANNEL, teller)))


def told(engine: Engine, ended: Callable[[], bool]) -> Iterator[str]:
    """Who announced something, each time that somebody does. Until ``ended``, which is asked every second.

    Raises what the database raises when it goes away.
    """
    from chatdesk.store import postgresql

    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.exec_driver_sql(f"LISTEN {_CHANNEL}")
        try:
            yield from postgresql.notices(connection, ended)
        finally:
            connection.invalidate()
