"""Faults on demand: what a bot meets when Discord has a bad day."""

from __future__ import annotations

import time

import discord as sdk
import pytest

from tests.playground.discord.bots import Bot, online, text_channel
from tests.playground.discord.conftest import Scene

MESSAGES = "/channels/*/messages"


@pytest.mark.parametrize(("performed", "shown"), [(False, []), (True, ["lost?"])])
async def test_an_answer_that_is_lost_and_a_request_that_fails(
    scene: Scene, performed: bool, shown: list[str]
) -> None:
    bot = Bot()
    async with online(bot, scene.token):
        await scene.discord.control.inject_fault("POST", MESSAGES, status=503, performed=performed)
        with pytest.raises(sdk.DiscordServerError):
            await text_channel(bot, scene.general).send("lost?", nonce="delivery-1")
        assert [message.content for message in await scene.cleo.messages(scene.general)] == shown
        await text_channel(bot, scene.general).send("lost?", nonce="delivery-1")
        assert [message.content for message in await scene.cleo.messages(scene.general)] == ["lost?"]


async def test_a_late_answer_and_one_refusal_for_the_rate(scene: Scene) -> None:
    bot = Bot()
    async with online(bot, scene.token):
        await scene.discord.control.inject_fault("POST", MESSAGES, delay_seconds=0.1)
        await scene.discord.control.inject_fault("POST", MESSAGES, status=429, retry_after=0.1)
        started = time.monotonic()
        for text in ("late", "refused at first"):
            await text_channel(bot, scene.general).send(text)
        assert time.monotonic() - started > 0.2
    assert [message.content for message in await scene.cleo.messages(scene.general)] == [
        "late",
        "refused at first",
    ]
