"""One kill test from its beginning to its end."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
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
from tests.scenarios.variants import DESK

HIT_WITHIN = 2.0
"""Seconds after which a kill that is aimed at something that does not come is made all the same."""
SETTLED_WITHIN = 240.0
CALM = 2.0


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
    """Kills bots again and again, in turn where there are several, aimed by a seed."""

    bots: Sequence[Bot]
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
        """Kill a bot so many times. The others live meanwhile; the last that is killed is dead at the end."""
        for number in range(times):
            bot = self.bots[number % len(self.bots)]
            for other in self.bots:
                if other is not bot:
                    await other.alive()
            self.points[await self._kill(bot)] += 1
            await asyncio.sleep(self.chance.choice((0, 0, 0, 0.1, 0.5)))

    async def _kill(self, bot: Bot) -> Point:
        plans = {plan: weight for plan, weight in _PLANS.items() if not self._is_blurred(plan)}
        plan = self.chance.choices(list(plans), list(plans.values()))[0]
        if plan is Plan.START and not bot.lives:
            await bot.start()
            await asyncio.sleep(self.chance.uniform(0, 0.6))
            await bot.killed()
            return Point.START
        clock = asyncio.get_running_loop().time
        began = clock()
        await bot.alive()
        self.start_seconds.append(clock() - began)
        return await self._aimed(bot, plan)

    def _is_blurred(self, plan: Plan) -> bool:
        """Of several bots it is not known whose request comes by."""
        return plan in _MOMENTS and len(self.bots) > 1

    async def _aimed(self, bot: Bot, plan: Plan) -> Point:
        if plan in _MOMENTS:
            return await self._at(bot, _MOMENTS[plan])
        if plan is Plan.INTAKE:
            self._told.clear()
            await asyncio.wait_for(self._told.wait(), 30)
            name = self._last
            await asyncio.sleep(self.chance.choice((0, 0.002, 0.004, 0.008, 0.015, 0.03)))
            await bot.killed()
            return self._found() if ledger.knows(self.engine, name) else Point.BEFORE_COMMIT
        await asyncio.sleep(self.chance.uniform(0, 1))
        await bot.killed()
        return self._found()

    async def _at(self, bot: Bot, moment: Moment) -> Point:
        self.target.aim(bot.kill, moment, self.chance.choice((0, 0, 1, 2, 4)))
        was_hit = await bot.dies(HIT_WITHIN)
        self.target.disarm()
        await bot.killed()
        if was_hit and moment is Moment.REQUEST:
            return Point.REQUEST
        if was_hit and moment is Moment.RECEIPT:
            return Point.RECEIPT
        return self._found()

    def _found(self) -> Point:
        """By what is in the ledger of a dead bot."""
        return Point.RECEIPT if ledger.in_flight(self.engine) else Point.AFTER_COMMIT


async def run_campaign(
    folder: Path,
    seed: int,
    kills: int,
    *,
    database: str | None = None,
    blind: bool = False,
    replicas: int = 1,
) -> Ended:
    """Kill bots so many times while people work, let them finish in peace, and look."""
    clock = asyncio.get_running_loop().time
    began = clock()
    target = Target()
    async with (
        _scene(folder, target, database) as (here, desks, variables, engine),
        AsyncExitStack() as stack,
    ):
        bots = [
            await stack.enter_async_context(
                bot_in(folder / "bot", {**variables, "CHATDESK_REPLICA": f"replica-{number}"}, blind=blind)
            )
            for number in range(replicas)
        ]
        chance = random.Random(seed)
        campaign = Campaign(bots, engine, target, chance)
        over = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            group.create_task(Script(chance, campaign.told).play(desks, over))
            await campaign.kill(kills)
            over.set()
        for bot in bots:
            await bot.alive()
        await _settle(here, engine)
        verdict = await judge(desks, engine)
        return Ended(seed, campaign.points, verdict, clock() - began, campaign.start_seconds)


async def _settle(here: World, engine: Engine) -> None:
    """Until nothing is to be delivered and nothing happens any more."""
    clock = asyncio.get_running_loop().time
    deadline = clock() + SETTLED_WITHIN
    calm_since = clock()
    while clock() < deadline and clock() - calm_since < CALM:
        here.slack.playground.site.delivery.retry_now()
        before = len(here.slack.playground.requests), len(here.discord.playground.requests)
        await asyncio.sleep(0.1)
        waits = ledger.pending(engine) or ledger.to_be_read(engine)
        busy = bool(waits or here.slack.playground.site.delivery.outstanding)
        after = len(here.slack.playground.requests), len(here.discord.playground.requests)
        if busy or before != after:
            calm_since = clock()


Scene = tuple[World, list[Desk], Mapping[str, str], Engine]


@asynccontextmanager
async def _scene(folder: Path, target: Target, database: str | None) -> AsyncIterator[Scene]:
    """Both platforms, their people with a ticket each pair, and the bot's settings for the wires between."""
    async with world(folder / "bot", desk_file=DESK) as here:
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
                await bot.alive()
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
