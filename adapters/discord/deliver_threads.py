"""Threads and cards: opened once, also when a try is repeated."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import discord

from adapters.discord.attempts import Looks, Spot, Steps
from adapters.discord.directory import Channel, Directory
from adapters.discord.endpoints import DiscordClient
from adapters.discord.failures import CANNOT_DM, THREAD_EXISTS
from adapters.discord.ids import DISCORD, message_key, message_ref, place
from adapters.discord.render import ShownCard, card_number, line, shown_card, thread_name
from chatdesk.contract.outbound import Copy, OpenThread, RetireCard, ShowCard, Visibility
from chatdesk.contract.ports import DeliveryFailed, Receipt
from chatdesk.contract.vocabulary import IdentityId, Installation, MessageRef, Place

_A_WEEK_IN_MINUTES: Final = 10080
_THREAD = "thread"
_OPENING = "opening"
_CARD = "card"

PostedIn = discord.TextChannel | discord.Thread | discord.DMChannel


class ThreadOpener:
    """Opens customer threads and DMs, and cards with the thread that belongs to each."""

    def __init__(self, client: DiscordClient, directory: Directory) -> None:
        self._client = client
        self._directory = directory

    async def open(self, effect: OpenThread, at: Place, steps: Steps) -> Receipt:
        if effect.visibility is Visibility.DM:
            return await self._open_dm(effect, at.installation, steps)
        thread = await self._customer_thread(effect, at, steps)
        if thread is None:
            return await self._open_dm(effect, at.installation, steps)
        there = place(at.installation, thread.id)
        said = await self._say_opening(effect, Spot(there, thread), steps)
        await self._add_members(thread, effect)
        return Receipt(opened=there, copies=said)

    async def _customer_thread(self, effect: OpenThread, at: Place, steps: Steps) -> discord.Thread | None:
        """The thread; None where it would have to be private and cannot be."""
        recorded = steps.done(_THREAD)
        if recorded is not None:
            return await self._directory.thread(int(recorded))
        thread = await self._new_thread(effect, at, steps)
        if thread is not None:
            await steps.record(_THREAD, str(thread.id))
        return thread

    async def _new_thread(self, effect: OpenThread, at: Place, steps: Steps) -> discord.Thread | None:
        if effect.visibility is Visibility.PUBLIC and effect.source is not None:
            return await self._thread_under(effect.source, effect.title)
        channel = await self._directory.channel(int(at.id))
        name = thread_name(effect.title)
        earlier = await self._earlier_thread(channel, name, steps)
        if earlier is not None:
            return earlier
        if effect.visibility is Visibility.PRIVATE:
            return await _private_thread(channel, name)
        return await _public_thread(channel, name, effect.opening, steps)

    async def _thread_under(self, source: MessageRef, title: str) -> discord.Thread:
        """The thread from a message; one that stands in a thread already is answered there."""
        key = message_key(source)
        channel = await self._directory.channel(key.channel)
        if isinstance(channel, discord.Thread):
            return channel
        if not isinstance(channel, discord.TextChannel):
            raise DeliveryFailed(permanent="threads cannot be opened in this kind of channel")
        return await self._begin_thread(channel.get_partial_message(key.message), title)

    async def _begin_thread(self, message: discord.PartialMessage, title: str) -> discord.Thread:
        try:
            return await message.create_thread(
                name=thread_name(title), auto_archive_duration=_A_WEEK_IN_MINUTES
            )
        except discord.HTTPException as error:
            if error.code != THREAD_EXISTS:
                raise
            return await self._directory.thread(message.id)

    async def _earlier_thread(self, channel: Channel, name: str, steps: Steps) -> discord.Thread | None:
        """The thread that an earlier try may have opened without our learning of it."""
        if not steps.uncertain or not isinstance(channel, discord.abc.GuildChannel):
            return None
        us = self._client.user
        for thread in await channel.guild.active_threads():
            is_ours = us is not None and thread.owner_id == us.id and thread.parent_id == channel.id
            created = discord.utils.snowflake_time(thread.id)
            if is_ours and thread.name == name and created >= steps.began:
                return thread
        return None

    async def _say_opening(self, effect: OpenThread, spot: Spot, steps: Steps) -> tuple[Copy, ...]:
        """The opening line, if there is one: nothing that is delivered there later is older."""
        text = line(effect.opening)
        if not effect.opening.strip():
            return ()
        nonce = steps.nonce("o")
        ref = await steps.message(_OPENING, spot, Looks(text), lambda: spot.channel.send(text, nonce=nonce))
        return (Copy(_OPENING, ref),)

    async def _add_members(self, thread: discord.Thread, effect: OpenThread) -> None:
        """A ping in a private thread adds nobody. In a public one, whoever cannot be added still reads it."""
        for member in _here(effect.members):
            try:
                await thread.add_user(discord.Object(int(member.id)))
            except discord.HTTPException as error:
                if thread.is_private() and member == effect.members[0]:
                    raise DeliveryFailed(
                        permanent="the requester cannot be added to the private thread"
                    ) from error

    async def _open_dm(self, effect: OpenThread, home: Installation, steps: Steps) -> Receipt:
        members = _here(effect.members)
        if not members:
            raise DeliveryFailed(permanent="there is nobody with a Discord account to write to")
        spot = await self.dm_with(members[0], home)
        return Receipt(opened=spot.place, copies=await self._say_opening(effect, spot, steps))

    async def dm_with(self, person: IdentityId, home: Installation) -> Spot:
        """The DM with a person. Raises DeliveryFailed if they take none."""
        try:
            channel = await self._client.create_dm(discord.Object(int(person.id)))
        except discord.HTTPException as error:
            if error.code != CANNOT_DM:
                raise
            raise DeliveryFailed(permanent="they do not accept direct messages") from error
        return Spot(place(home, channel.id), channel)

    async def show_card(self, effect: ShowCard, at: Place, steps: Steps) -> Receipt:
        card = shown_card(effect.content)
        if effect.card is not None and await self._edit_card(effect.card, card):
            return Receipt(card=effect.card)
        channel = await self._directory.channel(int(at.id))
        title = f"#{effect.content.number} {effect.content.title}"
        if isinstance(channel, discord.ForumChannel):
            return await self._card_in_forum(channel, card, title, at.installation, steps)
        if not isinstance(channel, discord.TextChannel | discord.Thread):
            raise DeliveryFailed(permanent="cards cannot be shown in this kind of channel")
        spot = Spot(at, channel)
        nonce, looks = steps.nonce("c"), Looks("", card=card_number(effect.content))
        ref = await steps.message(
            _CARD, spot, looks, lambda: channel.send(embed=card.embed, view=card.view, nonce=nonce)
        )
        if effect.card is not None:
            return Receipt(card=ref)
        if isinstance(channel, discord.Thread):
            return Receipt(card=ref, opened=at, copies=(Copy(_CARD, ref),))
        thread = await self._begin_thread(channel.get_partial_message(message_key(ref).message), title)
        return _card_with_thread(ref, place(at.installation, thread.id), thread)

    async def _edit_card(self, ref: MessageRef, card: ShownCard) -> bool:
        """Whether the card was still there to be edited."""
        message = await self.message(ref)
        try:
            await message.edit(content=None, embed=card.embed, view=card.view)
        except discord.NotFound:
            return False
        return True

    async def _card_in_forum(
        self, forum: discord.ForumChannel, card: ShownCard, title: str, home: Installation, steps: Steps
    ) -> Receipt:
        name = thread_name(title)
        thread = await self._earlier_thread(forum, name, steps)
        if thread is None:
            made = await forum.create_thread(
                name=name, embed=card.embed, view=card.view, auto_archive_duration=_A_WEEK_IN_MINUTES
            )
            thread = made.thread
        there = place(home, thread.id)
        return _card_with_thread(message_ref(there, thread.id), there, thread)

    async def retire_card(self, effect: RetireCard) -> None:
        message = await self.message(effect.card)
        try:
            await message.edit(content=line(effect.line), embeds=[], view=None)
        except discord.NotFound:
            return

    async def message(self, ref: MessageRef) -> discord.PartialMessage:
        """A message to act on, without fetching it."""
        key = message_key(ref)
        channel = await self._directory.channel(key.channel)
        if not isinstance(channel, PostedIn):
            raise DeliveryFailed(permanent="there are no messages in this kind of channel")
        return channel.get_partial_message(key.message)


def _card_with_thread(card: MessageRef, there: Place, thread: discord.Thread) -> Receipt:
    """A thread begins with the message that has its own id: nothing of ours in it is older."""
    return Receipt(card=card, opened=there, copies=(Copy(_CARD, message_ref(there, thread.id)),))


def _here(members: Sequence[IdentityId]) -> list[IdentityId]:
    return [member for member in members if member.platform == DISCORD]


async def _private_thread(channel: Channel, name: str) -> discord.Thread | None:
    if not isinstance(channel, discord.TextChannel):
        return None
    try:
        return await channel.create_thread(
            name=name,
            type=discord.ChannelType.private_thread,
            invitable=False,
            auto_archive_duration=_A_WEEK_IN_MINUTES,
        )
    except discord.Forbidden:
        return None


async def _public_thread(channel: Channel, name: str, opening: str, steps: Steps) -> discord.Thread:
    """A thread without a message; in a forum the opening line is its post."""
    match channel:
        case discord.Thread():
            return channel
        case discord.TextChannel():
            return await channel.create_thread(
                name=name,
                type=discord.ChannelType.public_thread,
                auto_archive_duration=_A_WEEK_IN_MINUTES,
            )
        case discord.ForumChannel():
            made = await channel.create_thread(
                name=name, content=line(opening), auto_archive_duration=_A_WEEK_IN_MINUTES
            )
            await steps.record(_OPENING, f"{made.thread.id}/{made.message.id}")
            return made.thread
    raise DeliveryFailed(permanent="threads cannot be opened in this kind of channel")
