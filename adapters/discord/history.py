"""What a place holds now, as the events that would have led there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

import discord

from adapters.discord.directory import Directory, where_of
from adapters.discord.endpoints import DiscordClient
from adapters.discord.ids import message_key, message_ref
from adapters.discord.parse import actor_of, addressed_to, edited, emoji_text, is_post, posted, reacted
from adapters.discord.webhooks import Webhooks
from chatdesk.contract.inbound import Inbound, MessageDeleted
from chatdesk.contract.outbound import Copy
from chatdesk.contract.ports import Clock, DeliveryFailed, Window
from chatdesk.contract.vocabulary import TICKET_EMOJI, Place, Where


class History:
    """Reads back what happened."""

    def __init__(self, client: DiscordClient, directory: Directory, webhooks: Webhooks, clock: Clock) -> None:
        self._client = client
        self._directory = directory
        self._webhooks = webhooks
        self._clock = clock

    async def of(self, place: Place, known: Sequence[Copy], window: Window) -> AsyncIterator[Inbound]:
        """A place's events, oldest first; in a thread beginning with the message that it was opened from."""
        channel = await self._directory.channel(int(place.id))
        if not isinstance(channel, discord.abc.Messageable):
            raise DeliveryFailed(permanent="there are no messages in this kind of channel")
        where = where_of(channel, place.installation)
        if isinstance(channel, discord.Thread) and window.since is None:
            async for event in self._starter(channel, where):
                yield event
        messages = await _newest(channel, window)
        for message in messages:
            async for event in self._events(message, where):
                yield event
        for event in self._gone(place, known, messages, window):
            yield event

    async def _starter(self, thread: discord.Thread, where: Where) -> AsyncIterator[Inbound]:
        """A forum's first message stands in the thread itself and comes with the rest."""
        if isinstance(thread.parent, discord.ForumChannel):
            return
        message = await self._directory.message(thread.parent_id, thread.id)
        if message is None:
            return
        parent = await self._directory.channel(thread.parent_id)
        async for event in self._events(message, where_of(parent, where.place.installation)):
            yield event

    async def _events(self, message: discord.Message, where: Where) -> AsyncIterator[Inbound]:
        us = self._client.user
        if us is None or not is_post(message):
            return
        role = None if message.guild is None else message.guild.self_role
        is_command = addressed_to(message, us.id, None if role is None else role.id) is not None
        is_ours = message.author.id == us.id or await self._webhooks.posted(message)
        if not is_ours and not is_command:
            yield posted(message, where, self._client.picture)
            change = edited(message, where, self._client.picture)
            if change is not None:
                yield change
        async for reaction in self._reactions(message, where):
            yield reaction

    async def _reactions(self, message: discord.Message, where: Where) -> AsyncIterator[Inbound]:
        us = self._client.user
        for reaction in message.reactions:
            if emoji_text(reaction.emoji) == TICKET_EMOJI:
                continue
            async for user in reaction.users():
                if us is not None and user.id != us.id:
                    ref = message_ref(where.place, message.id)
                    actor = actor_of(user, self._client.picture)
                    yield reacted(ref, where, actor, reaction.emoji, True, self._clock.now())

    def _gone(
        self, place: Place, known: Sequence[Copy], messages: Sequence[discord.Message], window: Window
    ) -> list[MessageDeleted]:
        """Known copies that the stretch of history that was read should hold and does not."""
        there = {message.id for message in messages}
        whole = len(messages) < window.messages
        if whole:
            begins = 0 if window.since is None else discord.utils.time_snowflake(window.since)
        else:
            begins = min(there, default=0)
        refs = {copy.ref.id: copy.ref for copy in known if copy.ref.place.id == place.id}
        return [
            MessageDeleted(ref, self._clock.now())
            for ref in refs.values()
            if begins <= message_key(ref).message and message_key(ref).message not in there
        ]


async def _newest(channel: discord.abc.Messageable, window: Window) -> list[discord.Message]:
    """The newest messages within the window, oldest first. A message's id tells its time in milliseconds."""
    begins = 0 if window.since is None else discord.utils.time_snowflake(window.since)
    found: list[discord.Message] = []
    async for message in channel.history(limit=window.messages):
        if message.id < begins:
            break
        found.append(message)
    return found[::-1]
