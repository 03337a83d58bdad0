"""The demo's world: a Slack workspace, a Discord server, their people, and the real bot between them.

Everybody and every place that desk.example.yaml names is there.
"""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from ruamel.yaml import YAML

from chatdesk.app import Application
from chatdesk.clocks import SystemClock
from chatdesk.contract.ports import Clock
from chatdesk.courier.pace import Pace
from chatdesk.resources import resource
from chatdesk.settings import Settings, installed_adapters
from chatdesk_playground.discord import DiscordHuman, DiscordPlayground
from chatdesk_playground.slack import InstalledApp, SlackHuman, SlackPlayground


@dataclass(frozen=True, slots=True)
class SlackSide:
    """A workspace. Agents: ana, ben (support and operations; lea leads), bill (billing). Customers: sam, sue.

    Admin: ada.
    """

    playground: SlackPlayground
    app: InstalledApp
    ana: SlackHuman
    ben: SlackHuman
    lea: SlackHuman
    bill: SlackHuman
    ada: SlackHuman
    sam: SlackHuman
    sue: SlackHuman
    channels: Mapping[str, str]
    """Channel ids by name."""

    @property
    def everybody(self) -> Sequence[SlackHuman]:
        return (self.ana, self.ben, self.lea, self.bill, self.ada, self.sam, self.sue)

    def person(self, name: str) -> SlackHuman:
        return next(one for one in self.everybody if one.name == name)


@dataclass(frozen=True, slots=True)
class DiscordSide:
    """A server. Customers: cleo, dan, vera (a VIP). Agents: dora (an engineer), dirk."""

    playground: DiscordPlayground
    application: str
    token: str
    guild: str
    cleo: DiscordHuman
    dan: DiscordHuman
    vera: DiscordHuman
    dora: DiscordHuman
    dirk: DiscordHuman
    channels: Mapping[str, str]

    @property
    def everybody(self) -> Sequence[DiscordHuman]:
        return (self.cleo, self.dan, self.vera, self.dora, self.dirk)

    def person(self, name: str) -> DiscordHuman:
        return next(one for one in self.everybody if one.name == name)


@dataclass(slots=True)
class World:
    """Both platforms and the bot. The bot can be stopped and started again on the same database."""

    slack: SlackSide
    discord: DiscordSide
    settings: Settings
    clock: Clock
    bot: Application | None = None
    pace: Pace | None = None
    timings: list[float] = field(default_factory=list)
    """Milliseconds until commands, buttons and forms were answered, in all seats of this world."""

    async def start_bot(self) -> Application:
        """Start the bot and wait until both platforms are connected and the directory is known."""
        bot = Application(self.settings, clock=self.clock, pace=self.pace)
        await bot.__aenter__()
        self.bot = bot
        await bot.ready()
        return bot

    async def stop_bot(self) -> None:
        if self.bot is not None:
            await self.bot.__aexit__(None, None, None)
            self.bot = None

    async def quiet(self) -> None:
        """Wait until nothing is under way anywhere."""
        for _ in range(2):
            await self.slack.playground.control.wait_until_quiet()
            await self.discord.playground.control.wait_until_quiet()
            if self.bot is not None:
                await self.bot.quiet()


@asynccontextmanager
async def world(
    folder: Path,
    clock: Clock | None = None,
    desk_file: Path | None = None,
    pace: Pace | None = None,
    platforms: Collection[str] = ("slack", "discord"),
) -> AsyncIterator[World]:
    """Start everything; ``folder`` takes the database, the files and a copy of the desk file.

    Without a ``desk_file`` it is desk.example.yaml. The bot serves ``platforms``.
    """
    async with SlackPlayground.running() as slack, DiscordPlayground.running() as discord:
        sides = await slack_side(slack), await discord_side(discord)
        settings = settings_of(folder, *sides, desk_file, platforms)
        async with running(World(*sides, settings, clock or SystemClock(), pace=pace)) as made:
            yield made


@asynccontextmanager
async def running(made: World) -> AsyncIterator[World]:
    """The world with its bot, for as long as the context lasts."""
    await made.start_bot()
    try:
        yield made
    finally:
        await made.stop_bot()


def slack_id(name: str) -> str:
    """What desk.example.yaml calls somebody in Slack."""
    return f"U{name.upper():0>8}"


