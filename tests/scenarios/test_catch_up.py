"""The bot was away, or its connection was, while people went on: everything is found, once and in order."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from chatdesk.demo.seats import Seat, Seen, says, wait_for
from chatdesk.demo.world import World
from tests.scenarios.stage import Stage, Ticket, is_card

PAIRS = ("discord-slack", "slack-discord")


def bodies(seen: Sequence[Seen], *words: str) -> list[str]:
    """Which of these words were said, in the order in which they stand."""
    return [word for one in seen for word in words if word in one.text]


async def said(seat: Seat, *words: str) -> list[str]:
    return bodies(await seat.see(), *words)


async def conversation(here: World, pair: str) -> tuple[Stage, Ticket, str, str, str]:
    """A ticket on which both have written, and everything of it has arrived."""
    stage = Stage.of(here, pair)
    ticket = await stage.open_ticket("It does not work", "Broken")
    kept = await ticket.customer.post("kept-word")
    changed = await ticket.customer.post("old-word")
    gone = await ticket.customer.post("gone-word")
    await wait_for(ticket.agent, says("gone-word"), "what was written before")
    await ticket.customer.react(kept, "👀")
    await wait_for(
        ticket.agent, lambda one: "kept-word" in one.text and "👀" in one.reactions, "the reaction"
    )
    await here.quiet()
    return stage, ticket, kept, changed, gone


@pytest.mark.parametrize("pair", PAIRS)
async def test_what_happened_while_the_bot_was_stopped_is_found(here: World, pair: str) -> None:
    stage, ticket, kept, changed, gone = await conversation(here, pair)
    await here.stop_bot()
    await ticket.customer.post("missed-1")
    await ticket.customer.post("missed-2", [("log.txt", b"the log")])
    short = await ticket.customer.post("never-seen")
    await ticket.customer.delete(short)
    await ticket.customer.edit(changed, "new-word")
    await ticket.customer.delete(gone)
    await ticket.customer.unreact(kept, "👀")
    await ticket.customer.react(kept, "🎉")
    await ticket.agent.post("answer-1")
    await ticket.agent.post("answer-2")
    await ticket.customer.post("missed-3")
    await here.start_bot()
    await ticket.customer.post("live-1")
    await wait_for(ticket.agent, says("live-1", stage.customer.name), "what was written after the start")
    await here.quiet()
    expected = ["kept-word", "new-word", "missed-1", "missed-2", "missed-3", "live-1"]
    assert await said(ticket.agent, *expected, "old-word", "gone-word", "never-seen") == expected
    assert await said(ticket.customer, "answer-1", "answer-2") == ["answer-1", "answer-2"]
    copy = next(one for one in await ticket.agent.see() if "kept-word" in one.text)
    assert "🎉" in copy.reactions
    assert "👀" not in copy.reactions
    file = next(one for one in await ticket.agent.see() if "log.txt" in one.files)
    assert file is not None


@pytest.mark.parametrize("pair", PAIRS)
async def test_what_was_asked_while_the_bot_was_stopped_is_done(here: World, pair: str) -> None:
    stage, ticket, *_ = await conversation(here, pair)
    await here.stop_bot()
    await ticket.agent.mention("claim")
    await stage.customer.mention("open Nothing prints: the printer is on fire")
    asked = await stage.customer.post("Please look at this too")
    await stage.colleague.react(ticket.card, "👀")
    await stage.customer.react(asked, "🎫")
    await here.start_bot()
    await wait_for(stage.agent, is_card("Please look at this too"), "the ticket that was asked for by 🎫")
    await wait_for(stage.agent, is_card("Nothing prints"), "the ticket that was opened by mention")
    await wait_for(ticket.agent, says("claimed this ticket"), "the claim")
    await here.quiet()
    await here.stop_bot()
    await here.start_bot()
    await here.quiet()
    cards = [one for one in await stage.agent.see() if one.controls]
    assert len(cards) == 3
