"""Two replicas on one PostgreSQL: a ticket is worked, one of them dies, and the other goes on."""

from __future__ import annotations

import asyncio
from pathlib import Path

from chatdesk.app import Application
from chatdesk.demo.seats import Seat, says, wait_for
from chatdesk.demo.world import world
from tests.engines import Postgres
from tests.scenarios.stage import Stage
from tests.scenarios.variants import DESK

TAKEN_OVER_WITHIN = 10


async def _die(replica: Application) -> None:
    """Its database is gone at once, so that it can neither finish nor give back anything."""
    await replica.writer.close()
    await replica.__aexit__(None, None, None)


async def _comes(seat: Seat, text: str) -> None:
    async with asyncio.timeout(2 * TAKEN_OVER_WITHIN):
        while not await _times(seat, text):  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def _times(seat: Seat, text: str) -> int:
    return sum(text in one.text for one in await seat.see())


async def test_a_ticket_goes_on_when_the_replica_that_worked_it_dies(
    tmp_path: Path, postgres: Postgres
) -> None:
    loop = asyncio.get_running_loop()
    with postgres.database() as url:
        async with world(tmp_path, desk_file=DESK) as here:
            await here.stop_bot()
            here.settings = here.settings.model_copy(update={"database_url": url})
            first = Application(here.settings, clock=here.clock, patience=0.1)
            await first.__aenter__()
            await first.ready()
            async with Application(here.settings, clock=here.clock) as second:
                lines = await second.ready()
                assert "discord: another replica listens; this one stands by" in lines
                ticket = await Stage.of(here, "discord-slack").open_ticket("It is slow", "Slow")
                await ticket.agent.post("Which browser?")
                await wait_for(ticket.customer, says("Which browser?"), "the answer")

                began = loop.time()
                await _die(first)
                await ticket.agent.post("Is it the old one?")
                await ticket.customer.post("The new one.")
                await _comes(ticket.customer, "Is it the old one?")
                assert loop.time() - began < TAKEN_OVER_WITHIN
                await _comes(ticket.agent, "The new one.")
                await second.quiet()
                assert await _times(ticket.customer, "Is it the old one?") == 1
                assert await _times(ticket.agent, "The new one.") == 1
                assert await _times(ticket.customer, "Which browser?") == 1
