"""Real discord.py clients, pointed at the playground by their base addresses and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

import discord
import yarl
from discord import app_commands
from discord.asset import Asset
from discord.gateway import DiscordWebSocket
from discord.http import Route

from chatdesk_playground.discord import DiscordPlayground


@contextmanager
def pointed_at(playground: DiscordPlayground) -> Iterator[None]:
    """Sets discord.py's base addresses to the playground's and puts them back afterwards."""
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY, Asset.BASE
    Route.BASE = playground.api_url
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(playground.gateway_url)
    Asset.BASE = playground.cdn_url
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY, Asset.BASE = before


class Bot(discord.Client):
    """A client with a command tree, which keeps what it was told."""

    def __init__(self, intents: discord.Intents | None = None) -> None:
        super().__init__(intents=intents or all_intents(), guild_ready_timeout=0.02)
        self.tree = app_commands.CommandTree(self)
        self.heard: list[discord.Message] = []
        self.told: list[str] = []
        self._news = asyncio.Event()

    async def until(self, reached: Callable[[], bool]) -> None:
        """Waits until the predicate holds, looking again whenever the gateway says something."""
        async with asyncio.timeout(10):
            while not reached():
                self._news.clear()
                await self._news.wait()

    async def on_message(self, message: discord.Message) -> None:
        self.heard.append(message)

    async def on_resumed(self) -> None:
        self.told.append("resumed")
        self._news.set()

    async def on_socket_event_type(self, name: str) -> None:
        self.told.append(name)
        self._news.set()


def all_intents() -> discord.Intents:
    """What a help desk needs, privileged ones included."""
    intents = discord.Intents.default()
    intents.message_content = True
    intents.members = True
    return intents


@asynccontextmanager
async def online(client: discord.Client, token: str) -> AsyncIterator[None]:
    """Logs a client in and waits until it is ready; logs it out at the end."""
    await client.login(token)
    running = asyncio.create_task(client.connect())
    try:
        ready = asyncio.create_task(client.wait_until_ready())
        await asyncio.wait([running, ready], return_when=asyncio.FIRST_COMPLETED, timeout=10)
        if running.done():
            ready.cancel()
            running.result()
        yield
    finally:
        await client.close()
        await asyncio.gather(running, return_exceptions=True)


def text_channel(client: discord.Client, channel_id: str) -> discord.TextChannel:
    channel = client.get_channel(int(channel_id))
    assert isinstance(channel, discord.TextChannel)
    return channel
