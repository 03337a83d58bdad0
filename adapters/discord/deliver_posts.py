"""Posts: mirrored under their author's name by a webhook, or by the bot with the name in the text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import discord

from adapters.discord.attempts import Looks, Spot, Steps
from adapters.discord.failures import NOT_THE_AUTHOR
from adapters.discord.ids import message_key
from adapters.discord.render import LONGEST_MESSAGE, author_name, author_prefix, file_caption, post_parts
from adapters.discord.webhooks import WebhookChannel
from chatdesk.contract.outbound import Content, Copy, OutgoingFile
from chatdesk.contract.ports import DeliveryFailed
from chatdesk.contract.vocabulary import MessageRef

_MEGABYTE = 1024 * 1024
_DEFAULT_FILE_LIMIT = 10 * _MEGABYTE


class Hand(Protocol):
    """By whom a post is written, changed and removed."""

    @property
    def named(self) -> bool:
        """Whether the author has to stand in the text."""
        ...

    async def write(self, text: str, nonce: str) -> discord.Message: ...

    async def upload(self, file: OutgoingFile, nonce: str) -> discord.Message: ...

    async def change(self, message_id: int, text: str) -> None:
        """Raises discord.NotFound for a message that is gone or is not this hand's."""
        ...

    async def remove(self, message_id: int) -> None: ...


@dataclass(frozen=True, slots=True)
class BotHand:
    """The bot itself."""

    spot: Spot
    content: Content
    reply_to: discord.MessageReference | None = None
    named: bool = True

    async def write(self, text: str, nonce: str) -> discord.Message:
        if self.reply_to is None:
            return await self.spot.channel.send(text, nonce=nonce)
        return await self.spot.channel.send(text, nonce=nonce, reference=self.reply_to, mention_author=False)

    async def upload(self, file: OutgoingFile, nonce: str) -> discord.Message:
        return await self.spot.channel.send(file_caption(self.content), nonce=nonce, file=opened(file))

    async def change(self, message_id: int, text: str) -> None:
        await _message(self.spot, message_id).edit(content=text)

    async def remove(self, message_id: int) -> None:
        await _message(self.spot, message_id).delete()


@dataclass(frozen=True, slots=True)
class WebhookHand:
    """Our webhook in the channel, which shows the author's name and picture."""

    webhook: discord.Webhook
    channel: WebhookChannel
    thread: discord.abc.Snowflake | None
    content: Content
    named: bool = False

    async def write(self, text: str, nonce: str) -> discord.Message:
        return await self.webhook.send(
            text,
            username=author_name(self.content),
            avatar_url=self.content.author.avatar_url or discord.utils.MISSING,
            thread=self.thread or discord.utils.MISSING,
            wait=True,
        )

    async def upload(self, file: OutgoingFile, nonce: str) -> discord.Message:
        return await self.webhook.send(
            file=opened(file),
            username=author_name(self.content),
            avatar_url=self.content.author.avatar_url or discord.utils.MISSING,
            thread=self.thread or discord.utils.MISSING,
            wait=True,
        )

    async def change(self, message_id: int, text: str) -> None:
        thread = self.thread or discord.utils.MISSING
        await self.webhook.edit_message(message_id, content=text, thread=thread)

    async def remove(self, message_id: int) -> None:
        await self.webhook.delete_message(message_id, thread=self.thread or discord.utils.MISSING)


def hand_of(
    webhook: discord.Webhook | None, channel: WebhookChannel | None, spot: Spot, content: Content
) -> Hand:
    """The webhook's hand where there is one, else the bot's."""
    if webhook is None or channel is None:
        return BotHand(spot, content)
    thread = spot.channel if isinstance(spot.channel, discord.Thread) else None
    return WebhookHand(webhook, channel, thread, content)


