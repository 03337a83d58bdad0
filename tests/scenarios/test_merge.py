"""Tickets brought together and taken apart: nobody sees another requester, agents see one conversation."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from chatdesk.demo.seats import DiscordSeat, Seat, SlackSeat, says, wait_for, wait_until_gone
from chatdesk.demo.world import World
from tests.scenarios.stage import Stage, Ticket

FILE = ("invoice.bin", bytes(range(256)) * 8)


@dataclass(frozen=True)
class Two:
    """A customer on each platform, each with a ticket of the same team."""

    first: Ticket
    second: Ticket


ON_SLACK = pytest.mark.parametrize("two", ["slack"], indirect=True)
ON_DISCORD = pytest.mark.parametrize("two", ["discord"], indirect=True)


@pytest.fixture(params=["slack", "discord"])
async def two(here: World, request: pytest.FixtureRequest) -> Two:
    """The team's platform in turn."""
    first = await Stage.of(here, f"slack-{request.param}").open_ticket("The mail server is dead", "Mail")
    second = await Stage.of(here, f"discord-{request.param}").open_ticket("Nothing since nine", "Letters")
    await wait_for(second.agent, says("Nothing since nine"), "the request in the team's thread")
    return Two(first, second)


async def words_of(seat: Seat) -> str:
    return " ".join(one.text for one in await seat.see())


async def merged(two: Two) -> None:
    await two.second.agent.mention("merge #1")
    await wait_for(two.first.agent, says("into this ticket"), "the line in the main ticket")
    await wait_for(two.first.agent, says("Nothing since nine"), "the other conversation")
    await wait_for(two.second.customer, says("together with others"), "what its requester is told")


async def test_merged_and_parted_again(here: World, two: Two) -> None:
    first, second = two.first, two.second
    await merged(two)
    await wait_for(
        second.home, lambda one: one.id == second.card and not one.controls, "the old card as a line"
    )
    await first.customer.post("my name is Sam Spade")
    await second.customer.post("my customer number is 77", [FILE])
    await wait_for(first.agent, says("Sam Spade"), "the first requester's words")
    await wait_for(first.agent, lambda one: FILE[0] in one.files, "the second one's file")
    await first.agent.post("It is back, all of you")
    for customer in (first.customer, second.customer):
        await wait_for(customer, says("It is back", first.agent.name), "the public answer")
    await second.agent.post("Your letters are safe, too")
    await wait_for(second.customer, says("letters are safe"), "an answer to one party")
    await wait_for(first.agent, says("letters are safe"), "the same among the team")
    line = await wait_for(first.agent, says("into this ticket"), "the line with the button")
    answered = await first.agent.press(line.id, "Undo")
    assert not answered.error, answered
    await wait_for(second.agent, says("a ticket of its own again"), "that it is on its own")
    await wait_for(
        second.home, lambda one: one.id == second.card and bool(one.controls), "the card as it was"
    )
    await second.customer.post("alone again")
    await wait_for(second.agent, says("alone again"), "what is written after")
    await here.quiet()
    assert "alone again" not in await words_of(first.agent)
    of_first, of_second = await words_of(first.customer), await words_of(second.customer)
    for word in ("Nothing since nine", "number is 77", "letters", "Letters", second.customer.name):
        assert word not in of_first
    for word in ("mail server", "Sam Spade", first.customer.name):
        assert word not in of_second


@ON_SLACK
async def test_resolved_for_all_from_the_form_of_the_card(two: Two) -> None:
    first, second = two.first, two.second
    opened = await second.home.choose(second.card, "More", "Merge into another")
    assert opened.form_open, opened
    refused = await second.home.fill_in(**{"Into which ticket?": "#9"})
    assert "There is no ticket #9" in str(refused.field_errors) + refused.text + refused.error
    opened = await second.home.choose(second.card, "More", "Merge into another")
    await second.home.fill_in(**{"Into which ticket?": "#1"})
    await wait_for(first.agent, says("Nothing since nine"), "the other conversation")
    await first.agent.mention("resolve restarted it")
    for customer in (first.customer, second.customer):
        await wait_for(customer, says("restarted it"), "that it is resolved")


@ON_DISCORD
async def test_an_incident_with_children(two: Two) -> None:
    first, second = two.first, two.second
    answered = await first.agent.command("relate", ticket="1", action="link", other="2", kind="parent of")
    assert not answered.error, answered
    await wait_for(second.agent, says("child of"), "the tie at the other end")
    await first.agent.mention("update-all We restart the server at noon")
    for customer in (first.customer, second.customer):
        await wait_for(customer, says("restart the server at noon", first.agent.name), "the update")
    await first.agent.mention("resolve It was the disk")
    offered = await wait_for(first.agent, lambda one: "Resolve them too" in one.controls, "the offer")
    await first.agent.press(offered.id, "Resolve them too")
    await wait_for(second.customer, says("It was the disk"), "the child's resolution")


async def test_a_message_becomes_a_ticket_of_its_own(two: Two) -> None:
    ticket = two.second
    await ticket.customer.post("And may I have a second screen?")
    copy = await wait_for(ticket.agent, says("second screen"), "the message")
    await split(ticket.agent, copy.id)
    sent = await ticket.agent.fill_in(**{"Title of the new ticket": "Second screen"})
    assert not sent.error and not sent.field_errors, sent
    await wait_for(ticket.home, lambda one: "Second screen" in one.text and bool(one.controls), "its card")
    await wait_for(ticket.customer, says("a thread of its own"), "where it goes on")
    await wait_until_gone(two.first.customer, says("screen"), "another's words")


async def split(seat: Seat, message: str) -> None:
    if isinstance(seat, SlackSeat):
        await seat.human.message_shortcut("split_ticket", seat.channel, message)
        await seat.human.wait_for_modal(lambda view: bool(view.submit))
    elif isinstance(seat, DiscordSeat):
        await seat.human.context_menu("Split ticket", seat.channel, message)


async def test_a_likely_duplicate_is_merged_with_one_click(here: World) -> None:
    first = await Stage.of(here, "slack-slack").open_ticket("The mail server does not answer", "Mail server")
    second = await Stage.of(here, "discord-slack").open_ticket(
        "the mail server does not answer any more", "Mail server again"
    )
    line = await wait_for(second.agent, says("may be the same as"), "the suggestion")
    answered = await second.agent.press(line.id, "Merge into #1")
    assert not answered.error, answered
    await wait_for(first.agent, says("any more"), "the other conversation")
    assert "may be the same" not in await words_of(second.customer)
