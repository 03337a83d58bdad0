"""A bare relay between one Slack channel and one Discord channel: the same two SDKs and no database.

What is lost when it dies, is refused or comes twice is lost or twice. It writes under the authors' names, as
the bot does.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import discord
from discord.gateway import DiscordWebSocket
from discord.http import Route
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from yarl import URL

from bench.children import until_input_ends


@dataclass(frozen=True, slots=True)
class Ends:
    """What is relayed to what, from the environment."""

    slack_channel: str
    discord_channel: int


class Relay(discord.Client):
    """Discord's end, which knows Slack's."""

    def __init__(self, slack: AsyncWebClient, ends: Ends) -> None:
        intents = discord.Intents.default()
        intents.message_content = True
        super().__init__(intents=intents, max_messages=None)
        self._slack = slack
        self._ends = ends
        self._webhook: discord.Webhook | None = None

    async def on_message(self, message: discord.Message) -> None:
        if message.author.bot or message.channel.id != self._ends.discord_channel:
            return
        await self._slack.chat_postMessage(
            channel=self._ends.slack_channel, text=message.content, username=message.author.display_name
        )

    async def prepare(self) -> None:
        channel = await self.fetch_channel(self._ends.discord_channel)
        assert isinstance(channel, discord.TextChannel)
        self._webhook = await channel.create_webhook(name="relay")

    async def said_in_slack(self, event: Mapping[str, Any]) -> None:
        if event.get("bot_id") or event["channel"] != self._ends.slack_channel:
            return
        assert self._webhook is not None
        await self._webhook.send(event["text"], username=event["user"], wait=True)


async def _run(environment: Mapping[str, str]) -> None:
    ends = Ends(environment["RELAY_SLACK_CHANNEL"], int(environment["RELAY_DISCORD_CHANNEL"]))
    Route.BASE = environment["RELAY_DISCORD_API"]
    DiscordWebSocket.DEFAULT_GATEWAY = URL(environment["RELAY_DISCORD_GATEWAY"])
    slack = AsyncWebClient(environment["RELAY_SLACK_TOKEN"], base_url=environment["RELAY_SLACK_API"])
    app = AsyncApp(client=slack, process_before_response=True)
    relay = Relay(slack, ends)

    async def on_message(event: dict[str, Any]) -> None:
        await relay.said_in_slack(event)

    app.event("message")(on_message)
    handler: Any = AsyncSocketModeHandler(app, environment["RELAY_SLACK_APP_TOKEN"])
    async with relay:
        await relay.login(environment["RELAY_DISCORD_TOKEN"])
        gateway = asyncio.create_task(relay.connect())
        await relay.wait_until_ready()
        await relay.prepare()
        await handler.connect_async()
        print("ready", flush=True)
        await until_input_ends()
        await handler.close_async()
        gateway.cancel()


if __name__ == "__main__":
    asyncio.run(_run(os.environ))
