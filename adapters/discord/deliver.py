"""Effects, one function each: what the courier hands over becomes requests to Discord."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

import discord

from adapters.discord.attempts import Looks, Spot, Steps
from adapters.discord.deliver_posts import BotHand, PostWriter, hand_of, opened, remove
from adapters.discord.deliver_threads import PostedIn, ThreadOpener
from adapters.discord.directory import Directory
from adapters.discord.endpoints import DiscordClient
from adapters.discord.failures import ARCHIVED, CANNOT_DM, LOCKED, UNKNOWN_EMOJI, UNKNOWN_WEBHOOK
from adapters.discord.ids import DISCORD, message_key
from adapters.discord.render import line, view_of
from adapters.discord.webhooks import Webhooks, channel_of_webhook
from chatdesk.contract.outbound import (
    Author,
    Content,
    Copy,
    DeleteMessages,
    EditLine,
    EditMessage,
    OpenThread,
    Outbound,
    OutgoingFile,
    PostLine,
    PostMessage,
    RetireCard,
    SetMember,
    SetReaction,
    SetThreadOpen,
    ShowCard,
    TellPerson,
    Whisper,
)
from chatdesk.contract.ports import Attempt, DeliveryFailed, Receipt
from chatdesk.contract.views import Control
from chatdesk.contract.vocabulary import MessageRef, Place

T = TypeVar("T")

WHISPER_SECONDS = 60.0
"""How long a whisper stands where it could not be said in private."""


class Deliveries:
    """Shows effects through one client."""

    def __init__(self, client: DiscordClient, directory: Directory, webhooks: Webhooks) -> None:
        self._client = client
        self._directory = directory
        self._webhooks = webhooks
        self._threads = ThreadOpener(client, directory)

    async def deliver(self, effect: Outbound, at: Place, attempt: Attempt) -> Receipt:
        """Raises DeliveryFailed and discord.py's own errors."""
        steps = Steps(attempt, self._client, self._webhooks)
        match effect:
            case OpenThread():
                return await self._threads.open(effect, at, steps)
            case ShowCard():
                return await self._unarchived(at, lambda: self._threads.show_card(effect, at, steps))
            case RetireCard():
                await self._unarchived(effect.card.place, lambda: self._threads.retire_card(effect))
            case PostMessage():
                return Receipt(copies=await self._unarchived(at, lambda: self._post(effect, at, steps)))
            case EditMessage():
                return Receipt(copies=await self._unarchived(at, lambda: self._edit(effect, at, steps)))
            case DeleteMessages():
                await self._unarchived(at, lambda: self._delete(effect, at))
            case PostLine():
                return await self._unarchived(at, lambda: self._line(effect, at, steps))
            case EditLine():
                await self._unarchived(at, lambda: self._edit_line(effect))
            case SetReaction():
                await self._unarchived(at, lambda: self._set_reaction(effect))
            case Whisper():
                await self._whisper(effect, at, steps)
            case TellPerson():
                await self._tell(effect, at, steps)
            case SetThreadOpen():
                await self._set_open(effect, at)
            case SetMember():
                await self._set_member(effect, at)
        return Receipt()

    async def _spot(self, at: Place) -> Spot:
        channel = await self._directory.channel(int(at.id))
        if not isinstance(channel, PostedIn):
            raise DeliveryFailed(permanent="nothing can be written in this kind of channel")
        return Spot(at, channel)

    async def _post(self, effect: PostMessage, at: Place, steps: Steps) -> tuple[Copy, ...]:
        spot = await self._spot(at)
        try:
            writer = await self._writer(spot, effect.content, steps, effect.reply_to)
            return tuple(await writer.post())
        except discord.NotFound as error:
            if error.code != UNKNOWN_WEBHOOK:
                raise
        await self._forget_webhook(spot)
        writer = await self._writer(spot, effect.content, steps, effect.reply_to)
        return tuple(await writer.post())

    async def _edit(self, effect: EditMessage, at: Place, steps: Steps) -> tuple[Copy, ...]:
        writer = await self._writer(await self._spot(at), effect.content, steps, None)
        return tuple(await writer.edit(effect.copies))

    async def _writer(
        self, spot: Spot, content: Content, steps: Steps, reply_to: MessageRef | None
    ) -> PostWriter:
        channel = channel_of_webhook(await self._directory.channel(int(spot.place.id)))
        if channel is None:
            return PostWriter(spot, BotHand(spot, content, _reference(reply_to)), content, steps)
        webhook = await self._webhooks.of(channel)
        return PostWriter(spot, hand_of(webhook, channel, spot, content), content, steps)

    async def _forget_webhook(self, spot: Spot) -> None:
        channel = channel_of_webhook(await self._directory.channel(int(spot.place.id)))
        if channel is not None:
            self._webhooks.forget(channel)

    async def _delete(self, effect: DeleteMessages, at: Place) -> None:
        spot = await self._spot(at)
        nothing = _nothing()
        channel = channel_of_webhook(await self._directory.channel(int(at.id)))
        webhook = None if channel is None else await self._webhooks.of(channel)
        hand = hand_of(webhook, channel, spot, nothing)
        for ref in {copy.ref.id: copy.ref for copy in effect.copies}.values():
            await remove(hand, BotHand(spot, nothing), ref)

    async def _line(self, effect: PostLine, at: Place, steps: Steps) -> Receipt:
        spot = await self._spot(at)
        text = line(effect.text, effect.people)
        ref = await self._say(spot, text, effect.controls, steps, effect.file)
        return Receipt(copies=(Copy("text:0", ref),))

    async def _say(
        self,
        spot: Spot,
        text: str,
        controls: Sequence[Control],
        steps: Steps,
        file: OutgoingFile | None = None,
    ) -> MessageRef:
        nonce = steps.nonce("0")

        async def send() -> discord.Message:
            options: dict[str, Any] = {"view": view_of(controls)} if controls else {}
            if file is None:
                return await spot.channel.send(text, nonce=nonce, **options)
            try:
                return await spot.channel.send(text, nonce=nonce, file=opened(file), **options)
            except discord.Forbidden:
                return await spot.channel.send(text, nonce=nonce, **options)

        return await steps.message("text:0", spot, Looks(text, file=file is not None), send)

    async def _edit_line(self, effect: EditLine) -> None:
        message = await self._threads.message(effect.ref)
        view = view_of(effect.controls) if effect.controls else None
        await message.edit(content=line(effect.text, effect.people), view=view)

    async def _set_reaction(self, effect: SetReaction) -> None:
        emoji = self._emoji(effect.emoji)
        us = self._client.user
        if emoji is None or us is None:
            return
        message = await self._threads.message(effect.ref)
        if effect.present:
            await message.add_reaction(emoji)
            return
        try:
            await message.remove_reaction(emoji, us)
        except discord.HTTPException as error:
            is_gone = isinstance(error, discord.NotFound) or error.code == UNKNOWN_EMOJI
            if not is_gone:
                raise

    def _emoji(self, emoji: str) -> str | discord.Emoji | None:
        """A custom emoji by its name; one that no server of ours has is not shown, and that is no failure."""
        if not emoji.startswith(":"):
            return emoji
        return discord.utils.get(self._client.emojis, name=emoji.strip(":"), available=True)

    async def _whisper(self, effect: Whisper, at: Place, steps: Steps) -> None:
        try:
            spot = await self._threads.dm_with(effect.to, at.installation)
            await self._say(spot, line(effect.text), effect.controls, steps)
        except (DeliveryFailed, discord.Forbidden) as error:
            closed = isinstance(error, DeliveryFailed) or error.code == CANNOT_DM
            if not closed or not effect.internal:
                raise
            await self._whisper_there(effect, at, steps)

    async def _whisper_there(self, effect: Whisper, at: Place, steps: Steps) -> None:
        """In a place that only staff read, as a reply that deletes itself."""
        spot = await self._spot(at)
        text, nonce = line(effect.text), steps.nonce("w")
        options: dict[str, Any] = {}
        if effect.controls:
            options["view"] = view_of(effect.controls)
        if effect.about is not None and effect.about.place == at:
            options["reference"] = _reference(effect.about)

        async def send() -> discord.Message:
            return await spot.channel.send(text, nonce=nonce, delete_after=WHISPER_SECONDS, **options)

        await steps.message("whisper", spot, Looks(text), send)

    async def _tell(self, effect: TellPerson, at: Place, steps: Steps) -> None:
        spot = await self._threads.dm_with(effect.to, at.installation)
        await self._say(spot, line(effect.text), effect.controls, steps, effect.file)

    async def _set_open(self, effect: SetThreadOpen, at: Place) -> None:
        channel = await self._directory.channel(int(at.id))
        if isinstance(channel, discord.Thread):
            await channel.edit(archived=not effect.open, locked=not effect.open)

    async def _set_member(self, effect: SetMember, at: Place) -> None:
        channel = await self._directory.channel(int(at.id))
        if not isinstance(channel, discord.Thread) or effect.who.platform != DISCORD:
            return
        person = discord.Object(int(effect.who.id))
        if effect.present:
            await channel.add_user(person)
        else:
            await channel.remove_user(person)

    async def _unarchived(self, at: Place, act: Callable[[], Awaitable[T]]) -> T:
        """Do something that an archived or locked thread forbids, and leave the thread as it was."""
        try:
            return await act()
        except discord.HTTPException as error:
            if error.code not in (ARCHIVED, LOCKED):
                raise
        thread = await self._client.fetch_channel(int(at.id))
        if not isinstance(thread, discord.Thread):
            raise DeliveryFailed(permanent="the thread is archived")
        was_archived, was_locked = thread.archived, thread.locked
        await thread.edit(archived=False, locked=False)
        try:
            return await act()
        finally:
            await thread.edit(archived=was_archived, locked=was_locked)


def _reference(ref: MessageRef | None) -> discord.MessageReference | None:
    if ref is None:
        return None
    key = message_key(ref)
    return discord.MessageReference(message_id=key.message, channel_id=key.channel, fail_if_not_exists=False)


def _nothing() -> Content:
    """A post of which nothing is left to be shown."""
    return Content(post="", author=Author(""), body="", files=(), internal=False)
