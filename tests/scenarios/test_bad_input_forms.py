"""Forms that come too late or with something missing: what was typed is never lost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chatdesk.demo.seats import Answered, DiscordSeat, Seat, SlackSeat, says, wait_for
from chatdesk.demo.world import World
from tests.scenarios.stage import Stage, Ticket, slack_seat

HOMES = ("slack-slack", "discord-discord")


@pytest.fixture(params=HOMES)
def home(here: World, request: pytest.FixtureRequest) -> Stage:
    return Stage.of(here, request.param)


async def open_form(seat: Seat, ticket: Ticket, entry: str) -> None:
    """Choose an entry of the card's More menu and wait for its form."""
    await seat.choose(ticket.card, "More", entry)
    if isinstance(seat, SlackSeat):
        await seat.human.wait_for_modal(lambda view: bool(view.submit))
    else:
        assert isinstance(seat, DiscordSeat)
        assert await seat.human.modal() is not None


def said(answered: Answered) -> str:
    """What the submission was answered with, beside a field (Slack) or alone (Discord)."""
    return " ".join([answered.text, *answered.field_errors.values()])


async def submitted_again(seat: Seat) -> Answered:
    """Submit the form once more without typing anything anew: what was typed must still be there."""
    if isinstance(seat, DiscordSeat):
        seen = await wait_for(
            seat, lambda one: one.only_me and "Open the form again" in one.controls, "the way back"
        )
        await seat.press(seen.id, "Open the form again")
        assert await seat.human.modal() is not None
    return await seat.fill_in()


async def test_a_form_submitted_after_the_ticket_was_moved_shows_both(home: Stage) -> None:
    ticket = await home.open_ticket("It does not work", "Broken")
    await open_form(home.agent, ticket, "Category")
    await home.colleague.command("category", ticket="1", category="access/password")
    late = await home.agent.fill_in(Category="Access › VPN")
    assert "Access › Password" in said(late) and "was none" in said(late), late
    assert late.form_open is isinstance(home.agent, SlackSeat)
    assert "Password" in (await home.agent.command("info", ticket="1")).text
    done = await submitted_again(home.agent)
    assert not done.field_errors, done
    await wait_for(ticket.agent, says("category Access › Password → Access › VPN"), "the second submission")


async def test_what_was_typed_to_resolve_survives_a_change_of_the_status(home: Stage) -> None:
    ticket = await home.open_ticket("It does not work", "Broken")
    await open_form(home.agent, ticket, "Resolve")
    await home.colleague.command("status", ticket="1", status="pending")
    late = await home.agent.fill_in(**{"What was done?": "I switched it on"})
    assert "pending" in said(late) and "was new" in said(late), late
    assert not any("I switched it on" in one.text for one in await ticket.customer.see())
    done = await submitted_again(home.agent)
    assert not done.field_errors, done
    await wait_for(ticket.customer, says("I switched it on"), "the resolution")


async def test_a_form_for_a_ticket_that_was_closed_meanwhile(home: Stage) -> None:
    ticket = await home.open_ticket("It does not work", "Broken")
    await open_form(home.agent, ticket, "Reply")
    await home.colleague.command("close", ticket="1", text="done")
    late = await home.agent.fill_in(**{"Your answer": "One more thing"})
    assert "closed" in said(late) or "Sent" in said(late), late
    info = await home.agent.command("info", ticket="1")
    assert "closed" in info.text, info


async def test_what_reads_as_nothing_is_no_title(home: Stage) -> None:
    message = await home.customer.post("It does not work")
    assert (await home.customer.make_ticket(message)).form_open
    refused = await home.customer.fill_in(Title="\u200b \u2060")
    assert "Please fill this in" in said(refused), refused
    assert not [one for one in await home.agent.see() if one.controls]
    if isinstance(home.customer, DiscordSeat):
        seen = await wait_for(
            home.customer, lambda one: "Open the form again" in one.controls, "the way back"
        )
        await home.customer.press(seen.id, "Open the form again")
    sent = await home.customer.fill_in(Title="Broken")
    assert not sent.field_errors, sent
    await wait_for(home.agent, says("Broken"), "the card")


async def test_a_field_that_the_category_asks_for(here: World) -> None:
    """In Slack it appears with the category; without it the form is not taken."""
    sam = slack_seat(here, here.slack.sam, "help")
    message = await sam.post("I want my money back")
    assert (await sam.make_ticket(message)).form_open
    await here.slack.sam.modal_choose("Category", "Billing › Refund")
    await here.slack.sam.wait_for_modal(lambda view: "Order number" in view.shown)
    refused = await sam.fill_in(Title="Refund", **{"Order number": "  "})
    assert refused.form_open and refused.field_errors, refused
    sent = await sam.fill_in(**{"Order number": "A-17"})
    assert "#1" in sent.text, sent


async def test_the_same_message_is_not_made_a_ticket_twice(home: Stage) -> None:
    """Two people have the form of one message open."""
    message = await home.customer.post("It does not work")
    neighbour = _neighbour(home)
    assert (await home.customer.make_ticket(message)).form_open
    assert (await neighbour.make_ticket(message)).form_open
    assert "#1" in (await home.customer.fill_in(Title="Broken")).text
    late = await neighbour.fill_in(Title="Also broken")
    assert "belongs to ticket #1 already" in said(late), late
    await home.here.quiet()
    assert len([one for one in await home.agent.see() if "Claim" in one.controls]) == 1


def _neighbour(home: Stage) -> Seat:
    if isinstance(home.customer, SlackSeat):
        return replace(home.customer, human=home.here.slack.sue)
    assert isinstance(home.customer, DiscordSeat)
    return replace(home.customer, human=home.here.discord.dan)
