"""Requesters say how satisfied they are: five buttons, a comment, a change of mind; the lead hears of it."""

from __future__ import annotations

import pytest

from chatdesk.demo.seats import Seat, says, wait_for
from chatdesk.demo.world import World
from tests.scenarios.stage import Stage, Ticket, slack_seat


async def closed(stage: Stage) -> tuple[Ticket, str]:
    """A ticket that was answered and closed, and the question about it."""
    ticket = await stage.open_ticket("It is slow", "Slow")
    await ticket.agent.post("We replaced the cable")
    await wait_for(ticket.customer, says("the cable"), "the answer")
    answered = await stage.agent.command("close", ticket="1")
    assert not answered.error, answered
    asked = await wait_for(ticket.customer, says("How satisfied are you"), "the question")
    assert asked.controls == ("😡 1", "🙁 2", "😐 3", "🙂 4", "😍 5")
    return ticket, asked.id


@pytest.mark.parametrize("pair", ["discord-slack", "slack-discord"])
async def test_a_rating_is_given_and_changed_and_commented(here: World, pair: str) -> None:
    stage = Stage.of(here, pair)
    ticket, question = await closed(stage)
    given = await ticket.customer.press(question, "🙂 4")
    assert "4 of 5" in given.text, given
    await wait_for(ticket.agent, says("rated this ticket 4 of 5"), "the rating")
    changed = await ticket.customer.press(question, "😍 5")
    assert "5 of 5" in changed.text, changed
    await wait_for(ticket.agent, says("rated this ticket 5 of 5"), "the change of mind")
    await comment(ticket.customer, "Quick and kind")
    await wait_for(ticket.agent, says("Quick and kind"), "the comment")
    await wait_for(
        ticket.home, lambda one: one.id == ticket.card and "5 of 5" in one.text, "the rating on the card"
    )
    assert not any("Quick and kind" in one.text for one in await ticket.customer.see())


async def comment(customer: Seat, words: str) -> None:
    shown = await wait_for(
        customer, lambda one: one.only_me and "Add a comment" in one.controls, "the button"
    )
    opened = await customer.press(shown.id, "Add a comment")
    assert opened.form_open, opened
    sent = await customer.fill_in(**{"Anything to add?": words})
    assert not sent.error and not sent.field_errors, sent


async def test_a_low_rating_is_told_to_the_lead_and_reopened_from_there(here: World) -> None:
    stage = Stage.of(here, "discord-slack")
    ticket, question = await closed(stage)
    await ticket.customer.press(question, "😡 1")
    lea = slack_seat(here, here.slack.lea, await here.slack.lea.dm_with_bot())
    told = await wait_for(lea, says("1 of 5"), "the low rating")
    await lea.press(told.id, "Reopen")
    await wait_for(ticket.customer, says("open again"), "that somebody cares")


async def test_a_blank_is_no_rating(here: World) -> None:
    stage = Stage.of(here, "slack-slack")
    ticket, _ = await closed(stage)
    await ticket.customer.mention("rate   ")
    refused = await ticket.customer.command("rate", ticket="1")
    assert "from 1 (bad) to 5" in refused.text, refused
    await here.quiet()
    assert not any("rated this ticket" in one.text for one in await ticket.agent.see())
