"""growth-…: what a desk does again and again, with 10², 10⁴ and 10⁶ tickets; 10² is the baseline.

Everything is done as the process does it, from the event or the due delivery to the answer. All sizes take
turns; each figure is the median of many times, after some that are not counted.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from functools import partial

from sqlalchemy import Connection

from bench import filling
from bench.desks import OpenDesk, agents_messages, desk_on, now, take_in
from bench.measuring import BUILD, median
from bench.rows import Row, at_most, compared
from bench.stores import Store, settle
from chatdesk.contract.inbound import CommandTyped
from chatdesk.contract.ports import Accepted
from chatdesk.contract.vocabulary import Actor, Means, Place, PlaceKind, Where
from chatdesk.courier.files import FileStore
from chatdesk.courier.materialise import prepare
from chatdesk.courier.showing import Show
from chatdesk.desk import sweeps
from chatdesk.domain.effects import CardChanged
from chatdesk.store import deliveries, lanes, outbox, threads
from chatdesk.store.deliveries import DeliveryRow
from chatdesk.store.engine import open_engine
from chatdesk.store.lanes import LaneRef
from chatdesk.store.transaction import Transaction

SIZES = (100, 10_000, 1_000_000)
TIMES = 100
UNCOUNTED = 10
TARGET = 1.5
WORKED_ON = 10
"""How many of the newest tickets take part, at every size."""
SEARCHED = ("work", "printer does not wor", filling.RARE)
"""A word that stands in all tickets, some that stand in many, and one that stands in two."""

Work = Callable[[int], Awaitable[object]]


def measure(store: Store, sizes: Sequence[int] = SIZES) -> Iterator[Row]:
    """A row for each subject and size, on one engine."""
    for size in sizes:
        address = store.create(_name(size))
        engine = open_engine(address)
        with engine.begin() as connection:
            filling.fill(connection, size, now())
        settle(engine)
    for name, found in asyncio.run(_measured(store, sizes)).items():
        for size in sizes:
            unit = "ms at the median"
            row = compared(name, size, store.engine, found[size], unit, found[sizes[0]])
            yield row if size == sizes[0] else at_most(row, TARGET)
    for size in sizes:
        store.drop(_name(size))


def _name(size: int) -> str:
    return f"size-{size}"


async def _measured(store: Store, sizes: Sequence[int]) -> Mapping[str, Mapping[int, float]]:
    """Milliseconds by subject and size."""
    async with AsyncExitStack() as stack:
        desks = {size: await stack.enter_async_context(desk_on(store.address(_name(size)))) for size in sizes}
        cards = {size: await _card(desk, size) for size, desk in desks.items()}
        return {
            "growth-intake": await _medians(
                {size: partial(_intake, desk, _worked_on(size)) for size, desk in desks.items()}
            ),
            "growth-card": await _medians(cards),
            "growth-list": await _medians({size: partial(_list, desk) for size, desk in desks.items()}),
            "growth-search": _slower(
                [
                    await _medians({size: partial(_search, desk, words) for size, desk in desks.items()})
                    for words in SEARCHED
                ]
            ),
            "growth-sweep": await _medians({size: partial(_sweep, desk) for size, desk in desks.items()}),
        }


def _worked_on(size: int) -> Sequence[int]:
    return range(size - WORKED_ON + 1, size + 1)


async def _medians(work: Mapping[int, Work]) -> Mapping[int, float]:
    """All sizes in turn, again and again, so that whatever else the machine does falls on all alike."""
    times: dict[int, list[float]] = {size: [] for size in work}
    for number in range(UNCOUNTED + TIMES):
        for size, once in work.items():
            begun = time.perf_counter()
            await once(number)
            times[size].append((time.perf_counter() - begun) * 1000)
    return {size: median(found[UNCOUNTED:]) for size, found in times.items()}


async def _intake(desk: OpenDesk, tickets: Sequence[int], number: int) -> None:
    """An agent's answer: a post with its outbox rows, committed."""
    await take_in(desk, agents_messages(tickets, 1, first=number)[0])


async def _list(desk: OpenDesk, number: int) -> None:
    """``/ticket list`` of an agent: the team's queue."""
    answer = await _typed(desk, "list", f"list-{number}", number)
    assert answer.text and "#" in answer.text, answer


async def _search(desk: OpenDesk, words: str, number: int) -> None:
    """``/ticket find`` of an agent."""
    answer = await _typed(desk, f"find {words}", f"{words}-{number}", number)
    assert answer.text and "case" in answer.text, answer


def _slower(found: Sequence[Mapping[int, float]]) -> Mapping[int, float]:
    """Of several figures a size, the worst."""
    return {size: max(one[size] for one in found) for size in found[0]}


async def _typed(desk: OpenDesk, text: str, key: str, agent: int) -> Accepted:
    place = Place(filling.WORKSPACE, filling.CHANNEL)
    where = Where(place, PlaceKind.CHANNEL, place)
    actor = Actor(filling.who(agent), None, filling.WORKSPACE)
    answer = await desk.service.handle(CommandTyped(key, actor, where, text, Means.COMMAND, now()))
    assert isinstance(answer, Accepted), answer
    return answer


async def _card(desk: OpenDesk, ticket: int) -> Work:
    """What a card shows, looked up for a delivery."""
    row = await desk.writer.run(partial(_card_wanted, ticket=ticket))
    files = FileStore(BUILD)

    async def look_up(_: int) -> None:
        prepared = await desk.writer.read(partial(prepare, row=row, files=files, now=now()))
        assert isinstance(prepared.outcome, Show), prepared

    return look_up


def _card_wanted(connection: Connection, ticket: int) -> DeliveryRow:
    tx = Transaction(connection, "bench", filling.organisation())
    team = next(one for one in threads.of_ticket(tx, ticket) if one.side.is_internal)
    outbox.write(tx, CardChanged(), [team], now())
    row = lanes.claim(connection, LaneRef("bench", team.lane), [filling.SLACK], now())
    assert row is not None
    deliveries.finish(connection, row, None, now())
    return row


async def _sweep(desk: OpenDesk, _: int) -> None:
    """Every sweep once, and the courier's look at what is due."""
    at = now()
    for look in (sweeps.end_drafts, sweeps.escalate_silence, sweeps.mark_slow, sweeps.prune):
        await desk.writer.run(partial(_swept, look=look))
    platforms = (filling.SLACK, filling.DISCORD)
    await desk.writer.read(partial(lanes.due, platforms=platforms, now=at, limit=64))


def _swept(connection: Connection, look: Callable[..., int]) -> int:
    return look(connection, now())
