"""A replica's share of the shards: taken, given up to one that joins, lost, and refused."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from chatdesk import shard_listening
from chatdesk.contract.ports import DeliveryFailed, Desk
from chatdesk.contract.shards import Sharding, Turn
from chatdesk.contract.vocabulary import Platform
from chatdesk.errors import ChatdeskError
from chatdesk.health import PlatformState
from chatdesk.shard_listening import ShardListening
from chatdesk.store.keeper import Lost, Taken
from chatdesk.store.leases import Sharing, listening, taking_part
from chatdesk.turns import Turns
from tests.test_recording import AgreeableDesk

PLATFORM = Platform("pigeon")


@dataclass
class Table:
    """The leases that all see."""

    holders: dict[str, str] = field(default_factory=dict)


@dataclass
class Memory:
    """One replica's leases."""

    table: Table
    holder: str | None
    lost: list[Lost] = field(default_factory=list)

    async def want(self, names: Collection[str], taken: Taken | None = None) -> frozenset[str]:
        me = self.holder or ""
        return frozenset(name for name in names if self.table.holders.setdefault(name, me) == me)

    def holds(self, name: str) -> bool:
        return self.table.holders.get(name) == self.holder

    def is_held(self, connection: object, name: str) -> bool:
        return self.holds(name)

    async def give_back(self, names: Collection[str]) -> None:
        for name in names:
            del self.table.holders[name]

    async def sharing(self, platform: Platform) -> Sharing:
        present = {taking_part(platform, one): one for one in self.table.holders.values()}
        shards = {listening(platform, shard): shard for shard in range(9)}
        held = {shards[name]: holder for name, holder in self.table.holders.items() if name in shards}
        return Sharing(held, frozenset(one for name, one in present.items() if name in self.table.holders))

    def on_loss(self, lost: Lost) -> None:
        self.lost.append(lost)

    def lose(self, *names: str) -> None:
        for name in names:
            self.table.holders[name] = "somebody else"
        for lost in self.lost:
            lost(names)


@dataclass
class Perch:
    """A shard that is connected at once, or refuses."""

    number: int
    refusal: DeliveryFailed | None = None
    connected: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self, desk: Desk, turn: Turn) -> None:
        await turn("perch", 0.0)
        if self.refusal is not None:
            raise self.refusal
        self.connected.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.connected.clear()

    async def ready(self) -> str:
        await self.connected.wait()
        return "the loft"

    def heard_until(self) -> None:
        return None


@dataclass
class Loft:
    """A platform of three shards."""

    sharding: Sharding = field(default_factory=lambda: Sharding(3, 0))
    shards: list[Perch] = field(default_factory=lambda: [Perch(number) for number in range(3)])

    def here(self) -> list[int]:
        return [perch.number for perch in self.shards if perch.connected.is_set()]


@dataclass
class Replica:
    leases: Memory
    loft: Loft = field(default_factory=Loft)
    notes: list[str] = field(default_factory=list)
    listening: ShardListening = field(init=False)

    def __post_init__(self) -> None:
        self.listening = ShardListening(
            PLATFORM,
            self.loft,
            self.leases,
            AgreeableDesk(),
            self._leaving,
            lambda shard: self.notes.append(f"gone {shard}"),
        )

    @asynccontextmanager
    async def _leaving(self, lease: str) -> AsyncIterator[None]:
        self.notes.append(f"leaving {lease}")
        yield
        self.notes.append("left")

    @asynccontextmanager
    async def running(self) -> AsyncIterator[asyncio.Task[None]]:
        task = asyncio.create_task(self.listening.run())
        try:
            yield task
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shard_listening, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(shard_listening, "AGAIN_SECONDS", 0.2)


async def until(so: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not so():  # noqa: ASYNC110
            await asyncio.sleep(0.005)


async def test_one_that_joins_is_given_its_share_and_gets_the_rest_when_the_other_ends() -> None:
    table = Table()
    first, second = Replica(Memory(table, "a")), Replica(Memory(table, "b"))
    async with second.running():
        async with first.running():
            await until(lambda: len(first.loft.here() + second.loft.here()) == 3)
            await until(lambda: {1, 2} == {len(first.loft.here()), len(second.loft.here())})
            line = await first.listening.ready()
            assert "of 3" in line and "another replica listens" in line
            assert first.listening.state(0) == PlatformState(PLATFORM, True, True, None, 0)
        await first.leases.give_back([name for name, one in table.holders.items() if one == "a"])
        await until(lambda: second.loft.here() == [0, 1, 2])


async def test_what_is_given_up_is_finished_first() -> None:
    table = Table()
    first, second = Replica(Memory(table, "a")), Replica(Memory(table, "b"))
    async with first.running():
        await until(lambda: first.loft.here() == [0, 1, 2])
        async with second.running():
            await until(lambda: second.loft.here() == [2])
        assert first.notes == [f"leaving {listening(PLATFORM, 2)}", "gone 2", "left"]
        assert first.loft.here() == [0, 1]


async def test_a_lost_shard_is_left_at_once() -> None:
    replica = Replica(Memory(Table(), "a"))
    async with replica.running():
        await until(lambda: replica.loft.here() == [0, 1, 2])
        replica.leases.lose(listening(PLATFORM, 1))
        await until(lambda: replica.loft.here() == [0, 2])
        del replica.leases.table.holders[listening(PLATFORM, 1)]
        await until(lambda: replica.loft.here() == [0, 1, 2])


async def test_a_refused_token_ends_it_and_what_is_lost_later_is_tried_again() -> None:
    replica = Replica(Memory(Table(), "a"))
    replica.loft.shards[1].refusal = DeliveryFailed(permanent="the token is not valid")
    async with replica.running() as task:
        with pytest.raises(ChatdeskError, match=r"^pigeon: the token is not valid$"):
            await task
    replica = Replica(Memory(Table(), "a"))
    replica.loft.shards[1].refusal = DeliveryFailed(retry_after=3)
    async with replica.running():
        await until(lambda: replica.listening.state(0).away == "shard 1: retry after 3 s")
        replica.loft.shards[1].refusal = None
        await until(lambda: replica.loft.here() == [0, 1, 2])
        await until(lambda: replica.listening.state(0).away is None)


async def test_turns_are_taken_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatdesk.turns.LOOK_SECONDS", 0.01)
    table, loop = Table(), asyncio.get_running_loop()
    replicas = [Turns(Memory(table, "a")), Turns(Memory(table, "b"))]
    began = loop.time()
    await asyncio.gather(*(turns.take("t", 0.1) for turns in replicas * 2), replicas[0].take("other", 9))
    assert loop.time() - began > 0.29
    for turns in replicas:
        await turns.close()
