"""Order within a lane, no waiting between lanes, retries, and what a crash leaves behind."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial

from chatdesk.contract.inbound import Connected
from chatdesk.contract.outbound import Copy, Outbound, PostLine
from chatdesk.contract.ports import Attempt, DeliveryFailed, Receipt
from chatdesk.contract.vocabulary import IdentityId, MessageRef, Place
from chatdesk.courier.pace import Pace
from chatdesk.desk import directory
from chatdesk.domain.effects import PostWritten
from chatdesk.store import deliveries, installations, outbox
from chatdesk.store.transaction import Transaction
from tests.courier.making import post, say, write
from tests.courier.support import PATIENCE, QUICK, Delivered, SystemClock, World, until
from tests.store.support import SLACK


def lines(delivered: list[Delivered]) -> list[str]:
    return [one.effect.text for one in delivered if isinstance(one.effect, PostLine)]


async def test_a_lane_keeps_its_order_while_others_go_on(world: World) -> None:
    gate = asyncio.Event()

    async def hold_the_first(effect: Outbound, at: Place, attempt: Attempt) -> Receipt | None:
        await gate.wait()
        return None

    world.slack.hook = hold_the_first
    async with world.running() as courier:
        for number in range(5):
            await write(world, say(f"line {number}"), "team", "customer")
        await until(lambda: len(world.discord.taken) == 5)
        assert len(world.slack.tried) == 1
        gate.set()
        await courier.drain(PATIENCE)
    in_order = [f"line {number}" for number in range(5)]
    assert lines(world.slack.taken) == in_order
    assert lines(world.discord.taken) == in_order


async def test_what_fails_for_a_while_is_tried_again_before_what_follows(world: World) -> None:
    failures = iter([DeliveryFailed(), DeliveryFailed(retry_after=0.05)])

    async def fail_twice(effect: Outbound, at: Place, attempt: Attempt) -> Receipt | None:
        for failure in failures:
            raise failure
        return None

    world.slack.hook = fail_twice
    async with world.running():
        await write(world, say("first"), "team")
        await write(world, say("second"), "team")
        await until(lambda: len(world.slack.taken) == 2)
    assert lines(world.slack.tried) == ["first", "first", "first", "second"]
    assert not any(one.attempt.uncertain for one in world.slack.tried)
    assert len({one.attempt.id for one in world.slack.tried}) == 2


async def test_a_time_out_and_an_error_of_ours_leave_it_uncertain(world: World) -> None:
    failures = iter([DeliveryFailed(uncertain=True), ValueError("a slip")])

    async def fail_twice(effect: Outbound, at: Place, attempt: Attempt) -> Receipt | None:
        for failure in failures:
            raise failure
        return None

    world.slack.hook = fail_twice
    async with world.running():
        await write(world, say("first"), "team")
        await until(lambda: len(world.slack.taken) == 1)
    assert [one.attempt.uncertain for one in world.slack.tried] == [False, True, True]


async def test_an_attempt_that_hangs_is_given_up_as_uncertain(world: World) -> None:
    hangs = iter([True])

    async def hang_once(effect: Outbound, at: Place, attempt: Attempt) -> Receipt | None:
        for _ in hangs:
            await asyncio.Event().wait()
        return None

    world.slack.hook = hang_once
    async with world.running(Pace(first_wait=0.02, attempt_within=0.05)):
        await write(world, say("first"), "team")
        await until(lambda: len(world.slack.taken) == 1)
    assert world.slack.taken[0].attempt.uncertain


async def test_an_error_of_ours_is_not_repeated_for_ever(world: World) -> None:
    async def always_fail(effect: Outbound, at: Place, attempt: Attempt) -> Receipt | None:
        raise ValueError("a slip")

    world.slack.hook = always_fail
    async with world.running(Pace(first_wait=0.01, longest_wait=0.01, errors_of_ours=3)):
        await world.add_post(post("p"))
        await write(world, PostWritten("p"), "team")
        await until(lambda: bool(world.reports.failed))
    assert len(world.slack.tried) == 3
    assert "something went wrong on our side (reference " in world.reports.failed[0]


async def test_a_permanent_failure_is_reported_and_what_follows_goes_on(world: World) -> None:
    async def refuse_the_first(effect: Outbound, at: Place, attempt: Attempt) -> Receipt | None:
        if isinstance(effect, PostLine) and effect.text == "first":
            raise DeliveryFailed(permanent="the channel is archived")
        return None

    world.slack.hook = refuse_the_first
    async with world.running() as courier:
        await write(world, say("first"), "team")
        await write(world, say("second"), "team")
        await courier.drain(PATIENCE)
    assert lines(world.slack.taken) == ["second"]
    assert world.reports.failed == ["LineSaid: the channel is archived"]
    (failed,) = await world.look(lambda tx: deliveries.failed_of_ticket(tx.connection, "acme", 1))
    assert failed.reason == "the channel is archived"


async def test_after_a_crash_an_attempt_in_flight_is_uncertain_and_keeps_its_steps(world: World) -> None:
    reached = asyncio.Event()

    async def hang_after_a_step(effect: Outbound, at: Place, attempt: Attempt) -> Receipt | None:
        assert attempt.record is not None
        await attempt.record("upload", "F1")
        reached.set()
        await asyncio.Event().wait()
        return None

    world.slack.hook = hang_after_a_step
    async with world.running():
        await write(world, say("before"), "customer")
        await write(world, say("first"), "team")
        await asyncio.wait_for(reached.wait(), PATIENCE)
    await world.restart()
    world.slack.hook = None
    async with world.running() as courier:
        await courier.drain(PATIENCE)
    first, second = world.slack.tried
    assert second.attempt.id == first.attempt.id
    assert (first.attempt.uncertain, second.attempt.uncertain) == (False, True)
    assert second.attempt.since == first.attempt.since
    assert dict(second.attempt.done) == {"upload": "F1"}
    assert lines(world.discord.taken) == ["before"]


async def test_an_attempt_is_on_the_disk_before_the_platform_is_asked(world: World) -> None:
    states: list[str] = []

    async def look(effect: Outbound, at: Place, attempt: Attempt) -> Receipt | None:
        row = await world.look(lambda tx: deliveries.load(tx.connection, "acme", attempt.id))
        assert row is not None
        states.append(row.state)
        return None

    world.slack.hook = look
    async with world.running() as courier:
        await write(world, say("first"), "team")
        await courier.drain(PATIENCE)
    assert states == ["in_flight"]


async def test_each_attempt_knows_what_was_delivered_there_before(world: World) -> None:
    async def name_it(effect: Outbound, at: Place, attempt: Attempt) -> Receipt | None:
        text = effect.text if isinstance(effect, PostLine) else ""
        return Receipt(copies=(Copy("text:0", MessageRef(at, f"of {text}")),))

    world.slack.hook = name_it
    async with world.running() as courier:
        await write(world, say("first"), "team")
        await write(world, say("second"), "team")
        await courier.drain(PATIENCE)
    first, second = world.slack.taken
    assert first.attempt.after is None
    assert second.attempt.after == MessageRef(Place(SLACK, "C1/team"), "of first")


async def test_revoked_credentials_pause_their_installation_until_it_connects_again(world: World) -> None:
    connected = Connected(SLACK, "Acme", IdentityId(SLACK.platform, "B1"), SystemClock().now())
    await world.do(lambda tx: directory.connected(tx, connected, connected.at))

    async def revoked(effect: Outbound, at: Place, attempt: Attempt) -> Receipt | None:
        raise DeliveryFailed(permanent="its token was revoked", revoked=True)

    world.slack.hook = revoked
    async with world.running() as courier:
        await write(world, say("first"), "team", "customer")
        await courier.drain(PATIENCE)
        assert (
            await world.look(lambda tx: installations.paused(tx.connection, SLACK)) == "its token was revoked"
        )
        assert lines(world.discord.taken) == ["first"]
        assert world.reports.failed == []
        world.slack.hook = None
        await world.do(lambda tx: directory.connected(tx, connected, connected.at))
        await until(lambda: lines(world.slack.taken) == ["first"])


async def test_more_lanes_than_are_worked_at_once_all_get_their_turn(world: World) -> None:
    running: list[int] = []
    most = 0

    async def count(effect: Outbound, at: Place, attempt: Attempt) -> Receipt | None:
        nonlocal most
        running.append(1)
        most = max(most, len(running))
        await asyncio.sleep(0)
        running.pop()
        return None

    world.slack.hook = count
    pace = Pace(lanes_at_once=3)
    for number in range(20):
        await world.do(partial(_say_at, place=f"C{number}"))
    async with world.running(pace) as courier:
        await courier.drain(PATIENCE)
    assert len(world.slack.taken) == 20
    assert most <= 3


def _say_at(tx: Transaction, place: str) -> None:
    at = Place(SLACK, place)
    outbox.write_at(tx, say("hello"), SLACK, place, f"place:{at.id}", SystemClock().now())


def test_waiting_doubles_up_to_its_ceiling() -> None:
    pace = Pace(first_wait=1, longest_wait=60, chance=lambda: 1.0)
    assert [pace.wait(attempt) for attempt in (1, 2, 3, 10, 1000)] == [
        timedelta(seconds=seconds) for seconds in (1, 2, 4, 60, 60)
    ]
    assert Pace(first_wait=1, chance=lambda: 0.0).wait(1) == timedelta(seconds=0.5)
    assert QUICK.wait(1) <= timedelta(seconds=0.02)
