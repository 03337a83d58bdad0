"""Requests and answers against Discord's own description of its API.

Every other test here has its requests checked too, when its playground stops (see conftest).
"""

from __future__ import annotations

import io
import os
from dataclasses import replace
from pathlib import Path

import discord as sdk
import pytest

from tests.playground.discord.bots import Bot, online, text_channel
from tests.playground.discord.conformance import Description, violations
from tests.playground.discord.conftest import Scene
from tests.playground.discord.test_commands import with_commands

pytestmark = pytest.mark.skipif(
    "CHATDESK_REFERENCE_DIR" not in os.environ,
    reason="CHATDESK_REFERENCE_DIR does not say where Discord's description of its API is",
)


async def _story(scene: Scene) -> None:
    """A bit of everything."""
    bot = Bot()
    async with online(bot, scene.token):
        await with_commands(bot)
        await scene.cleo.command("ticket open", {"title": "x"}, at=scene.general)
        await scene.cleo.autocomplete("ticket assign", {"agent": "a"}, focused="agent", at=scene.general)
        channel = text_channel(bot, scene.general)
        sent = await channel.send("hello", file=sdk.File(io.BytesIO(b"x"), "x.txt"), nonce="n-1")
        await sent.edit(content="hello!", embed=sdk.Embed(title="T", description="D"))
        await sent.add_reaction("👀")
        await sent.reply("reply", mention_author=False)
        thread = await sent.create_thread(name="Ticket")
        await thread.send("in thread", allowed_mentions=sdk.AllowedMentions.none())
        await thread.add_user(sdk.Object(int(scene.cleo.id)))
        await thread.edit(archived=True)
        private = await channel.create_thread(name="p", type=sdk.ChannelType.private_thread)
        await private.fetch_members()
        webhook = await channel.create_webhook(name="desk")
        hooked = await webhook.send("as Ana", username="Ana", wait=True)
        await webhook.edit_message(hooked.id, content="as Ana!")
        await webhook.delete_message(hooked.id)
        await channel.webhooks()
        await bot.fetch_channel(channel.id)
        guild = await bot.fetch_guild(int(scene.guild))
        await guild.fetch_roles()
        await guild.fetch_channels()
        await guild.fetch_member(int(scene.ana.id))
        [member async for member in guild.fetch_members()]
        await guild.active_threads()
        [message async for message in channel.history()]
        [thread async for thread in channel.archived_threads()]
        await sent.pin()
        [message async for message in channel.pins()]
        await (await bot.fetch_user(int(scene.cleo.id))).send("dm")
        await sent.delete()


async def test_a_bit_of_everything_is_asked_as_described(scene: Scene) -> None:
    await _story(scene)
    reference = Path(os.environ["CHATDESK_REFERENCE_DIR"])
    assert violations(scene.discord.requests, reference) == []


async def test_a_bit_of_everything_is_answered_as_described(scene: Scene, description: Description) -> None:
    await _story(scene)
    assert description.answer_violations(scene.discord.requests) == []


async def test_what_is_not_as_described_is_found(scene: Scene, description: Description) -> None:
    bot = Bot()
    async with online(bot, scene.token):
        await text_channel(bot, scene.general).send("hello")
    good = scene.discord.requests[-1]
    assert description.violations([good]) == []
    for wrong in (
        replace(good, body={"content": "x" * 4001}),
        replace(good, body={"embeds": [{"title": 7}]}),
        replace(
            good, body={"components": [{"type": 1, "components": [{"type": 2, "style": 9, "label": "x"}]}]}
        ),
        replace(good, path="/no/such/path"),
        replace(good, method="GET", query={"limit": "1000"}, body=None),
    ):
        assert len(description.violations([wrong])) == 1
    broken = replace(good, response={"id": 7})
    assert len(description.answer_violations([broken])) == 1
