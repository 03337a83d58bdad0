"""A workspace in the playground, with the real adapter connected to it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest
from pydantic import SecretStr
from ruamel.yaml import YAML

from adapters.slack.adapter import SlackAdapter
from adapters.slack.settings import SlackSettings
from chatdesk.contract.outbound import Outbound
from chatdesk.contract.ports import Attempt, Receipt
from chatdesk.contract.vocabulary import Installation, Place, Platform
from chatdesk_playground.slack import InstalledApp, SlackHuman, SlackPlayground
from chatdesk_playground.slack.wire import JsonObject
from tests.adapters.slack.desk import RecordingDesk, SystemClock


@dataclass(slots=True)
class Workspace:
    """The pieces a test uses: people, a channel, the adapter and its desk."""

    slack: SlackPlayground
    app: InstalledApp
    ana: SlackHuman
    ben: SlackHuman
    support: str
    settings: SlackSettings
    adapter: SlackAdapter
    desk: RecordingDesk
    steps: dict[str, str] = field(default_factory=dict)
    deliveries: int = 0

    @property
    def installation(self) -> Installation:
        return Installation(Platform("slack"), self.app.team_id)

    def place(self, place: str) -> Place:
        return Place(self.installation, place)

    async def record(self, name: str, value: str) -> None:
        self.steps[name] = value

    def attempt(self) -> Attempt:
        """A first try at a new delivery; ``again`` gives the next try at the same one."""
        self.deliveries += 1
        self.steps = {}
        return Attempt(f"d{self.deliveries}", False, datetime.now(UTC), record=self.record)

    def again(self, *, forgetting: bool = False) -> Attempt:
        """A further try after one with an uncertain outcome; perhaps its steps were not persisted."""
        done = {} if forgetting else dict(self.steps)
        return Attempt(f"d{self.deliveries}", True, datetime.now(UTC), done=done, record=self.record)

    async def deliver(self, effect: Outbound, place: str | Place | None = None) -> Receipt:
        at = place if isinstance(place, Place) else self.place(place or self.support)
        return await self.adapter.deliver(effect, at, self.attempt())


@asynccontextmanager
async def connected(adapter: SlackAdapter, desk: RecordingDesk) -> AsyncIterator[None]:
    running = asyncio.create_task(adapter.run(desk))
    ready = asyncio.create_task(adapter.ready())
    try:
        await asyncio.wait({running, ready}, timeout=10, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            running.result()
        assert ready.done(), "the adapter did not connect"
        yield
    finally:
        ready.cancel()
        running.cancel()
        await asyncio.gather(running, ready, return_exceptions=True)


def manifest() -> JsonObject:
    """The app's manifest as it is shipped."""
    loaded = YAML(typ="safe").load((Path(__file__).parents[3] / "manifest.yaml").read_text(encoding="utf-8"))
    return cast(JsonObject, loaded)


def settings_for(slack: SlackPlayground, app: InstalledApp) -> SlackSettings:
    return SlackSettings(
        bot_token=SecretStr(app.bot_token), app_token=SecretStr(app.app_token), api_url=slack.api_url
    )


@asynccontextmanager
async def populated() -> AsyncIterator[Workspace]:
    """The playground with a workspace, two people and a channel, and the adapter not yet connected."""
    async with SlackPlayground.running() as slack:
        app = await slack.control.create_workspace("acme")
        await slack.control.install_manifest(app.team_id, manifest())
        ana = await slack.control.create_user(app.team_id, name="ana", display_name="Ana", avatar=True)
        ben = await slack.control.create_user(app.team_id, name="ben", display_name="Ben")
        support = await slack.control.create_channel(
            app.team_id, "support", members=[ana.id, ben.id], private=False, bot=True
        )
        settings = settings_for(slack, app)
        adapter = SlackAdapter(settings, SystemClock())
        yield Workspace(slack, app, ana, ben, support, settings, adapter, RecordingDesk())


@pytest.fixture
async def idle() -> AsyncIterator[Workspace]:
    async with populated() as workspace:
        yield workspace


@pytest.fixture
async def workspace() -> AsyncIterator[Workspace]:
    async with populated() as workspace, connected(workspace.adapter, workspace.desk):
        yield workspace
