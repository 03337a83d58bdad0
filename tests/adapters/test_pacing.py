"""Turns: evenly spread, in order, one limit not holding up another."""

from __future__ import annotations

import asyncio
import math

import pytest

from adapters.pacing import Limit, Rate, Turnstile
from adapters.slack.pace import POST_IN_CHANNEL, POSTS_IN_WORKSPACE, limits_of

SPEED = 100.0


class Passed:
    """Notes when turns were given, in seconds of the platform's clock."""

    def __init__(self, turnstile: Turnstile) -> None:
        self._turnstile = turnstile
        self._loop = asyncio.get_running_loop()
        self._began = self._loop.time()
        self.by: dict[str, list[float]] = {}

    async def one(self, *limits: Limit) -> None:
        await self._turnstile.turn(limits)
        times = self.by.setdefault(limits[0].subject, [])
        times.append((self._loop.time() - self._began) * SPEED)


def post(channel: str) -> tuple[Limit, ...]:
    return (Limit(f"post {channel}", POST_IN_CHANNEL), Limit("post", POSTS_IN_WORKSPACE))


def crowded(times: list[float], seconds: float) -> int:
    """How many turns at most fell into so many seconds."""
    return max(sum(start <= one < start + seconds for one in times) for start in times)


async def test_a_channel_gets_no_more_than_a_message_a_second() -> None:
    """That none of the allowance is lost either, the benchmark says."""
    passed = Passed(Turnstile(SPEED))
    for _ in range(40):
        await passed.one(*post("C1"))
    (times,) = passed.by.values()
    assert times[-1] >= 38.0
    assert crowded(times, 5.0) <= 7


async def test_a_full_channel_keeps_nobody_from_another() -> None:
    passed = Passed(Turnstile(SPEED))
    waiting = [asyncio.create_task(passed.one(*post("C1"))) for _ in range(10)]
    await asyncio.sleep(0)
    await passed.one(*post("C2"))
    assert sum(one.done() for one in waiting) < len(waiting)
    await asyncio.gather(*waiting)


async def test_a_workspace_has_a_sum_of_its_own() -> None:
    passed = Passed(Turnstile(SPEED))
    await asyncio.gather(*(passed.one(*post(f"C{number % 20}")) for number in range(60)))
    last = max(max(times) for times in passed.by.values())
    assert last >= 10.5, "300 a minute are 5 a second, after a burst of 5"


async def test_turns_are_given_in_the_order_in_which_they_were_asked_for() -> None:
    turnstile, order = Turnstile(SPEED), []

    async def take(number: int) -> None:
        await turnstile.turn(post("C1"))
        order.append(number)

    await asyncio.gather(*(take(number) for number in range(8)))
    assert order == list(range(8))


async def test_a_limit_that_is_held_opens_when_the_platform_said() -> None:
    turnstile = Turnstile(SPEED)
    limit = Limit("chat.update", Rate(50, 60.0, burst=10))
    passed = Passed(turnstile)
    turnstile.hold(limit, 0.05)
    await passed.one(limit)
    assert passed.by["chat.update"][0] >= 0.05 * SPEED


async def test_who_stops_waiting_takes_no_turn_away() -> None:
    turnstile = Turnstile(SPEED)
    await turnstile.turn(post("C1"))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2 / SPEED):
            await turnstile.turn(post("C1"))
    passed = Passed(turnstile)
    await passed.one(*post("C1"))
    await passed.one(*post("C1"))
    assert passed.by["post C1"][1] >= 0.9, "the turn that nobody took was the next one's"


async def test_without_limits_nobody_waits() -> None:
    turnstile = Turnstile(math.inf)
    async with asyncio.timeout(0.5):
        for _ in range(2000):
            await turnstile.turn(post("C1"))


def test_what_a_person_waits_for_is_not_paced() -> None:
    assert limits_of("views.open", "") == ()
    assert [limit.subject for limit in limits_of("chat.postMessage", "C1")] == ["post C1", "post"]
    assert limits_of("chat.update", "C1")[0].rate.interval == pytest.approx(1.2)
