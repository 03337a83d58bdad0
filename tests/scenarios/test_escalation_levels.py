"""A ticket climbs the levels by itself: what is due soon asks the next team, silence the one above it."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path

from chatdesk.demo.seats import says, wait_for, wait_until_gone
from chatdesk.demo.world import world
from chatdesk.desk.sla_sweep import watch_promises
from chatdesk.desk.sweeps import escalate_silence
from tests.scenarios.stage import Stage, discord_seat, slack_seat, thread_under
from tests.scenarios.variants import MovableClock, desk_file

PROMISES = {"slas": {"standard": {"targets": {"first_response": "1h"}, "warn": "50%", "escalate": "warning"}}}


async def test_from_a_warning_over_silence_to_the_last_level(tmp_path: Path) -> None:
    clock = MovableClock()
    async with world(tmp_path, clock, desk_file(tmp_path, settings=PROMISES)) as here:
        stage = Stage.of(here, "discord-slack")
        ticket = await stage.open_ticket("The shop is closed", "Shop")
        bot = here.bot
        assert bot is not None

        async def later(minutes: int) -> None:
            clock.ahead += timedelta(minutes=minutes)
            for sweep in (watch_promises, escalate_silence):
                await bot.writer.run(partial(sweep, now=clock.now()))

        await later(31)
        second = slack_seat(here, here.slack.bill, "billing")
        card = await wait_for(second, says("Shop"), "the card of the second level")
        await wait_for(
            second.under(card.id), says("The first reply is due soon; please help"), "the question"
        )
        await wait_for(ticket.customer, says("We have asked Billing"), "when to expect an answer")
        await later(31)
        third = discord_seat(here, here.discord.dora, "community-desk")
        card = await wait_for(third, says("Shop"), "the card of the third level")
        thread = await thread_under(third, card.id)
        asked = await wait_for(thread, lambda one: "Acknowledge" in one.controls, "the question")
        await wait_for(ticket.agent, says("Billing did not acknowledge in time"), "that they were silent")
        await wait_for(ticket.agent, says("🔴 First reply is late"), "the breach")
        await wait_for(ticket.customer, says("We have asked Community"), "the new expectation")
        answered = await thread.press(asked.id, "Acknowledge")
        assert not answered.error, answered
        await wait_for(ticket.customer, says("Community has seen it"), "that somebody is on it")
        await later(31)
        await wait_until_gone(ticket.customer, says("late"), "alarms")
        levels = [one.text for one in await ticket.agent.see() if "to be acknowledged by" in one.text]
        assert len(levels) == 2, "what is acknowledged climbs no further"
