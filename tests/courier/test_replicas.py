"""Several couriers on one database: each installation is one's at a time, and another's if that one dies."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from chatdesk.contract.outbound import Outbound as Effect
from chatdesk.contract.ports import Attempt, Receipt
from chatdesk.contract.vocabulary import Place, Side
from chatdesk.courier.courier import Courier
from chatdesk.courier.files import FileStore
from chatdesk.courier.holding import Outbound
from chatdesk.domain.effects import LineSaid
from chatdesk.domain.lines import Line, words
from chatdesk.domain.ticket import Thread
from chatdesk.store import outbox
from chatdesk.store.engine import open_engine
from chatdesk.store.keeper import Keeper
from chatdesk.store.transaction import in_turn
from chatdesk.store.writer import Writer
from tests.courier import support
from tests.courier.support import QUICK, FakeAdapter, FakePast, NotedReports, SystemClock, until
from tests.engines import Postgres
from tests.store.support import DISCORD, NOW, SLACK, furnished, organisation, thread

TAKEN_OVER_WITHIN = 10


@dataclass
class Replica:
    """A process of its own, so to speak."""

    folder: Path
    writer: Writer
    slack: FakeAdapter = field(default_factory=lambda: FakeAdapter(SLACK.platform))
    discord: FakeAdapter = field(default_factory=lambda: FakeAdapter(DISCORD.platform))
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def start(self) -> None:
        keeper = Keeper(self.writer)
        adapters = {self.slack.platform: self.slack, self.discord.platform: self.discord}
        courier = Courier(
            self.writer,
            FakePast(),
            adapters,
            FileStore(self.folder),
            SystemClock(),
            NotedReports().as_reports(),
            QUICK,
            outbound=Outbound(keeper, adapters, alone=()),
        )
        keeper.on_loss(courier.lost)
        self.tasks = [asyncio.create_task(keeper.run()), asyncio.create_task(courier.run())]

    async def die(self) -> None:
        """As by SIGKILL: nothing is finished, given back or told."""
        await self.writer.close()
        await self.end()

    async def end(self) -> None:
        for task in reversed(self.tasks):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await self.writer.close()
        self.writer.engine.dispose()


@pytest.fixture
async def world(tmp_path: Path, postgres: Postgres) -> AsyncIterator[support.World]:
    with postgres.database() as url:
        async with support.in_database(tmp_path, furnished(open_engine(url))) as made:
            yield made


@asynccontextmanager
async def replicas(world: support.World, number: int) -> AsyncIterator[list[Replica]]:
    address = world.writer.engine.url.render_as_string(hide_password=False)
    async with AsyncExitStack() as stack:
        made = [Replica(world.folder, Writer(open_engine(address))) for _ in range(number)]
        for replica in made:
            replica.start()
            stack.push_async_callback(replica.end)
        yield made


async def say(world: support.World, text: str, *to: Thread) -> None:
    effect = LineSaid(Line("claimed", (words("actor", text),)))
    await world.writer.run(
        lambda connection: outbox.write(in_turn(connection, organisation()), effect, to, NOW)
    )


async def test_everything_is_delivered_once_and_an_installation_by_one_alone(world: support.World) -> None:
    team = await world.thread("team")
    customer = await world.thread("customer")
    more = [
        await world.add_thread(thread(f"t{number}", Side.TEAM, SLACK, place=f"C{number}/t"))
        for number in range(4)
    ]
    async with replicas(world, 3) as made:
        for number in range(15):
            await say(world, str(number), team, customer, *more)

        def shown(replica: Replica) -> int:
            return len(replica.slack.taken) + len(replica.discord.taken)

        await until(lambda: sum(map(shown, made)) >= 90)
        for side in ("slack", "discord"):
            adapters: list[FakeAdapter] = [getattr(replica, side) for replica in made]
            assert len([one for one in adapters if one.taken]) == 1
            assert all(not one.attempt.uncertain for adapter in adapters for one in adapter.tried)
        assert sum(map(shown, made)) == 90


async def test_another_takes_over_what_a_dead_one_left_in_flight(world: support.World) -> None:
    team = await world.thread("team")
    loop = asyncio.get_running_loop()

    async def hang(effect: Effect, at: Place, attempt: Attempt) -> Receipt | None:
        await asyncio.Event().wait()
        return None

    async with replicas(world, 1) as (first,):
        first.slack.hook = hang
        await say(world, "in flight", team)
        await say(world, "behind it", team)
        await until(lambda: bool(first.slack.tried))
        async with replicas(world, 1) as (second,):
            began = loop.time()
            await first.die()
            await until(lambda: len(second.slack.taken) == 2)
            assert loop.time() - began < TAKEN_OVER_WITHIN
            assert [one.attempt.uncertain for one in second.slack.taken] == [True, False]


async def test_at_a_clean_end_another_goes_on_at_once(world: support.World) -> None:
    team = await world.thread("team")
    async with replicas(world, 1) as (first,):
        await say(world, "one", team)
        await until(lambda: len(first.slack.taken) == 1)
        async with replicas(world, 1) as (second,):
            await first.end()
            await say(world, "two", team)
            began = asyncio.get_running_loop().time()
            await until(lambda: len(second.slack.taken) == 1)
            assert asyncio.get_running_loop().time() - began < 3
            assert not second.slack.taken[0].attempt.uncertain


async def test_what_is_in_flight_is_broken_off_when_the_database_is_gone(world: support.World) -> None:
    """Before its lease ends a holder that cannot renew it stops by itself, so that two never deliver."""
    team = await world.thread("team")
    broken_off = asyncio.Event()

    async def hang(effect: Effect, at: Place, attempt: Attempt) -> Receipt | None:
        try:
            await asyncio.Event().wait()
        finally:
            broken_off.set()
        return None

    async with replicas(world, 2) as made:
        for replica in made:
            replica.slack.hook = hang
        await say(world, "in flight", team)
        await until(lambda: any(replica.slack.tried for replica in made))
        holder, other = sorted(made, key=lambda replica: not replica.slack.tried)
        await holder.writer.close()
        await asyncio.wait_for(broken_off.wait(), TAKEN_OVER_WITHIN)
        assert not other.slack.tried
        await until(lambda: bool(other.slack.tried))
        assert other.slack.tried[0].attempt.uncertain
