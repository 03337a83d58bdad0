"""How messages become tickets: conversion of threads, DMs, reactions, forum posts, panels, every message."""

from __future__ import annotations

from collections.abc import Sequence

from chatdesk.demo.seats import Seen, says, wait_for, wait_until_gone
from chatdesk.demo.world import World
from tests.scenarios.stage import discord_seat, slack_seat, thread_under


async def test_a_slack_thread_of_thirty_messages_by_three_authors_comes_along_in_order(here: World) -> None:
    slack = here.slack
    help_channel = slack_seat(here, slack.sam, "help")
    root = await help_channel.post("message 00")
    writers = [slack.sam, slack.sue, slack.ada]
    for number in range(1, 30):
        writer = writers[number % 3]
        seat = slack_seat(here, writer, "help", root)
        files = [("log.txt", b"a log")] if number == 7 else []
        await seat.post(f"message {number:02}", files)
    opened = await help_channel.make_ticket(root)
    assert opened.form_open
    await help_channel.fill_in(Title="A long story")
    support = slack_seat(here, slack.ana, "support")
    card = await wait_for(support, says("A long story"), "the card")
    thread = support.under(card.id)
    await wait_for(thread, says("message 29", "Ada"), "the last message")
    _in_order(await thread.see(), ["Sam", "Sue", "Ada"])


async def test_a_discord_thread_of_thirty_messages_comes_along_in_order(here: World) -> None:
    discord = here.discord
    channel = discord_seat(here, discord.cleo, "help")
    first = await channel.post("message 00")
    thread_id = await discord.cleo.start_thread(channel.channel, "our trouble", first)
    writers = [discord.cleo, discord.dan, discord.dirk]
    for number in range(1, 30):
        seat = discord_seat(here, writers[number % 3], thread_id)
        last = await seat.post(f"message {number:02}", [("log.txt", b"a log")] if number == 7 else [])
    mine = discord_seat(here, discord.cleo, thread_id)
    opened = await mine.make_ticket(last)
    assert opened.form_open
    await mine.fill_in(Title="A long story")
    support = slack_seat(here, here.slack.ana, "support")
    card = await wait_for(support, says("A long story"), "the card")
    thread = support.under(card.id)
    await wait_for(thread, says("message 29", "Dirk"), "the last message")
    _in_order(await thread.see(), ["Cleo", "Dan", "Dirk"])


def _in_order(seen: Sequence[Seen], authors: Sequence[str]) -> None:
    messages = [one for one in seen if "message " in one.text and not one.controls]
    texts = [one.text.split("message ")[1][:2] for one in messages]
    assert texts == [f"{number:02}" for number in range(30)]
    assert [one.author for one in messages] == [authors[number % 3] for number in range(30)]


async def test_dm_to_the_bot_on_slack(here: World) -> None:
    slack = here.slack
    dm = slack_seat(here, slack.sam, await slack.sam.dm_with_bot())
    await dm.post("My badge does not work")
    await wait_for(dm, says("#1"), "the ticket's number")
    support = slack_seat(here, slack.ana, "support")
    card = await wait_for(support, says("My badge does not work"), "the card")
    thread = support.under(card.id)
    await wait_for(thread, says("My badge", "Sam"), "the request")
    await thread.post("Come to the desk")
    await wait_for(dm, says("Come to the desk"), "the answer in the DM")
    await dm.post("I am there")
    await wait_for(thread, says("I am there", "Sam"), "the DM's next message")


async def test_dm_to_the_bot_on_discord(here: World) -> None:
    discord = here.discord
    dm = discord_seat(here, discord.cleo, await discord.cleo.dm_with_bot())
    await dm.post("My badge does not work")
    await wait_for(dm, says("#1"), "the ticket's number")
    support = slack_seat(here, here.slack.ana, "support")
    card = await wait_for(support, says("My badge does not work"), "the card")
    thread = support.under(card.id)
    await wait_for(thread, says("My badge", "Cleo"), "the request")
    answer = await thread.post("Come to the desk")
    await wait_for(dm, says("Come to the desk"), "the answer in the DM")
    await thread.edit(answer, "Come to the front desk")
    await wait_for(dm, says("Come to the front desk"), "the edit in the DM")
    await dm.post("I am there")
    await wait_for(thread, says("I am there", "Cleo"), "the DM's next message")


async def test_a_dm_with_two_open_tickets_is_asked_about(here: World) -> None:
    discord = here.discord
    dm = discord_seat(here, discord.cleo, await discord.cleo.dm_with_bot())
    await dm.post("First trouble")
    await wait_for(dm, says("#1"), "the first ticket")
    await dm.command("open", title="Second trouble")
    await wait_for(dm, says("#2"), "the second ticket")
    await dm.post("and another thing")
    asked = await wait_for(dm, says("Which one is this about"), "the question")
    label = next(one for one in asked.controls if one.startswith("#2"))
    await dm.press(asked.id, label)
    support = slack_seat(here, here.slack.ana, "support")
    card = await wait_for(
        support, lambda one: "Second trouble" in one.text and "Claim" in one.controls, "the card"
    )
    await wait_for(support.under(card.id), says("and another thing"), "the message in the second ticket")


