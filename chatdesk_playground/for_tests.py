"""A workspace and a server for one test of somebody's bot, whether the test is asynchronous or not.

The playground runs in a thread of its own. Its people can be used from any event loop (`await ana.post(…)`)
and, where there is none, by `run(ana.post(…))`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread
from typing import Any, TypeVar

from chatdesk_playground.discord import DiscordHuman, DiscordPlayground
from chatdesk_playground.discord.client import Control, CreatedApplication, CreatedGuild
from chatdesk_playground.slack import InstalledApp, SlackControl, SlackHuman, SlackPlayground

T = TypeVar("T")
PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class Backstage:
    """An event loop in another thread."""

    loop: asyncio.AbstractEventLoop

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Does this there, and waits for it as long as `PATIENCE`."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(PATIENCE)


@contextmanager
def backstage() -> Iterator[Backstage]:
    """Another thread's event loop, ended with the block."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever, name="playground", daemon=True)
    thread.start()
    try:
        yield Backstage(loop)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def _run(behind: Backstage, work: Coroutine[Any, Any, T]) -> T:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return behind.run(work)
    work.close()
    raise RuntimeError("there is an event loop here, which this would block: await it instead")


@dataclass(frozen=True, slots=True)
class SlackWorkspace:
    """A Slack workspace with an app in it: where it is, its tokens, and people."""

    playground: SlackPlayground
    control: SlackControl
    app: InstalledApp
    behind: Backstage

    @property
    def api_url(self) -> str:
        """The base address of the Web API; it is what tells a client of the real Slack from this one."""
        return self.playground.api_url

    @property
    def bot_token(self) -> str:
        return self.app.bot_token

    @property
    def app_token(self) -> str:
        """The token of Socket Mode."""
        return self.app.app_token

    @property
    def signing_secret(self) -> str:
        """The secret of HTTP mode; `control.set_request_url` switches to it."""
        return self.app.signing_secret

    def person(self, name: str) -> SlackHuman:
        """Somebody new in the workspace."""
        return self.behind.run(self.control.create_user(self.app.team_id, name, display_name=name.title()))

    def channel(self, name: str, *members: SlackHuman) -> str:
        """A new channel with these people and the bot in it; its id."""
        ids = [member.id for member in members]
        return self.behind.run(self.control.create_channel(self.app.team_id, name, members=ids))

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """What somebody does, in a test that is not asynchronous."""
        return _run(self.behind, work)


@dataclass(frozen=True, slots=True)
class DiscordServer:
    """A Discord server with a bot in it: where it is, the bot's token, and people."""

    playground: DiscordPlayground
    control: Control
    application: CreatedApplication
    guild: CreatedGuild
    behind: Backstage

    @property
    def api_url(self) -> str:
        """The base address of the REST API with its version; it names the gateway itself."""
        return self.playground.api_url

    @property
    def gateway_url(self) -> str:
        return self.playground.gateway_url

    @property
    def cdn_url(self) -> str:
        return self.playground.cdn_url

    @property
    def bot_token(self) -> str:
        return self.application.token

    def person(self, name: str) -> DiscordHuman:
        """Somebody new on the server."""
        made = self.control.create_user(name, display_name=name.title(), guild_ids=[self.guild.id])
        return self.behind.run(made)

    def channel(self, name: str, *, kind: str = "text") -> str:
        """A new channel, "text", "news" or "forum", for everybody; its id."""
        return self.behind.run(self.control.create_channel(self.guild.id, name, kind=kind))

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """What somebody does, in a test that is not asynchronous."""
        return _run(self.behind, work)


@contextmanager
def slack_workspace() -> Iterator[SlackWorkspace]:
    """A workspace as long as the block lasts."""
    playground = SlackPlayground()
    with backstage() as behind:
        behind.run(playground.start())
        try:
            control = SlackControl(playground.base_url, None)
            app = behind.run(control.create_workspace("workspace", app_name="bot"))
            yield SlackWorkspace(playground, control, app, behind)
        finally:
            behind.run(playground.stop())


@contextmanager
def discord_server() -> Iterator[DiscordServer]:
    """A server as long as the block lasts."""
    playground = DiscordPlayground()
    with backstage() as behind:
        behind.run(playground.start())
        try:
            control = Control(playground.control_url, kept=False)
            application = behind.run(control.create_application("bot"))
            guild = behind.run(control.create_guild("server", application.id))
            yield DiscordServer(playground, control, application, guild, behind)
        finally:
            behind.run(playground.stop())
