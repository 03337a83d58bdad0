"""A playground with a workspace, two people and a channel, and a Bolt app over Socket Mode."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from chatdesk_playground.slack import InstalledApp, SlackHuman, SlackPlayground


@dataclass(frozen=True, slots=True)
class Acme:
    """The workspace that most tests play in."""

    slack: SlackPlayground
    app: InstalledApp
    ana: SlackHuman
    bo: SlackHuman
    support: str

    def client(self) -> AsyncWebClient:
        """The real Web API client, with the bot's token."""
        return AsyncWebClient(token=self.app.bot_token, base_url=self.slack.api_url)

    def bolt(self) -> AsyncApp:
        """A real Bolt app that commits before it answers."""
        return AsyncApp(
            client=self.client(), signing_secret=self.app.signing_secret, process_before_response=True
        )


@dataclass(frozen=True, slots=True)
class Connected:
    """A Bolt app that is connected over Socket Mode."""

    acme: Acme
    bolt: AsyncApp
    handler: Any


@pytest.fixture
async def acme() -> AsyncIterator[Acme]:
    """A playground nobody is connected to."""
    async with SlackPlayground.running() as slack:
        app = await slack.control.create_workspace("acme")
        ana = await slack.control.create_user(app.team_id, "ana", display_name="Ana", avatar=True)
        bo = await slack.control.create_user(app.team_id, "bo", display_name="Bo")
        support = await slack.control.create_channel(app.team_id, "support", members=[ana.id, bo.id])
        yield Acme(slack, app, ana, bo, support)


@pytest.fixture
async def connected(acme: Acme) -> AsyncIterator[Connected]:
    """A Bolt app, connected; tests add their listeners to `connected.bolt`."""
    bolt = acme.bolt()
    handler: Any = AsyncSocketModeHandler(bolt, acme.app.app_token)
    await handler.connect_async()
    await acme.slack.control.wait_connected(acme.app.team_id)
    yield Connected(acme, bolt, handler)
    await handler.close_async()