async def test_ticket_by_reaction_on_both_platforms(here: World) -> None:
    slack, discord = here.slack, here.discord
    sam = slack_seat(here, slack.sam, "help")
    message = await sam.post("The printer burns")
    await slack_seat(here, slack.ana, "help").react(message, "🎫")
    support = slack_seat(here, slack.ana, "support")
    card = await wait_for(support, says("The printer burns"), "the card of Sam's message")
    assert "Sam" in card.text
    cleo = discord_seat(here, discord.cleo, "help")
    other = await cleo.post("The shop is down")
    await discord_seat(here, discord.dora, "help").react(other, "🎫")
    await wait_for(support, says("The shop is down"), "the card of Cleo's message")
    await thread_under(cleo, other)


async def test_staff_reactions_on_the_card_are_verbs_and_are_not_mirrored(here: World) -> None:
    sam = slack_seat(here, here.slack.sam, "inbox")
    await sam.post("The printer burns")
    support = slack_seat(here, here.slack.ana, "support")
    card = await wait_for(support, lambda one: "Claim" in one.controls, "the card")
    await support.react(card.id, "👀")
    await wait_for(support.under(card.id), says("Ana claimed this ticket"), "the claim")
    await support.react(card.id, "✅")
    await wait_for(support.under(card.id), says("Ana resolved this ticket"), "the resolution")
    assert all("👀" not in one.reactions for one in await sam.see())


async def test_a_forum_post_is_a_ticket(here: World) -> None:
    discord = here.discord
    forum = discord.channels["questions"]
    post = await discord.cleo.forum_post(forum, "How do I log in?", "I forgot everything")
    support = slack_seat(here, here.slack.ana, "support")
    card = await wait_for(support, says("How do I log in?"), "the card")
    thread = support.under(card.id)
    await wait_for(thread, says("I forgot everything", "Cleo"), "the request")
    await thread.post("Use the link")
    await wait_for(discord_seat(here, discord.cleo, post), says("Use the link", "Ana"), "the answer")


async def test_a_panel_opens_the_form(here: World) -> None:
    admin = slack_seat(here, here.slack.ada, "help")
    refused = await slack_seat(here, here.slack.sam, "help").command("panel")
    assert "may not" in refused.text, refused
    await admin.command("panel")
    sam = slack_seat(here, here.slack.sam, "help")
    panel = await wait_for(sam, lambda one: "New ticket" in one.controls, "the panel")
    await sam.press(panel.id, "New ticket")
    await here.slack.sam.wait_for_modal(lambda view: bool(view.submit))
    done = await sam.fill_in(Title="Key lost", Description="I lost my key")
    assert not done.field_errors, done
    support = slack_seat(here, here.slack.ana, "support")
    await wait_for(support, says("Key lost"), "the card")


async def test_private_threads_take_the_requester_in(here: World) -> None:
    discord = here.discord
    cleo = discord_seat(here, discord.cleo, "private-help")
    message = await cleo.post("Something delicate")
    assert (await cleo.make_ticket(message)).form_open
    await cleo.fill_in(Title="Delicate")
    support = slack_seat(here, here.slack.ana, "support")
    card = await wait_for(support, says("Delicate"), "the card")
    await here.quiet()
    threads = await discord.cleo.threads(cleo.channel)
    assert [one.private for one in threads] == [True]
    assert not await discord.dan.threads(cleo.channel)
    mine = discord_seat(here, discord.cleo, threads[0].id)
    await support.under(card.id).post("We are discreet")
    await wait_for(mine, says("We are discreet", "Ana"), "the answer")


async def test_app_home_shows_tickets_and_opens_the_form(here: World) -> None:
    sam = slack_seat(here, here.slack.sam, "inbox")
    await sam.post("The printer burns")
    support = slack_seat(here, here.slack.ana, "support")
    await wait_for(support, says("The printer burns"), "the card")
    await here.slack.sam.open_home()
    home = await here.slack.sam.wait_for_home(lambda view: "The printer burns" in view.shown)
    assert "New ticket" in home.labels
    await here.slack.ana.open_home()
    await here.slack.ana.wait_for_home(lambda view: "Support" in view.shown and "printer" in view.shown)


async def test_an_incomplete_near_miss_is_held_and_its_author_asked(here: World) -> None:
    sam = slack_seat(here, here.slack.sam, "inbox")
    request = await sam.post("The printer burns")
    support = slack_seat(here, here.slack.ana, "support")
    card = await wait_for(support, lambda one: "Claim" in one.controls, "the card")
    thread = support.under(card.id)
    await thread.post("Note he is always like that")
    asked = await wait_for(
        thread, lambda one: one.only_me and "Only staff" in " ".join(one.controls), "a question"
    )
    await thread.press(asked.id, "🔒 Only staff")
    await here.quiet()
    await wait_until_gone(sam.under(request), says("always like that"), "the near miss")
