"""What people complain about in the systems that chatdesk replaces, each told as a story that ends well here.

The numbers are those of the list of complaints. Some are proved elsewhere and not repeated:

- 1, on random interleavings: ``tests/properties/test_internal_posts_stay_inside.py``.
- 2, for messages: ``test_trouble.py``, where each failure is shown where it was written.
- 4, conversion of whole threads: ``test_intake.py``, thirty messages by three authors on both platforms.
- 5, mirrored posts under their author's name: ``test_mirroring.py`` on every pair, ``test_dms.py`` in DMs.
- 6, working the desk from the thread: ``test_verbs.py``, every verb by mention.
- 10, ends by time, also after a restart: ``test_closing.py``.
- 12, closed DMs: ``test_trouble.py``, before and after there was one.
- 15, a blank is no rating: ``test_satisfaction.py``.

11 is about service levels.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from chatdesk.demo.seats import DiscordSeat, Seat, Seen, SlackSeat, says, wait_for
from chatdesk.demo.world import World
from chatdesk_playground.faults import Fault, FaultKind
from tests.scenarios.stage import Stage, Ticket, discord_seat, slack_seat

SLACK_WAITS = 3000
"""Milliseconds, for the answer to a command."""
SECRET = "he is always like that"
LOG = ("log.txt", b"the whole log")


async def ticket_at_support(here: World) -> tuple[Stage, Ticket]:
    """Cleo's ticket, worked in Slack; everything about it has arrived."""
    stage = Stage.of(here, "discord-slack")
    ticket = await stage.open_ticket("It is slow", "Slow")
    await wait_for(ticket.agent, says("It is slow", "Cleo"), "the request")
    await wait_for(ticket.customer, says("#1"), "the customer's thread")
    await here.quiet()
    return stage, ticket


async def customer_never_saw(here: World, ticket: Ticket, words: str) -> None:
    """Not now, and not once everything has arrived that was written after it."""
    await ticket.agent.post("something public")
    await wait_for(ticket.customer, says("something public"), "what was written later")
    await here.quiet()
    assert not any(words in one.text for one in await ticket.customer.see())


async def test_1_a_note_written_a_little_differently_does_not_reach_the_customer(here: World) -> None:
    _, ticket = await ticket_at_support(here)
    for begin in ("Note: ", "NOTE:", "note : ", "Note ", "nto: ", "🔓 ", "*note:* ", "> note: "):
        await ticket.agent.post(f"{begin}{SECRET}")
    await customer_never_saw(here, ticket, SECRET)


@pytest.mark.parametrize("pair", ["discord-slack", "slack-discord"])
async def test_1_a_mistyped_command_does_not_reach_the_customer(here: World, pair: str) -> None:
    stage = Stage.of(here, pair)
    ticket = await stage.open_ticket("It is slow", "Slow")
    await ticket.agent.mention(f"ntoe {SECRET}")
    refused = await stage.agent.command("note", ticket="77", text=SECRET)
    assert "no ticket #77" in refused.text, refused
    await customer_never_saw(here, ticket, SECRET)


@pytest.mark.parametrize("pair", ["discord-slack", "slack-discord"])
async def test_1_an_edit_into_a_note_does_not_reach_the_customer(here: World, pair: str) -> None:
    stage = Stage.of(here, pair)
    ticket = await stage.open_ticket("It is slow", "Slow")
    message = await ticket.agent.post("Well")
    await wait_for(ticket.customer, says("Well"), "the answer")
    await ticket.agent.edit(message, f"note: {SECRET}")
    await here.quiet()
    await customer_never_saw(here, ticket, SECRET)
    note = await ticket.agent.post("note: nothing yet")
    await here.quiet()
    await ticket.agent.edit(note, f"note: {SECRET}, still")
    await customer_never_saw(here, ticket, SECRET)


