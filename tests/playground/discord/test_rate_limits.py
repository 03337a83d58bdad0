"""Rate limits: headers always, refusals when they are switched on."""

from __future__ import annotations

import time

import aiohttp
import pytest

from tests.playground.discord.bots import Bot, online, text_channel
from tests.playground.discord.conftest import Scene

HEADERS = ("Limit", "Remaining", "Reset", "Reset-After", "Bucket")


async def test_headers_are_always_there_and_nothing_is_refused(scene: Scene) -> None:
    async with aiohttp.ClientSession(headers={"Authorization": f"Bot {scene.token}"}) as session:
        for _ in range(60):
            async with session.get(f"{scene.discord.api_url}/channels/{scene.general}") as response:
                assert response.status == 200
                assert all(f"X-RateLimit-{name}" in response.headers for name in HEADERS)
                assert int(response.headers["X-RateLimit-Remaining"]) > 0


async def test_a_channel_takes_five_messages_in_five_seconds(scene: Scene) -> None:
    await scene.discord.control.set_rate_limits(True, speed=10)
    address = f"{scene.discord.api_url}/channels/{scene.general}/messages"
    async with aiohttp.ClientSession(headers={"Authorization": f"Bot {scene.token}"}) as session:
        statuses = []
        for number in range(6):
            async with session.post(address, json={"content": str(number)}) as response:
                statuses.append(response.status)
                body, headers = await response.json(), response.headers
    assert statuses == [200] * 5 + [429]
    assert 0 < body["retry_after"] <= 0.5
    assert body["global"] is False
    assert headers["X-RateLimit-Scope"] == "user"
    assert float(headers["Retry-After"]) == pytest.approx(body["retry_after"], abs=0.01)


async def test_the_whole_bot_gets_fifty_a_second(scene: Scene) -> None:
    await scene.discord.control.set_rate_limits(True)
    own = ["users/@me", "users/@me/guilds", "gateway/bot", "applications/@me"]
    guild = f"guilds/{scene.guild}"
    paths = [*own, f"channels/{scene.general}", guild, f"{guild}/roles", f"{guild}/channels"]
    async with aiohttp.ClientSession(headers={"Authorization": f"Bot {scene.token}"}) as session:
        found: list[bool] = []
        for number in range(60):
            path = paths[number % len(paths)]
            async with session.get(f"{scene.discord.api_url}/{path}") as response:
                if response.status == 429:
                    found.append((await response.json())["global"])
    assert True in found


async def test_discord_py_waits_and_everything_arrives_in_order(scene: Scene) -> None:
    await scene.discord.control.set_rate_limits(True, speed=25)
    bot = Bot()
    started = time.monotonic()
    async with online(bot, scene.token):
        for number in range(12):
            await text_channel(bot, scene.general).send(str(number))
    assert time.monotonic() - started > 0.2
    seen = [message.content for message in await scene.cleo.messages(scene.general)]
    assert seen == [str(number) for number in range(12)]


async def test_the_rename_limit_shows_in_no_header(scene: Scene) -> None:
    await scene.discord.control.set_permissions(scene.guild, scene.application, 8)
    await scene.discord.control.set_rate_limits(True)
    address = f"{scene.discord.api_url}/channels/{scene.general}"
    async with aiohttp.ClientSession(headers={"Authorization": f"Bot {scene.token}"}) as session:
        for number in range(3):
            async with session.patch(address, json={"name": f"general-{number}"}) as response:
                status, remaining = response.status, response.headers["X-RateLimit-Remaining"]
                body = await response.json()
    assert status == 429
    assert int(remaining) > 0
    assert body["retry_after"] > 500
