"""Databases to measure on: SQLite files, and databases of a PostgreSQL server."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sqlalchemy import Engine

from bench.measuring import workplace
from chatdesk.store import schema
from chatdesk.store.engine import open_engine


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

    def _file(self, name: str) -> Path:
        return self.folder / f"{name}.sqlite3"


def upgraded(address: str) -> None:
    """Make all tables, and leave the file whole, with nothing in its log."""
    engine = open_engine(address)
    schema.upgrade(engine)
    engine.dispose()


def settle(engine: Engine) -> None:
    """Let a filled database come to rest, so that it can be copied and nothing is written later for it."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            raw = connection.connection.driver_connection
            assert raw is not None
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()


@contextmanager
def sqlite(name: str) -> Iterator[SqliteStore]:
    """SQLite files in a folder of the measurement's own."""
    with workplace(name) as folder:
        yield SqliteStore(folder)
