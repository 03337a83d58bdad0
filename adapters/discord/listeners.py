"""What is registered with discord.py for messages, reactions and channels: parse, desk, answer.

Interactions are in ``listeners_interactions``.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import discord

from adapters.discord.announce import Announcer
from adapters.discord.answers import answer_message, settled, tell
from adapters.discord.directory import Directory
from adapters.discord.endpoints import DiscordClient
from adapters.discord.ids import identity, installation, message_ref, place
from adapters.discord.parse import (
    actor_of,
    addressed_to,
    asked_key,
    edited,
    emoji_text,
    is_post,
    posted,
    reacted,
    source_of,
    typed,
)
from adapters.discord.webhooks import Webhooks
from chatdesk.contract.inbound import Inbound, MessageDeleted, PlaceGone, TicketAsked
from chatdesk.contract.ports import Answer, Clock, Desk
from chatdesk.contract.vocabulary import TICKET_EMOJI, Actor, Installation, Means

log = logging.getLogger(__name__)

_REMEMBERED_PLACES = 5_000
_PAUSES_SECONDS = (0.2, 1.0)


class Turns:
    """Lets what happened in one channel be handled in the order in which it came."""

    def __init__(self) -> None:
        self._locks: OrderedDict[int, asyncio.Lock] = OrderedDict()

    @asynccontextmanager
    async def of(self, channel_id: int) -> AsyncIterator[None]:
        lock = self._locks.setdefault(channel_id, asyncio.Lock())
        self._locks.move_to_end(channel_id)
        async with lock:
            yield
        self._forget_idle()

    def _forget_idle(self) -> None:
        while len(self._locks) > _REMEMBERED_PLACES:
            channel_id, lock = next(iter(self._locks.items()))
            if lock.locked():
                return
            del self._locks[channel_id]


class Stamps:
    """Times of receipt that never stand still: the versions of what Discord does not date."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last: datetime | None = None

    def next(self) -> datetime:
        now = self._clock.now()
        if self._last is not None and now <= self._last:
            now = self._last + timedelta(microseconds=1)
        self._last = now
        return now


