"""Two ways from Slack to Discord and back, side by side: the bot with a ticket, and the bare relay."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import platforms
from bench.children import Child, child
from bench.platforms import Discord, Slack

_PATIENCE = 30.0
_LOOK_SECONDS = 0.0005


@dataclass(frozen=True, slots=True)
class Bridge:
    """A place in Slack and one in Discord that show each other's posts. ``thread`` is in Slack's place."""

    slack: Slack
    discord: Discord
    slack_channel: str
    thread: str | None
    discord_channel: str

    async def to_discord(self, words: str) -> float:
        """Milliseconds from Ana's post to the copy that the platform took."""
        known = len(self.discord.playground.requests)
        begun = time.perf_counter()
        await self.slack.ana.post(self.slack_channel, words, thread_ts=self.thread)
        await until(lambda: any(words in str(one.body) for one in self.discord.playground.requests[known:]))
        return (time.perf_counter() - begun) * 1000

    async def to_slack(self, words: str) -> float:
        """Milliseconds from Cleo's post to the copy that the platform took."""
        known = len(self.slack.playground.requests)
        begun = time.perf_counter()
        await self.discord.cleo.post(self.discord_channel, words)
        await until(
            lambda: any(words in str(one.arguments) for one in self.slack.playground.requests[known:])
        )
        return (time.perf_counter() - begun) * 1000

    async def rest(self, seconds: float = 0.05) -> None:
        """Until nobody has sent anything for a moment."""
        seen = (-1, -1)
        while seen != (now := (len(self.slack.playground.requests), len(self.discord.playground.requests))):
            seen = now
            await asyncio.sleep(seconds)


async def until(holds: Callable[[], bool], patience: float = _PATIENCE) -> None:
    """Wait until a condition holds. Raises TimeoutError."""
    async with asyncio.timeout(patience):
        while not holds():  # noqa: ASYNC110 - what is looked at tells nobody of its changes
            await asyncio.sleep(_LOOK_SECONDS)


@asynccontextmanager
async def relay() -> AsyncIterator[tuple[Child, Bridge]]:
    """The bare relay between platforms of its own."""
    async with platforms.both("relay") as (there, here):
        settings = {
            "RELAY_SLACK_CHANNEL": there.support,
            "RELAY_SLACK_TOKEN": there.app.bot_token,
            "RELAY_SLACK_APP_TOKEN": there.app.app_token,
            "RELAY_SLACK_API": there.playground.api_url,
            "RELAY_DISCORD_CHANNEL": here.help,
            "RELAY_DISCORD_TOKEN": here.token,
            "RELAY_DISCORD_API": here.playground.api_url,
            "RELAY_DISCORD_GATEWAY": here.playground.gateway_url,
        }
        async with child("bench.child_relay", settings=settings) as process:
            yield process, Bridge(there, here, there.support, None, here.help)


@dataclass(frozen=True, slots=True)
class BotsPlace:
    """Where the bot works, while it runs and while it does not."""

    folder: Path
    slack: Slack
    discord: Discord

    @asynccontextmanager
    async def bot(self, **more: str) -> AsyncIterator[Child]:
        """The bot as a process."""
        settings = {
            **self.slack.settings,
            **self.discord.settings,
            **platforms.own_settings(self.folder, platforms.DESK_OF_BOTH),
            **more,
        }
        async with child("bench.child_chatdesk", settings=settings) as process:
            yield process

    async def ticket(self, words: str) -> Bridge:
        """Cleo asks in Discord; the threads of the ticket that comes of it."""
        message = await self.discord.cleo.post(self.discord.help, words)
        card = await self.slack.ana.wait_for(
            self.slack.support, lambda seen: words in seen.shown and bool(seen.labels), timeout=_PATIENCE
        )
        return Bridge(self.slack, self.discord, self.slack.support, card.ts, await self._thread(message.id))

    async def _thread(self, message: str) -> str:
        async with asyncio.timeout(_PATIENCE):
            while True:
                for seen in await self.discord.cleo.messages(self.discord.help):
                    if seen.id == message and seen.thread_id is not None:
                        return str(seen.thread_id)
                await asyncio.sleep(0.02)


@asynccontextmanager
async def bots_place(folder: Path) -> AsyncIterator[BotsPlace]:
    """Platforms of the bot's own."""
    async with platforms.both("desk") as (slack, discord):
        yield BotsPlace(folder, slack, discord)