@pytest.mark.parametrize("pair", ["discord-slack", "slack-discord"])
async def test_2_an_edit_that_was_not_mirrored_is_told(here: World, pair: str) -> None:
    stage = Stage.of(here, pair)
    ticket = await stage.open_ticket("It is slow", "Slow")
    await here.quiet()
    writer, reader = (
        (ticket.agent, ticket.customer) if pair == "discord-slack" else (ticket.customer, ticket.agent)
    )
    message = await writer.post("at noon")
    await wait_for(reader, says("at noon"), "the copy")
    path = "/webhooks/*/*/messages/*"
    await here.discord.playground.control.misbehave(Fault(FaultKind.ERROR, f"PATCH {path}", status=403))
    await writer.edit(message, "at midnight")
    await wait_for(writer, lambda one: one.id == message and "⚠️" in one.reactions, "the ⚠️")
    await wait_for(stage.agent, says("could not be delivered"), "the warning on the card")


async def test_2_a_file_that_was_not_mirrored_is_told(here: World) -> None:
    _, ticket = await ticket_at_support(here)
    message = await ticket.agent.post("See this", [LOG])
    await wait_for(ticket.customer, lambda one: LOG[0] in one.files, "the file")
    control = here.discord.playground.control
    await control.misbehave(Fault(FaultKind.ERROR, "POST /webhooks/*/*", status=413))
    message = await ticket.agent.post("", [("huge.bin", b"0" * 1000)])
    await wait_for(ticket.agent, lambda one: one.id == message and "⚠️" in one.reactions, "the ⚠️")
    await wait_for(ticket.agent, lambda one: "Try again" in one.controls, "the reason and a button")


async def test_3_events_that_come_again_make_no_duplicates(here: World) -> None:
    """Slack sends its last events once more under other ids, Discord's connection starts anew; a restart."""
    stage, ticket = await ticket_at_support(here)
    await ticket.agent.post("Which browser?")
    await ticket.customer.post("The newest")
    await wait_for(ticket.agent, says("The newest"), "the customer's answer")
    await wait_for(ticket.customer, says("Which browser?"), "the question")
    slack, discord = here.slack.playground.control, here.discord.playground.control
    await slack.repeat_events(here.slack.app.team_id, 10)
    await discord.invalidate_sessions()
    await discord.wait_connected(
        here.discord.application, timeout=20
    )  # discord.py waits 5 s before it identifies again
    await here.stop_bot()
    await here.start_bot()
    await slack.repeat_events(here.slack.app.team_id, 10)
    await ticket.agent.post("Are you there?")
    await wait_for(ticket.customer, says("Are you there?"), "what was written later")
    await here.quiet()
    for seat in (ticket.customer, ticket.agent):
        texts = [one.text for one in await seat.see()]
        for words in ("Which browser?", "The newest", "Are you there?"):
            assert sum(words in text for text in texts) == 1, texts
    assert sum("Slow" in one.text for one in await stage.agent.see()) == 1


@pytest.mark.parametrize("pair", ["slack-slack", "discord-discord", "discord-slack"])
async def test_3_edits_do_not_echo(here: World, pair: str) -> None:
    stage = Stage.of(here, pair)
    ticket = await stage.open_ticket("It is slow", "Slow")
    message = await ticket.agent.post("Which brwoser?")
    await wait_for(ticket.customer, says("Which brwoser?"), "the copy")
    await ticket.agent.edit(message, "Which browser?")
    await wait_for(ticket.customer, says("Which browser?"), "the edit")
    await here.quiet()
    before = edits(here)
    await ticket.agent.post("the end")
    await wait_for(ticket.customer, says("the end"), "what was written later")
    await here.quiet()
    assert edits(here) - before <= 2, "the card alone changes for a new post"
    assert sum("browser" in one.text for one in await ticket.customer.see()) == 1


def edits(here: World) -> int:
    """How many messages the bot has edited on both platforms."""
    slack = [one for one in here.slack.playground.requests if one.method == "chat.update"]
    discord = [one for one in here.discord.playground.requests if one.method == "PATCH"]
    return len(slack) + len(discord)


