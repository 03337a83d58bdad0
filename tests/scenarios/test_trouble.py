"""What people see when a platform is slow, refuses, or loses its answer: never nothing, and never twice."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from chatdesk.demo.seats import Matches, Seen, says, wait_for, wait_until_gone
from chatdesk.demo.world import World, world
from chatdesk_playground.discord.permissions import ALL, Permission
from chatdesk_playground.faults import Fault, FaultKind
from tests.scenarios.stage import Stage, Ticket, discord_seat, slack_seat
from tests.scenarios.variants import DESK, MovableClock, desk_file

FILE = ("log.txt", b"a log")


def marked(message: str, mark: str) -> Matches:
    return lambda seen: seen.id == message and mark in seen.reactions


def copies(seen: Sequence[Seen], text: str) -> int:
    return sum(text in one.text for one in seen)


def retry_line(part: str) -> Matches:
    return lambda seen: part in seen.text and "Try again" in seen.controls


@dataclass(frozen=True)
class Later:
    """A world whose clock can be moved."""

    here: World
    clock: MovableClock


@pytest.fixture
async def later(tmp_path: Path) -> AsyncIterator[Later]:
    clock = MovableClock()
    async with world(tmp_path, clock, DESK) as here:
        yield Later(here, clock)


async def discord_writes(
    here: World, kind: FaultKind, *, status: int = 500, times: int = 1, seconds: float = 1.0
) -> None:
    """What happens to the next posts that chatdesk makes on Discord, by webhook."""
    fault = Fault(kind, "POST /webhooks/*/*", status=status, times=times, seconds=seconds)
    await here.discord.playground.control.misbehave(fault)


@pytest.mark.parametrize("pair", ["discord-slack", "slack-discord", "discord-discord"])
async def test_a_post_that_waits_ten_seconds_carries_an_hourglass_until_it_is_delivered(
    later: Later, pair: str
) -> None:
    stage = Stage.of(later.here, pair)
    ticket = await stage.open_ticket("It is slow", "Slow")
    await wait_for(ticket.agent, says("It is slow", stage.customer.name), "the request")
    await later.here.quiet()
    writer, reader = (
        (ticket.agent, ticket.customer) if pair.startswith("discord") else (ticket.customer, ticket.agent)
    )
    await discord_writes(later.here, FaultKind.LATENCY, seconds=5)
    message = await writer.post("Does this arrive?")
    await wait_for(writer, lambda one: one.id == message, "the message itself")
    later.clock.ahead += timedelta(seconds=11)
    await wait_for(writer, marked(message, "⏳"), "the ⏳ on the message")
    assert copies(await reader.see(), "Does this arrive?") == 0
    await wait_for(reader, says("Does this arrive?", writer.name), "the message after all")
    await wait_until_gone(writer, marked(message, "⏳"), "the ⏳")
    assert copies(await reader.see(), "Does this arrive?") == 1


async def test_a_delivered_post_shows_nothing(later: Later) -> None:
    stage = Stage.of(later.here, "discord-slack")
    ticket = await stage.open_ticket("It is slow", "Slow")
    message = await ticket.agent.post("We look")
    await wait_for(ticket.customer, says("We look"), "the answer")
    later.clock.ahead += timedelta(seconds=30)
    other = await ticket.agent.post("Still looking")
    await wait_for(ticket.customer, says("Still looking"), "the other answer")
    await later.here.quiet()
    assert not any(one.reactions for one in await ticket.agent.see() if one.id in (message, other))


async def may_send_in_threads(here: World, allowed: bool) -> None:
    """What the bot may do in Discord's #help, whose threads are the customers'."""
    discord = here.discord
    denied = 0 if allowed else int(Permission.MANAGE_WEBHOOKS | Permission.SEND_MESSAGES_IN_THREADS)
    control = discord.playground.control
    await control.set_overwrite(discord.channels["help"], discord.application, deny=denied)


async def test_a_customers_thread_that_may_not_be_written_in_any_more(here: World) -> None:
    stage = Stage.of(here, "discord-slack")
    ticket = await stage.open_ticket("It is slow", "Slow")
    await wait_for(ticket.customer, says("#1"), "the customer's thread")
    await here.quiet()
    await here.stop_bot()
    await may_send_in_threads(here, False)
    await here.start_bot()
    message = await ticket.agent.post("Try it now")
    await failure_is_shown(ticket, message, "chatdesk lacks")
    await may_send_in_threads(here, True)
    await retried(ticket, message, "Try it now")


async def failure_is_shown(ticket: Ticket, message: str, reason: str) -> None:
    """⚠️ on the message, a line with the reason and the button, and the card says so."""
    await wait_for(ticket.agent, marked(message, "⚠️"), "the ⚠️ on the message")
    line = await wait_for(ticket.agent, retry_line(reason), "the reason, with a button")
    assert ticket.agent.name in line.text, line
    await wait_for(
        ticket.home,
        lambda one: one.id == ticket.card and "could not be delivered" in one.text and reason in one.text,
        "the warning on the card",
    )


async def retried(ticket: Ticket, message: str, text: str) -> None:
    """Pressing the button delivers the message, once, and takes the warnings away."""
    line = await wait_for(ticket.agent, lambda one: "Try again" in one.controls, "the button")
    pressed = await ticket.agent.press(line.id, "Try again")
    assert "Trying again" in pressed.text, pressed
    await wait_for(ticket.customer, says(text), "the message after all")
    await wait_until_gone(ticket.agent, marked(message, "⚠️"), "the ⚠️")
    await wait_until_gone(
        ticket.home,
        lambda one: one.id == ticket.card and "could not be delivered" in one.text,
        "the warning on the card",
    )
    assert copies(await ticket.customer.see(), text) == 1
    again = await ticket.agent.press(line.id, "Try again")
    assert "already answered" in again.text, again


async def test_closed_dms_are_told_to_the_staff(tmp_path: Path) -> None:
    async with world(tmp_path, desk_file=DESK) as here:
        cleo = here.discord.cleo
        dm = discord_seat(here, cleo, await cleo.dm_with_bot())
        await dm.post("My badge does not work")
        support = slack_seat(here, here.slack.ana, "support")
        card = await wait_for(
            support, lambda one: "badge" in one.text and "Claim" in one.controls, "the card"
        )
        ticket = Ticket(card.id, "", dm, support.under(card.id), support, "My badge")
        await wait_for(dm, says("#1"), "the number")
        await cleo.set_dms(False)
        message = await ticket.agent.post("Come to the desk")
        await failure_is_shown(ticket, message, "do not accept direct messages")
        await cleo.set_dms(True)
        await retried(ticket, message, "Come to the desk")


async def test_dms_that_are_closed_before_there_is_one_are_told_to_the_staff(tmp_path: Path) -> None:
    async with world(tmp_path, desk_file=desk_file(tmp_path, threads="dm")) as here:
        cleo = here.discord.cleo
        await cleo.set_dms(False)
        asking = discord_seat(here, cleo, "help")
        opened = await asking.command("open", title="My badge does not work")
        assert "#1" in opened.text, opened
        support = slack_seat(here, here.slack.ana, "support")
        card = await wait_for(
            support, lambda one: "badge" in one.text and "could not be delivered" in one.text, "the card"
        )
        thread = support.under(card.id)
        await wait_for(thread, retry_line("do not accept direct messages"), "what the staff are told")
        message = await thread.post("Come to the desk")
        await wait_for(thread, marked(message, "⚠️"), "the ⚠️")
        await cleo.set_dms(True)
        lines = [one for one in await thread.see() if "Try again" in one.controls]
        await thread.press(lines[-1].id, "Try again")
        dm = discord_seat(here, cleo, await cleo.dm_with_bot())
        await wait_for(dm, says("Come to the desk"), "the answer after all")
        assert copies(await dm.see(), "My badge does not work") >= 1
        await wait_until_gone(thread, marked(message, "⚠️"), "the ⚠️")
        await wait_until_gone(support, says("could not be delivered"), "the warning on the card")


async def slack_ticket(here: World) -> tuple[Stage, Ticket]:
    """A ticket of Slack's Sam's at the team in Discord: its customer side is in Slack's #ask-community."""
    stage = Stage.of(here, "slack-discord")
    ticket = await stage.open_ticket("It is slow", "Slow")
    await wait_for(ticket.customer, says("#1"), "the customer's thread")
    await here.quiet()
    return stage, ticket