class Listeners:
    """Takes in what happens in channels, threads and DMs."""

    def __init__(
        self,
        client: DiscordClient,
        directory: Directory,
        webhooks: Webhooks,
        announcer: Announcer,
        desk: Desk,
        clock: Clock,
    ) -> None:
        self._client = client
        self._directory = directory
        self._webhooks = webhooks
        self._announcer = announcer
        self._desk = desk
        self._clock = clock
        self._turns = Turns()
        self._stamps = Stamps(clock)

    def attach(self) -> None:
        for listener in (
            self.on_message,
            self.on_raw_message_edit,
            self.on_raw_message_delete,
            self.on_raw_bulk_message_delete,
            self.on_raw_reaction_add,
            self.on_raw_reaction_remove,
            self.on_guild_channel_delete,
            self.on_raw_thread_delete,
        ):
            self._client.event(listener)

    @asynccontextmanager
    async def _turn(self, channel_id: int) -> AsyncIterator[None]:
        """After the installation was made known, and after what happened there before."""
        await self._announcer.done.wait()
        await self._announcer.up_to_date.wait()
        async with self._turns.of(channel_id):
            yield

    async def _take(self, event: Inbound) -> Answer:
        """Discord sends no event twice, so a desk that fails is asked again before it is given up."""
        for pause in _PAUSES_SECONDS:
            try:
                return await self._desk.handle(event)
            except Exception as error:
                log.warning("the desk failed and is asked again: %r", error)
                await asyncio.sleep(pause)
        return await settled(self._desk.handle(event))

    async def _is_ours(self, message: discord.Message) -> bool:
        us = self._client.user
        return (us is not None and message.author.id == us.id) or await self._webhooks.posted(message)

    def _command_in(self, message: discord.Message) -> str | None:
        us = self._client.user
        role = None if message.guild is None else message.guild.self_role
        return None if us is None else addressed_to(message, us.id, None if role is None else role.id)

    async def on_message(self, message: discord.Message) -> None:
        if not is_post(message):
            return
        async with self._turn(message.channel.id):
            if await self._is_ours(message):
                return
            where = await self._directory.where_written(message)
            if where is None:
                return
            command = self._command_in(message)
            picture = self._client.picture
            if command is None:
                answer = await self._take(posted(message, where, picture))
            else:
                answer = await self._take(typed(message, where, command, picture))
        if command is not None or message.guild is None:
            await answer_message(message, answer)
        else:
            await tell(self._client, message.author.id, answer)

    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        message = payload.message
        if not is_post(message) or message.edited_at is None:
            return
        async with self._turn(payload.channel_id):
            if await self._is_ours(message) or self._command_in(message) is not None:
                return
            where = await self._directory.where_written(message)
            event = None if where is None else edited(message, where, self._client.picture)
            if event is None:
                return
            answer = await self._take(event)
        await tell(self._client, message.author.id, answer)

    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        await self._deleted(payload.guild_id, payload.channel_id, [payload.message_id])

    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        await self._deleted(payload.guild_id, payload.channel_id, sorted(payload.message_ids))

    async def _deleted(self, guild_id: int | None, channel_id: int, message_ids: list[int]) -> None:
        async with self._turn(channel_id):
            home = await self._home(guild_id, channel_id)
            if home is None:
                return
            for message_id in message_ids:
                ref = message_ref(place(home, channel_id), message_id)
                await self._take(MessageDeleted(ref, self._clock.now()))

    async def _home(self, guild_id: int | None, channel_id: int) -> Installation | None:
        if guild_id is not None:
            return installation(guild_id)
        return await self._directory.home_of_dm(channel_id)

    async def on_raw_reaction_add(self, payload: discord.RawReactionActionEvent) -> None:
        await self._reacted(payload, present=True)

    async def on_raw_reaction_remove(self, payload: discord.RawReactionActionEvent) -> None:
        await self._reacted(payload, present=False)

    async def _reacted(self, payload: discord.RawReactionActionEvent, present: bool) -> None:
        us = self._client.user
        if us is None or payload.user_id == us.id:
            return
        if emoji_text(payload.emoji) == TICKET_EMOJI:
            if present:
                await self._ticket_asked(payload)
            return
        at = self._stamps.next()
        async with self._turn(payload.channel_id):
            where = await self._directory.where(payload.channel_id, payload.guild_id, payload.user_id)
            if where is None:
                return
            ref = message_ref(where.place, payload.message_id)
            answer = await self._take(reacted(ref, where, self._actor(payload), payload.emoji, present, at))
        await tell(self._client, payload.user_id, answer)

    def _actor(self, payload: discord.RawReactionActionEvent) -> Actor:
        if payload.member is None:
            return Actor(identity(payload.user_id))
        return actor_of(payload.member, self._client.picture)

    async def _ticket_asked(self, payload: discord.RawReactionActionEvent) -> None:
        """The event does not say what the message is, so it is fetched."""
        async with self._turn(payload.channel_id):
            where = await self._directory.where(payload.channel_id, payload.guild_id, payload.user_id)
            message = await self._directory.message(payload.channel_id, payload.message_id)
            if where is None or message is None or await self._is_ours(message) or not is_post(message):
                return
            ref = message_ref(where.place, message.id)
            event = TicketAsked(
                key=asked_key(ref, payload.user_id),
                actor=self._actor(payload),
                source=source_of(message, where, self._client.picture),
                means=Means.REACTION,
                at=self._clock.now(),
            )
            answer = await self._take(event)
        await tell(self._client, payload.user_id, answer)

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        await self._gone(channel.guild.id, channel.id)

    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        await self._gone(payload.guild_id, payload.thread_id)

    async def _gone(self, guild_id: int, channel_id: int) -> None:
        async with self._turn(channel_id):
            await self._take(PlaceGone(place(installation(guild_id), channel_id), self._clock.now()))
