"""A ticket climbs the levels by itself: what is due soon asks the next team, silence the one above it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from pathlib import Path

from ruamel.yaml import YAML

from chatdesk.configuration.reading import read_desks
from chatdesk.demo.seats import says, wait_for, wait_until_gone
from chatdesk.demo.world import World, world
from chatdesk.desk.on_call_sweeps import call_next, escalate_unanswered
from chatdesk.desk.sla_sweep import watch_promises
from chatdesk.desk.sweeps import escalate_silence
from chatdesk.store import desks
from tests.scenarios.stage import Stage, discord_seat, slack_seat, thread_under
from tests.scenarios.variants import DESK, MovableClock, desk_file

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


def rotas(here: World) -> Mapping[str, object]:
    """Bill and then Ana are on call in Slack, Dora and then Dirk in Discord, since the day before."""
    since = (here.clock.now() - timedelta(days=1)).date()
    teams = YAML(typ="safe").load(DESK.read_text())["teams"]
    people = {
        "billing": [f"slack:{one.id}" for one in (here.slack.bill, here.slack.ana)],
        "community": [f"discord:{one.id}" for one in (here.discord.dora, here.discord.dirk)],
    }
    for team, rotation in people.items():
        turns = {"rotation": rotation, "handover": "0:00", "every": "2w", "from": since}
        teams[team] |= {"on_call": turns, "acknowledge_within": "10m", "answer_within": "2h"}
    teams["support"]["escalate_after_reopens"] = 1
    return {"teams": teams}


async def stands_in(here: World) -> None:
    """An admin says in Slack who is on call instead, an agent says it of herself in Discord."""
    ada, ana = slack_seat(here, here.slack.ada, "billing"), here.slack.ana
    said = await ada.command("oncall", agent="@ana", until="until tomorrow 9:00", team="billing")
    assert "Ana is on call for Billing" in said.text, said
    told = slack_seat(here, ana, await ana.dm_with_bot())
    await wait_for(told, says("Ada says that you are on call for Billing"), "that she is on call")
    assert "holds again: Bill" in (await ada.command("oncall", agent="off", team="billing")).text
    dirk = discord_seat(here, here.discord.dirk, "community-desk")
    said = await dirk.command("oncall", agent="me", until="tomorrow 9:00", team="Community")
    assert "Dirk is on call for Community" in said.text, said
    assert "Dirk (instead of the rota)" in (await dirk.command("oncall")).text
    assert "holds again: Dora" in (await dirk.command("oncall", until="off")).text


async def test_reopened_it_goes_through_the_rotas_of_both_platforms(tmp_path: Path) -> None:
    clock = MovableClock()
    async with world(tmp_path, clock, desk_file(tmp_path)) as here:
        bot = here.bot
        assert bot is not None
        (decided,) = read_desks(desk_file(tmp_path / "then", settings=rotas(here)), ())
        await bot.writer.run(lambda connection: desks.apply(connection, decided, clock.now()))

        async def later(minutes: int) -> None:
            clock.ahead += timedelta(minutes=minutes)
            for sweep in (escalate_silence, call_next, escalate_unanswered):
                await bot.writer.run(partial(sweep, now=clock.now()))

        stage = Stage.of(here, "discord-slack")
        lea = slack_seat(here, here.slack.lea, "support")
        bill, ana, dora = here.slack.bill, here.slack.ana, here.discord.dora
        assert "*Billing*: Bill, then Ana" in (await slack_seat(here, bill, "billing").command("oncall")).text
        await stands_in(here)
        refused = await lea.command("oncall", agent="@ana", until="until tomorrow 9:00", team="community")
        assert "A lead of Community or an admin can." in refused.text, refused

        ticket = await stage.open_ticket("The shop is closed", "Shop")
        await stage.agent.command("resolve", ticket="1", text="Opened it")
        await wait_for(ticket.customer, says("resolved"), "the resolution")
        await ticket.customer.post("It is still closed")
        await wait_for(ticket.agent, says("It was reopened (1×); please help."), "why it is escalated")
        on_card = await wait_for(ticket.home, says("Escalated to Billing (reopened too often)"), "the card")
        assert on_card.id == ticket.card
        card = await wait_for(slack_seat(here, bill, "billing"), says("Shop"), "the card of the next level")
        second = slack_seat(here, bill, "billing").under(card.id)
        said = await wait_for(second, says("is on call and was told"), "who is told")
        assert said.pings
        private = slack_seat(here, bill, await bill.dm_with_bot())
        await wait_for(private, says("You are on call; please acknowledge by"), "the direct message")
        await later(11)
        private = slack_seat(here, ana, await ana.dm_with_bot())
        await wait_for(
            private,
            lambda one: "Shop" in one.text and "You are on call" in one.text,
            "that it is the next one's turn",
        )
        await later(11)
        third = discord_seat(here, dora, await dora.dm_with_bot())
        told = await wait_for(
            third, says("it was escalated to Community (nobody acknowledged in time)"), "it"
        )
        shown = await discord_seat(here, dora, "community-desk").command("oncall", team="community")
        assert "Dora" in shown.text and "Dirk" in shown.text, shown
        pressed = await third.press(told.id, "Acknowledge")
        assert not pressed.error, pressed
        await wait_for(ticket.customer, says("Community has seen it"), "that somebody is on it")
        await later(121)
        await wait_for(ticket.agent, says("Community acknowledged but has not answered in time"), "the end")
        await wait_for(ticket.customer, says("This takes longer than we said. Expect an answer by"), "when")
        history = (await stage.agent.command("info", ticket="1")).text
        assert "called billing Bill (reopened too often)" in history, history


def at_night(here: World) -> Mapping[str, object]:
    """Nobody works before the day after tomorrow, and Dirk, who is off work for the same time, is on call."""
    soon = here.clock.now() + timedelta(days=2)
    dora, dirk = (f"discord:{one.id}" for one in (here.discord.dora, here.discord.dirk))
    teams = YAML(typ="safe").load(DESK.read_text())["teams"]
    shift = {"who": dirk, "from": (soon - timedelta(days=3)).date(), "to": soon.date()}
    teams["community"] |= {"assignment": "least_loaded", "on_call": {"shifts": [shift]}}
    return {
        "teams": teams,
        "agents": [{"who": dirk, "hours": "office"}, {"who": dora, "skills": "shop"}],
        "calendars": {"office": {"hours": {f"{soon:%a}".lower(): "09:00-17:00"}}},
        "slas": {"standard": {"targets": {"first_response": "1h"}, "tell_in": "office"}},
    }


async def test_at_night_whoever_is_on_call_is_told_and_nobody_else(tmp_path: Path) -> None:
    clock = MovableClock()
    async with world(tmp_path, clock, desk_file(tmp_path)) as here:
        bot = here.bot
        assert bot is not None
        (decided,) = read_desks(desk_file(tmp_path / "then", settings=at_night(here)), ())
        await bot.writer.run(lambda connection: desks.apply(connection, decided, clock.now()))
        stage = Stage.of(here, "slack-discord")
        ticket = await stage.open_ticket("The forum is closed", "Forum")
        await wait_for(
            ticket.agent, says("This ticket is Dora's now"), "that it is not Dirk's, who is off work"
        )
        clock.ahead += timedelta(minutes=61)
        await bot.writer.run(partial(watch_promises, now=clock.now()))
        dirk = discord_seat(here, here.discord.dirk, await here.discord.dirk.dm_with_bot())
        told = await wait_for(dirk, says("a limit was passed. You are on call"), "the call")
        await wait_for(ticket.home, says("told that a limit was passed, not yet acknowledged"), "the card")
        pressed = await dirk.press(told.id, "Acknowledge")
        assert not pressed.error, pressed
        await wait_for(ticket.agent, says("Dirk is on it"), "that somebody is")
        assert not any("late" in one.text for one in await ticket.agent.see()), "this waits for the morning"
        await wait_until_gone(ticket.customer, says("limit"), "what is none of theirs")
