"""How tickets end: what agents must say, silence, requesters who are asked, and the snooze."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from chatdesk.demo.seats import DiscordSeat, says, wait_for
from chatdesk.demo.world import World, world
from chatdesk.desk.ending_sweeps import remind_and_close, wake
from tests.scenarios.stage import Stage, Ticket, slack_seat
from tests.scenarios.variants import MovableClock, desk_file


@dataclass(frozen=True)
class Story:
    """A desk where agents must say how a ticket was solved."""

    here: World
    stage: Stage
    clock: MovableClock

    async def ticket(self) -> Ticket:
        return await self.stage.open_ticket("It is slow", "Slow")

    async def later(self, **how_long: float) -> None:
        """Let time pass; the clockwork looks what is due."""
        self.clock.ahead += timedelta(**how_long)
        bot = self.here.bot
        assert bot is not None
        for sweep in (remind_and_close, wake):
            await bot.writer.run(partial(sweep, now=self.clock.now()))

    async def shows(self, ticket: Ticket, words: str) -> None:
        await wait_for(ticket.home, lambda one: one.id == ticket.card and words in one.text, f"{words} on it")


@pytest.fixture(params=["discord-slack", "slack-discord"])
async def story(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Story]:
    clock = MovableClock()
    file = desk_file(tmp_path, settings={"resolution_required": ["code"]})
    async with world(tmp_path, clock, file) as here:
        yield Story(here, Stage.of(here, request.param), clock)


async def test_a_code_is_asked_for_and_silence_closes_also_after_a_restart(story: Story) -> None:
    ticket = await story.ticket()
    asked = await story.stage.agent.command("resolve", ticket="1", text="a new cable")
    assert asked.form_open, asked
    sent = await story.stage.agent.fill_in(**{"How was it solved?": "Fixed"})
    assert not sent.error and not sent.field_errors, sent
    await wait_for(
        ticket.agent, lambda one: "Fixed" in one.text and "a new cable" in one.text, "how it was solved"
    )
    told = await wait_for(ticket.customer, says("a new cable"), "what was done")
    assert "Fixed" not in told.text and "Otherwise it is closed on" in told.text
    await ticket.customer.post("thanks!")
    await story.here.quiet()
    await story.here.stop_bot()
    story.clock.ahead += timedelta(days=3)
    await story.here.start_bot()
    await wait_for(ticket.customer, says("closed, as we heard nothing more"), "the end")
    await story.shows(ticket, "closed")


async def test_a_reminder_and_a_message_that_ends_the_countdown(story: Story) -> None:
    ticket = await story.ticket()
    await story.stage.agent.command("status", ticket="1", status="pending")
    await story.later(days=2)
    await wait_for(ticket.customer, says("Without an answer this ticket is closed on"), "the reminder")
    await story.shows(ticket, "Closes by itself")
    await ticket.customer.post("I was away, it is still slow")
    await wait_for(ticket.agent, says("still slow"), "the answer")
    await story.later(days=30)
    await story.here.quiet()
    assert not any("heard nothing" in one.text for one in await ticket.customer.see())
    await story.shows(ticket, "open")
    asked = await story.stage.agent.choose(ticket.card, "Status", "resolved")
    assert asked.form_open, "the card's menu asks for the code, too"


async def test_a_requester_is_asked_declines_and_then_agrees(story: Story) -> None:
    ticket = await story.ticket()
    await ticket.agent.mention("close-request fixed: a new cable")
    asked = await wait_for(ticket.customer, says("May this ticket be closed?"), "the question")
    assert "a new cable" in asked.text
    pressed = await ticket.customer.press(asked.id, "No, I still need help")
    assert not pressed.error, pressed
    await wait_for(ticket.agent, says("still needs help"), "that it is not solved")
    await wait_for(ticket.customer, lambda one: one.id == asked.id and not one.controls, "no more buttons")
    await ticket.agent.mention("close-request fixed: a new router")
    again = await wait_for(
        ticket.customer, lambda one: "a new router" in one.text and bool(one.controls), "the second question"
    )
    await ticket.customer.press(again.id, "Yes, it is solved")
    await wait_for(ticket.agent, says("agreed that this ticket is closed"), "the end")
    await story.shows(ticket, "Fixed: a new router")


async def test_a_reaction_that_lacks_a_code_gets_a_button_to_a_form(story: Story) -> None:
    ticket = await story.ticket()
    agent = story.stage.agent
    await wait_for(ticket.agent, says("It is slow"), "the request")
    await agent.react(ticket.card, "✅")
    if isinstance(agent, DiscordSeat):
        agent = replace(agent, channel=await agent.human.dm_with_bot())
    told = await wait_for(agent, lambda one: "Fill it in" in one.controls, "what is missing")
    assert "how it was solved" in told.text
    opened = await agent.press(told.id, "Fill it in")
    assert opened.form_open, opened
    await agent.fill_in(**{"How was it solved?": "Nothing was wrong", "What was done?": "It was asleep"})
    await story.shows(ticket, "Nothing was wrong: It was asleep")


async def test_snoozed_until_a_time_and_until_a_reply(story: Story) -> None:
    ticket = await story.ticket()
    agent = story.stage.agent
    await agent.command("claim", ticket="1")
    snoozed = await agent.command("snooze", ticket="1", until="2d")
    assert "is snoozed until" in snoozed.text, snoozed
    assert "Slow" not in (await agent.command("list", which="team")).text
    assert "Slow" in (await agent.command("list", which="snoozed")).text
    await story.later(days=2)
    await wait_for(ticket.agent, says("back: its snooze is over"), "that it is back")
    assert "Slow" in (await agent.command("list", which="team")).text
    await agent.command("snooze", ticket="1", until="reply")
    await story.shows(ticket, "the requester writes")
    await ticket.customer.post("Here is the log")
    await wait_for(ticket.agent, says("its requester has written"), "that it is back")
    if ticket.agent.mention_of == "@ana":
        ana = slack_seat(story.here, story.here.slack.ana, await story.here.slack.ana.dm_with_bot())
        await wait_for(ana, says("its requester has written"), "the message to whoever has it")
