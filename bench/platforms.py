"""A Slack and a Discord on loopback with a desk between them: staff in Slack, customers in both."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML

from chatdesk.resources import resource
from chatdesk_playground.discord import DiscordHuman, DiscordPlayground
from chatdesk_playground.slack import InstalledApp, SlackHuman, SlackPlayground

DESK = """\
desk: bench
name: Bench
teams:
  support:
    name: Support
    home: slack:#support
    members: [slack:group:support-agents]
routes:
  - {channel: "slack:#inbox", team: support, every_message: true}
"""
DESK_OF_BOTH = DESK + '  - {channel: "discord:#help", team: support, every_message: true}\n'


@dataclass(frozen=True, slots=True)
class Slack:
    playground: SlackPlayground
    app: InstalledApp
    ana: SlackHuman
    """An agent."""
    sam: SlackHuman
    """A customer."""
    support: str
    inbox: str

    @property
    def settings(self) -> Mapping[str, str]:
        """For the bot over Socket Mode."""
        return {
            "CHATDESK_SLACK__BOT_TOKEN": self.app.bot_token,
            "CHATDESK_SLACK__APP_TOKEN": self.app.app_token,
            "CHATDESK_SLACK__API_URL": self.playground.api_url,
        }


@dataclass(frozen=True, slots=True)
class Discord:
    playground: DiscordPlayground
    token: str
    guild: str
    cleo: DiscordHuman
    """A customer."""
    help: str

    @property
    def settings(self) -> Mapping[str, str]:
        return {
            "CHATDESK_DISCORD__TOKEN": self.token,
            "CHATDESK_DISCORD__API_URL": self.playground.api_url,
        }


@asynccontextmanager
async def both(name: str) -> AsyncIterator[tuple[Slack, Discord]]:
    """A Slack with one workspace and a Discord with one server."""
    async with SlackPlayground.running() as slack, DiscordPlayground.running() as discord:
        yield await workspace(slack, name), await server(discord, name)


async def workspace(playground: SlackPlayground, name: str) -> Slack:
    """A workspace with the bot's app, an agent, a customer and two channels."""
    control = playground.control
    app = await control.create_workspace(name)
    team = app.team_id
    ana = await control.create_user(team, "ana", display_name="Ana")
    sam = await control.create_user(team, "sam", display_name="Sam")
    support = await control.create_channel(team, "support", members=[ana.id])
    inbox = await control.create_channel(team, "inbox", members=[ana.id, sam.id])
    await control.create_usergroup(team, "support-agents", members=[ana.id])
    await control.install_manifest(team, YAML(typ="safe").load(resource("manifest.yaml").read_text()))
    return Slack(playground, app, ana, sam, support, inbox)


async def server(playground: DiscordPlayground, name: str) -> Discord:
    """A server with the bot's application, a customer and a channel."""
    control = playground.control
    application = await control.create_application(name)
    guild = await control.create_guild(name, application.id)
    cleo = await control.create_user("cleo", display_name="Cleo", guild_ids=[guild.id])
    channel = await control.create_channel(guild.id, "help")
    return Discord(playground, application.token, guild.id, cleo, channel)


def own_settings(folder: Path, configuration: str) -> Mapping[str, str]:
    """Where the bot keeps its files, and its desk, written there."""
    folder.mkdir(parents=True, exist_ok=True)
    desk = folder / "desk.yaml"
    desk.write_text(configuration)
    return {
        "CHATDESK_DATA_DIR": str(folder),
        "CHATDESK_DESK_FILE": str(desk),
        "CHATDESK_LOG__LEVEL": "warning",
    }
