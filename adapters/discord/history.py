"""What a place holds now, as the events that would have led there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import discord

from adapters.discord.directory import Directory, where_of
from adapters.discord.endpoints import DiscordClient
from adapters.discord.ids import message_key, message_ref
from adapters.discord.ids import place as place_of
from adapters.discord.parse import (
    actor_of,
    addressed_to,
    asked_key,
    edited,
    emoji_text,
    is_post,
    posted,
    source_of,
    typed,
    version_at,
)
from adapters.discord.webhooks import Webhooks
from adapters.pacing import Limit, Rate, Turnstile
from chatdesk.contract.inbound import Inbound, MessageDeleted, Reaction, ReactionsSeen, TicketAsked
from chatdesk.contract.outbound import Copy
from chatdesk.contract.ports import Clock, DeliveryFailed, Window
from chatdesk.contract.vocabulary import TICKET_EMOJI, Means, Place, PlaceKind, Where

_MOST_MESSAGES = 5000
"""At one reading, whatever the window; what is beyond it is read the next time."""


_PAGE = 100
"""As many messages come with one request."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many requests for the past may be made."""

    turnstile: Turnstile
    per_minute: float

    async def turn(self) -> None:
        """Wait until one more may be made."""
        rate = Rate(self.per_minute, 60.0, burst=max(1, int(self.per_minute // 5)))
        await self.turnstile.turn((Limit("catch-up", rate),))


@dataclass(frozen=True, slots=True)
class _Reading:
    """One look at a place. ``ours``: ids of the messages that we know there."""

    window: Window
    ours: frozenset[str]
    now: datetime

    def is_news(self, message: discord.Message) -> bool:
        return self.window.news is not None and message.created_at >= self.window.news


class History:
    """Reads back what happened."""

    def __init__(
        self,
        client: DiscordClient,
        directory: Directory,
        webhooks: Webhooks,
        allowance: Allowance,
        clock: Clock,
    ) -> None:
        self._client = client
        self._directory = directory
        self._webhooks = webhooks
        self._allowance = allowance
        self._clock = clock

    async def of(
        self, place: Place, known: Sequence[Copy], window: Window
    ) -> AsyncIterator[Inbound | ReactionsSeen]:
        """A place's events, oldest first; in a thread beginning with the message that it was opened from."""
        channel = await self._directory.channel(int(place.id))
        if isinstance(channel, discord.ForumChannel):
            async for event in self._forum(channel, place, window):
                yield event
            return
        if not isinstance(channel, discord.abc.Messageable):
            raise DeliveryFailed(permanent="there are no messages in this kind of channel")
        ours = frozenset(copy.ref.id for copy in known)
        where = where_of(channel, place.installation)
        now = self._clock.now()
        if isinstance(channel, discord.Thread):
            async for event in self._starter(channel, where, _Reading(window, ours, now)):
                yield event
        messages = await self._newest(channel, window)
        for message in messages:
            async for event in self._events(message, where, _Reading(window, ours, now)):
                yield event
        for event in self._gone(place, known, messages, window):
            yield event

    async def _forum(
        self, forum: discord.ForumChannel, place: Place, window: Window
    ) -> AsyncIterator[Inbound | ReactionsSeen]:
        """The forum's posts since then. What is said under one is read once it is a ticket's."""
        begins = _begins(window)
        threads = {thread.id: thread for thread in forum.threads}
        await self._allowance.turn()
        async for thread in forum.archived_threads(limit=100):
            if thread.archive_timestamp is not None and _id_at(thread.archive_timestamp) < begins:
                break
            threads[thread.id] = thread
        for thread_id in sorted(one for one in threads if one >= begins):
            thread = threads[thread_id]
            await self._allowance.turn()
            message = await self._directory.message(thread_id, thread_id)
            if message is not None:
                where = where_of(thread, place.installation)
                async for event in self._events(
                    message, where, _Reading(window, frozenset(), self._clock.now())
                ):
                    yield event

    async def _starter(
        self, thread: discord.Thread, where: Where, reading: _Reading
    ) -> AsyncIterator[Inbound | ReactionsSeen]:
        """A forum's first message stands in the thread itself and comes with the rest."""
        if isinstance(thread.parent, discord.ForumChannel):
            return
        at = place_of(where.place.installation, thread.parent_id)
        ref = message_ref(at, thread.id)
        if ref.id not in reading.ours and reading.window.since is not None:
            return
        await self._allowance.turn()
        message = await self._directory.message(thread.parent_id, thread.id)
        if message is None:
            if ref.id in reading.ours:
                yield MessageDeleted(ref, reading.now)
            return
        parent = await self._directory.channel(thread.parent_id)
        async for event in self._events(message, where_of(parent, where.place.installation), reading):
            yield event

    async def _events(
        self, message: discord.Message, where: Where, reading: _Reading
    ) -> AsyncIterator[Inbound | ReactionsSeen]:
        us = self._client.user
        if us is None or not is_post(message):
            return
        role = None if message.guild is None else message.guild.self_role
        command = addressed_to(message, us.id, None if role is None else role.id)
        is_ours = message.author.id == us.id or await self._webhooks.posted(message)
        picture = self._client.picture
        if not is_ours and command is None:
            yield posted(message, where, picture)
            change = edited(message, where, picture)
            if change is not None:
                yield change
        elif not is_ours and command is not None and reading.is_news(message):
            yield typed(message, where, command, picture)
        if not is_ours and command is None and reading.window.news is not None:
            async for asked in self._ticket_asked(message, where, reading):
                yield asked
        if where.kind is not PlaceKind.CHANNEL or message_ref(where.place, message.id).id in reading.ours:
            yield await self._reactions(message, where, reading)

    async def _ticket_asked(
        self, message: discord.Message, where: Where, reading: _Reading
    ) -> AsyncIterator[Inbound]:
        for reaction in message.reactions:
            if emoji_text(reaction.emoji) != TICKET_EMOJI:
                continue
            await self._allowance.turn()
            async for user in reaction.users(limit=1):
                ref = message_ref(where.place, message.id)
                yield TicketAsked(
                    key=asked_key(ref, user.id),
                    actor=actor_of(user, self._client.picture),
                    source=source_of(message, where, self._client.picture),
                    means=Means.REACTION,
                    at=reading.now,
                )

    async def _reactions(self, message: discord.Message, where: Where, reading: _Reading) -> ReactionsSeen:
        """Who reacts. Whom Discord names costs a request for each emoji, unless it is ours alone."""
        us = self._client.user
        by: list[Reaction] = []
        for reaction in message.reactions:
            if emoji_text(reaction.emoji) == TICKET_EMOJI or (reaction.me and reaction.count == 1):
                continue
            emoji = emoji_text(reaction.emoji)
            await self._allowance.turn()
            people = [user async for user in reaction.users() if us is not None and user.id != us.id]
            by += [Reaction(actor_of(user, self._client.picture), emoji) for user in people]
        ref = message_ref(where.place, message.id)
        return ReactionsSeen(ref, where, tuple(by), version_at(reading.now), reading.now)

    async def _newest(self, channel: discord.abc.Messageable, window: Window) -> list[discord.Message]:
        """The newest messages within the window, oldest first, and all that are news."""
        begins = _begins(window)
        is_news_from = None if window.news is None else _id_at(window.news)
        found: list[discord.Message] = []
        while len(found) < _MOST_MESSAGES:
            await self._allowance.turn()
            older_than = discord.Object(found[-1].id) if found else None
            page = [one async for one in channel.history(limit=_PAGE, before=older_than)]
            for message in page:
                enough = len(found) >= window.messages and (is_news_from is None or message.id < is_news_from)
                if message.id < begins or enough:
                    return found[::-1]
                found.append(message)
            if len(page) < _PAGE:
                break
        return found[::-1]

    def _gone(
        self, place: Place, known: Sequence[Copy], messages: Sequence[discord.Message], window: Window
    ) -> list[MessageDeleted]:
        """Known copies that the stretch of history that was read should hold and does not."""
        there = {message.id for message in messages}
        whole = len(messages) < window.messages
        begins = _begins(window) if whole else min(there, default=0)
        refs = {copy.ref.id: copy.ref for copy in known if copy.ref.place.id == place.id}
        return [
            MessageDeleted(ref, self._clock.now())
            for ref in refs.values()
            if begins <= message_key(ref).message and message_key(ref).message not in there
        ]


def _begins(window: Window) -> int:
    return 0 if window.since is None else _id_at(window.since)


def _id_at(moment: datetime) -> int:
    """The first id that a message of that time can have: an id tells its time in milliseconds."""
    return discord.utils.time_snowflake(moment)
