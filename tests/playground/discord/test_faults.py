"""Faults on demand: what a bot meets when Discord has a bad day, each fault once, over real sockets."""

from __future__ import annotations

import time

import aiohttp
import discord as sdk
import pytest

from chatdesk_playground.discord.client import Control
from chatdesk_playground.discord.human import Refused
from chatdesk_playground.faults import Fault, FaultKind
from tests.playground.discord.bots import Bot, online, text_channel
from tests.playground.discord.conftest import Scene

POST = "POST /channels/*/messages"
CREATED = "MESSAGE_CREATE"


async def said(scene: Scene) -> list[str]:
    return [message.content for message in await scene.cleo.messages(scene.general)]


async def write(scene: Scene, text: str) -> int:
    """One request without discord.py, which tries some things again; the status."""
    url = f"{scene.discord.api_url}/channels/{scene.general}/messages"
    headers = {"Authorization": f"Bot {scene.token}"}
    async with (
        aiohttp.ClientSession(headers=headers) as http,
        http.post(url, json={"content": text}) as answer,
    ):
        await answer.read()
        return answer.status


@pytest.mark.parametrize(
    ("fault", "status", "shown"),
    [
        (Fault(FaultKind.RATE_LIMITED, POST, seconds=2), 429, []),
        (Fault(FaultKind.ERROR, POST, status=503), 503, []),
        (Fault(FaultKind.ERROR, POST, status=403, code="50013"), 403, []),
        (Fault(FaultKind.ERROR_AFTER, POST), 500, ["first"]),
        (Fault(FaultKind.CUT_BEFORE, POST), None, []),
        (Fault(FaultKind.CUT_AFTER, POST), None, ["first"]),
    ],
    ids=lambda value: value.kind + value.code if isinstance(value, Fault) else None,
)
async def test_a_request_fails_once_and_the_next_does_not(
    scene: Scene, fault: Fault, status: int | None, shown: list[str]
) -> None:
    await scene.discord.control.misbehave(fault)
    if status is None:
        with pytest.raises(aiohttp.ClientConnectionError):
            await write(scene, "first")
    else:
        assert await write(scene, "first") == status
    assert await scene.discord.control.wait_struck(1) == 1
    assert await said(scene) == shown
    assert await write(scene, "second") == 200
    assert await said(scene) == [*shown, "second"]


async def test_the_sdk_waits_as_long_as_it_is_told(scene: Scene) -> None:
    bot = Bot()
    async with online(bot, scene.token):
        await scene.discord.control.misbehave(Fault(FaultKind.LATENCY, POST, seconds=0.1))
        await scene.discord.control.misbehave(Fault(FaultKind.RATE_LIMITED, POST, seconds=0.1))
        started = time.monotonic()
        for text in ("late", "refused at first"):
            await text_channel(bot, scene.general).send(text)
        assert time.monotonic() - started > 0.2
    assert await said(scene) == ["late", "refused at first"]


async def test_faults_may_come_later_more_than_once_and_for_a_while(scene: Scene) -> None:
    control = scene.discord.control
    await control.misbehave(Fault(FaultKind.ERROR, POST, skip=1, times=2))
    assert [await write(scene, "x") for _ in range(4)] == [200, 500, 500, 200]
    await control.misbehave(Fault(FaultKind.ERROR, POST, times=0, lasting=60))
    assert [await write(scene, "x") for _ in range(3)] == [500] * 3
    await control.behave()
    assert await write(scene, "x") == 200