async def test_a_bot_that_was_removed_from_the_slack_channel(here: World) -> None:
    _, ticket = await slack_ticket(here)
    slack, channel = here.slack, here.slack.channels["ask-community"]
    control = slack.playground.control
    await control.remove_from_channel(slack.app.team_id, channel, slack.app.bot_user_id)
    message = await ticket.agent.post("Try it now")
    await failure_is_shown(ticket, message, "the bot is not in")
    await control.add_to_channel(slack.app.team_id, channel, slack.app.bot_user_id)
    await retried(ticket, message, "Try it now")


async def test_an_archived_slack_channel(here: World) -> None:
    _, ticket = await slack_ticket(here)
    slack = here.slack
    await slack.playground.control.archive_channel(slack.app.team_id, slack.channels["ask-community"])
    message = await ticket.agent.post("Try it now")
    await failure_is_shown(ticket, message, "archived")
    assert copies(await ticket.customer.see(), "Try it now") == 0


async def test_a_customer_is_told_that_their_words_did_not_reach_the_team(here: World) -> None:
    """The team's channel is archived: ⚠️ where it was written, and the reason there."""
    stage = Stage.of(here, "discord-slack")
    ticket = await stage.open_ticket("It is slow", "Slow")
    await wait_for(ticket.agent, says("It is slow", "Cleo"), "the request")
    await here.quiet()
    slack = here.slack
    await slack.playground.control.archive_channel(slack.app.team_id, slack.channels["support"])
    message = await ticket.customer.post("Hello?")
    await wait_for(ticket.customer, marked(message, "⚠️"), "the ⚠️")
    await wait_for(ticket.customer, says("could not be delivered"), "the reason")


