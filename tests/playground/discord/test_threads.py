"""Threads and forum posts: starting, members, archiving, locking, lists."""

from __future__ import annotations

import discord as sdk
import pytest

from chatdesk_playground.discord import Refused
from tests.playground.discord.bots import Bot, online, text_channel
from tests.playground.discord.conftest import Scene

MANAGE_THREADS = 1 << 34
MANAGE_CHANNELS = 1 << 4


async def test_a_thread_under_a_message(scene: Scene) -> None:
    bot = Bot()
    async with online(bot, scene.token):
        asked = await scene.cleo.post(scene.general, "help")
        await scene.discord.control.wait_until_quiet()
        heard = bot.heard[-1]
        thread = await heard.create_thread(name="Ticket 1")
        assert str(thread.id) == asked.id
        await thread.send("hello")
        await scene.cleo.post(str(thread.id), "hi")
        with pytest.raises(sdk.HTTPException) as refused:
            await heard.create_thread(name="Ticket 1")
        assert refused.value.code == 160004
    inside = await scene.cleo.messages(str(thread.id))
    assert [(message.type, message.content) for message in inside] == [(21, ""), (0, "hello"), (0, "hi")]
    (original,) = await scene.cleo.messages(scene.general)
    assert original.thread_id == asked.id
    (shown,) = await scene.cleo.threads(scene.general)
    assert set(shown.members) == {scene.application, scene.cleo.id}


async def test_a_thread_without_a_message_is_announced(scene: Scene) -> None:
    bot = Bot()
    async with online(bot, scene.token):
        thread = await text_channel(bot, scene.general).create_thread(
            name="Open", type=sdk.ChannelType.public_thread
        )
        started = await scene.cleo.start_thread(scene.general, "Mine")
        await scene.discord.control.wait_until_quiet()
        assert bot.get_channel(int(started)) is not None
    assert [message.type for message in await scene.cleo.messages(scene.general)] == [18, 18]
    assert [item.id for item in await scene.cleo.threads(scene.general)] == [str(thread.id), started]


async def test_a_private_thread_is_for_its_members(scene: Scene) -> None:
    bot = Bot()
    async with online(bot, scene.token):
        thread = await text_channel(bot, scene.general).create_thread(
            name="Ticket 2", type=sdk.ChannelType.private_thread, invitable=False
        )
        await thread.send(f"<@{scene.ana.id}> a ping adds nobody")
        assert await scene.ana.threads(scene.general) == []
        await thread.add_user(sdk.Object(int(scene.cleo.id)))
        assert [item.name for item in await scene.cleo.threads(scene.general)] == ["Ticket 2"]
        await scene.cleo.post(str(thread.id), "I am in")
        with pytest.raises(Refused, match="Missing Access"):
            await scene.ana.post(str(thread.id), "I am not")
        members = await thread.fetch_members()
        assert {str(member.id) for member in members} == {scene.application, scene.cleo.id}
        await thread.remove_user(sdk.Object(int(scene.cleo.id)))
        assert await scene.cleo.threads(scene.general) == []
        await scene.discord.control.wait_until_quiet()
        assert bot.told.count("THREAD_MEMBERS_UPDATE") == 2


