"""A channel that the bot is not in, a token that was revoked, an intent or scope that is missing.

A malformed ``desk.yaml``, one that takes away a team with tickets, and a database that is newer than the
code are in ``tests/test_cli.py``; ``chatdesk run`` with a token that never worked in ``tests/test_run.py``.
"""

from __future__ import annotations

import asyncio
from functools import partial

import pytest

from adapters.slack.scopes import BOT_SCOPES
from chatdesk.contract.vocabulary import Installation, Platform
from chatdesk.demo.seats import PATIENCE, says, wait_for
from chatdesk.demo.world import World
from chatdesk.errors import ChatdeskError
from chatdesk.settings import Settings
from chatdesk.store import installations, overview
from tests.scenarios.stage import discord_seat, slack_seat, thread_under

VIEW_CHANNEL = 1 << 10


async def test_a_slack_home_channel_that_the_bot_is_not_in(here: World) -> None:
    """The ticket exists and its requester is answered; its card appears once the bot is invited."""
    slack = here.slack
    await slack.playground.control.remove_from_channel(
        slack.app.team_id, slack.channels["support"], slack.app.bot_user_id
    )
    sam = slack_seat(here, slack.sam, "help")
    opened = await sam.command("open", text="The printer burns")
    assert "#1" in opened.text, opened
    await here.quiet()
    ana = slack_seat(here, slack.ana, "support")
    assert not [one for one in await ana.see() if "printer" in one.text]
    listed = await slack_seat(here, slack.ana, "general").command("list", which="team")
    assert "The printer burns" in listed.text, listed
    assert "invite it there" in await _troubles(here)
    await slack.ana.invite(slack.channels["support"], slack.app.bot_user_id)
    card = await wait_for(
        ana, lambda one: "The printer burns" in one.text and "Claim" in one.controls, "card"
    )
    await wait_for(ana.under(card.id), says("The printer burns", "Sam"), "the request")
    assert len([one for one in await ana.see() if "Claim" in one.controls]) == 1


async def test_a_discord_home_channel_that_the_bot_does_not_see(here: World) -> None:
    discord = here.discord
    home = discord.channels["community-desk"]
    control = discord.playground.control
    await control.set_overwrite(home, discord.application, deny=VIEW_CHANNEL)
    cleo = discord_seat(here, discord.cleo, "community-help")
    opened = await cleo.command("open", title="The shop is down")
    assert "#1" in opened.text, opened
    await here.quiet()
    dora = discord_seat(here, discord.dora, "community-desk")
    assert not [one for one in await dora.see() if one.controls]
    assert "View Channel" in await _troubles(here)
    await control.set_overwrite(home, discord.application, allow=VIEW_CHANNEL)
    await wait_for(dora, lambda one: "Claim" in one.controls, "the card")


async def _troubles(here: World) -> str:
    """The reasons that ``chatdesk delivery list`` and ``chatdesk doctor`` show."""
    assert here.bot is not None
    return " ".join(each.reason for each in await here.bot.writer.read(overview.troubles))


async def test_a_slack_token_that_is_revoked(here: World) -> None:
    """The installation is paused with the reason; the other platform goes on, and nothing is lost."""
    slack = here.slack
    cleo = discord_seat(here, here.discord.cleo, "help")
    message = await cleo.post("It does not work")
    assert (await cleo.make_ticket(message)).form_open
    await slack.playground.control.revoke_token(slack.app.team_id)
    assert "#1" in (await cleo.fill_in(Title="Broken")).text
    assert "revoked" in await _paused(here, Installation(Platform("slack"), slack.app.team_id))
    info = await cleo.command("info", ticket="1")
    assert "Broken" in info.text, info


async def test_a_discord_token_that_is_revoked(here: World) -> None:
    discord = here.discord
    sam = slack_seat(here, here.slack.sam, "ask-community")
    message = await sam.post("It does not work")
    assert (await sam.make_ticket(message)).form_open
    await discord.playground.control.revoke_token(discord.application)
    assert "#1" in (await sam.fill_in(Title="Broken")).text
    assert "token" in await _paused(here, Installation(Platform("discord"), discord.guild))
    assert "Broken" in (await sam.command("info", ticket="1")).text


async def _paused(here: World, where: Installation) -> str:
    """Why an installation is paused, once it is."""
    assert here.bot is not None
    loop = asyncio.get_running_loop()
    deadline = loop.time() + PATIENCE
    while loop.time() < deadline:
        reason = await here.bot.writer.read(partial(installations.paused, installation=where))
        if reason is not None:
            return reason
        await asyncio.sleep(0.02)
    raise TimeoutError(f"{where} was not paused")


async def test_doctor_says_that_a_token_was_revoked(here: World) -> None:
    assert here.bot is not None
    await here.slack.playground.control.revoke_token(here.slack.app.team_id)
    await here.discord.playground.control.revoke_token(here.discord.application)
    for adapter in here.bot.adapters.values():
        checks = [check async for check in adapter.check(False, None)]
        (wrong,) = [check for check in checks if not check.ok]
        assert "token" in f"{wrong.subject} {wrong.advice}", wrong


