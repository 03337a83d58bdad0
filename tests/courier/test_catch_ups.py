"""Reading what was missed: what comes first, what waits, and what becomes of a place that cannot be read."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from chatdesk.contract.inbound import CommandTyped, Inbound, MessagePosted, ReactionsSeen
from chatdesk.contract.outbound import Copy, Whisper
from chatdesk.contract.ports import Accepted, Answer, DeliveryFailed, Window
from chatdesk.contract.vocabulary import Actor, Installation, Means, MessageRef, Place, PlaceKind, Where
from chatdesk.courier import looking_back
from chatdesk.courier.catch_ups import LONGEST_WAIT, CatchUps
from chatdesk.courier.looking_back import window_of
from chatdesk.store import catch_ups, early, quarantine
from chatdesk.store.catch_ups import CatchUp, Urgency
from chatdesk.store.standing import Standing
from chatdesk.store.transaction import Transaction
from tests.courier.support import ANA, FakeAdapter, SystemClock, World, until
from tests.store.support import DISCORD

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@dataclass
class History(FakeAdapter):
    """Places with a past; those in ``failing`` answer with their failures first."""

    pasts: dict[str, list[Inbound]] = field(default_factory=dict)
    failing: dict[str, list[DeliveryFailed]] = field(default_factory=dict)
    read: list[str] = field(default_factory=list)
    windows: list[Window] = field(default_factory=list)

    async def reconcile(self, place: Place, known: Sequence[Copy], window: Window) -> AsyncIterator[Inbound]:
        self.read.append(place.id)
        self.windows.append(window)
        if self.failing.get(place.id):
            raise self.failing[place.id].pop(0)
        for event in self.pasts.get(place.id, []):
            yield event


@dataclass
class Past:
    """Takes everything in, but for what it is told to fail at."""

    bodies: list[str] = field(default_factory=list)
    poison: str = ""

    async def catch_up(self, event: Inbound) -> Answer:
        match event:
            case MessagePosted(body=body):
                if body == self.poison:
                    raise ValueError(body)
                self.bodies.append(body)
            case CommandTyped(text=text):
                return Accepted(f"did {text}")
        return Accepted()


@dataclass
class Scene:
    world: World
    history: History = field(default_factory=lambda: History(DISCORD.platform))
    past: Past = field(default_factory=Past)

    async def want(self, place: str, urgency: Urgency = Urgency.WORKING, *, age: float = 0) -> None:
        now = SystemClock().now()
        since, active = now - timedelta(minutes=10), now - timedelta(seconds=age)
        wanted = CatchUp("acme", at(place).place, False, since, True, urgency, active)
        await self.world.do(lambda tx: catch_ups.want(tx, wanted, now))

    async def waits(self, place: str, body: str, *, since: float = 0) -> None:
        """Somebody writes there, that many seconds ago."""
        now = SystemClock().now() - timedelta(seconds=since)
        assert await self.world.do(lambda tx: catch_ups.let_wait(tx, at(place).place, now))
        turn = early.turn_of(at(place).place)
        await self.world.do(lambda tx: early.keep(tx, DISCORD.platform, turn, posted(place, body), now))

    async def left(self) -> list[str]:
        wanted = await self.world.look(
            lambda tx: catch_ups.due(tx.connection, [DISCORD.platform], NOW + timedelta(days=9999), 99)
        )
        return [one.place.id for one in wanted]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[CatchUps]:
        made = CatchUps(self.world.writer, self.past, {DISCORD.platform: self.history}, SystemClock())
        await made.connected(DISCORD)
        task = asyncio.create_task(made.run())
        try:
            yield made
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


@pytest.fixture
def scene(world: World) -> Iterator[Scene]:
    yield Scene(world)


def _holds(tx: Transaction) -> bool:
    found = catch_ups.find(tx, at("thread").place)
    return found is not None and found.holds


def at(place: str, installation: Installation = DISCORD) -> Where:
    here = Place(installation, place)
    return Where(here, PlaceKind.THREAD, Place(installation, "parent"))


def posted(place: str, body: str, when: datetime | None = None) -> MessagePosted:
    where = at(place)
    when = when or SystemClock().now()
    return MessagePosted(MessageRef(where.place, f"{place}/{body}"), where, Actor(ANA), body, (), when)


async def test_the_most_urgent_place_is_read_first(scene: Scene) -> None:
    await scene.want("resolved", Urgency.RESOLVED)
    await scene.want("quiet", age=100)
    await scene.want("busy", age=1)
    await scene.want("waited-for", age=1000)
    await scene.want("intake", Urgency.INTAKE)
    await scene.waits("waited-for", "hello?")
    async with scene.running() as running:
        await running.drain(10)
    theirs = [place for place in scene.history.read if place != "D1"]
    assert theirs == ["waited-for", "intake", "busy", "quiet", "resolved"]
    assert await scene.left() == []


async def test_what_waits_comes_after_the_past_and_once(scene: Scene) -> None:
    await scene.want("thread")
    scene.history.pasts["thread"] = [posted("thread", "missed-1"), posted("thread", "missed-2")]
    await scene.waits("thread", "live-1")
    await scene.waits("thread", "live-2")
    async with scene.running() as running:
        await running.drain(10)
    assert scene.past.bodies == ["missed-1", "missed-2", "live-1", "live-2"]


async def test_nobody_waits_for_ever(scene: Scene) -> None:
    await scene.want("thread")
    scene.history.failing["thread"] = [DeliveryFailed(retry_after=600)]
    async with scene.running(), asyncio.timeout(10):
        await until(lambda: "thread" in scene.history.read)
        await scene.waits("thread", "live", since=LONGEST_WAIT.total_seconds() + 1)
        while await scene.world.look(_holds):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert scene.past.bodies == ["live"]
    assert "thread" in await scene.left(), "it is read all the same, later"


async def test_a_place_that_is_busy_is_read_when_the_platform_says(scene: Scene) -> None:
    await scene.want("thread")
    scene.history.failing["thread"] = [DeliveryFailed(retry_after=0.05)]
    async with scene.running() as running:
        await running.drain(10)
    assert [place for place in scene.history.read if place != "D1"] == ["thread", "thread"]


async def test_a_place_that_cannot_be_read_holds_nobody_up(scene: Scene) -> None:
    await scene.want("thread")
    scene.history.failing["thread"] = [DeliveryFailed(permanent="it is gone")]
    await scene.waits("thread", "live")
    async with scene.running() as running:
        await running.drain(10)
    assert scene.past.bodies == ["live"]
    assert await scene.left() == []


async def test_an_event_that_keeps_failing_is_set_aside(scene: Scene) -> None:
    await scene.want("thread")
    scene.history.pasts["thread"] = [posted("thread", body) for body in ("one", "poison", "two")]
    scene.past.poison = "poison"
    async with scene.running() as running:
        await running.drain(10)
    assert scene.past.bodies == ["one", "two"]
    (held,) = await scene.world.look(lambda tx: quarantine.listed(tx.connection))
    assert isinstance(held.event, MessagePosted)
    assert held.event.body == "poison"


async def test_who_commanded_meanwhile_is_answered(scene: Scene) -> None:
    await scene.want("thread")
    command = CommandTyped("key", Actor(ANA), at("thread"), "claim", Means.MENTION, NOW)
    scene.history.pasts["thread"] = [command]
    async with scene.running() as running:
        await running.drain(10)
    assert scene.history.shown() == [Whisper(ANA, "did claim", internal=False)]


async def test_what_was_not_read_before_a_crash_is_read_after_it(scene: Scene) -> None:
    await scene.want("thread")
    await scene.waits("thread", "live")
    scene.history.failing["thread"] = [DeliveryFailed(retry_after=600)]
    async with scene.running():
        await until(lambda: "thread" in scene.history.read)
    await scene.world.restart()
    scene.history.pasts["thread"] = [posted("thread", "missed")]
    await scene.want("thread")  # as connecting again does for the places of open tickets
    async with scene.running() as running:
        await running.drain(10)
    assert scene.past.bodies == ["missed", "live"]


def test_how_far_back_a_place_is_read() -> None:
    heard = NOW - timedelta(hours=1)
    wanted = CatchUp("acme", at("thread").place, False, heard, True, Urgency.WORKING, NOW)
    assert window_of(wanted, Standing(), NOW) == Window(None, looking_back.THREAD_MESSAGES, heard)
    many = Standing(tuple(Copy(str(n), MessageRef(wanted.place, str(n))) for n in range(500)))
    assert window_of(wanted, many, NOW) == Window(heard, looking_back.THREAD_MESSAGES, heard)
    intake = CatchUp("acme", wanted.place, True, heard, True, Urgency.INTAKE, NOW)
    day_before = heard - looking_back.REACTIONS_IN_INTAKE
    assert window_of(intake, Standing(), NOW) == Window(day_before, looking_back.INTAKE_MESSAGES, heard)
    long_ago = CatchUp("acme", wanted.place, True, NOW - timedelta(days=99), True, Urgency.INTAKE, NOW)
    assert window_of(long_ago, Standing(), NOW).news == NOW - looking_back.LONGEST_PAST


async def test_reactions_that_were_never_there_cost_nothing(scene: Scene) -> None:
    await scene.want("thread")
    where = at("thread")
    seen = ReactionsSeen(MessageRef(where.place, "unknown"), where, (), "v", NOW)

    async def reconcile(
        place: Place, known: Sequence[Copy], window: Window
    ) -> AsyncIterator[Inbound | ReactionsSeen]:
        yield seen

    scene.history.reconcile = reconcile  # type: ignore[method-assign, assignment]
    async with scene.running() as running:
        await running.drain(10)
    assert await scene.left() == []


async def test_a_message_from_before_we_were_away_is_left_as_it_was(scene: Scene) -> None:
    """It may have been a thing of its own then: discarded, held back, or said before there was a ticket."""
    await scene.want("thread")
    long_before = SystemClock().now() - timedelta(hours=1)
    scene.history.pasts["thread"] = [posted("thread", "old", long_before), posted("thread", "new")]
    async with scene.running() as running:
        await running.drain(10)
    assert scene.past.bodies == ["new"]
