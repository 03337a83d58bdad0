"""One Slack and one Discord for each module; every bot has a workspace or a server of its own in it."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from chatdesk_playground.discord import DiscordHuman, DiscordPlayground
from chatdesk_playground.slack import InstalledApp, SlackHuman, SlackPlayground
from tests.playground.discord.bots import pointed_at
from tests.playground.discord.conformance import Description
from tests.playground.slack.conformance import reference_directory, violations


@dataclass(frozen=True, slots=True)
class Server:
    """A Discord server with a bot of its own, two people and a channel."""

    discord: DiscordPlayground
    application: str
    token: str
    guild: str
    ana: DiscordHuman
    cleo: DiscordHuman
    general: str


@dataclass(frozen=True, slots=True)
class Workspace:
    """A Slack workspace with an app of its own, two people and a channel."""

    slack: SlackPlayground
    app: InstalledApp
    ana: SlackHuman
    bo: SlackHuman
    general: str

    def client(self) -> AsyncWebClient:
        return AsyncWebClient(token=self.app.bot_token, base_url=self.slack.api_url)

    def bolt(self, **settings: Any) -> AsyncApp:
        """An app; with `process_before_response` an event is acknowledged once its listener is through."""
        return AsyncApp(client=self.client(), signing_secret=self.app.signing_secret, **settings)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def discord() -> AsyncIterator[DiscordPlayground]:
    async with DiscordPlayground.running() as playground:
        with pointed_at(playground):
            yield playground
        folder = os.environ.get("CHATDESK_REFERENCE_DIR")
        if folder:
            description = Description(Path(folder))
            meant = [request for request in playground.requests if request.status < 400]
            assert description.violations(meant) == []
            assert description.answer_violations(meant) == []


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def slack() -> AsyncIterator[SlackPlayground]:
    async with SlackPlayground.running() as playground:
        yield playground
        reference = reference_directory()
        if reference is not None:
            assert violations(playground.events, reference) == []


@pytest_asyncio.fixture(loop_scope="module")
async def server(discord: DiscordPlayground, request: pytest.FixtureRequest) -> Server:
    control = discord.control
    application = await control.create_application("helper")
    guild = await control.create_guild(request.node.name[:90], application.id)
    return Server(
        discord=discord,
        application=application.id,
        token=application.token,
        guild=guild.id,
        ana=await control.create_user("ana", display_name="Ana", guild_ids=[guild.id]),
        cleo=await control.create_user("cleo", display_name="Cleo", guild_ids=[guild.id]),
        general=await control.create_channel(guild.id, "general"),
    )


@pytest_asyncio.fixture(loop_scope="module")
async def workspace(slack: SlackPlayground) -> Workspace:
    control = slack.control
    app = await control.create_workspace("acme", app_name="helper")
    ana = await control.create_user(app.team_id, "ana", display_name="Ana")
    bo = await control.create_user(app.team_id, "bo", display_name="Bo")
    general = await control.create_channel(app.team_id, "general", members=[ana.id, bo.id])
    return Workspace(slack, app, ana, bo, general)