async def test_archiving_locking_and_waking(scene: Scene) -> None:
    bot = Bot()
    async with online(bot, scene.token):
        thread = await text_channel(bot, scene.general).create_thread(
            name="Ticket 3", type=sdk.ChannelType.public_thread
        )
        message = await thread.send("question")
        await thread.edit(archived=True)
        with pytest.raises(sdk.HTTPException) as refused:
            await message.edit(content="changed")
        assert refused.value.code == 50083
        with pytest.raises(sdk.HTTPException) as refused:
            await message.add_reaction("👀")
        assert refused.value.code == 50083
        await scene.cleo.post(str(thread.id), "still there?")
        (shown,) = await scene.cleo.threads(scene.general)
        assert not shown.archived
        await thread.edit(archived=True, locked=True)
        with pytest.raises(Refused, match="locked"):
            await scene.cleo.post(str(thread.id), "hello?")
        archived = [item async for item in text_channel(bot, scene.general).archived_threads()]
        assert [item.id for item in archived] == [thread.id]
        await thread.edit(archived=False, locked=False, name="Ticket 3, again")
        guild = bot.get_guild(int(scene.guild))
        assert guild is not None
        assert [item.name for item in await guild.active_threads()] == ["Ticket 3, again"]
        await scene.discord.control.advance_clock(5 * 24 * 3600)
        (shown,) = await scene.cleo.threads(scene.general)
        assert shown.archived
        await thread.delete()
    assert await scene.cleo.threads(scene.general) == []


async def test_a_server_full_of_threads_and_a_thread_full_of_people(scene: Scene) -> None:
    await scene.discord.control.set_limits(active_threads=1, thread_members=2)
    bot = Bot()
    async with online(bot, scene.token):
        channel = text_channel(bot, scene.general)
        thread = await channel.create_thread(name="one", type=sdk.ChannelType.private_thread)
        with pytest.raises(sdk.HTTPException) as refused:
            await channel.create_thread(name="two", type=sdk.ChannelType.private_thread)
        assert refused.value.code == 160006
        await thread.add_user(sdk.Object(int(scene.cleo.id)))
        with pytest.raises(sdk.HTTPException) as refused:
            await thread.add_user(sdk.Object(int(scene.ana.id)))
        assert refused.value.code == 30033


async def test_forum_posts_of_people_and_of_the_bot(scene: Scene) -> None:
    control = scene.discord.control
    forum_id = await control.create_channel(scene.guild, "requests", kind="forum", tags=["open", "closed"])
    bot = Bot()
    created: list[sdk.Thread] = []

    @bot.event
    async def on_thread_create(thread: sdk.Thread) -> None:
        created.append(thread)

    async with online(bot, scene.token):
        post_id = await scene.cleo.forum_post(
            forum_id, "Printer", "It smokes", tags=["open"], files=[("a", b"1")]
        )
        await control.wait_until_quiet()
        assert [(thread.name, thread.id) for thread in created] == [("Printer", int(post_id))]
        assert [tag.name for tag in created[0].applied_tags] == ["open"]
        starter = await created[0].fetch_message(created[0].id)
        assert starter.content == "It smokes"
        forum = bot.get_channel(int(forum_id))
        assert isinstance(forum, sdk.ForumChannel)
        closed = next(tag for tag in forum.available_tags if tag.name == "closed")
        await created[0].edit(applied_tags=[closed])
        own = await forum.create_thread(name="From us", content="News", applied_tags=[closed])
        assert own.message.id == own.thread.id
        with pytest.raises(sdk.HTTPException):
            await bot.http.send_message(forum.id, params=sdk.http.handle_message_parameters("no"))
    shown = await scene.cleo.threads(forum_id)
    assert [(item.name, item.tags) for item in shown] == [("Printer", ("closed",)), ("From us", ("closed",))]


async def test_a_bot_that_is_let_into_a_channel_gets_its_threads(scene: Scene) -> None:
    control = scene.discord.control
    hidden = await control.create_channel(scene.guild, "hidden", private_to=[scene.ana.id], bot=False)
    thread_id = await scene.ana.start_thread(hidden, "Secret")
    bot = Bot()
    async with online(bot, scene.token):
        assert bot.get_channel(int(thread_id)) is None
        with pytest.raises(sdk.Forbidden) as refused:
            await text_channel(bot, hidden).send("hi")
        assert refused.value.code == 50001
        await control.set_overwrite(hidden, scene.application, allow=1 << 10)
        await control.wait_until_quiet()
        assert "THREAD_LIST_SYNC" in bot.told
        assert bot.get_channel(int(thread_id)) is not None