async def slack_side(playground: SlackPlayground) -> SlackSide:
    """An empty Slack with everybody and every place in it."""
    control = playground.control
    app = await control.create_workspace("acme")
    team = app.team_id

    async def somebody(name: str, *, admin: bool = False) -> SlackHuman:
        return await control.create_user(
            team, name, display_name=name.capitalize(), avatar=True, admin=admin, user_id=slack_id(name)
        )

    ana, ben, lea, bill = [await somebody(name) for name in ("ana", "ben", "lea", "bill")]
    ada = await somebody("ada", admin=True)
    sam, sue = await somebody("sam"), await somebody("sue")
    staff = [one.id for one in (ana, ben, lea, bill, ada)]
    everybody = [*staff, sam.id, sue.id]
    channels = {
        "support": await control.create_channel(team, "support", members=staff),
        "billing": await control.create_channel(team, "billing", members=staff),
        "help": await control.create_channel(team, "help", members=everybody),
        "ask-community": await control.create_channel(team, "ask-community", members=everybody),
        "inbox": await control.create_channel(team, "inbox", members=everybody),
        "ask-billing": await control.create_channel(team, "ask-billing", members=everybody),
        "billing-staff": await control.create_channel(team, "billing-staff", members=[bill.id], private=True),
        "operations": await control.create_channel(team, "operations", members=staff),
        "duty": await control.create_channel(team, "duty", members=staff),
        "general": await control.create_channel(team, "general", members=everybody),
    }
    await control.create_usergroup(team, "support-agents", members=[ana.id, ben.id])
    await control.create_usergroup(team, "support-leads", members=[lea.id])
    await control.create_usergroup(team, "billing-agents", members=[bill.id])
    await control.create_usergroup(team, "operations", members=[ana.id, ben.id])
    await control.create_usergroup(team, "desk-admins", members=[ada.id])
    manifest = YAML(typ="safe").load(resource("manifest.yaml").read_text())
    await control.install_manifest(team, manifest)
    return SlackSide(playground, app, ana, ben, lea, bill, ada, sam, sue, channels)


async def discord_side(playground: DiscordPlayground) -> DiscordSide:
    """An empty Discord with everybody and every place in it."""
    control = playground.control
    application = await control.create_application("chatdesk")
    guild = await control.create_guild("acme", application.id)

    async def somebody(name: str) -> DiscordHuman:
        return await control.create_user(
            name, display_name=name.capitalize(), guild_ids=[guild.id], avatar=True
        )

    cleo, dan, vera, dora, dirk = [await somebody(name) for name in ("cleo", "dan", "vera", "dora", "dirk")]
    agents = await control.create_role(guild.id, "Community Agents", members=[dora.id, dirk.id])
    await control.create_role(guild.id, "Support", members=[dirk.id])
    engineers = await control.create_role(guild.id, "Engineers", members=[dora.id])
    await control.create_role(guild.id, "VIP", members=[vera.id])
    channels = {
        "help": await control.create_channel(guild.id, "help"),
        "private-help": await control.create_channel(guild.id, "private-help"),
        "questions": await control.create_channel(guild.id, "questions", kind="forum"),
        "community-help": await control.create_channel(guild.id, "community-help"),
        "community-desk": await control.create_channel(guild.id, "community-desk", private_to=[agents]),
        "engineering": await control.create_channel(guild.id, "engineering", private_to=[engineers]),
        "general": await control.create_channel(guild.id, "general"),
    }
    return DiscordSide(
        playground, application.id, application.token, guild.id, cleo, dan, vera, dora, dirk, channels
    )


def settings_of(
    folder: Path, slack: SlackSide, discord: DiscordSide, desk_file: Path | None, platforms: Collection[str]
) -> Settings:
    """What a real deployment would have; only the base addresses are others."""
    folder.mkdir(parents=True, exist_ok=True)
    own = folder / "desk.yaml"
    if desk_file != own:
        shutil.copyfile(desk_file or resource("desk.example.yaml"), own)
    sections = {
        "slack": {
            "bot_token": slack.app.bot_token,
            "app_token": slack.app.app_token,
            "api_url": slack.playground.api_url,
        },
        "discord": {"token": discord.token, "api_url": discord.playground.api_url},
    }
    adapters = {
        platform: package.settings.model_validate(sections[platform])
        for platform, package in installed_adapters().items()
        if platform in platforms
    }
    return Settings(data_dir=folder, desk_file=own, adapters=adapters)
