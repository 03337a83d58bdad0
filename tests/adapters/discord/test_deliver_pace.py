"""As fast as Discord lets us, and never faster."""

from __future__ import annotations

import asyncio
import time

from adapters.discord import package
from chatdesk.contract.outbound import Author, Content, PostLine, PostMessage
from tests.adapters.discord.conftest import SystemClock, World, connected, new_world

SPEED = 10.0


def refusals(world: World) -> int:
    return sum(request.status == 429 for request in world.discord.requests)


def post(number: int) -> PostMessage:
    return PostMessage(Content("p1", Author("Ana"), f"post {number}", (), internal=False))


async def test_a_backlog_uses_up_what_discord_allows_and_meets_no_refusal() -> None:
    async with new_world() as world:
        world.adapter = package.build(world.settings.model_copy(update={"pace": SPEED}), SystemClock())
        async with connected(world.adapter, world.desk):
            await world.deliver(post(0), world.general)
            await world.discord.control.set_rate_limits(True, speed=SPEED)
            began = time.monotonic()
            for number in range(60):
                await world.deliver(post(number), world.general)
            seconds = (time.monotonic() - began) * SPEED
    assert refusals(world) == 0
    assert seconds >= 21, "five posts of a webhook in two seconds"


async def test_many_at_once_meet_no_refusal() -> None:
    async with new_world() as world:
        world.adapter = package.build(world.settings.model_copy(update={"pace": SPEED}), SystemClock())
        async with connected(world.adapter, world.desk):
            await world.discord.control.set_rate_limits(True, speed=SPEED)

            async def fill(channel: str, by_webhook: bool) -> None:
                for number in range(10):
                    await world.deliver(post(number) if by_webhook else PostLine(f"{number}"), channel)

            await asyncio.gather(
                *(
                    fill(channel, hook)
                    for channel in (world.general, world.support)
                    for hook in (True, False)
                ),
                *(fill(world.general, True) for _ in range(3)),
            )
    assert refusals(world) == 0
