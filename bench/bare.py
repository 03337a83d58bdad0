"""The same rows without a desk: what a message writes is recorded, and written again by the bare driver."""

from __future__ import annotations

import queue
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import psycopg
from sqlalchemy import Engine, event, make_url

_WRITES = ("INSERT", "UPDATE", "DELETE")


@dataclass(frozen=True, slots=True)
class Statement:
    text: str
    values: Any


Transaction = tuple[Statement, ...]


@contextmanager
def recorded(engine: Engine, everything: bool = False) -> Iterator[list[Statement]]:
    """Statements while the context lasts, with what the driver is handed: those that write, or all."""
    found: list[Statement] = []

    def note(_connection: object, _cursor: object, statement: str, values: Any, _context: object,
             many: bool) -> None:  # fmt: skip
        if everything or statement.lstrip().startswith(_WRITES):
            found.extend(Statement(statement, one) for one in (values if many else [values]))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


class Driver(Protocol):
    def write(self, transaction: Transaction) -> None:
        """Write it, and commit."""
        ...

    def close(self) -> None: ...


class SqliteDriver:
    """The driver of Python's library, set as the store sets it."""

    def __init__(self, address: str) -> None:
        path = make_url(address).database or ""
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL"):
            self._connection.execute(f"PRAGMA {pragma}")

    def write(self, transaction: Transaction) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        for one in transaction:
            self._connection.execute(one.text, one.values)
        self._connection.execute("COMMIT")

    def close(self) -> None:
        self._connection.close()


class PostgresDriver:
    """psycopg, a connection of its own."""

    def __init__(self, address: str) -> None:
        url = make_url(address).set(drivername="postgresql")
        self._connection = psycopg.connect(url.render_as_string(hide_password=False))

    def write(self, transaction: Transaction) -> None:
        for one in transaction:
            self._connection.execute(one.text.encode(), one.values)
        self._connection.commit()

    def close(self) -> None:
        self._connection.close()


def drivers(address: str, connections: int) -> Sequence[Driver]:
    """SQLite lets one write at a time, so it gets one connection."""
    if make_url(address).get_backend_name() == "sqlite":
        return [SqliteDriver(address)]
    return [PostgresDriver(address) for _ in range(connections)]


def write_all(on: Sequence[Driver], transactions: Sequence[Transaction]) -> None:
    """Write them one after the other, or as many at once as there are connections."""
    if len(on) == 1:
        for one in transactions:
            on[0].write(one)
        return
    waiting: queue.SimpleQueue[Transaction] = queue.SimpleQueue()
    for one in transactions:
        waiting.put(one)
    threads = [threading.Thread(target=_work, args=(driver, waiting)) for driver in on]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _work(driver: Driver, waiting: queue.SimpleQueue[Transaction]) -> None:
    while True:
        try:
            transaction = waiting.get_nowait()
        except queue.Empty:
            return
        driver.write(transaction)
