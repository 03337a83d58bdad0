"""Two shards: each hears its own servers, one hears direct messages, and files are had from anywhere."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from adapters.discord.adapter import DiscordAdapter
from adapters.discord.endpoints import EVERYTHING, share_of_everything
from adapters.discord.ids import identity, installation, place
from adapters.discord.settings import DiscordSettings
from adapters.discord.shards import SHIFT
from chatdesk.contract.inbound import Connected, MessagePosted
from chatdesk.contract.outbound import PostLine
from chatdesk.contract.ports import DeliveryFailed
from chatdesk.contract.shards import Sharding, heard_until, shards_of
from tests.adapters.discord.conftest import SystemClock, World, connected, new_world

BOTH = Sharding(2, SHIFT)


@dataclass(slots=True)
class Halves:
    """The world's server is in one shard, and another in the other."""

    world: World
    settings: DiscordSettings
    own: int
    far: str
    far_channel: str

    def adapter(self) -> DiscordAdapter:
        return DiscordAdapter(self.settings, SystemClock())


@asynccontextmanager
async def halves() -> AsyncIterator[Halves]:
    async with new_world() as world:
        control = world.discord.control
        own = BOTH.shard_of(installation(world.guild))
        while True:
            far = await control.create_guild("Beta", world.application)
            if BOTH.shard_of(installation(far.id)) != own:
                break
        await control.join_guild(far.id, world.cleo.id)
        channel = await control.create_channel(far.id, "lounge")
        settings = world.settings.model_copy(update={"shards": 2})
        yield Halves(world, settings, own, far.id, channel)


@asynccontextmanager
async def listening(half: Halves, adapter: DiscordAdapter, shard: int) -> AsyncIterator[None]:
    """One shard of two, as where another replica has the other."""
    asked: list[str] = []

    async def turn(name: str, seconds: float) -> None:
        asked.append(name)

    running = asyncio.create_task(adapter.shards[shard].run(half.world.desk, turn))
    try:
        async with asyncio.timeout(10):
            await adapter.shards[shard].ready()
        assert set(asked) == {"discord identify 0"}
        yield
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_one_process_hears_both_and_delivers_to_both() -> None:
    async with halves() as half:
        world, adapter = half.world, half.adapter()
        assert shards_of(adapter) is adapter
        assert shards_of(world.adapter) is None
        async with connected(adapter, world.desk):
            servers = {event.installation.id for event in world.desk.of(Connected)}
            assert servers >= {world.guild, half.far}
            await world.cleo.post(world.general, "near")
            await world.cleo.post(half.far_channel, "far")
            await world.desk.received(MessagePosted, lambda event: event.body == "near")
            await world.desk.received(MessagePosted, lambda event: event.body == "far")
            for server, channel in ((world.guild, world.general), (half.far, half.far_channel)):
                at = place(installation(server), channel)
                await adapter.deliver(PostLine("Hello", ()), at, world.attempt())
                assert (await world.cleo.messages(channel))[-1].content == "Hello"
        assert len(world.desk.of(MessagePosted)) == 2


async def test_direct_messages_reach_one_shard_and_belong_to_the_oldest_server() -> None:
    """Also where that server is in a shard that is another's."""
    async with halves() as half:
        world, adapter = half.world, half.adapter()
        async with listening(half, adapter, 0):
            assert [event.directs for event in world.desk.of(Connected)][:2] in ([True], [True, False])
            dm = await world.cleo.dm_with_bot()
            await world.cleo.post(dm, "help")
            event = await world.desk.received(MessagePosted)
            assert event.where.place == place(installation(world.guild), dm)
        async with listening(half, adapter, 1):
            await world.cleo.post(dm, "nobody hears this")
            await world.discord.control.wait_until_quiet()
        assert len(world.desk.of(MessagePosted)) == 1
        assert sum(event.directs for event in world.desk.of(Connected)) == 1


async def test_what_needs_no_gateway_is_had_from_another_shards_servers() -> None:
    async with halves() as half:
        world, adapter = half.world, half.adapter()
        other = 1 - half.own
        async with connected(world.adapter, world.desk):
            await world.cleo.post(world.general, "look", files=[("a.txt", b"hello")])
            (file,) = (await world.desk.received(MessagePosted)).files
        await world.discord.control.set_nickname(world.guild, world.cleo.id, "Cleopatra")
        who, home = identity(world.cleo.id), installation(world.guild)

        async def is_had() -> None:
            assert [chunk async for chunk in adapter.open_file(file)] == [b"hello"]
            assert (await adapter.profile(home, who)).name == "Cleopatra"

        await is_had()
        world.desk.events.clear()
        async with listening(half, adapter, other):
            await is_had()
            assert world.guild not in {event.installation.id for event in world.desk.of(Connected)}
            assert heard_until(adapter, installation(half.far)) is not None
            assert heard_until(adapter, home) is None
            with pytest.raises(DeliveryFailed):
                await adapter.deliver(PostLine("Hello", ()), world.place(world.general), world.attempt())


def test_what_all_may_send_together_is_shared() -> None:
    assert share_of_everything(1, 1) is EVERYTHING
    assert share_of_everything(2, 2) is EVERYTHING
    assert share_of_everything(1, 4).rate.requests == EVERYTHING.rate.requests / 4
    assert share_of_everything(0, 2).rate.requests == 1


async def test_one_introduces_itself_after_the_other(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "discord.gateway")
    async with halves() as half:
        await half.world.discord.control.set_rate_limits(True, speed=5)
        half.settings = half.settings.model_copy(update={"pace": 5.0})
        async with connected(half.adapter(), half.world.desk):
            assert not [text for text in caplog.messages if "session has been invalidated" in text]
        async with listening(half, half.adapter(), 0):
            pass
        assert [text for text in caplog.messages if "session has been invalidated" in text]
