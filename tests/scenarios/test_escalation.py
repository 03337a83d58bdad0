"""A ticket before another team: acknowledged, taken over, sent back, met with silence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from chatdesk.demo.seats import Seat, says, wait_for, wait_until_gone
from chatdesk.demo.world import World, world
from tests.scenarios.stage import Stage, Ticket, discord_seat, slack_seat, thread_under
from tests.scenarios.variants import DESK


class MovableClock:
    """The real time, plus what the test added."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


async def escalated(here: World) -> tuple[Stage, Ticket, Seat, Seat]:
    """A ticket of Support's that Billing was asked about; Billing's channel and the thread there."""
    stage = Stage.of(here, "discord-slack")
    ticket = await stage.open_ticket("I paid twice", "Paid twice")
    await ticket.agent.post("note: looks like a provider error")
    await ticket.agent.mention("escalate billing please refund")
    channel = slack_seat(here, here.slack.bill, "billing")
    card = await wait_for(channel, says("Paid twice"), "the card in #billing")
    thread = channel.under(card.id)
    await wait_for(thread, says("please refund"), "what is asked")
    await wait_for(thread, says("provider error"), "the history, notes included")
    await wait_for(ticket.customer, says("asked Billing"), "that it was escalated")
    return stage, ticket, channel, thread


async def press(thread: Seat, label: str) -> None:
    asked = await wait_for(thread, lambda one: label in one.controls, label)
    answered = await thread.press(asked.id, label)
    assert not answered.error, answered


async def test_acknowledged(here: World) -> None:
    _, ticket, _, thread = await escalated(here)
    await press(thread, "Acknowledge")
    await wait_for(ticket.agent, says("acknowledged this for Billing"), "the acknowledgement")
    await wait_for(ticket.customer, says("Billing has seen it"), "that Billing has seen it")


async def test_taken_over_gets_a_new_card_and_the_old_one_becomes_a_line(here: World) -> None:
    stage, ticket, channel, thread = await escalated(here)
    await press(thread, "Take over")
    card = await wait_for(
        channel, lambda one: "Paid twice" in one.text and "Release" in one.controls, "a new card"
    )
    await wait_for(
        stage.agent, lambda one: one.id == ticket.card and not one.controls, "the old card as a line"
    )
    await wait_for(ticket.customer, says("Billing looks after this"), "who has it now")
    new_thread = channel.under(card.id)
    await wait_for(new_thread, says("I paid twice"), "the conversation")
    await new_thread.post("The refund is on its way")
    await wait_for(ticket.customer, says("The refund is on its way", "Bill"), "the answer of the new team")
    await ticket.agent.post("does anybody hear me?")
    await here.quiet()
    assert not any("hear me" in one.text for one in await ticket.customer.see())


async def test_sent_back(here: World) -> None:
    _, ticket, _, thread = await escalated(here)
    await thread.mention("sendback refunded already")
    await wait_for(ticket.agent, says("sent this back from Billing"), "the answer")
    await wait_for(ticket.customer, says("Billing has looked at it"), "the outcome")
    await wait_until_gone(ticket.customer, says("refunded already"), "words among staff")


async def test_what_is_written_in_the_escalation_thread_stays_inside_and_can_be_quoted(here: World) -> None:
    _, ticket, _, thread = await escalated(here)
    await thread.post("reply: between us, they always do this")
    await press(thread, "Quote last answer")
    await wait_for(ticket.agent, says("they always do this"), "the quotation")
    await wait_until_gone(ticket.customer, says("they always"), "words among staff")


async def test_silence_goes_to_the_next_level_also_after_a_restart(tmp_path: Path) -> None:
    clock = MovableClock()
    async with world(tmp_path, clock, DESK) as here:
        _, ticket, _, _ = await escalated(here)
        await here.stop_bot()
        clock.ahead += timedelta(minutes=31)
        await here.start_bot()
        community = discord_seat(here, here.discord.dora, "community-desk")
        card = await wait_for(community, says("Paid twice"), "the card of the next level")
        thread = await thread_under(community, card.id)
        await wait_for(thread, says("please refund"), "what is asked")
        await wait_for(ticket.agent, says("did not acknowledge in time"), "that Billing was silent")
