"""One kill test from its beginning to its end."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from sqlalchemy import Engine

from chatdesk.demo.world import World, world
from chatdesk.store.engine import open_engine
from tests.faults import ledger
from tests.faults.bot import Bot, bot_in
from tests.faults.people import Desk, Script, open_desks
from tests.faults.verdict import Verdict, judge
from tests.faults.wire import Moment, Target, wire_to

HIT_WITHIN = 2.0
"""Seconds after which a kill that is aimed at something that does not come is made all the same."""
SETTLED_WITHIN = 120.0
CALM = 1.0


class Point(StrEnum):
    """What the bot was at when it was killed."""

    START = "while starting"
    BEFORE_COMMIT = "before commit"
    AFTER_COMMIT = "after commit"
    REQUEST = "in a request"
    RECEIPT = "before its receipt"


class Plan(StrEnum):
    """What a kill is aimed at."""

    START = "start"
    INTAKE = "intake"
    REQUEST = "request"
    RECEIPT = "receipt"
    AFTER_RECEIPT = "after receipt"
    ANY = "any"


_PLANS = {
    Plan.START: 8, Plan.INTAKE: 25, Plan.REQUEST: 20, Plan.RECEIPT: 25, Plan.AFTER_RECEIPT: 10, Plan.ANY: 12,
}  # fmt: skip
_MOMENTS = {
    Plan.REQUEST: Moment.REQUEST,
    Plan.RECEIPT: Moment.RECEIPT,
    Plan.AFTER_RECEIPT: Moment.AFTER_RECEIPT,
}


@dataclass(slots=True)
class Ended:
    """What came of a kill test."""

    seed: int
    points: Counter[Point]
    verdict: Verdict
    seconds: float
    start_seconds: list[float] = field(default_factory=list)


@dataclass(slots=True)
class Campaign:
    """Kills a bot again and again, aimed by a seed."""

    bot: Bot
    engine: Engine
    target: Target
    chance: random.Random
    points: Counter[Point] = field(default_factory=Counter)
    start_seconds: list[float] = field(default_factory=list)
    _told: asyncio.Event = field(default_factory=asyncio.Event)
    _last: str = ""

    def told(self, name: str) -> None:
        """Something is on its way to the bot."""
        self._last = name
        self._told.set()

    async def kill(self, times: int) -> None:
        """Start and kill the bot so many times. It is dead at the end."""
        for _ in range(times):
            await self._once()

    async def _once(self) -> None:
        plan = self.chance.choices(list(_PLANS), list(_PLANS.values()))[0]
        clock = asyncio.get_running_loop().time
        began = clock()
        await self.bot.start()
        if plan is Plan.START:
            await asyncio.sleep(self.chance.uniform(0, 0.6))
            self.bot.kill()
            point = Point.START
        else:
            await self.bot.ready()
            self.start_seconds.append(clock() - began)
            point = await self._aimed(plan)
        await self.bot.ended()
        self.points[point] += 1
        await asyncio.sleep(self.chance.choice((0, 0, 0, 0.1, 0.5)))

    async def _aimed(self, plan: Plan) -> Point:
        if plan in _MOMENTS:
            return await self._at(_MOMENTS[plan])
        if plan is Plan.INTAKE:
            self._told.clear()
            await asyncio.wait_for(self._told.wait(), 30)
            name = self._last
            await asyncio.sleep(self.chance.choice((0, 0.002, 0.004, 0.008, 0.015, 0.03)))
            self.bot.kill()
            await self.bot.ended()
            return self._found() if ledger.knows(self.engine, name) else Point.BEFORE_COMMIT
        await asyncio.sleep(self.chance.uniform(0, 1))
        self.bot.kill()
        await self.bot.ended()
        return self._found()

    async def _at(self, moment: Moment) -> Point:
        self.target.aim(moment, self.chance.choice((0, 0, 1, 2, 4)))
        was_hit = await self.bot.dies(HIT_WITHIN)
        self.target.disarm()
        self.bot.kill()
        await self.bot.ended()
        if was_hit and moment is Moment.REQUEST:
            return Point.REQUEST
        if was_hit and moment is Moment.RECEIPT:
            return Point.RECEIPT
        return self._found()

    def _found(self) -> Point:
        """By what is in the ledger of a dead bot."""
        return Point.RECEIPT if ledger.in_flight(self.engine) else Point.AFTER_COMMIT


async def run_campaign(
    folder: Path, seed: int, kills: int, *, database: str | None = None, blind: bool = False
) -> Ended:
    """Kill a bot so many times while people work, let it finish in peace, and look."""
    clock = asyncio.get_running_loop().time
    began = clock()
    target = Target(lambda: None)
    async with _scene(folder, target, database) as (here, desks, variables, engine):
        async with bot_in(folder / "bot", variables, blind=blind) as bot:
            target.kill = bot.kill
            chance = random.Random(seed)
            campaign = Campaign(bot, engine, target, chance)
            over = asyncio.Event()
            async with asyncio.TaskGroup() as group:
                group.create_task(Script(chance, campaign.told).play(desks, over))
                await campaign.kill(kills)
                over.set()
            await bot.start()
            await bot.ready()
            await _settle(here, engine)
            verdict = await judge(desks, engine)
        return Ended(seed, campaign.points, verdict, clock() - began, campaign.start_seconds)


async def _settle(here: World, engine: Engine) -> None:
    """Until nothing is to be delivered and nothing happens any more."""
    clock = asyncio.get_running_loop().time
    deadline = clock() + SETTLED_WITHIN
    calm_since = clock()
    while clock() < deadline and clock() - calm_since < CALM:
        await here.slack.playground.control.retry_events_now()
        before = len(here.slack.playground.requests), len(here.discord.playground.requests)
        await asyncio.sleep(0.1)
        busy = bool(ledger.pending(engine) or here.slack.playground.site.delivery.outstanding)
        after = len(here.slack.playground.requests), len(here.discord.playground.requests)
        if busy or before != after:
            calm_since = clock()


Scene = tuple[World, list[Desk], Mapping[str, str], Engine]


@asynccontextmanager
async def _scene(folder: Path, target: Target, database: str | None) -> AsyncIterator[Scene]:
    """Both platforms, their people with a ticket each pair, and the bot's settings for the wires between."""
    async with world(folder / "bot") as here:
        await here.stop_bot()
        slack, discord = here.slack, here.discord
        async with (
            wire_to(_port(slack.playground.base_url), target) as slack_port,
            wire_to(_port(discord.playground.api_url.removesuffix("/api/v10")), target) as discord_port,
        ):
            _stand_behind(here, slack_port, discord_port)
            variables = _variables(here, folder / "bot", database)
            engine = open_engine(database or f"sqlite:///{folder / 'bot' / 'chatdesk.sqlite3'}")
            async with bot_in(folder / "bot", variables) as bot:
                await bot.start()
                await bot.ready()
                desks = await open_desks(here)
                await _settle(here, engine)
            try:
                yield here, desks, variables, engine
            finally:
                engine.dispose()


