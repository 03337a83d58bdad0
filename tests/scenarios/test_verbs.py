"""Every verb by command, by mention and, where there is one, by button, on both platforms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from chatdesk.demo.seats import DiscordSeat, Seat, says, typed, wait_for
from chatdesk.demo.world import World
from tests.scenarios.stage import Stage, Ticket

HOMES = ("slack-slack", "discord-discord")


@dataclass(frozen=True)
class Verb:
    """``shows`` appears in the agents' thread; ``card`` on the card."""

    name: str
    options: Mapping[str, str]
    shows: str = ""
    card: str = ""
    before: tuple[tuple[str, Mapping[str, str]], ...] = ()


VERBS = (
    Verb("claim", {}, "claimed this ticket", "Release"),
    Verb("release", {}, "released this ticket", "Claim", before=(("claim", {}),)),
    Verb("priority", {"priority": "urgent"}, "priority Normal → Urgent", "Urgent"),
    Verb("status", {"status": "pending"}, "status new → pending", "pending"),
    Verb("resolve", {"text": "switched it on"}, "resolved this ticket. switched it on", "Reopen"),
    Verb("close", {"text": "done"}, "closed this ticket", "closed"),
    Verb("reopen", {"reason": "still broken"}, "reopened this ticket", "Claim", before=(("resolve", {}),)),
    Verb("category", {"category": "access/vpn"}, "category none → Access › VPN", "VPN"),
    Verb("tag", {"action": "add", "tag": "vpn"}, "added the tag vpn", ""),
    Verb("note", {"text": "check the router"}, "check the router", ""),
)


@pytest.fixture(params=HOMES)
def home(here: World, request: pytest.FixtureRequest) -> Stage:
    return Stage.of(here, request.param)


async def prepared(home: Stage, verb: Verb) -> Ticket:
    """A ticket for this verb, known by its title."""
    ticket = await home.open_ticket(f"The {verb.name} does not work", f"Broken {verb.name}")
    for name, options in verb.before:
        answered = await home.agent.command(name, ticket=ticket.number, **options)
        assert not answered.error, answered
    return ticket


async def check(ticket: Ticket, verb: Verb) -> None:
    await wait_for(ticket.agent, says(verb.shows), f"{verb.name}: {verb.shows}")
    if verb.card:
        await wait_for(
            ticket.home,
            lambda one: one.id == ticket.card and (verb.card in one.text or verb.card in one.controls),
            f"{verb.name}: {verb.card} on the card",
        )


async def test_each_by_command(home: Stage) -> None:
    for verb in VERBS:
        ticket = await prepared(home, verb)
        answered = await home.agent.command(verb.name, ticket=ticket.number, **verb.options)
        assert not answered.error, answered
        assert f"#{ticket.number}" in answered.text, answered
        await check(ticket, verb)


async def test_each_by_mention_in_the_thread(home: Stage) -> None:
    for verb in VERBS:
        ticket = await prepared(home, verb)
        await ticket.agent.mention(typed(verb.name, verb.options))
        await check(ticket, verb)


async def test_assign_by_command_and_by_mention(home: Stage) -> None:
    ticket = await home.open_ticket("It does not work", "Broken")
    await ticket.agent.mention(f"assign {home.colleague.mention_of}")
    await wait_for(ticket.agent, says(f"assigned this ticket to {home.colleague.name}"), "the assignment")
    answered = await home.agent.command("assign", ticket="1", agent="me")
    assert "#1" in answered.text, answered


async def test_reply_by_command_reaches_the_customer(home: Stage) -> None:
    ticket = await home.open_ticket("It does not work", "Broken")
    answered = await home.agent.command("reply", ticket="1", text="We are on it")
    assert "Sent" in answered.text, answered
    await wait_for(ticket.customer, says("We are on it", home.agent.name), "the reply")


async def test_a_note_by_command_does_not_reach_the_customer(home: Stage) -> None:
    ticket = await home.open_ticket("It does not work", "Broken")
    await home.agent.command("note", ticket="1", text="a secret")
    await wait_for(ticket.agent, says("a secret"), "the note")
    await home.agent.command("reply", ticket="1", text="something public")
    await wait_for(ticket.customer, says("something public"), "the reply")
    assert not any("a secret" in one.text for one in await ticket.customer.see())


async def test_list_info_and_help(home: Stage) -> None:
    await home.open_ticket("It does not work", "Broken")
    assert "Broken" in (await home.agent.command("list", which="team")).text
    info = (await home.agent.command("info", ticket="1")).text
    assert "Broken" in info and home.customer.name in info
    assert "claim" in (await home.agent.command("help")).text


async def test_open_by_command(home: Stage) -> None:
    opened = await home.customer.command("open", **opening(home.customer, "The door is stuck"))
    assert "#1" in opened.text, opened
    card = await wait_for(home.agent, says("The door is stuck"), "the card")
    assert "Claim" in card.controls


def opening(seat: Seat, text: str) -> Mapping[str, str]:
    return {"title": text} if isinstance(seat, DiscordSeat) else {"text": text}


async def test_people_add_and_remove(home: Stage) -> None:
    ticket = await home.open_ticket("It does not work", "Broken")
    options = {"action": "add", "person": person(home.colleague)}
    added = await home.agent.command("people", ticket="1", **options)
    assert not added.error and "#1" in added.text, added
    await wait_for(ticket.agent, says(f"added {home.colleague.name}"), "who was added")
    removed = await home.agent.command("people", ticket="1", **(options | {"action": "remove"}))
    assert "#1" in removed.text, removed


def person(seat: Seat) -> str:
    return seat.user if isinstance(seat, DiscordSeat) else seat.mention_of


async def test_buttons_on_the_card(home: Stage) -> None:
    ticket = await home.open_ticket("It does not work", "Broken")
    await ticket.press("Claim")
    await wait_for(ticket.agent, says("claimed this ticket"), "the claim")
    await home.agent.choose(ticket.card, "Priority", "High")
    await wait_for(ticket.agent, says("Normal → High"), "the priority")
    await home.agent.choose(ticket.card, "Status", "pending")
    await wait_for(ticket.agent, says("→ pending"), "the status")
    await ticket.press("Release")
    await wait_for(ticket.agent, says("released this ticket"), "the release")


async def test_unknown_words_are_answered_with_what_is_allowed(home: Stage) -> None:
    await home.open_ticket("It does not work", "Broken")
    answered = await home.agent.command("priority", ticket="1", priority="urgnt")
    assert "Urgent" in answered.text, answered
    missing = await home.agent.command("claim", ticket="77")
    assert "no ticket #77" in missing.text, missing


async def test_permissions_are_checked(home: Stage) -> None:
    ticket = await home.open_ticket("It does not work", "Broken")
    refused = await home.customer.command("priority", ticket="1", priority="urgent")
    assert "You may not" in refused.text, refused
    pressed = await ticket.press("Claim")
    assert not pressed.error
