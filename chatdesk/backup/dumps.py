"""The database as one file and back: SQLite by its online backup, PostgreSQL by its own tools."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sqlalchemy import inspect
from sqlalchemy.engine import URL, make_url

from chatdesk.errors import ChatdeskError
from chatdesk.settings import Settings
from chatdesk.store.engine import open_engine


class Dump(Protocol):
    """A database that can be written to a file and made from one."""

    @property
    def kind(self) -> str: ...

    def write(self, file: Path) -> None:
        """As it is at one moment, while the desk runs on. Raises ChatdeskError."""
        ...

    def occupied(self) -> str | None:
        """What stands there already, if anything does."""
        ...

    def read(self, file: Path) -> None:
        """Make the database, which is not occupied, from a file. Raises ChatdeskError."""
        ...


def dump_of(settings: Settings) -> Dump:
    address = make_url(settings.database)
    if address.get_backend_name() == "sqlite":
        return SqliteDump(Path(address.database or ""))
    return PostgresDump(address)


@dataclass(frozen=True, slots=True)
class SqliteDump:
    database: Path
    kind: str = "sqlite"

    def write(self, file: Path) -> None:
        if not self.database.is_file():
            raise ChatdeskError(f"there is no database {self.database}")
        try:
            with closing(_opened(self.database)) as source, closing(sqlite3.connect(file)) as target:
                # All in one step: between two, every write of the running desk would make it begin anew,
                # and readers of a write-ahead log hold up nobody.
                source.backup(target, pages=-1)
                # The copy is one file by itself, without a log beside it.
                target.execute("PRAGMA journal_mode=DELETE")
                _checked(target, file)
        except sqlite3.Error as error:
            raise ChatdeskError(f"{self.database} cannot be copied: {error}") from None

    def occupied(self) -> str | None:
        return f"the database {self.database}" if self.database.exists() else None

    def read(self, file: Path) -> None:
        self.database.parent.mkdir(parents=True, exist_ok=True)
        beside = self.database.with_name(f"{self.database.name}.restoring")
        try:
            shutil.copyfile(file, beside)
            with closing(sqlite3.connect(beside)) as copy:
                _checked(copy, beside)
            _synced(beside)
            beside.replace(self.database)
            _synced(self.database.parent)
        except sqlite3.Error as error:
            raise ChatdeskError(f"the database in the backup is damaged: {error}") from None
        finally:
            beside.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class PostgresDump:
    address: URL
    kind: str = "postgresql"

    def write(self, file: Path) -> None:
        self._run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={file}")

    def occupied(self) -> str | None:
        engine = open_engine(self.address.render_as_string(hide_password=False))
        try:
            tables = inspect(engine).get_table_names()
        finally:
            engine.dispose()
        return f"tables in the database {self.address.database}" if tables else None

    def read(self, file: Path) -> None:
        self._run(
            "pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction",
            f"--dbname={self.address.database}", str(file),
        )  # fmt: skip

    def _run(self, tool: str, *arguments: str) -> None:
        found = shutil.which(tool)
        if found is None:
            raise ChatdeskError(f"{tool} is not on PATH; install the client programs of PostgreSQL")
        environment = {**os.environ, **self._connection()}
        done = subprocess.run(
            [found, *arguments], env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise ChatdeskError(f"{tool} failed: {' '.join(_last(done.stderr))}")

    def _connection(self) -> dict[str, str]:
        """By variables rather than arguments, which every user of the machine can read."""
        query = {name: value for name, value in self.address.query.items() if isinstance(value, str)}
        given = {
            "PGHOST": self.address.host or query.get("host"),
            "PGPORT": str(self.address.port) if self.address.port else query.get("port"),
            "PGUSER": self.address.username,
            "PGPASSWORD": None if self.address.password is None else str(self.address.password),
            "PGDATABASE": self.address.database,
            "PGSSLMODE": query.get("sslmode"),
        }
        return {name: value for name, value in given.items() if value}


def _opened(database: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True, timeout=15)


def _checked(connection: sqlite3.Connection, file: Path) -> None:
    (verdict,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if verdict != "ok":
        raise ChatdeskError(f"{file} is damaged: {verdict}")


def _synced(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _last(said: str) -> Sequence[str]:
    return [line.strip() for line in said.splitlines() if line.strip()][-3:]
