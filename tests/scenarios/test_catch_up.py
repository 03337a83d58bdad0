"""The bot was away, or its connection was, while people went on: everything is found, once and in order."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from chatdesk.demo.seats import Seat, Seen, says, wait_for
from chatdesk.demo.world import World
from chatdesk_playground.faults import Fault, FaultKind
from tests.scenarios.stage import Stage, Ticket, discord_seat, is_card, slack_seat, thread_under

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
    await wait_for(ticket.customer, says("answer-2", stage.agent.name), "what the agent wrote meanwhile")
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


async def lose_events(here: World) -> None:
    """From now on no event of either platform arrives."""
    lost = Fault(FaultKind.EVENTS_LOST, times=10_000)
    await here.slack.playground.control.misbehave(lost)
    await here.discord.playground.control.misbehave(lost)


async def connect_anew(here: World) -> None:
    """Slack's socket is cut, Discord's session cannot be resumed; both are connected again by themselves."""
    slack, discord = here.slack.playground.control, here.discord.playground.control
    await slack.behave()
    await discord.behave()
    await slack.cut_sockets(here.slack.app.team_id)
    await discord.invalidate_sessions()
    await slack.wait_connected(here.slack.app.team_id, timeout=30)
    await discord.wait_connected(here.discord.application, timeout=30)


async def test_what_broken_connections_lost_is_found(here: World) -> None:
    stage, ticket, kept, changed, gone = await conversation(here, "discord-slack")
    noted = await ticket.agent.post("first-answer")
    await wait_for(ticket.customer, says("first-answer"), "the answer")
    await lose_events(here)
    await ticket.customer.post("missed-1")
    await ticket.customer.edit(changed, "new-word")
    await ticket.customer.delete(gone)
    await ticket.customer.unreact(kept, "👀")
    await ticket.agent.post("answer-1")
    await ticket.agent.edit(noted, "better-answer")
    await ticket.agent.react(noted, "🎉")
    await ticket.customer.post("missed-2")
    await connect_anew(here)
    await ticket.customer.post("live-1")
    await ticket.agent.post("answer-2")
    await wait_for(ticket.agent, says("live-1"), "what was written afterwards")
    await wait_for(ticket.agent, says("new-word"), "the edit")
    await wait_for(ticket.customer, says("answer-2"), "the answer afterwards")
    await here.quiet()
    expected = ["kept-word", "new-word", "missed-1", "missed-2", "live-1"]
    assert await said(ticket.agent, *expected, "old-word", "gone-word") == expected
    answers = ["better-answer", "answer-1", "answer-2"]
    assert await said(ticket.customer, *answers, "first-answer") == answers
    reactions = {one.text: one.reactions for one in [*await ticket.agent.see(), *await ticket.customer.see()]}
    assert not any("👀" in shown for text, shown in reactions.items() if "kept-word" in text)
    assert any("🎉" in shown for text, shown in reactions.items() if "better-answer" in text)
    assert stage.here.bot is not None


@pytest.mark.parametrize("platform", ["slack", "discord"])
async def test_a_dm_is_read_again(here: World, platform: str) -> None:
    sam = slack_seat(here, here.slack.sam, await here.slack.sam.dm_with_bot())
    cleo = discord_seat(here, here.discord.cleo, await here.discord.cleo.dm_with_bot())
    seat: Seat = sam if platform == "slack" else cleo
    home = slack_seat(here, here.slack.ana, "support")
    await seat.post("Where is my order?")
    card = await wait_for(home, is_card("Where is my order?"), "the card")
    team = await thread_under(home, card.id)
    await wait_for(team, says("Where is my order?"), "the request")
    await here.quiet()
    await here.stop_bot()
    await seat.post("missed-1")
    await seat.post("missed-2")
    await here.start_bot()
    await wait_for(team, says("missed-2"), "what was written meanwhile")
    await here.quiet()
    assert await said(team, "missed-1", "missed-2") == ["missed-1", "missed-2"]


async def test_forum_posts_and_a_channel_whose_every_message_is_a_ticket_are_read(here: World) -> None:
    home = slack_seat(here, here.slack.ana, "support")
    inbox = slack_seat(here, here.slack.sam, "inbox")
    await here.quiet()
    await here.stop_bot()
    first = await inbox.post("Request one")
    await inbox.under(first).post("and more about one")
    await inbox.post("Request two")
    post = await here.discord.cleo.forum_post(here.discord.channels["questions"], "Printer", "It burns")
    await here.discord.cleo.post(post, "and more about the printer")
    await here.start_bot()
    cards = {
        title: await wait_for(home, is_card(title), f"the card of {title}")
        for title in ("Request one", "Request two", "Printer")
    }
    await wait_for(home.under(cards["Request one"].id), says("and more about one"), "the reply")
    await wait_for(home.under(cards["Printer"].id), says("and more about the printer"), "the forum's reply")
    await here.quiet()
    await here.stop_bot()
    await here.start_bot()
    await here.quiet()
    assert sum(bool(one.controls) for one in await home.see()) == 3