class PostWriter:
    """Brings one post's copies at one spot to what its content says."""

    def __init__(self, spot: Spot, hand: Hand, content: Content, steps: Steps) -> None:
        self._spot = spot
        self._hand = hand
        self._bot = BotHand(spot, content)
        self._content = content
        self._steps = steps

    async def post(self) -> list[Copy]:
        """Post all parts and files, going on where an earlier try stopped."""
        return await self._texts({}) + await self._files(self._content.files)

    async def edit(self, copies: Iterable[Copy]) -> list[Copy]:
        """Edit the parts there are, post missing ones, remove surplus ones; all there are afterwards."""
        existing = {copy.part: copy.ref for copy in copies}
        texts = await self._texts(existing)
        wanted = {f"file:{file.id}": file for file in self._content.files}
        kept = [Copy(part, ref) for part, ref in existing.items() if part in wanted]
        new = [file for part, file in wanted.items() if part not in existing]
        staying = {copy.part for copy in (*texts, *kept)}
        for part, ref in existing.items():
            if part not in staying and ref not in {copy.ref for copy in texts}:
                await remove(self._hand, self._bot, ref)
        return texts + kept + await self._files(new)

    async def _texts(self, existing: dict[str, MessageRef]) -> list[Copy]:
        copies = []
        for index, text in enumerate(post_parts(self._content, self._hand.named)):
            part = f"text:{index}"
            ref = existing.get(part)
            if ref is None:
                ref = await self._written(part, index, text)
            else:
                ref = await self._changed(part, index, ref, text)
            if ref is not None:
                copies.append(Copy(part, ref))
        return copies

    async def _written(self, part: str, index: int, text: str) -> MessageRef:
        nonce = self._steps.nonce(str(index))
        looks = Looks(text, nonce=self._hand.named)
        return await self._steps.message(part, self._spot, looks, lambda: self._hand.write(text, nonce))

    async def _changed(self, part: str, index: int, ref: MessageRef, text: str) -> MessageRef | None:
        """Where the message stands afterwards; None if somebody deleted it, which stands."""
        message_id = message_key(ref).message
        try:
            await self._hand.change(message_id, text)
        except (discord.NotFound, discord.Forbidden) as error:
            if isinstance(error, discord.Forbidden) and error.code != NOT_THE_AUTHOR:
                raise
            return await self._replaced(part, index, message_id, text)
        return ref

    async def _replaced(self, part: str, index: int, message_id: int, text: str) -> MessageRef | None:
        """A message that another hand wrote: the bot's is edited by the bot, a lost webhook's is put anew."""
        try:
            message = await _message(self._spot, message_id).fetch()
        except discord.NotFound:
            return None
        if message.webhook_id is None:
            named = text if self._hand.named else f"{author_prefix(self._content)}{text}"
            await self._bot.change(message_id, named[:LONGEST_MESSAGE])
            return self._spot.ref(message_id)
        ref = await self._written(part, index, text)
        await message.delete()
        return ref

    async def _files(self, files: Iterable[OutgoingFile]) -> list[Copy]:
        """Upload each file as a message of its own; the ones too large are refused when the rest is there."""
        copies, too_large = [], []
        for index, file in enumerate(files):
            if file.size > self._file_limit():
                too_large.append(file.name)
                continue
            copies.append(Copy(f"file:{file.id}", await self._uploaded(index, file)))
        if too_large:
            limit = self._file_limit() // _MEGABYTE
            raise DeliveryFailed(
                permanent=f"Discord takes files of at most {limit} MiB here; left out: {', '.join(too_large)}"
            )
        return copies

    async def _uploaded(self, index: int, file: OutgoingFile) -> MessageRef:
        nonce = self._steps.nonce(f"f{index}")
        caption = file_caption(self._content) if self._hand.named else ""
        looks = Looks(caption, file=True, nonce=self._hand.named)
        return await self._steps.message(
            f"file:{file.id}", self._spot, looks, lambda: self._hand.upload(file, nonce)
        )

    def _file_limit(self) -> int:
        guild = getattr(self._spot.channel, "guild", None)
        return guild.filesize_limit if isinstance(guild, discord.Guild) else _DEFAULT_FILE_LIMIT


async def remove(hand: Hand, bot: BotHand, ref: MessageRef) -> None:
    """Remove a message by whoever wrote it; one that is already gone is no failure."""
    message_id = message_key(ref).message
    try:
        await hand.remove(message_id)
    except discord.NotFound:
        try:
            await bot.remove(message_id)
        except discord.NotFound:
            return


def _message(spot: Spot, message_id: int) -> discord.PartialMessage:
    channel = spot.channel
    assert isinstance(
        channel, discord.TextChannel | discord.Thread | discord.DMChannel | discord.PartialMessageable
    )
    return channel.get_partial_message(message_id)


def opened(file: OutgoingFile) -> discord.File:
    return discord.File(file.path, filename=file.name)
