"""What a bot does to a server, what it hears of, and what the platform answers to what is not there."""

from __future__ import annotations

from datetime import timedelta

import aiohttp
import discord as sdk
import pytest

from tests.playground.discord.bots import Bot, online, text_channel
from tests.playground.sdk.conftest import Server

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_bot_furnishes_a_server(server: Server) -> None:
    control = server.discord.control
    second = await control.create_guild("second", server.application)
    await control.set_permissions(server.guild, server.application, sdk.Permissions.all().value)
    bot = Bot()
    async with online(bot, server.token):
        guild = text_channel(bot, server.general).guild
        assert [one.name async for one in bot.fetch_guilds(limit=1, after=guild)] == ["second"]
        await control.leave_guild(second.id, server.application)
        category = await guild.create_category("Help")
        hidden: dict[sdk.Role | sdk.Member | sdk.Object, sdk.PermissionOverwrite] = {
            guild.default_role: sdk.PermissionOverwrite(view_channel=False)
        }
        desk = await guild.create_text_channel("desk", category=category, topic="Ask", overwrites=hidden)
        await guild.create_voice_channel("Lounge")
        role = await guild.create_role(name="helpers", colour=sdk.Colour.red(), mentionable=True)
        member = await guild.fetch_member(int(server.ana.id))
        await member.add_roles(role)
        await member.edit(nick="Ana of the desk")
        await desk.set_permissions(role, view_channel=True)
        assert str(desk.id) in await server.ana.channels()
        assert str(desk.id) not in await server.cleo.channels()
        await bot.until(lambda: {one.name for one in guild.channels} >= {"Help", "desk", "Lounge"})
        found = await guild.query_members("ana")
        assert [one.display_name for one in found] == ["Ana of the desk"]
        await (await desk.clone(name="copy")).delete()
        posted = await desk.send("x")
        with pytest.raises(sdk.HTTPException, match="Unknown Emoji"):
            await posted.add_reaction("<:unknown:123456789012345678>")
        await member.kick()
        await bot.until(lambda: guild.get_member(member.id) is None)
    again = Bot()
    async with online(again, server.token):
        (lounge,) = again.guilds[0].voice_channels
        assert (lounge.name, lounge.bitrate) == ("Lounge", 64000)


async def test_a_bot_hears_nothing_of_servers_that_it_is_not_in(server: Server) -> None:
    stranger = await server.discord.control.create_application("stranger")
    elsewhere = await server.discord.control.create_guild("elsewhere", stranger.id)
    room = await server.discord.control.create_channel(elsewhere.id, "room")
    bot = Bot()
    async with online(bot, stranger.token):
        await server.cleo.post(server.general, "not for strangers")
        owner = server.discord.control.person(elsewhere.owner_id)
        await owner.post(room, "for it")
        await bot.until(lambda: bool(bot.heard))
        assert [one.content for one in bot.heard] == ["for it"]


async def test_what_is_not_there_is_answered_as_discord_answers_what_it_does_not_know(server: Server) -> None:
    bot = Bot()
    async with online(bot, server.token):
        guild = bot.get_guild(int(server.guild))
        assert guild is not None
        for attempt in (guild.fetch_scheduled_events(), guild.fetch_automod_rules(), guild.invites()):
            with pytest.raises(sdk.NotFound) as unknown:
                await attempt
            assert (unknown.value.status, unknown.value.code, unknown.value.text) == (
                404,
                0,
                "404: Not Found",
            )
    base = server.discord.api_url
    async with aiohttp.ClientSession(headers={"authorization": f"Bot {server.token}"}) as session:
        async with session.put(f"{base}/channels/{server.general}") as refused:
            assert (refused.status, await refused.json()) == (
                405,
                {"message": "405: Method Not Allowed", "code": 0},
            )
        async with session.get(f"{base}/made/up") as unknown_path:
            assert (unknown_path.status, await unknown_path.json()) == (
                404,
                {"message": "404: Not Found", "code": 0},
            )


async def test_what_a_message_or_member_cannot_have_here_is_refused_and_not_left_out(server: Server) -> None:
    bot = Bot()
    poll = sdk.Poll(question="Tea?", duration=timedelta(hours=1))
    poll.add_answer(text="Yes")
    async with online(bot, server.token):
        channel = text_channel(bot, server.general)
        guild = channel.guild
        first = await channel.send("first")
        member = await guild.fetch_member(int(server.ana.id))
        attempts = (
            channel.send("vote", poll=poll),
            first.forward(channel),
            member.timeout(timedelta(minutes=1)),
        )
        for attempt in attempts:
            with pytest.raises(sdk.HTTPException, match="nothing of this kind") as refused:
                await attempt
            assert (refused.value.status, refused.value.code) == (400, 50035)


async def test_what_a_channel_cannot_have_here_is_refused(server: Server) -> None:
    permissions = sdk.Permissions.all().value
    await server.discord.control.set_permissions(server.guild, server.application, permissions)
    bot = Bot()
    async with online(bot, server.token):
        channel = text_channel(bot, server.general)
        for attempt in (
            channel.edit(type=sdk.ChannelType.news),
            channel.guild.create_voice_channel("loud", user_limit=3),
        ):
            with pytest.raises(sdk.HTTPException, match="nothing of this kind"):
                await attempt