async def test_7_each_team_has_a_channel_of_its_own(here: World) -> None:
    """By channel to Support or Community, by category to Billing."""
    cleo, sam = here.discord.cleo, here.slack.sam
    await discord_seat(here, cleo, "help").command("open", title="The first", category="access/vpn")
    await discord_seat(here, cleo, "community-help").command("open", title="The second")
    await slack_seat(here, sam, "help").command("open", text="The third")
    await discord_seat(here, cleo, "help").command("open", title="The fourth", category="billing/invoice")
    homes: dict[str, Seat] = {
        "support": slack_seat(here, here.slack.ana, "support"),
        "billing": slack_seat(here, here.slack.bill, "billing"),
        "community": discord_seat(here, here.discord.dora, "community-desk"),
    }
    expected = {"The first": "support", "The second": "community", "The third": "support"}
    expected["The fourth"] = "billing"
    for title, team in expected.items():
        await wait_for(homes[team], says(title), f"the card of {title} at {team}")
    await here.quiet()
    for team, home in homes.items():
        seen = " ".join(one.text for one in await home.see())
        assert {title for title in expected if title in seen} == {
            title for title, wanted in expected.items() if wanted == team
        }


async def test_8_a_rate_limit_holds_up_its_own_place_alone(here: World) -> None:
    _, ticket = await ticket_at_support(here)
    other = Stage.of(here, "discord-discord")
    second = await other.open_ticket("Mine too", "Mine too")
    await wait_for(second.customer, says("#2"), "the second customer's thread")
    await second.agent.post("Hello")
    await wait_for(second.customer, says("Hello"), "that its channel can be written in")
    await here.quiet()
    await ticket.agent.post("Hello")
    await wait_for(ticket.customer, says("Hello"), "that this channel can be written in")
    control = here.discord.playground.control
    await control.misbehave(Fault(FaultKind.RATE_LIMITED, "POST /webhooks/*/*", seconds=6.0))
    await ticket.agent.post("This has to wait")
    async with asyncio.timeout(5):
        answered = await ticket.home.command("priority", ticket="1", priority="high")
        assert "#1" in answered.text, answered
        await second.agent.post("This has not")
        await wait_for(second.customer, says("This has not"), "the answer in another channel")
    assert not any("has to wait" in one.text for one in await ticket.customer.see())
    await wait_for(ticket.customer, says("This has to wait"), "what had to wait")


async def test_8_a_backlog_is_worked_off_in_order_while_people_go_on(here: World) -> None:
    _, ticket = await ticket_at_support(here)
    await here.discord.playground.control.set_rate_limits(True, speed=4)
    await here.slack.playground.control.set_rate_limits(True, speed=4)
    for number in range(25):
        await ticket.agent.post(f"line {number:02}")
    answered = await ticket.home.command("info", ticket="1")
    assert "Slow" in answered.text and answered.milliseconds < SLACK_WAITS, answered
    await wait_for(ticket.customer, says("line 24"), "the last line")
    lines = [one.text for one in await ticket.customer.see() if one.text.startswith("line ")]
    assert lines == [f"line {number:02}" for number in range(25)]


@pytest.mark.parametrize("pair", ["discord-slack", "slack-discord"])
async def test_9_nobody_is_pinged_by_a_title_an_answer_or_a_resolution(here: World, pair: str) -> None:
    stage = Stage.of(here, pair)
    loud = "@everyone @here <!channel> <!here>"
    message = await stage.customer.post(f"Look {loud}")
    await stage.customer.make_ticket(message)
    await stage.customer.fill_in(Title=f"Look {loud}")
    ticket = await stage.ticket(message, "Look ")
    await ticket.agent.post(f"Seen {loud}")
    await wait_for(ticket.customer, says("Seen"), "the answer")
    await stage.agent.command("resolve", ticket="1", text=f"Done {loud}")
    await wait_for(ticket.customer, says("Done"), "the resolution")
    await here.quiet()
    for seat in (ticket.customer, ticket.agent, stage.agent, stage.customer):
        assert not [one.text for one in await seat.see() if one.by_bot and one.pings]


async def test_13_a_name_and_an_address_make_nobody_an_agent(here: World) -> None:
    """Somebody on Discord is called Ana, too; only a code sent to the other account makes them one."""
    _, ticket = await ticket_at_support(here)
    control = here.discord.playground.control
    stranger = await control.create_user("ana", display_name="Ana", guild_ids=[here.discord.guild])
    seat = discord_seat(here, stranger, "help")
    refused = await seat.command("claim", ticket="1")
    assert "no ticket #1" in refused.text, refused
    asked_for = await seat.command("link")
    guessed = await slack_seat(here, here.slack.sue, "help").command("link", code="ABCD-EFGH")
    assert "not valid" in guessed.text, guessed
    assert "code" in asked_for.text, asked_for
    refused = await seat.command("claim", ticket="1")
    assert "no ticket #1" in refused.text, refused
    assert "Release" not in (await ticket.card_now()).controls


