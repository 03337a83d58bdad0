"""Two replicas with one of Discord's shards each: one of them dies, and the other serves all servers."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from adapters.discord.settings import DiscordSettings
from chatdesk.app import Application
from chatdesk.contract.vocabulary import Platform
from chatdesk.demo.seats import DiscordSeat, Seat, says, wait_for
from chatdesk.demo.world import World, world
from chatdesk.store import leases
from tests.engines import Postgres
from tests.scenarios.stage import Stage, thread_under
from tests.scenarios.test_replicas import TAKEN_OVER_WITHIN, _comes, _die, _times
from tests.scenarios.variants import DESK

DISCORD = Platform("discord")
FAR_ROUTE = '  - {channel: "discord:#far-help", team: support}\n'


@dataclass(frozen=True)
class Conversation:
    """A ticket's two ends."""

    customer: Seat
    agent: Seat


@dataclass(frozen=True)
class Divided:
    """The demo's server is in one shard, another server in the other."""

    here: World
    far: str
    far_channel: str

    @classmethod
    async def begin(cls, here: World, url: str) -> Divided:
        control, near = here.discord.playground.control, _shard(here.discord.guild)
        while _shard((far := await control.create_guild("far", here.discord.application)).id) == near:
            pass
        section = here.settings.adapters[DISCORD]
        assert isinstance(section, DiscordSettings)
        adapters = {**here.settings.adapters, DISCORD: section.model_copy(update={"shards": 2})}
        here.settings = here.settings.model_copy(update={"database_url": url, "adapters": adapters})
        text = here.settings.desk_file.read_text()
        here.settings.desk_file.write_text(text.replace("routes:\n", f"routes:\n{FAR_ROUTE}"))
        await control.join_guild(far.id, here.discord.dan.id)
        return cls(here, far.id, await control.create_channel(far.id, "far-help"))

    async def conversations(self) -> Sequence[Conversation]:
        """One in each server, and a direct message of somebody whose server is in shard 1."""
        near = Stage.of(self.here, "discord-slack")
        dan, discord = self.here.discord.dan, self.here.discord
        seat = DiscordSeat(dan, self.far_channel, discord.application, self.here.timings)
        far = replace(near, customer=seat)
        tickets = [await near.open_ticket("It is slow", "Slow"), await far.open_ticket("It is far", "Far")]
        found = [Conversation(ticket.customer, ticket.agent) for ticket in tickets]
        return [*found, await self._direct(near.agent)]

    async def _direct(self, home: Seat) -> Conversation:
        control, discord = self.here.discord.playground.control, self.here.discord
        server = self.far if _shard(self.far) == 1 else discord.guild
        eve = await control.create_user("eve", display_name="Eve", guild_ids=[server])
        seat = DiscordSeat(eve, await eve.dm_with_bot(), discord.application, self.here.timings)
        await seat.post("It is only me")
        card = await wait_for(
            home, lambda one: "It is only me" in one.text and "Claim" in one.controls, "the card"
        )
        return Conversation(seat, await thread_under(home, card.id))


def _shard(server: str) -> int:
    return (int(server) >> 22) % 2


async def _shared(replica: Application) -> dict[int, str]:
    """Who holds which shard, once two do."""
    async with asyncio.timeout(TAKEN_OVER_WITHIN):
        while True:
            seen = await replica.writer.read(partial(leases.sharing, platform=DISCORD))
            if len(set(seen.holders.values())) == 2:
                return dict(seen.holders)
            await asyncio.sleep(0.05)


async def test_one_process_has_all_shards(tmp_path: Path) -> None:
    async with world(tmp_path, desk_file=DESK) as here:
        await here.stop_bot()
        divided = await Divided.begin(here, here.settings.database)
        bot = await here.start_bot()
        (line,) = [line for line in await bot.ready() if line.startswith("discord")]
        assert "(shard 0 of 2); " in line and line.endswith("(shard 1 of 2)")
        for each in await divided.conversations():
            await each.agent.post("Which browser?")
            await wait_for(each.customer, says("Which browser?"), "the answer")
            await each.customer.post("The new one.")
            await wait_for(each.agent, says("The new one."), "what the customer said")


async def test_shards_are_shared_and_taken_over(tmp_path: Path, postgres: Postgres) -> None:
    loop = asyncio.get_running_loop()
    with postgres.database() as url:
        async with world(tmp_path, desk_file=DESK) as here:
            await here.stop_bot()
            divided = await Divided.begin(here, url)
            first = Application(here.settings, clock=here.clock, patience=0.1)
            await first.__aenter__()
            async with Application(here.settings, clock=here.clock) as second:
                await first.ready()
                await second.ready()
                holders = await _shared(second)
                assert set(holders.values()) == {first.leases.holder, second.leases.holder}
                conversations = await divided.conversations()
                for each in conversations:
                    await each.agent.post("Which browser?")
                for each in conversations:
                    await wait_for(each.customer, says("Which browser?"), "the answer")

                began = loop.time()
                await _die(first)
                for each in conversations:
                    await each.agent.post("Is it the old one?")
                    await each.customer.post("The new one.")
                said = [(each.customer, "Is it the old one?") for each in conversations]
                said += [(each.agent, "The new one.") for each in conversations]
                await asyncio.gather(*(_comes(seat, text) for seat, text in said))
                assert loop.time() - began < TAKEN_OVER_WITHIN
                await second.quiet()
                assert [await _times(seat, text) for seat, text in said] == [1] * len(said)
