"""What a bot may not do, with Discord's error codes."""

from __future__ import annotations

import discord as sdk
import pytest

from chatdesk_playground.discord.permissions import BOT, Permission
from tests.playground.discord.bots import Bot, online, text_channel
from tests.playground.discord.conftest import Scene


async def test_each_missing_permission_is_50013(scene: Scene) -> None:
    control = scene.discord.control
    bot = Bot()
    async with online(bot, scene.token):
        channel = text_channel(bot, scene.general)
        message = await scene.cleo.post(scene.general, "hello")
        fetched = await channel.fetch_message(int(message.id))
        own = await channel.send("mine")
        attempts = (
            (Permission.SEND_MESSAGES, lambda: channel.send("x")),
            (Permission.MANAGE_WEBHOOKS, lambda: channel.create_webhook(name="x")),
            (Permission.CREATE_PUBLIC_THREADS, lambda: own.create_thread(name="x")),
            (Permission.MANAGE_MESSAGES, fetched.delete),
            (Permission.ADD_REACTIONS, lambda: fetched.add_reaction("👀")),
        )
        for permission, attempt in attempts:
            await control.set_overwrite(scene.general, scene.application, deny=int(permission))
            with pytest.raises(sdk.Forbidden) as refused:
                await attempt()
            assert refused.value.code == 50013, permission
        await control.set_overwrite(scene.general, scene.application, deny=int(Permission.VIEW_CHANNEL))
        with pytest.raises(sdk.Forbidden) as hidden:
            await channel.send("x")
        assert hidden.value.code == 50001


async def test_what_does_not_exist(scene: Scene) -> None:
    bot = Bot()
    async with online(bot, scene.token):
        for code, attempt in (
            (10003, bot.fetch_channel(1)),
            (10008, text_channel(bot, scene.general).fetch_message(1)),
            (10013, bot.fetch_user(1)),
            (10004, bot.fetch_guild(1)),
            (10015, bot.fetch_webhook(1)),
        ):
            with pytest.raises(sdk.NotFound) as missing:
                await attempt
            assert missing.value.code == code
        route = sdk.http.Route("GET", "/no/such/route")
        with pytest.raises(sdk.NotFound) as unknown:
            await bot.http.request(route)
        assert (unknown.value.code, unknown.value.text) == (0, "404: Not Found")


async def test_others_messages_cannot_be_edited(scene: Scene) -> None:
    bot = Bot()
    async with online(bot, scene.token):
        message = await scene.cleo.post(scene.general, "hello")
        partial = text_channel(bot, scene.general).get_partial_message(int(message.id))
        with pytest.raises(sdk.Forbidden) as refused:
            await partial.edit(content="bye")
    assert refused.value.code == 50005


async def test_channels_and_roles(scene: Scene) -> None:
    control = scene.discord.control
    bot = Bot()
    async with online(bot, scene.token):
        guild = bot.get_guild(int(scene.guild))
        assert guild is not None
        with pytest.raises(sdk.Forbidden):
            await guild.create_text_channel("support")
        more = BOT | Permission.MANAGE_CHANNELS | Permission.MANAGE_ROLES
        await control.set_permissions(scene.guild, scene.application, int(more))
        channel = await guild.create_text_channel("Support Team", topic="Tickets")
        assert channel.name == "support-team"
        await channel.edit(topic="All tickets")
        role = await guild.create_role(name="agents")
        member = await guild.fetch_member(int(scene.ana.id))
        await member.add_roles(role)
        await channel.set_permissions(role, view_channel=True)
        await channel.set_permissions(guild.me, view_channel=True)
        await channel.set_permissions(guild.default_role, view_channel=False)
        assert str(channel.id) in await scene.ana.channels()
        assert str(channel.id) not in await scene.cleo.channels()
        assert (await guild.fetch_member(int(scene.ana.id))).roles[1].name == "agents"
        await channel.delete()
        await scene.discord.control.wait_until_quiet()
        assert bot.get_channel(channel.id) is None


async def test_members_and_roles_come_and_go(scene: Scene) -> None:
    control = scene.discord.control
    bot = Bot()
    async with online(bot, scene.token):
        guild = bot.get_guild(int(scene.guild))
        assert guild is not None
        assert {member.name for member in guild.members} == {"ana", "cleo", "chatdesk", "acme-owner"}
        role_id = await control.create_role(scene.guild, "agents", members=[scene.ana.id])
        bert = await control.create_user("bert", guild_ids=[scene.guild], roles=[role_id])
        await control.leave_guild(scene.guild, scene.cleo.id)
        await control.take_role(role_id, scene.ana.id)
        await control.wait_until_quiet()
        role = guild.get_role(int(role_id))
        assert role is not None
        assert [str(member.id) for member in role.members] == [bert.id]
        assert guild.get_member(int(scene.cleo.id)) is None
        found = await guild.query_members("be")
        assert [member.name for member in found] == ["bert"]
