"""Who and what is where: channels, guilds of a DM, staff, profiles. Asks the cache first, then Discord."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from datetime import datetime

import discord

from adapters.discord.endpoints import DiscordClient
from adapters.discord.ids import identity, installation, place
from adapters.discord.parse import actor_of
from chatdesk.contract.inbound import ChannelSeen, ChannelsSeen, MemberSeen, MembersSeen
from chatdesk.contract.questions import Wants
from chatdesk.contract.vocabulary import Installation, PlaceKind, Profile, Where

Channel = discord.abc.GuildChannel | discord.abc.PrivateChannel | discord.Thread

_KNOWN_DM_PARTNERS = 10_000
_SERVERS_SECONDS = 60.0
"""How long it is taken for granted which servers there are, where other shards hear of new ones."""
_LISTED = (discord.TextChannel, discord.ForumChannel)


def where_of(channel: Channel, home: Installation) -> Where:
    """A channel as an event's place."""
    here = place(home, channel.id)
    match channel:
        case discord.Thread():
            return Where(here, PlaceKind.THREAD, place(home, channel.parent_id))
        case discord.ForumChannel():
            return Where(here, PlaceKind.FORUM, here)
        case discord.abc.PrivateChannel():
            return Where(here, PlaceKind.DM, here)
    return Where(here, PlaceKind.CHANNEL, here)


