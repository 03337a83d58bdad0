"""A full channel, a platform that says to wait, credentials that are revoked: each holds up its own alone."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from dataclasses import replace
from functools import partial

from chatdesk.contract.inbound import Connected
from chatdesk.contract.outbound import Outbound, PostLine
from chatdesk.contract.ports import Attempt, DeliveryFailed, Limits, Receipt
from chatdesk.contract.vocabulary import IdentityId, Installation, Place, Side
from chatdesk.courier.choosing import chosen
from chatdesk.courier.pace import Pace
from chatdesk.desk import directory
from chatdesk.store import deliveries, installations, outbox
from chatdesk.store.lanes import DueLane
from chatdesk.store.transaction import Transaction
from tests.courier.making import say, write
from tests.courier.support import PATIENCE, QUICK, SystemClock, World, until
from tests.store.support import DISCORD, SLACK, thread


def lane(name: str, channel: str = "C1", installation: Installation = SLACK) -> DueLane:
    return DueLane("acme", name, installation, channel)


def test_a_channel_and_an_installation_have_so_much_room_and_no_more() -> None:
    limits = {
        SLACK.platform: Limits(lanes_at_once=3, lanes_per_channel=2),
        DISCORD.platform: Limits(lanes_at_once=1, lanes_per_channel=1),
    }
    due = [lane("a"), lane("b"), lane("c"), lane("d", "C2"), lane("e", "C3"), lane("f", "9", DISCORD)]
    assert [one.lane for one in chosen(due, [], limits)] == ["a", "b", "d", "f"]
    assert [one.lane for one in chosen(due, [lane("a"), lane("x")], limits)] == ["d", "f"]
    assert chosen([], [lane("a")], limits) == []


async def test_a_full_channel_leaves_room_for_the_others(world: World) -> None:
    world.slack.limits = Limits(lanes_per_channel=2)
    gate = asyncio.Event()
    working: Counter[str] = Counter()

    async def hold_the_first_channel(effect: Outbound, at: Place, attempt: Attempt) -> Receipt | None:
        channel = at.id.partition("/")[0]
        working[channel] += 1
        if channel == "C1":
            await gate.wait()
        return None

    world.slack.hook = hold_the_first_channel
    for number in range(60):
        full = await world.add_thread(
            replace(thread(f"full{number}", Side.TEAM, SLACK, place=f"C1/{number}"), parent="C1")
        )
        await write(world, say("hello"), full.id)
    other = await world.add_thread(replace(thread("other", Side.TEAM, SLACK, place="C2/1"), parent="C2"))
    async with world.running() as courier:
        await write(world, say("hello"), other.id)
        await until(lambda: working == {"C1": 2, "C2": 1})
        gate.set()
        await courier.drain(PATIENCE)
    assert working["C1"] == 60


async def test_what_waits_longest_goes_first_when_lanes_take_turns(world: World) -> None:
    world.slack.limits = Limits(lanes_at_once=1)
    now = SystemClock().now()

    def fill(tx: Transaction) -> None:
        for _ in range(4):
            outbox.write_at(tx, say("long"), SLACK, "C1", "place:long", now)
        outbox.write_at(tx, say("short"), SLACK, "C2", "place:short", now)

    await world.do(fill)
    async with world.running(replace(QUICK, turns=2)) as courier:
        await courier.drain(PATIENCE)
    said = [effect.text for effect in world.slack.shown() if isinstance(effect, PostLine)]
    assert said == ["long", "long", "long", "long", "short"]


async def test_a_platform_that_says_wait_for_everything_is_left_alone_that_long(world: World) -> None:
    refused_at: list[float] = []
    tried_again_at: list[float] = []

    async def refuse_the_first(effect: Outbound, at: Place, attempt: Attempt) -> Receipt | None:
        if not refused_at:
            refused_at.append(time.monotonic())
            raise DeliveryFailed(retry_after=0.3, everywhere=True)
        tried_again_at.append(time.monotonic())
        return None

    world.slack.hook = refuse_the_first
    async with world.running() as courier:
        await write(world, say("first"), "team")
        await until(lambda: bool(refused_at))
        await until(lambda: len(world.slack.tried) == 1)
        await world.do(partial(_say_at, place="C7"))
        await write(world, say("elsewhere"), "customer")
        await courier.drain(PATIENCE)
    assert len(world.discord.taken) == 1
    assert len(world.slack.taken) == 2
    assert min(tried_again_at) - refused_at[0] >= 0.3


async def test_a_refusal_of_one_channel_holds_that_lane_alone(world: World) -> None:
    async def refuse_the_team(effect: Outbound, at: Place, attempt: Attempt) -> Receipt | None:
        if at.id == "C1/team" and len(world.slack.tried) < 3:
            raise DeliveryFailed(retry_after=0.2)
        return None

    world.slack.hook = refuse_the_team
    async with world.running():
        await write(world, say("first"), "team")
        await until(lambda: len(world.slack.tried) == 1)
        await world.do(partial(_say_at, place="C7"))
        await until(lambda: len(world.slack.taken) == 2)
    assert [one.at.id for one in world.slack.taken] == ["C7", "C1/team"]


async def test_a_paused_installation_is_tried_now_and_then_until_it_works(world: World) -> None:
    connected = Connected(SLACK, "Acme", IdentityId(SLACK.platform, "B1"), SystemClock().now())
    await world.do(lambda tx: directory.connected(tx, connected, connected.at))
    works = False

    async def check_token(effect: Outbound, at: Place, attempt: Attempt) -> Receipt | None:
        if not works:
            raise DeliveryFailed(permanent="its token was revoked", revoked=True)
        return None

    world.slack.hook = check_token
    for place in ("C1", "C2", "C3"):
        await world.do(partial(_say_at, place=place))
    async with world.running(replace(QUICK, trial_every=0.05)):
        await until(lambda: len(world.slack.tried) >= 6)
        assert world.reports.paused == [SLACK.id], "said once, however many deliveries meet it"
        works = True
        await until(lambda: len(world.slack.taken) == 3)
    assert world.reports.resumed == [SLACK.id]
    assert await world.look(lambda tx: installations.paused(tx.connection, SLACK)) is None
    assert world.reports.failed == []


async def test_a_trial_that_is_refused_for_another_reason_ends_the_pause(world: World) -> None:
    connected = Connected(SLACK, "Acme", IdentityId(SLACK.platform, "B1"), SystemClock().now())
    await world.do(lambda tx: directory.connected(tx, connected, connected.at))
    await world.do(lambda tx: installations.pause(tx.connection, SLACK, "revoked"))

    async def gone(effect: Outbound, at: Place, attempt: Attempt) -> Receipt | None:
        raise DeliveryFailed(permanent="the channel is archived")

    world.slack.hook = gone
    await write(world, say("first"), "team")
    async with world.running(replace(QUICK, trial_every=0.05)):
        await until(lambda: world.reports.resumed == [SLACK.id])
    (failed,) = await world.look(lambda tx: deliveries.failed_of_ticket(tx.connection, "acme", 1))
    assert failed.reason == "the channel is archived"


def test_waits_are_spread_by_a_chance_that_a_test_can_choose() -> None:
    shares = (0.0, 0.5, 1.0)
    spread = [Pace(first_wait=8, chance=iter([share]).__next__).wait(1).total_seconds() for share in shares]
    assert spread == [4.0, 6.0, 8.0]


def _say_at(tx: Transaction, place: str) -> None:
    outbox.write_at(tx, say("hello"), SLACK, place, f"place:slack:{place}", SystemClock().now())
