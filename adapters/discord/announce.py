"""Telling the desk what it is connected to: servers, the channels and the staff that it refers to."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime

import discord

from adapters.discord.directory import Directory
from adapters.discord.endpoints import DiscordClient
from adapters.discord.ids import identity, installation
from chatdesk.contract.inbound import Connected
from chatdesk.contract.ports import Clock, Desk
from chatdesk.contract.questions import Wanted, Wants

log = logging.getLogger(__name__)


class Announcer:
    """Announces servers at the start, and one again when something in it has changed."""

    def __init__(self, client: DiscordClient, directory: Directory, desk: Desk, clock: Clock) -> None:
        self._client = client
        self._directory = directory
        self._desk = desk
        self._clock = clock
        self._announced: set[int] = set()
        self._told: dict[tuple[int, str], object] = {}
        self._changed: dict[int, None] = {}
        self._wake = asyncio.Event()
        self.done = asyncio.Event()
        """Set when every server was announced; nothing else is handled before."""
        self.up_to_date = asyncio.Event()
        """Not set while the connection is broken, nor until the desk knows that something may be missed."""
        self._heard_until: datetime | None = None
        self._leaves = False

    def attach(self) -> None:
        for listener in (
            self.on_ready,
            self.on_disconnect,
            self.on_resumed,
            self.on_guild_join,
            self.on_guild_available,
            self.on_guild_remove,
            self.on_guild_channel_create,
            self.on_guild_channel_update,
            self.on_guild_role_update,
            self.on_guild_role_delete,
            self.on_member_join,
            self.on_raw_member_remove,
            self.on_member_update,
        ):
            self._client.event(listener)

    async def everything(self) -> None:
        """Announce each server. Raises what the desk raises."""
        try:
            directs = self._client.hears_all_directs
            for guild in sorted(self._client.guilds, key=lambda guild: guild.id):
                await self._connected(guild, directs)
                directs = False
            self.done.set()
        finally:
            self.up_to_date.set()

    def heard_until(self) -> datetime | None:
        """Until when nothing can have been missed."""
        if self.up_to_date.is_set():
            self._heard_until = self._clock.now()
        return self._heard_until

    async def again(self) -> None:
        """Ask anew what is wanted everywhere, and tell it."""
        self._told.clear()
        for guild in sorted(self._client.guilds, key=lambda guild: guild.id):
            await self._tell_seen(guild)

    async def keep_up(self) -> None:
        """Tell of changes until cancelled; several in a row are told once."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            changed, self._changed = self._changed, {}
            for guild_id in changed:
                guild = self._client.get_guild(guild_id)
                if guild is not None:
                    await self._try(guild)

    async def _try(self, guild: discord.Guild) -> None:
        try:
            await self._tell_seen(guild)
        except Exception:
            log.exception("what changed in a server could not be told to the desk")

    async def _connected(self, guild: discord.Guild, directs: bool = False) -> None:
        us = self._client.user
        assert us is not None
        self._announced.add(guild.id)
        self._told = {key: seen for key, seen in self._told.items() if key[0] != guild.id}
        home = installation(guild.id)
        await self._desk.handle(Connected(home, guild.name, identity(us.id), self._clock.now(), directs))
        await self._tell_seen(guild)

    async def _tell_seen(self, guild: discord.Guild) -> None:
        wants: Wants = await self._desk.ask(Wanted(installation(guild.id)))
        now = self._clock.now()
        channels = self._directory.channels_seen(guild, wants, now)
        if self._is_news(guild, "", channels.channels):
            await self._desk.handle(channels)
        for seen in self._directory.members_seen(guild, wants, now):
            if self._is_news(guild, seen.source, seen.members):
                await self._desk.handle(seen)

    def _is_news(self, guild: discord.Guild, source: str, seen: object) -> bool:
        """A busy server changes all the time in what the desk does not care for."""
        key = (guild.id, source)
        if self._told.get(key) == seen:
            return False
        self._told[key] = seen
        return True

    def _note(self, guild: discord.Guild) -> None:
        self._changed[guild.id] = None
        self._wake.set()

    async def on_disconnect(self) -> None:
        """What comes after this may not be the next thing that happened."""
        if self.done.is_set() and not self._leaves:
            self.heard_until()
            self.up_to_date.clear()

    def leave(self) -> bool:
        """We end the connection ourselves. Whether what was heard on it can still be handled in order."""
        self._leaves = True
        return self.done.is_set() and self.up_to_date.is_set()

    async def on_resumed(self) -> None:
        """Discord has sent everything that we had missed."""
        self.up_to_date.set()

    async def on_ready(self) -> None:
        """A session that could not be resumed has missed something: the servers are announced again."""
        if self.done.is_set():
            await self.everything()

    async def on_guild_join(self, guild: discord.Guild) -> None:
        await self._newly_seen(guild)

    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Also sent for every server at the start; only a late one is news."""
        await self._newly_seen(guild)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        self._announced.discard(guild.id)

    async def _newly_seen(self, guild: discord.Guild) -> None:
        await self.done.wait()
        if guild.id not in self._announced:
            await self._connected(guild)

    async def on_guild_channel_create(self, channel: discord.abc.GuildChannel) -> None:
        self._note(channel.guild)

    async def on_guild_channel_update(
        self, before: discord.abc.GuildChannel, after: discord.abc.GuildChannel
    ) -> None:
        self._note(after.guild)

    async def on_guild_role_update(self, before: discord.Role, after: discord.Role) -> None:
        self._note(after.guild)

    async def on_guild_role_delete(self, role: discord.Role) -> None:
        self._note(role.guild)

    async def on_member_join(self, member: discord.Member) -> None:
        self._note(member.guild)

    async def on_raw_member_remove(self, payload: discord.RawMemberRemoveEvent) -> None:
        guild = self._client.get_guild(payload.guild_id)
        if guild is not None:
            self._note(guild)

    async def on_member_update(self, before: discord.Member, after: discord.Member) -> None:
        if before.roles != after.roles or before.display_name != after.display_name:
            self._note(after.guild)