async def test_chance_is_drawn_from_the_seed(scene: Scene) -> None:
    runs = []
    for seed in (7, 7, 8):
        await scene.discord.control.behave()
        fault = Fault(FaultKind.ERROR, POST, times=0, probability=0.5, seed=seed)
        await scene.discord.control.misbehave(fault)
        runs.append([await write(scene, "x") for _ in range(12)])
    assert runs[0] == runs[1] != runs[2]


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault(FaultKind.EVENTS_TWICE, CREATED), ["0", "0", "1", "2"]),
        (Fault(FaultKind.EVENTS_LOST, CREATED), ["1", "2"]),
        (Fault(FaultKind.EVENTS_SHUFFLED, CREATED, times=3, seed=1), None),
        (Fault(FaultKind.EVENTS_SHUFFLED, CREATED, times=0, seed=1, seconds=0.3), None),
    ],
)
async def test_events_come_twice_or_never_or_out_of_order(
    scene: Scene, fault: Fault, expected: list[str] | None
) -> None:
    bot = Bot()
    async with online(bot, scene.token):
        await scene.discord.control.misbehave(fault)
        for number in range(3):
            await scene.cleo.post(scene.general, str(number))
        await scene.discord.control.wait_until_quiet()
    heard = [message.content for message in bot.heard]
    assert heard == expected if expected else heard != sorted(heard) == ["0", "1", "2"]


@pytest.mark.parametrize(
    ("kind", "told"), [(FaultKind.SOCKET_DROPPED, "resumed"), (FaultKind.SESSION_INVALID, "READY")]
)
async def test_a_bot_comes_back(scene: Scene, kind: FaultKind, told: str) -> None:
    bot = Bot()
    async with online(bot, scene.token):
        bot.told.clear()
        await scene.discord.control.misbehave(Fault(kind))
        await bot.until(lambda: told in bot.told)


async def test_discord_is_down_and_comes_back(scene: Scene) -> None:
    bot = Bot()
    async with online(bot, scene.token):
        await scene.discord.control.misbehave(Fault(FaultKind.DOWN, POST, skip=1, seconds=60))
        assert await write(scene, "before") == 200
        for _ in range(2):
            with pytest.raises(aiohttp.ClientConnectionError):
                await write(scene, "lost")
        await scene.cleo.post(scene.general, "without you")
        await scene.discord.control.behave()
        await bot.until(lambda: "resumed" in bot.told)
        assert await write(scene, "after") == 200
        await scene.discord.control.wait_until_quiet()
    assert await said(scene) == ["before", "without you", "after"]
    assert [message.content for message in bot.heard if not message.author.bot] == ["without you"]


async def test_a_token_is_revoked(scene: Scene) -> None:
    await scene.discord.control.misbehave(Fault(FaultKind.TOKEN_REVOKED))
    assert await write(scene, "x") == 401
    await scene.discord.control.behave()
    assert await write(scene, "x") == 200


async def test_places_go_away(scene: Scene) -> None:
    control, bot = scene.discord.control, Bot()
    async with online(bot, scene.token):
        thread = await text_channel(bot, scene.general).create_thread(
            name="talk", type=sdk.ChannelType.public_thread
        )
        message = await thread.send("hello")
        await control.misbehave(Fault(FaultKind.THREAD_ARCHIVED, target=str(thread.id)))
        with pytest.raises(sdk.HTTPException, match="50083"):
            await message.add_reaction("👀")
        await control.misbehave(Fault(FaultKind.DM_CLOSED, target=scene.cleo.id))
        cleo = await bot.fetch_user(int(scene.cleo.id))
        with pytest.raises(sdk.Forbidden, match="50007"):
            await cleo.send("hello")
        await control.behave()
        await cleo.send("hello")
        await control.misbehave(Fault(FaultKind.CHANNEL_DELETED, "POST /channels/*", target=scene.general))
        with pytest.raises(sdk.NotFound, match="10003"):
            await text_channel(bot, scene.general).send("too late")


async def test_anybody_with_the_address_can_do_it_and_is_told_what_is_wrong(scene: Scene) -> None:
    control = Control(f"{scene.discord.api_url.removesuffix('/api/v10')}/control")
    await control.misbehave(Fault(FaultKind.ERROR, POST))
    assert await write(scene, "x") == 500
    with pytest.raises(Refused, match="there is no channel '1'"):
        await control.misbehave(Fault(FaultKind.CHANNEL_DELETED, target="1"))
    with pytest.raises(Refused, match="faults struck 1 times"):
        await control.wait_struck(2, timeout=0.01)
    await control.close()
