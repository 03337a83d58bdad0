"""The control interface as another process uses it, and the playground's own start and stop."""

from __future__ import annotations

import asyncio
import time

import aiohttp
import discord as sdk
import pytest

from chatdesk_playground.discord import DiscordPlayground, Refused
from tests.playground.discord.bots import Bot, online
from tests.playground.discord.conftest import Scene


async def test_any_process_can_act_with_json(scene: Scene) -> None:
    base = scene.discord.api_url.removesuffix("/api/v10") + "/control"
    async with aiohttp.ClientSession() as session:
        async with session.get(base) as response:
            index = await response.json()
        assert "create_guild" in index["commands"]
        assert "post" in index["users/<id>"]
        body = {"channel_id": scene.general, "text": "from a script"}
        async with session.post(f"{base}/users/{scene.cleo.id}/post", json=body) as response:
            assert (await response.json())["author"] == "Cleo"
        for path in ("no_such_command", f"users/{scene.cleo.id}/dance", "users/1/post", "take_role"):
            async with session.post(f"{base}/{path}", json={}) as response:
                assert response.status == 404
                assert (await response.json())["message"]


async def test_names_are_shown_as_discord_shows_them(scene: Scene) -> None:
    await scene.discord.control.set_nickname(scene.guild, scene.cleo.id, "Cleopatra")
    assert (await scene.cleo.post(scene.general, "hi")).author == "Cleopatra"
    assert (await scene.cleo.post(await scene.cleo.dm_with_bot(), "hi")).author == "Cleo"


async def test_a_wait_ends_as_soon_as_there_is_something(scene: Scene) -> None:
    waiting = asyncio.create_task(scene.ana.wait_for(scene.general, lambda message: message.content == "now"))
    await scene.cleo.post(scene.general, "not yet")
    await scene.cleo.post(scene.general, "now")
    assert (await waiting).content == "now"


async def test_it_is_quiet_again_when_the_bot_has_answered(scene: Scene) -> None:
    class Echo(Bot):
        async def on_message(self, message: sdk.Message) -> None:
            if not message.author.bot:
                await message.reply("one")
                await message.reply("two")

    bot = Echo()
    async with online(bot, scene.token):
        for _ in range(5):
            await scene.cleo.post(scene.general, "say")
        await scene.discord.control.wait_until_quiet()
        assert len(await scene.cleo.messages(scene.general)) == 15


async def test_stopping_takes_no_time_with_a_bot_on_the_line() -> None:
    playground = DiscordPlayground()
    await playground.start()
    application = await playground.control.create_application("chatdesk")
    async with aiohttp.ClientSession() as session:
        socket = await session.ws_connect(playground.gateway_url)
        await socket.receive()
        identify = {"token": application.token, "intents": 1, "properties": {}}
        await socket.send_json({"op": 2, "d": identify})
        await socket.receive()
        started = time.monotonic()
        await playground.stop()
        assert time.monotonic() - started < 2
        with pytest.raises(RuntimeError):
            _ = DiscordPlayground().control


async def test_two_playgrounds_know_nothing_of_each_other() -> None:
    async with DiscordPlayground.running() as one, DiscordPlayground.running() as other:
        application = await one.control.create_application("chatdesk")
        assert one.api_url != other.api_url
        with pytest.raises(Refused):
            await other.control.create_guild("acme", application.id)
