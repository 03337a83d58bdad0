from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from itertools import count
from pathlib import Path

import pytest
from pydantic import SecretStr

from adapters.discord import package
from adapters.discord.adapter import DiscordAdapter
from adapters.discord.ids import installation, place
from adapters.discord.settings import DiscordSettings
from chatdesk.contract.outbound import Outbound
from chatdesk.contract.ports import Attempt, Receipt
from chatdesk.contract.vocabulary import MessageRef, Place
from chatdesk_playground.discord import DiscordHuman, DiscordPlayground
from tests.adapters.discord.desk import RecordingDesk
from tests.playground.discord.conformance import Description


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


@asynccontextmanager
async def connected(adapter: DiscordAdapter, desk: RecordingDesk) -> AsyncIterator[None]:
    """The adapter running, and stopped at the end of the block."""
    running = asyncio.create_task(adapter.run(desk))
    ready = asyncio.create_task(adapter.ready())
    try:
        await asyncio.wait({running, ready}, return_when=asyncio.FIRST_COMPLETED, timeout=10)
        if running.done():
            running.result()
        assert ready.done()
        yield
    finally:
        ready.cancel()
        running.cancel()
        await asyncio.gather(running, ready, return_exceptions=True)


@dataclass(slots=True)
class World:
    """A server with a customer and an agent, and the adapter connected to it."""

    discord: DiscordPlayground
    settings: DiscordSettings
    application: str
    guild: str
    general: str
    support: str
    cleo: DiscordHuman
    ana: DiscordHuman
    desk: RecordingDesk = field(default_factory=RecordingDesk)
    adapter: DiscordAdapter = field(init=False)
    attempts: count[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        self.adapter = package.build(self.settings, SystemClock())

    def place(self, channel: str) -> Place:
        return place(installation(self.guild), channel)

    def ref(self, channel: str, message: str) -> MessageRef:
        return MessageRef(self.place(channel), f"{channel}/{message}")

    def attempt(self, **changes: object) -> Attempt:
        known: dict[str, object] = {
            "id": f"d{next(self.attempts)}",
            "uncertain": False,
            "since": datetime.now(UTC),
        }
        return Attempt(**(known | changes))  # type: ignore[arg-type]

    async def deliver(self, effect: Outbound, channel: str) -> Receipt:
        return await self.adapter.deliver(effect, self.place(channel), self.attempt())


@asynccontextmanager
async def new_world(desk: RecordingDesk | None = None) -> AsyncIterator[World]:
    """The world before the adapter is connected."""
    async with DiscordPlayground.running() as discord:
        control = discord.control
        app = await control.create_application("chatdesk")
        guild = await control.create_guild("Acme", app.id)
        cleo = await control.create_user("cleo", display_name="Cleo", guild_ids=[guild.id], avatar=True)
        ana = await control.create_user("ana", display_name="Ana", guild_ids=[guild.id], avatar=True)
        general = await control.create_channel(guild.id, "general")
        support = await control.create_channel(guild.id, "support")
        settings = DiscordSettings(token=SecretStr(app.token), api_url=discord.api_url)
        world = World(discord, settings, app.id, guild.id, general, support, cleo, ana)
        if desk is not None:
            world.desk = desk
        yield world
        assert _violations(discord) == []


def _violations(discord: DiscordPlayground) -> list[str]:
    """What in our requests Discord's own description does not allow, where that is at hand."""
    reference = os.environ.get("CHATDESK_REFERENCE_DIR")
    if reference is None:
        return []
    accepted = [request for request in discord.requests if request.status < 400]
    return _description(Path(reference)).violations(accepted)


@cache
def _description(reference: Path) -> Description:
    return Description(reference)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with new_world() as made, connected(made.adapter, made.desk):
        yield made
