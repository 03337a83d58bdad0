"""Numbers: asked for by staff, as table and picture; the week told in the team's channel, once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from chatdesk.demo.seats import DiscordSeat, Seat, Seen, SlackSeat, says, wait_for
from chatdesk.demo.world import World, world
from chatdesk.desk.digests import send_digests
from tests.scenarios.stage import Stage
from tests.scenarios.variants import DESK, MovableClock, desk_file


@dataclass(frozen=True)
class Story:
    """A desk that tells its numbers in an hour from now, and whose agents may ask for them."""

    here: World
    stage: Stage
    clock: MovableClock

    async def tick(self) -> None:
        bot = self.here.bot
        assert bot is not None
        await bot.writer.run(partial(send_digests, now=self.clock.now()))


@pytest.fixture(params=["discord-slack", "slack-discord"])
async def story(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Story]:
    clock = MovableClock()
    soon = clock.now() + timedelta(hours=1)
    teams = YAML(typ="safe").load(DESK.read_text())["teams"]
    teams["support" if request.param == "discord-slack" else "community"]["digest"] = f"{soon:%A %H:%M}"
    teams["support"]["leads"] = "slack:group:support-agents"
    teams["community"]["leads"] = "discord:role:Community Agents"
    async with world(tmp_path, clock, desk_file(tmp_path, settings={"teams": teams})) as here:
        yield Story(here, Stage.of(here, request.param), clock)


async def direct_messages(seat: Seat) -> Seat:
    """The same person in their direct messages with the desk."""
    assert isinstance(seat, SlackSeat | DiscordSeat)
    return replace(seat, channel=await seat.human.dm_with_bot())


def has_picture(seen: Seen) -> bool:
    return "report.png" in seen.files and "Came in" in seen.text


async def test_a_lead_asks_for_numbers_and_the_team_reads_its_week(story: Story) -> None:
    stage = story.stage
    on_slack = isinstance(stage.agent, SlackSeat)
    ticket = await stage.open_ticket("It is on fire", "Fire")
    await ticket.press("Claim")
    await ticket.agent.post("Use the extinguisher")
    await wait_for(ticket.customer, says("extinguisher"), "the answer")
    assert not (await stage.agent.command("resolve", ticket="1")).error
    told = await stage.agent.command("report", since="7d")
    for words in ("Came in                       1", "Resolved                      1", "100 % of 1"):
        assert words in told.text, told
    by_agent = await stage.agent.command("report", since="7d", by="by agent" if on_slack else "agent")
    assert stage.agent.name in by_agent.text and "handled" in by_agent.text, by_agent
    shown = await wait_for(await direct_messages(stage.agent), has_picture, "the picture")
    assert "Came in                       1" in shown.text
    refused = await stage.customer.command("report")
    assert "Staff can" in refused.text + refused.error, refused
    mine = await wait_for(stage.agent, lambda one: "Post it here" in one.controls, "the button")
    assert mine.only_me
    assert not (await stage.agent.press(mine.id, "Post it here")).error
    await wait_for(stage.agent, says("It comes here"), "the answer to whoever pressed")
    await wait_for(ticket.home, has_picture, "the picture in the channel")
    await story.tick()
    story.clock.ahead += timedelta(hours=2)
    await story.tick()
    digest = await wait_for(ticket.home, says("The week of"), "the numbers of the week")
    assert "Came in                       1" in digest.text and has_picture(digest)
    await story.here.stop_bot()
    await story.here.start_bot()
    await story.tick()
    await story.here.quiet()
    assert sum("The week of" in one.text for one in await ticket.home.see()) == 1