@pytest.mark.parametrize("thanks", ["thanks!", "Thank you so much 🙏", "👍", "great, it works now, thanks"])
async def test_14_thanks_do_not_reopen(here: World, thanks: str) -> None:
    stage, ticket = await ticket_at_support(here)
    await stage.agent.command("resolve", ticket="1", text="Switched it off and on")
    await wait_for(ticket.customer, says("Switched it off and on"), "the resolution")
    await ticket.customer.post(thanks)
    await wait_for(ticket.agent, says(thanks.split()[0], "Cleo"), "the thanks")
    await here.quiet()
    assert "Reopen" in (await ticket.card_now()).controls
    await ticket.customer.post("Thanks, but it is slow again")
    await wait_for(ticket.home, lambda one: one.id == ticket.card and "Claim" in one.controls, "work again")
    await wait_for(ticket.customer, says("open again"), "that it is open again")


async def test_16_a_file_is_there_after_its_link_expired(here: World) -> None:
    """The file is with the desk: whoever joins later gets it, however old the platform's own link is."""
    _, ticket = await ticket_at_support(here)
    await ticket.customer.post("See the log", [LOG])
    await wait_for(ticket.agent, lambda one: LOG[0] in one.files, "the file")
    await here.discord.playground.control.advance_clock(3 * 24 * 3600)
    await ticket.agent.mention("escalate billing please look at the log")
    billing = slack_seat(here, here.slack.bill, "billing")
    card = await wait_for(billing, says("Slow"), "the card in #billing")
    await wait_for(billing.under(card.id), lambda one: LOG[0] in one.files, "the file, days later")
    seen = await here.slack.bill.messages(here.slack.channels["billing"], thread_ts=card.id)
    (file,) = [file for one in seen for file in one.files]
    assert await here.slack.bill.download(file) == LOG[1]


def in_thread_of(ticket: Ticket, seat: Seat) -> Seat:
    """Somebody else of the team in the ticket's thread."""
    if isinstance(seat, DiscordSeat) and isinstance(ticket.agent, DiscordSeat):
        return replace(seat, channel=ticket.agent.channel)
    return seat.under(ticket.card)


async def question_for(here: World, seat: Seat) -> tuple[Seen, Seat]:
    """What the bot asks somebody alone, and where: in Discord in a DM."""
    if isinstance(seat, SlackSeat):
        question = await wait_for(seat, lambda one: one.only_me and "Discard" in one.controls, "a question")
        return question, seat
    assert isinstance(seat, DiscordSeat)
    dm = discord_seat(here, seat.human, await seat.human.dm_with_bot())
    return await wait_for(dm, lambda one: "Discard" in one.controls, "a question"), dm


@pytest.mark.parametrize("pair", ["discord-slack", "slack-discord"])
async def test_17_the_second_of_two_agents_is_told_before_their_answer_goes_out(
    here: World, pair: str
) -> None:
    stage = Stage.of(here, pair)
    ticket = await stage.open_ticket("It is slow", "Slow")
    colleague = in_thread_of(ticket, stage.colleague)
    await ticket.agent.post("Restart it")
    await wait_for(ticket.customer, says("Restart it"), "the first answer")
    await colleague.post("Never restart it")
    question, where = await question_for(here, colleague)
    assert "answered this ticket" in question.text and stage.agent.name in question.text
    await here.quiet()
    assert not any("Never restart" in one.text for one in await ticket.customer.see())
    await where.press(question.id, "Send anyway")
    await wait_for(ticket.customer, says("Never restart it", colleague.name), "the second answer")
    await ticket.customer.post("Which of it now?")
    await wait_for(colleague, says("Which of it now?"), "the customer's question")
    await colleague.post("Restart it")
    await wait_for(ticket.customer, says("Restart it", colleague.name), "an answer without a question")