class Directory:
    """Looks things up for one client."""

    def __init__(self, client: DiscordClient) -> None:
        self._client = client
        self._homes: dict[int, Installation] = {}
        self._homes_of_dms: dict[int, Installation] = {}
        self._servers: tuple[int, ...] = ()
        self._servers_known_until = 0.0

    async def channel(self, channel_id: int) -> Channel:
        """The channel or thread. Raises discord.NotFound or discord.Forbidden."""
        return self._client.get_channel(channel_id) or await self._client.fetch_channel(channel_id)

    async def thread(self, thread_id: int) -> discord.Thread:
        """A thread, also an archived one. Raises discord.NotFound or discord.Forbidden."""
        channel = await self.channel(thread_id)
        if not isinstance(channel, discord.Thread):
            raise TypeError(f"{thread_id} is no thread")
        return channel

    async def where(self, channel_id: int, guild_id: int | None, user_id: int) -> Where | None:
        """Where something happened; None in a DM of somebody with whom we share no server."""
        if guild_id is not None:
            return where_of(await self.channel(channel_id), installation(guild_id))
        home = await self.home_of(user_id)
        if home is None:
            return None
        here = place(home, channel_id)
        return Where(here, PlaceKind.DM, here)

    async def where_written(self, message: discord.Message) -> Where | None:
        """Where a message stands; None in a DM of somebody with whom we share no server."""
        guild_id = None if message.guild is None else message.guild.id
        where = await self.where(message.channel.id, guild_id, message.author.id)
        if where is not None and where.kind is PlaceKind.DM:
            self._remember_dm(message.channel.id, where.place.installation)
        return where

    async def message(self, channel_id: int, message_id: int) -> discord.Message | None:
        """A message as it is now; None if it is gone."""
        channel = await self.channel(channel_id)
        if not isinstance(channel, discord.abc.Messageable):
            return None
        try:
            return await channel.fetch_message(message_id)
        except discord.NotFound:
            return None

    async def home_of_dm(self, channel_id: int) -> Installation | None:
        """The installation that a DM belongs to, where all that is known is the DM."""
        known = self._homes_of_dms.get(channel_id)
        if known is not None:
            return known
        channel = await self.channel(channel_id)
        if not isinstance(channel, discord.DMChannel) or channel.recipient is None:
            return None
        home = await self.home_of(channel.recipient.id)
        if home is not None:
            self._remember_dm(channel_id, home)
        return home

    def _remember_dm(self, channel_id: int, home: Installation) -> None:
        if len(self._homes_of_dms) >= _KNOWN_DM_PARTNERS:
            self._homes_of_dms.clear()
        self._homes_of_dms[channel_id] = home

    async def home_of(self, user_id: int) -> Installation | None:
        """The installation that a person's DM belongs to: the oldest server that they and we are in."""
        known = self._homes.get(user_id)
        servers = await self._all_servers()
        if known is not None and int(known.id) in servers:
            return known
        for server in servers:
            if await self._is_member(server, user_id):
                return self._remember(user_id, installation(server))
        return None

    async def _all_servers(self) -> Sequence[int]:
        """The oldest first. A shard hears DMs of people from all servers, and has to ask which there are."""
        if self._client.hears_all:
            return sorted(guild.id for guild in self._client.guilds)
        now = time.monotonic()
        if now > self._servers_known_until:
            found = [guild.id async for guild in self._client.fetch_guilds(limit=None, with_counts=False)]
            self._servers, self._servers_known_until = tuple(sorted(found)), now + _SERVERS_SECONDS
        return self._servers

    async def _is_member(self, server: int, user_id: int) -> bool:
        guild = self._client.get_guild(server)
        if guild is not None:
            return await self._member(guild, user_id) is not None
        try:
            await self._client.http.get_member(server, user_id)
        except (discord.NotFound, discord.Forbidden):
            return False
        return True

    def _remember(self, user_id: int, home: Installation) -> Installation:
        if len(self._homes) >= _KNOWN_DM_PARTNERS:
            self._homes.clear()
        self._homes[user_id] = home
        return home

    async def _member(self, guild: discord.Guild, user_id: int) -> discord.Member | None:
        try:
            return guild.get_member(user_id) or await guild.fetch_member(user_id)
        except discord.NotFound:
            return None

    async def profile(self, home: Installation, user_id: int) -> Profile:
        """A person as that server sees them, else as Discord does. Raises discord.HTTPException."""
        guild = self._client.get_guild(int(home.id)) or await self._unheard(int(home.id))
        user: discord.abc.User | None = None if guild is None else await self._member(guild, user_id)
        profile = actor_of(user or await self._client.fetch_user(user_id), self._client.picture).profile
        assert profile is not None
        return profile

    async def _unheard(self, server: int) -> discord.Guild | None:
        """A server of another shard."""
        if self._client.hears_all:
            return None
        try:
            return await self._client.fetch_guild(server, with_counts=False)
        except (discord.NotFound, discord.Forbidden):
            return None

    def channels_seen(self, guild: discord.Guild, wants: Wants, at: datetime) -> ChannelsSeen:
        """The channels that the desk refers to, by name or id, as they are called now.

        Discord also lists those that we may not see; they are told of once we may.
        """
        names = {name.removeprefix("#") for name in wants.channel_names}
        home = installation(guild.id)
        seen = tuple(
            ChannelSeen(place(home, channel.id), channel.name, where_of(channel, home).kind)
            for channel in guild.channels
            if isinstance(channel, _LISTED)
            and (channel.name in names or str(channel.id) in wants.channel_ids)
            and channel.permissions_for(guild.me).view_channel
        )
        return ChannelsSeen(home, seen, at)

    def members_seen(self, guild: discord.Guild, wants: Wants, at: datetime) -> Iterator[MembersSeen]:
        """Everybody in each source of staff. A source that there is not has nobody in it."""
        home = installation(guild.id)
        for group in wants.staff_groups:
            yield MembersSeen(home, f"group:{group}", self._members_of(_in_role(guild, group)), at)
        for name in wants.staff_channels:
            yield MembersSeen(home, f"channel:{name}", self._members_of(_in_channel(guild, name)), at)

    def _members_of(self, members: list[discord.Member]) -> tuple[MemberSeen, ...]:
        return tuple(
            MemberSeen(identity(member.id), actor_of(member, self._client.picture).profile)
            for member in members
            if not member.bot
        )


def _in_role(guild: discord.Guild, wanted: str) -> list[discord.Member]:
    name = wanted.removeprefix("@")
    return [member for role in guild.roles if name in (role.name, str(role.id)) for member in role.members]


def _in_channel(guild: discord.Guild, wanted: str) -> list[discord.Member]:
    name = wanted.removeprefix("#")
    return [
        member
        for channel in guild.channels
        if name in (channel.name, str(channel.id))
        for member in guild.members
        if channel.permissions_for(member).view_channel
    ]