async def test_a_revoked_slack_token_pauses_what_goes_there_and_nothing_else(later: Later) -> None:
    """Nothing is lost: what goes to Slack waits and says so, Discord goes on."""
    here = later.here
    _, ticket = await slack_ticket(here)
    other = Stage.of(here, "discord-discord")
    second = await other.open_ticket("Mine too", "Mine too")
    await wait_for(second.customer, says("#2"), "the second customer's thread")
    await here.quiet()
    await here.slack.playground.control.revoke_token(here.slack.app.team_id)
    message = await ticket.agent.post("Try it now")
    await second.agent.post("We look at yours")
    await wait_for(second.customer, says("We look at yours"), "the answer on the other platform")
    later.clock.ahead += timedelta(seconds=11)
    await wait_for(ticket.agent, marked(message, "⏳"), "the ⏳ on what waits")


@pytest.mark.parametrize("pair", ["discord-slack", "slack-discord", "discord-discord"])
@pytest.mark.parametrize("status", [500, 503])
async def test_an_error_after_the_platform_did_it_makes_one_copy(here: World, pair: str, status: int) -> None:
    stage = Stage.of(here, pair)
    ticket = await stage.open_ticket("It is slow", "Slow")
    await wait_for(ticket.agent, says("It is slow", stage.customer.name), "the request")
    await here.quiet()
    writer, reader = (
        (ticket.agent, ticket.customer) if pair.startswith("discord") else (ticket.customer, ticket.agent)
    )
    await discord_writes(here, FaultKind.ERROR_AFTER, status=status)
    await writer.post("the first")
    await writer.post("the second")
    await wait_for(reader, says("the second"), "what comes behind it")
    await here.quiet()
    seen = [one.text for one in await reader.see() if "the first" in one.text or "the second" in one.text]
    assert seen == ["the first", "the second"]


async def test_an_error_after_a_file_was_sent_makes_one_copy(here: World) -> None:
    stage = Stage.of(here, "discord-slack")
    ticket = await stage.open_ticket("It is slow", "Slow")
    await wait_for(ticket.customer, says("#1"), "the customer's thread")
    await here.quiet()
    await discord_writes(here, FaultKind.ERROR_AFTER, status=503, times=2)
    await ticket.agent.post("See this", [FILE])
    await ticket.agent.post("and this")
    await wait_for(ticket.customer, lambda one: FILE[0] in one.files, "the file")
    await wait_for(ticket.customer, says("and this"), "what comes behind it")
    seen = await ticket.customer.see()
    assert copies(seen, "See this") == 1
    assert sum(FILE[0] in one.files for one in seen) == 1


