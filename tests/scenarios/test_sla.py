"""What is promised: shown, warned of, told when it is late, explained; also after a restart."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from chatdesk.demo.seats import says, wait_for, wait_until_gone
from chatdesk.demo.world import World, world
from chatdesk.desk.sla_sweep import watch_promises
from tests.scenarios.stage import Stage, Ticket, slack_seat
from tests.scenarios.variants import MovableClock, desk_file

STANDARD = {
    "targets": {"first_response": "1h", "next_response": "2h", "resolution": "8h"},
    "warn": ["50%"],
    "escalate": "breach",
}


@dataclass(frozen=True)
class Story:
    """A desk that promises an answer within the hour."""

    here: World
    stage: Stage
    clock: MovableClock

    async def later(self, **how_long: float) -> None:
        """Let time pass; the clockwork looks what is due."""
        self.clock.ahead += timedelta(**how_long)
        bot = self.here.bot
        assert bot is not None
        await bot.writer.run(partial(watch_promises, now=self.clock.now()))

    async def shows(self, ticket: Ticket, words: str) -> None:
        await wait_for(ticket.home, lambda one: one.id == ticket.card and words in one.text, f"{words} on it")


@pytest.fixture(params=["discord-slack", "slack-discord"])
async def story(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Story]:
    clock = MovableClock()
    async with world(tmp_path, clock, desk_file(tmp_path, settings={"slas": {"standard": STANDARD}})) as here:
        yield Story(here, Stage.of(here, request.param), clock)


async def test_warned_late_explained_and_answered(story: Story) -> None:
    ticket = await story.stage.open_ticket("It is on fire", "Fire")
    await story.shows(ticket, "First reply due")
    await ticket.press("Claim")
    await story.later(minutes=31)
    await wait_for(ticket.agent, says("⏳ First reply is due"), "the warning")
    await story.here.stop_bot()
    await story.here.start_bot()
    await story.later(minutes=30)
    await wait_for(
        ticket.agent, says("🔴 First reply is late"), "the breach, told by the one that was restarted"
    )
    await story.shows(ticket, "🔴 First reply late")
    listed = await story.stage.agent.command("list")
    assert "First reply late · Resolution due" in listed.text, listed
    explained = await story.stage.agent.command("sla", ticket="1")
    for words in ("First reply", "🔴 late, was due", "of 8 h used · Standard", "counted", "Next limit"):
        assert words in explained.text, explained
    pressed = await ticket.home.choose(ticket.card, "More", "What is promised")
    assert "Next limit" in pressed.text, pressed
    await ticket.agent.post("Use the extinguisher")
    await wait_for(ticket.customer, says("extinguisher"), "the answer")
    await ticket.customer.post("Where is it?")
    await wait_for(ticket.agent, says("Where is it?"), "the question")
    await story.later(minutes=61)
    await wait_for(ticket.agent, says("⏳ Next reply is due"), "the warning of the next promise")
    await wait_until_gone(ticket.customer, lambda one: "due" in one.text or "late" in one.text, "alarms")
    refused = await story.stage.customer.command("sla", ticket="1")
    assert "You may not see what is promised" in refused.text + refused.error, refused
    assert sum("First reply is late" in one.text for one in await ticket.agent.see()) == 1


async def test_what_is_late_goes_to_the_next_level_by_itself(tmp_path: Path) -> None:
    clock = MovableClock()
    async with world(tmp_path, clock, desk_file(tmp_path, settings={"slas": {"standard": STANDARD}})) as here:
        story = Story(here, Stage.of(here, "discord-slack"), clock)
        ticket = await story.stage.open_ticket("It is on fire", "Fire")
        await story.later(minutes=61)
        billing = slack_seat(here, here.slack.bill, "billing")
        card = await wait_for(billing, says("Fire"), "the card in #billing")
        await wait_for(billing.under(card.id), says("The first reply is late; please help"), "what is asked")
        await wait_for(ticket.customer, says("asked Billing"), "when to expect an answer")
        lead = slack_seat(here, here.slack.lea, await here.slack.lea.dm_with_bot())
        await wait_for(lead, says("First reply is late, it was due"), "the lead's alarm")
