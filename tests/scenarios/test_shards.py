"""Two replicas with one of Discord's shards each: one of them dies, and the other serves all servers."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from pathlib import Path

from adapters.discord.settings import DiscordSettings
from chatdesk.app import Application
from chatdesk.contract.vocabulary import Platform
from chatdesk.demo.seats import DiscordSeat, Seat, says, wait_for
from chatdesk.demo.world import World, world
from chatdesk.store import leases
from tests.engines import Postgres
from tests.scenarios.stage import Stage
from tests.scenarios.test_replicas import TAKEN_OVER_WITHIN, _comes, _die, _times

DISCORD = Platform("discord")
FAR_ROUTE = '  - {channel: "discord:#far-help", team: support}\n'


def _shard(server: str) -> int:
    return (int(server) >> 22) % 2


async def _divided(here: World, url: str) -> str:
    """Settings for two shards, and another server, in the other one; its customers' channel."""
    control = here.discord.playground.control
    while True:
        far = await control.create_guild("far", here.discord.application)
        if _shard(far.id) != _shard(here.discord.guild):
            break
    section = here.settings.adapters[DISCORD]
    assert isinstance(section, DiscordSettings)
    adapters = {**here.settings.adapters, DISCORD: section.model_copy(update={"shards": 2})}
    here.settings = here.settings.model_copy(update={"database_url": url, "adapters": adapters})
    await control.join_guild(far.id, here.discord.dan.id)
    text = here.settings.desk_file.read_text()
    here.settings.desk_file.write_text(text.replace("routes:\n", f"routes:\n{FAR_ROUTE}"))
    return await control.create_channel(far.id, "far-help")


async def _shared(replica: Application) -> dict[int, str]:
    """Who holds which shard, once both hold one."""
    async with asyncio.timeout(TAKEN_OVER_WITHIN):
        while True:
            seen = await replica.writer.read(partial(leases.sharing, platform=DISCORD))
            if len(set(seen.holders.values())) == 2:
                return dict(seen.holders)
            await asyncio.sleep(0.05)


async def test_shards_are_shared_and_taken_over(tmp_path: Path, postgres: Postgres) -> None:
    loop = asyncio.get_running_loop()
    with postgres.database() as url:
        async with world(tmp_path) as here:
            await here.stop_bot()
            far_channel = await _divided(here, url)
            first = Application(here.settings, clock=here.clock, patience=0.1)
            await first.__aenter__()
            async with Application(here.settings, clock=here.clock) as second:
                await first.ready()
                await second.ready()
                holders = await _shared(second)
                assert set(holders.values()) == {first.leases.holder, second.leases.holder}

                near_stage = Stage.of(here, "discord-slack")
                seat = DiscordSeat(here.discord.dan, far_channel, here.discord.application, here.timings)
                far_stage = replace(near_stage, customer=seat)
                near = await near_stage.open_ticket("It is slow", "Slow")
                far = await far_stage.open_ticket("It is far", "Far")
                for ticket in (near, far):
                    await ticket.agent.post("Which browser?")
                    await wait_for(ticket.customer, says("Which browser?"), "the answer")

                began = loop.time()
                await _die(first)
                await near.agent.post("Is it old, near one?")
                await far.agent.post("Is it old, far one?")
                await near.customer.post("Mine is new.")
                await far.customer.post("So is mine.")
                said: list[tuple[Seat, str]] = [
                    (near.customer, "Is it old, near one?"),
                    (far.customer, "Is it old, far one?"),
                    (near.agent, "Mine is new."),
                    (far.agent, "So is mine."),
                ]
                await asyncio.gather(*(_comes(seat, text) for seat, text in said))
                assert loop.time() - began < TAKEN_OVER_WITHIN
                await second.quiet()
                assert [await _times(seat, text) for seat, text in said] == [1, 1, 1, 1]