async def test_a_dm_whose_answer_was_lost_gets_one_copy(here: World) -> None:
    cleo = here.discord.cleo
    dm = discord_seat(here, cleo, await cleo.dm_with_bot())
    await dm.post("My badge does not work")
    support = slack_seat(here, here.slack.ana, "support")
    card = await wait_for(support, lambda one: "badge" in one.text and "Claim" in one.controls, "the card")
    await wait_for(dm, says("#1"), "the number")
    await here.quiet()
    path = f"/channels/{dm.channel}/messages"
    await here.discord.playground.control.misbehave(Fault(FaultKind.ERROR_AFTER, f"POST {path}", status=503))
    await support.under(card.id).post("Come to the desk")
    await support.under(card.id).post("at noon")
    await wait_for(dm, says("at noon"), "what comes behind it")
    assert copies(await dm.see(), "Come to the desk") == 1


async def test_a_card_whose_answer_was_lost_is_shown_once(here: World) -> None:
    control = here.discord.playground.control
    path = f"/channels/{here.discord.channels['community-desk']}/messages"
    await control.misbehave(Fault(FaultKind.ERROR_AFTER, f"POST {path}", status=503))
    stage = Stage.of(here, "slack-discord")
    ticket = await stage.open_ticket("It is slow", "Slow")
    await wait_for(ticket.agent, says("It is slow", "Sam"), "the request in the card's thread")
    await here.quiet()
    cards = [one for one in await stage.agent.see() if "Claim" in one.controls]
    assert [one.id for one in cards] == [ticket.card]


async def test_a_dead_place_blocks_no_other_thread_of_the_ticket(here: World) -> None:
    """The escalated team's channel is gone; customer and team go on talking."""
    stage = Stage.of(here, "discord-slack")
    ticket = await stage.open_ticket("I paid twice", "Paid twice")
    await ticket.agent.mention("escalate billing please refund")
    billing = slack_seat(here, here.slack.bill, "billing")
    await wait_for(billing, says("Paid twice"), "the card in #billing")
    await here.quiet()
    slack = here.slack
    await slack.playground.control.archive_channel(slack.app.team_id, slack.channels["billing"])
    message = await ticket.customer.post("Any news?")
    await wait_for(ticket.agent, says("Any news?", "Cleo"), "the question")
    await ticket.agent.post("Not yet")
    await wait_for(ticket.customer, says("Not yet", "Ana"), "the answer")
    await wait_for(ticket.agent, retry_line("did not reach Billing"), "that Billing did not get it")
    await wait_for(ticket.customer, marked(message, "⚠️"), "the ⚠️ on what Billing did not get")


async def test_a_deleted_customer_thread_is_told_to_the_team(here: World) -> None:
    stage = Stage.of(here, "discord-slack")
    ticket = await stage.open_ticket("It is slow", "Slow")
    await wait_for(ticket.customer, says("#1"), "the customer's thread")
    await here.quiet()
    thread = ticket.customer.channel  # type: ignore[attr-defined]
    await here.discord.playground.control.delete_channel(thread)
    message = await ticket.agent.post("Try it now")
    await wait_for(ticket.agent, says("The thread of Cleo was deleted"), "that it is gone")
    await failure_is_shown(ticket, message, "the thread is gone")


async def test_a_deleted_card_comes_back_with_the_next_change(here: World) -> None:
    control = here.discord.playground.control
    stage = Stage.of(here, "slack-discord")
    ticket = await stage.open_ticket("It is slow", "Slow")
    await here.quiet()
    moderator = await control.create_user("mod", guild_ids=[here.discord.guild])
    role = await control.create_role(
        here.discord.guild, "Moderators", members=[moderator.id], permissions=int(ALL)
    )
    assert role
    await moderator.delete(here.discord.channels["community-desk"], ticket.card)
    await here.discord.playground.control.wait_until_quiet()
    await ticket.agent.mention("priority urgent")
    await wait_for(
        stage.agent, lambda one: "Urgent" in one.text and "Claim" in one.controls, "a card that can be worked"
    )
    await ticket.customer.post("Hello?")
    await wait_for(ticket.agent, says("Hello?", "Sam"), "words in the same thread")
