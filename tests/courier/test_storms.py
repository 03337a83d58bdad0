"""Whatever fails on the way, everything arrives once and in order: random failures, hangs and crashes."""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from contextlib import suppress
from functools import partial

import pytest

from chatdesk.contract.outbound import Copy, Outbound, PostLine
from chatdesk.contract.ports import Attempt, DeliveryFailed, Receipt
from chatdesk.contract.vocabulary import MessageRef, Place
from chatdesk.courier.pace import Pace
from chatdesk.store import outbox
from chatdesk.store.transaction import Transaction
from tests.courier.making import say
from tests.courier.support import PATIENCE, SystemClock, World
from tests.store.support import SLACK

LANES = 6
LINES = 8
CRASHES = 4


class StormyPlatform:
    """Takes a message, refuses it, or takes it and cuts the connection. Knows its own copies again."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.places: dict[str, list[str]] = defaultdict(list)
        self._known: dict[str, str] = {}
        self.calm = False

    async def deliver(self, effect: Outbound, at: Place, attempt: Attempt) -> Receipt:
        assert isinstance(effect, PostLine)
        if attempt.uncertain and attempt.id in self._known:
            return self._receipt(attempt, at)
        fate = 1.0 if self.calm else self.chance.random()
        await asyncio.sleep(self.chance.random() * 0.003)
        if fate < 0.15:
            raise DeliveryFailed(retry_after=0.01)
        if fate < 0.2:
            raise RuntimeError("a slip before anything was sent")
        self.places[at.id].append(effect.text)
        self._known[attempt.id] = effect.text
        if fate < 0.3:
            raise DeliveryFailed(uncertain=True)
        if fate < 0.35:
            raise RuntimeError("a slip after it was sent")
        await asyncio.sleep(self.chance.random() * 0.003)
        return self._receipt(attempt, at)

    def _receipt(self, attempt: Attempt, at: Place) -> Receipt:
        return Receipt(copies=(Copy("text:0", MessageRef(at, attempt.id)),))


def _say_everywhere(tx: Transaction, number: int) -> None:
    for lane in range(LANES):
        place = Place(SLACK, f"C{lane}")
        lane_name = f"place:{place.platform}:{place.id}"
        outbox.write_at(tx, say(f"{number}"), SLACK, place.id, lane_name, SystemClock().now())


@pytest.mark.parametrize("seed", range(5))
async def test_everything_arrives_once_and_in_order(world: World, seed: int) -> None:
    platform = StormyPlatform(seed)
    chance = random.Random(seed + 1000)

    async def hook(effect: Outbound, at: Place, attempt: Attempt) -> Receipt | None:
        return await platform.deliver(effect, at, attempt)

    world.slack.hook = hook
    pace = Pace(first_wait=0.005, longest_wait=0.02, look_every=0.1, errors_of_ours=1000)
    for crash in range(CRASHES):
        async with world.running(pace) as courier:
            for number in range(crash * LINES // CRASHES, (crash + 1) * LINES // CRASHES):
                await world.do(partial(_say_everywhere, number=number))
            with suppress(TimeoutError):
                await courier.drain(chance.random() * 0.1)
        await world.restart()
    platform.calm = True
    expected = [str(number) for number in range(LINES)]
    async with world.running(pace) as courier:
        async with asyncio.timeout(PATIENCE):
            while any(platform.places[f"C{lane}"] != expected for lane in range(LANES)):
                await courier.drain(PATIENCE)
    assert dict(platform.places) == {f"C{lane}": expected for lane in range(LANES)}
    assert world.reports.failed == []
