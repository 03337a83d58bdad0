"""Real discord.py clients, pointed at the playground by their base addresses and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import discord
import yarl
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


@asynccontextmanager
async def online(client: discord.Client, token: str) -> AsyncIterator[None]:
    """Logs a client in and waits until it is ready; logs it out at the end."""
    running = asyncio.create_task(client.start(token))
    ready = asyncio.create_task(client.wait_until_ready())
    try:
        # wait_until_ready needs the login first; start() sets what it waits for.
        await asyncio.wait([running, ready], return_when=asyncio.FIRST_COMPLETED, timeout=10)
        if running.done():
            running.result()
        await asyncio.wait_for(client.wait_until_ready(), 10)
        yield
    finally:
        ready.cancel()
        await client.close()
        await asyncio.gather(running, ready, return_exceptions=True)
