"""memory-idle, memory-busy: what the process holds resident, with both platforms and 100 open tickets.

Idle is a fresh start on that database, at rest. Busy is the most that was seen while 64 people at a time
write in those tickets' threads. The baseline is the bare relay, idle and under as many posts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from bench.bridges import BotsPlace, Bridge, bots_place, relay
from bench.children import Child
from bench.measuring import workplace
from bench.rows import Row, compared, value_at_most

TICKETS = 100
POSTS = 640
AT_ONCE = 64
TARGET_MEBIBYTES = 150.0
_SETTLE_SECONDS = 3.0
_LOOK_SECONDS = 0.1
_PATIENCE = 180.0


@dataclass(frozen=True, slots=True)
class Held:
    """Mebibytes resident."""

    idle: float
    busy: float


def measure() -> Iterator[Row]:
    ours, bare = asyncio.run(_measured())
    for name, mine, theirs in (
        ("memory-idle", ours.idle, bare.idle),
        ("memory-busy", ours.busy, bare.busy),
    ):
        row = compared(name, TICKETS, "sqlite", mine, "MiB resident", theirs)
        yield value_at_most(row, TARGET_MEBIBYTES)


async def _measured() -> tuple[Held, Held]:
    async with relay() as (process, bridge):
        bare = await _held(process, [bridge])
    with workplace("memory") as folder:
        async with bots_place(folder) as place:
            async with place.bot():
                bridges = await _tickets(place)
            async with place.bot() as process:
                return await _held(process, bridges), bare


async def _tickets(place: BotsPlace) -> Sequence[Bridge]:
    """Open tickets, whose threads stand on both platforms."""
    for number in range(TICKETS):
        await place.discord.cleo.post(place.discord.help, f"Case {number:03} does not work")
    async with asyncio.timeout(_PATIENCE):
        while len(found := await _opened(place)) < TICKETS:  # noqa: ASYNC110
            await asyncio.sleep(0.5)
    return found


async def _opened(place: BotsPlace) -> Sequence[Bridge]:
    """Those whose threads stand on both platforms."""
    cards = {
        _case(seen.shown): seen.ts
        for seen in await place.slack.ana.messages(place.slack.support)
        if seen.labels
    }
    threads = {
        _case(seen.text): str(seen.thread_id)
        for seen in await place.discord.cleo.messages(place.discord.help)
        if seen.thread_id is not None
    }
    support = place.slack.support
    return [
        Bridge(place.slack, place.discord, support, cards[case], threads[case])
        for case in sorted(cards.keys() & threads.keys())
    ]


def _case(text: str) -> str:
    return text.partition("Case ")[2][:3]


async def _held(process: Child, bridges: Sequence[Bridge]) -> Held:
    await asyncio.sleep(_SETTLE_SECONDS)
    idle = process.resident_mebibytes()
    return Held(idle, await _most_during(process, lambda: _flood(bridges)))


async def _most_during(process: Child, work: Callable[[], Awaitable[None]]) -> float:
    most = process.resident_mebibytes()

    async def look() -> None:
        nonlocal most
        while True:
            most = max(most, process.resident_mebibytes())
            await asyncio.sleep(_LOOK_SECONDS)

    looking = asyncio.create_task(look())
    try:
        await work()
    finally:
        looking.cancel()
        with suppress(asyncio.CancelledError):
            await looking
    return most


async def _flood(bridges: Sequence[Bridge]) -> None:
    """Posts from both platforms, many at a time, until all have been copied."""
    numbers = iter(range(POSTS))

    async def write() -> None:
        for number in numbers:
            bridge = bridges[number % len(bridges)]
            words = f"post {number:05} " + "and much more about it " * 10
            if number % 2:
                await bridge.discord.cleo.post(bridge.discord_channel, words)
            else:
                await bridge.slack.ana.post(bridge.slack_channel, words, thread_ts=bridge.thread)

    await asyncio.gather(*(write() for _ in range(AT_ONCE)))
    await bridges[0].rest(3.0)