def _port(url: str) -> int:
    return int(url.rpartition(":")[2])


def _stand_behind(here: World, slack_port: int, discord_port: int) -> None:
    """Let the playgrounds name the wires' addresses in everything that they hand out."""
    here.slack.playground.site.base_url = f"http://127.0.0.1:{slack_port}"
    backend = here.discord.playground._backend
    backend.api_url = f"http://127.0.0.1:{discord_port}/api/v10"
    backend.gateway_url = f"ws://127.0.0.1:{discord_port}/gateway"
    backend.files.base = f"http://127.0.0.1:{discord_port}/cdn"


def _variables(here: World, folder: Path, database: str | None) -> Mapping[str, str]:
    return {
        "CHATDESK_DATA_DIR": str(folder),
        "CHATDESK_DESK_FILE": str(folder / "desk.yaml"),
        "CHATDESK_LOG__FORMAT": "json",
        "CHATDESK_SLACK__BOT_TOKEN": here.slack.app.bot_token,
        "CHATDESK_SLACK__APP_TOKEN": here.slack.app.app_token,
        "CHATDESK_SLACK__API_URL": here.slack.playground.api_url,
        "CHATDESK_DISCORD__TOKEN": here.discord.token,
        "CHATDESK_DISCORD__API_URL": here.discord.playground.api_url,
        **({"CHATDESK_DATABASE_URL": database, "CHATDESK_REPLICA": "one"} if database else {}),
    }