@pytest.mark.parametrize("intent", ["message_content", "members"])
async def test_a_missing_intent_is_said_at_the_start(here: World, intent: str) -> None:
    discord = here.discord
    await here.stop_bot()
    await discord.playground.control.switch_intents(discord.application, **{intent: False})
    with pytest.raises(ChatdeskError, match=r"^discord: .*Intent.* in the developer portal"):
        await here.start_bot()
    await here.stop_bot()


async def test_doctor_names_a_missing_intent(here: World) -> None:
    assert here.bot is not None
    await here.discord.playground.control.switch_intents(here.discord.application, message_content=False)
    (adapter,) = [one for name, one in here.bot.adapters.items() if name == "discord"]
    checks = [check async for check in adapter.check(False, None)]
    (wrong,) = [check for check in checks if not check.ok]
    assert "Message Content Intent" in wrong.subject and "switch it on" in wrong.advice


async def test_a_missing_scope_is_named(here: World) -> None:
    assert here.bot is not None
    slack = here.slack
    scopes = [one for one in BOT_SCOPES if one != "chat:write.customize"]
    await slack.playground.control.set_scopes(slack.app.team_id, scopes)
    (adapter,) = [one for name, one in here.bot.adapters.items() if name == "slack"]
    checks = [check async for check in adapter.check(False, None)]
    (wrong,) = [check for check in checks if not check.ok]
    assert "chat:write.customize" in wrong.advice and "install the app again" in wrong.advice


async def test_what_waited_for_a_new_token_arrives_with_it(here: World) -> None:
    discord = here.discord
    token = await discord.playground.control.revoke_token(discord.application)
    sam = slack_seat(here, here.slack.sam, "ask-community")
    assert "#1" in (await sam.command("open", text="It does not work")).text
    await _paused(here, Installation(Platform("discord"), discord.guild))
    await here.stop_bot()
    here.settings = _with_discord_token(here.settings, token)
    await here.start_bot()
    dora = discord_seat(here, discord.dora, "community-desk")
    await wait_for(dora, lambda one: "Claim" in one.controls, "the card")


def _with_discord_token(settings: Settings, token: str) -> Settings:
    sections = dict(settings.adapters)
    section = sections[Platform("discord")]
    sections[Platform("discord")] = section.model_validate(section.model_dump() | {"token": token})
    return settings.model_copy(update={"adapters": sections})


async def test_a_message_in_a_slack_channel_that_the_bot_is_not_in(here: World) -> None:
    """The ticket is made and worked; that its thread cannot be answered in is told to the team."""
    slack = here.slack
    channel = slack.channels["help"]
    await slack.playground.control.remove_from_channel(slack.app.team_id, channel, slack.app.bot_user_id)
    sam = slack_seat(here, slack.sam, "help")
    message = await sam.post("It does not work")
    assert (await sam.make_ticket(message)).form_open
    assert not (await sam.fill_in(Title="Broken")).field_errors
    direct = slack_seat(here, slack.sam, await slack.sam.dm_with_bot())
    await wait_for(direct, says("#1"), "the ticket's number, where the bot can say it")
    ana = slack_seat(here, slack.ana, "support")
    card = await wait_for(ana, lambda one: "Broken" in one.text and "Claim" in one.controls, "the card")
    thread = ana.under(card.id)
    await wait_for(thread, says("It does not work", "Sam"), "the request")
    answer = await thread.post("Is it plugged in?")
    told = await wait_for(thread, says("did not reach the requester"), "a word about it")
    assert "invite it there" in told.text and "Try again" in told.controls
    await wait_for(thread, lambda one: one.id == answer and "⚠️" in one.reactions, "the mark")
    await slack.sam.invite(channel, slack.app.bot_user_id)
    await thread.press(told.id, "Try again")
    await wait_for(sam.under(message), says("Is it plugged in?", "Ana"), "the answer")


async def test_a_scope_that_was_taken_away_is_named_to_those_who_wait(here: World) -> None:
    slack = here.slack
    cleo = discord_seat(here, here.discord.cleo, "help")
    message = await cleo.post("It does not work")
    assert (await cleo.make_ticket(message)).form_open
    await cleo.fill_in(Title="Broken")
    ana = slack_seat(here, slack.ana, "support")
    card = await wait_for(ana, lambda one: "Broken" in one.text and "Claim" in one.controls, "the card")
    scopes = [one for one in BOT_SCOPES if one != "files:write"]
    await slack.playground.control.set_scopes(slack.app.team_id, scopes)
    customers = await thread_under(cleo, message)
    await customers.post("my log", [("log.txt", b"words")])
    await wait_for(ana.under(card.id), says("my log", "Cleo"), "the text")
    told = await wait_for(customers, says("could not be delivered"), "a word about it")
    assert "files:write" in told.text
