"""Odd texts: very long, invisible, right to left, nothing but emoji. Mirrored readably, never a crash."""

from __future__ import annotations

import pytest

from chatdesk.demo.seats import Seat, Seen, SlackSeat, says, wait_for
from chatdesk.demo.world import World
from tests.scenarios.stage import PAIRS, Stage, slack_seat, thread_under

HOMES = ("slack-slack", "discord-discord")
ARABIC = "مرحبا، الطابعة لا تعمل"
HEBREW = "שלום עולם"
FAMILY = "👩‍👩‍👧‍👦"
OTHER_SCRIPTS = (ARABIC, f"{HEBREW} (abc) {ARABIC} 123", "🎉", FAMILY, "🔥🔥 👍🏽", "\u202e abc")
"""None of them stands in one before it, so that each ticket is known by its title."""
INVISIBLE = "\u200b\u2060\u200d"


@pytest.fixture(params=HOMES)
def home(here: World, request: pytest.FixtureRequest) -> Stage:
    return Stage.of(here, request.param)


def longest(seat: Seat) -> int:
    """How much a person can write in one message there."""
    return 40_000 if isinstance(seat, SlackSeat) else 2_000


def paragraphs(characters: int) -> str:
    """Numbered paragraphs, as many as fit."""
    made: list[str] = []
    size = 0
    while True:
        paragraph = f"{len(made):04} " + "lorem ipsum dolor sit amet " * 4 + "end"
        if size + len(paragraph) + 2 > characters:
            return "\n\n".join(made)
        made.append(paragraph)
        size += len(paragraph) + 2


def numbers(seen: list[Seen]) -> list[str]:
    """The paragraphs' numbers in what was shown, in order."""
    words = " ".join(one.text for one in seen).split()
    return [word for word in words if len(word) == 4 and word.isdigit()]


@pytest.mark.parametrize("stage", PAIRS, indirect=True)
async def test_as_much_as_a_person_can_write_arrives_whole_and_in_order(stage: Stage) -> None:
    ticket = await stage.open_ticket("It does not work", "Broken")
    text = paragraphs(longest(stage.customer))
    last = numbers([_seen(text)])[-1]
    await ticket.customer.post(text)
    await wait_for(ticket.agent, says(last, stage.customer.name), "the last paragraph")
    parts = [one for one in await ticket.agent.see() if "lorem" in one.text]
    assert numbers(parts) == numbers([_seen(text)])
    assert {one.author for one in parts} == {stage.customer.name}


def _seen(text: str) -> Seen:
    return Seen("", "", text, (), (), (), False, False, False, False)


async def test_a_ticket_of_the_longest_message(home: Stage) -> None:
    text = paragraphs(longest(home.customer))
    message = await home.customer.post(text)
    opened = await home.customer.make_ticket(message)
    assert opened.form_open, opened
    sent = await home.customer.fill_in()
    assert "#1" in sent.text, sent
    ticket = await home.ticket(message, "0000 lorem")
    last = numbers([_seen(text)])[-1]
    await wait_for(ticket.agent, says(last), "the last paragraph")


async def test_as_much_as_a_command_can_hold(home: Stage) -> None:
    """In Slack more than a message; in Discord what the option allows."""
    ticket = await home.open_ticket("It does not work", "Broken")
    text = paragraphs(50_000 if isinstance(home.agent, SlackSeat) else 3_000)
    answered = await home.agent.command("reply", ticket="1", text=text)
    assert "Sent" in answered.text, answered
    last = numbers([_seen(text)])[-1]
    await wait_for(ticket.customer, says(last, home.agent.name), "the end of the answer")
    parts = [one for one in await ticket.customer.see() if "lorem" in one.text]
    assert numbers(parts) == numbers([_seen(text)])


async def test_as_many_characters_as_there_can_be_without_a_space(home: Stage) -> None:
    ticket = await home.open_ticket("It does not work", "Broken")
    size = longest(home.customer)
    await ticket.customer.post("x" * (size - 1) + "y")
    await wait_for(ticket.agent, lambda one: one.text.endswith("y") and "xx" in one.text, "its end")
    shown = "".join(one.text for one in await ticket.agent.see() if "xx" in one.text)
    assert shown.count("x") == size - 1


@pytest.mark.parametrize("stage", PAIRS, indirect=True)
async def test_other_scripts_and_emoji_read_the_same_on_the_other_side(stage: Stage) -> None:
    for number, text in enumerate(OTHER_SCRIPTS, 1):
        message = await stage.customer.post(text)
        assert (await stage.customer.make_ticket(message)).form_open, ascii(text)
        sent = await stage.customer.fill_in()
        assert f"#{number}" in sent.text, sent
        ticket = await stage.ticket(message, text.strip())
        await wait_for(ticket.agent, says(text.strip(), stage.customer.name), f"the request {text!a}")
        await ticket.agent.post(text)
        await wait_for(ticket.customer, says(text.strip(), stage.agent.name), f"the answer {text!a}")
        assert not any("⚠️" in one.text or "⚠️" in one.reactions for one in await ticket.agent.see()), text


@pytest.mark.parametrize("stage", PAIRS, indirect=True)
async def test_what_cannot_be_seen_disturbs_nothing(stage: Stage) -> None:
    ticket = await stage.open_ticket("It does not work", "Broken")
    await ticket.customer.post(INVISIBLE)
    await ticket.agent.post(INVISIBLE)
    await ticket.customer.post("Hello?")
    await wait_for(ticket.agent, says("Hello?", stage.customer.name), "what came behind it")
    await ticket.agent.post("Yes")
    await wait_for(ticket.customer, says("Yes", stage.agent.name), "the answer behind it")
    await stage.here.quiet()
    for seat in (ticket.agent, ticket.customer):
        assert not any("could not be delivered" in one.text for one in await seat.see())
        assert not any("⚠️" in one.text or "⚠️" in one.reactions for one in await seat.see())


async def test_a_ticket_of_nothing_that_can_be_seen_has_a_title(here: World) -> None:
    sam = slack_seat(here, here.slack.sam, "inbox")
    message = await sam.post(INVISIBLE)
    ana = slack_seat(here, here.slack.ana, "support")
    card = await wait_for(ana, lambda one: "Claim" in one.controls, "the card")
    assert "without words" in card.text
    await (await thread_under(sam, message)).post("The printer, I mean")
    await wait_for(ana.under(card.id), says("The printer, I mean", "Sam"), "the words")


async def test_a_note_or_answer_of_nothing_is_refused(home: Stage) -> None:
    await home.open_ticket("It does not work", "Broken")
    for verb in ("note", "reply"):
        refused = await home.agent.command(verb, ticket="1", text=INVISIBLE)
        assert "Please write what to say" in refused.text, refused
