"""intake-1, intake-64: messages a second, from the adapter's parse to the committed post with its outbox.

The baseline writes the same rows by the bare driver, a transaction a message, into a copy of the same
database on the same disk with the same durability. Rounds of both alternate; the figures are medians over the
rounds.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from adapters.slack.wire import Json
from bench import bare, filling
from bench.bare import Transaction
from bench.desks import OpenDesk, agents_messages, desk_on, now, take_in
from bench.measuring import median
from bench.rows import Row, at_least, compared
from bench.stores import Store, settle
from chatdesk.store.engine import open_engine

TICKETS = 1000
ROUNDS = 7
A_ROUND = 256
AT_ONCE = (1, 64)
CONNECTIONS = 8
"""At once on PostgreSQL, for the baseline."""
TARGET = 0.7


@dataclass(frozen=True, slots=True)
class Speeds:
    """Messages a second."""

    ours: float
    bare: float


def measure(store: Store) -> Iterator[Row]:
    """Both rows, on one engine."""
    address = store.create("template")
    engine = open_engine(address)
    with engine.begin() as connection:
        filling.fill(connection, TICKETS, now())
    settle(engine)
    for at_once in AT_ONCE:
        speeds = asyncio.run(measured(store, at_once))
        row = compared(f"intake-{at_once}", at_once, store.engine, speeds.ours, "messages/s", speeds.bare)
        yield at_least(row, TARGET) if (at_once, store.engine) == (64, "sqlite") else row


async def measured(store: Store, at_once: int) -> Speeds:
    """Alternate rounds of the desk and of the bare driver."""
    messages = agents_messages(range(1, TICKETS + 1), ROUNDS * A_ROUND)
    transactions = await _what_is_written(store.copy("template", f"recorded-{at_once}"), messages)
    ours, bares = [], []
    drivers = bare.drivers(store.copy("template", f"bare-{at_once}"), min(at_once, CONNECTIONS))
    async with desk_on(store.copy("template", f"ours-{at_once}")) as desk:
        for number in range(ROUNDS):
            part = slice(number * A_ROUND, (number + 1) * A_ROUND)
            ours.append(A_ROUND / await seconds_of_ours(desk, messages[part], at_once))
            bares.append(A_ROUND / _seconds_of_bare(drivers, transactions[part]))
    for driver in drivers:
        driver.close()
    return Speeds(median(ours), median(bares))


async def _what_is_written(address: str, messages: Sequence[Json]) -> Sequence[Transaction]:
    found = []
    async with desk_on(address) as desk:
        for message in messages:
            with bare.recorded(desk.engine) as statements:
                await take_in(desk, message)
            assert statements, "the desk took the message for no post"
            found.append(tuple(statements))
    return found


async def seconds_of_ours(desk: OpenDesk, messages: Sequence[Json], at_once: int) -> float:
    waiting = iter(messages)

    async def work() -> None:
        for message in waiting:
            await take_in(desk, message)

    begun = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(at_once)))
    return time.perf_counter() - begun


def _seconds_of_bare(drivers: Sequence[bare.Driver], transactions: Sequence[Transaction]) -> float:
    begun = time.perf_counter()
    bare.write_all(drivers, transactions)
    return time.perf_counter() - begun
