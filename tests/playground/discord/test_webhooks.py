"""Webhooks: posting under another name, into threads, editing and deleting what was posted."""

from __future__ import annotations

import io

import aiohttp
import discord as sdk
import pytest

from tests.playground.discord.bots import Bot, online, text_channel
from tests.playground.discord.conftest import Scene


async def test_posts_appear_under_the_name_and_picture_that_were_given(scene: Scene) -> None:
    bot = Bot()
    async with online(bot, scene.token):
        webhook = await text_channel(bot, scene.general).create_webhook(name="chatdesk")
        sent = await webhook.send(
            "Hello", username="Ana (Slack)", avatar_url="http://127.0.0.1:9/ana.png", wait=True
        )
        await scene.discord.control.wait_until_quiet()
        assert bot.heard[-1].webhook_id == webhook.id
        assert sent.author.name == "Ana (Slack)"
        await sent.edit(content="Hello!", attachments=[sdk.File(io.BytesIO(b"x"), "x.txt")])
        assert (await webhook.fetch_message(sent.id)).content == "Hello!"
        await webhook.send("no answer")
    shown = (await scene.cleo.messages(scene.general))[0]
    assert (shown.author, shown.content, shown.edited, shown.webhook) == ("Ana (Slack)", "Hello!", True, True)
    assert shown.avatar == "http://127.0.0.1:9/ana.png"
    assert await scene.cleo.download(shown.attachments[0]) == b"x"


async def test_in_a_thread_a_webhook_needs_the_threads_id_every_time(scene: Scene) -> None:
    bot = Bot()
    async with online(bot, scene.token):
        channel = text_channel(bot, scene.general)
        thread = await channel.create_thread(name="Ticket", type=sdk.ChannelType.public_thread)
        webhook = await channel.create_webhook(name="chatdesk")
        sent = await webhook.send("in the thread", thread=thread, wait=True)
        with pytest.raises(sdk.NotFound) as refused:
            await webhook.edit_message(sent.id, content="elsewhere")
        assert refused.value.code == 10008
        await webhook.edit_message(sent.id, content="here", thread=thread)
        assert [message.content for message in await scene.cleo.messages(str(thread.id))] == ["here"]
        await thread.edit(archived=True)
        with pytest.raises(sdk.HTTPException) as archived:
            await webhook.edit_message(sent.id, content="later", thread=thread)
        assert archived.value.code == 50083
        await webhook.delete_message(sent.id, thread=thread)
        assert await scene.cleo.messages(str(thread.id)) == []
        with pytest.raises(sdk.NotFound) as unknown:
            await webhook.send("nowhere", thread=sdk.Object(1), wait=True)
        assert unknown.value.code == 10003


@pytest.mark.parametrize("name", ["Discord helper", "clyde", "everyone", "x" * 81])
async def test_names_that_discord_refuses(scene: Scene, name: str) -> None:
    bot = Bot()
    async with online(bot, scene.token):
        channel = text_channel(bot, scene.general)
        webhook = await channel.create_webhook(name="chatdesk")
        for attempt in (channel.create_webhook(name=name), webhook.send("hi", username=name, wait=True)):
            with pytest.raises(sdk.HTTPException) as refused:
                await attempt
            assert (refused.value.status, refused.value.code) == (400, 50035)


async def test_a_webhook_that_is_gone(scene: Scene) -> None:
    bot = Bot()
    async with online(bot, scene.token):
        channel = text_channel(bot, scene.general)
        webhook = await channel.create_webhook(name="chatdesk")
        assert [item.id for item in await channel.webhooks()] == [webhook.id]
        renamed = await webhook.edit(name="desk")
        assert renamed.name == "desk"
        await webhook.delete()
        with pytest.raises(sdk.NotFound) as refused:
            await webhook.send("hi", wait=True)
        assert refused.value.code == 10015
        another = await channel.create_webhook(name="chatdesk")
        async with aiohttp.ClientSession() as session:
            wrong = sdk.Webhook.partial(another.id, "not-its-token", session=session)
            with pytest.raises(sdk.HTTPException) as unauthorised:
                await wrong.send("hi", wait=True)
        assert unauthorised.value.code == 50027


async def test_a_channel_holds_fifteen(scene: Scene) -> None:
    bot = Bot()
    async with online(bot, scene.token):
        channel = text_channel(bot, scene.general)
        for number in range(15):
            await channel.create_webhook(name=f"hook {number}")
        with pytest.raises(sdk.HTTPException) as refused:
            await channel.create_webhook(name="one more")
    assert refused.value.code == 30007


async def test_a_webhook_opens_forum_posts(scene: Scene) -> None:
    forum_id = await scene.discord.control.create_channel(scene.guild, "requests", kind="forum")
    bot = Bot()
    async with online(bot, scene.token):
        forum = bot.get_channel(int(forum_id))
        assert isinstance(forum, sdk.ForumChannel)
        webhook = await forum.create_webhook(name="chatdesk")
        with pytest.raises(sdk.HTTPException):
            await webhook.send("no title", wait=True)
        sent = await webhook.send("It smokes", thread_name="Printer", username="Cleo", wait=True)
    (thread,) = await scene.cleo.threads(forum_id)
    assert (thread.name, thread.id) == ("Printer", str(sent.id))
