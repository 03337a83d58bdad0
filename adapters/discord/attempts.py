"""One try at a delivery, step by step: what earlier tries did is not done again.

A step's outcome is recorded before the next begins. Where an earlier try may have reached Discord without our
learning of it, our own messages after the last delivered one are taken for its outcome, in order: one attempt
is in flight per place, so nothing else of ours can have come since.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import discord

from adapters.discord.endpoints import DiscordClient
from adapters.discord.ids import message_key, message_ref
from adapters.discord.webhooks import Webhooks
from chatdesk.contract.ports import Attempt
from chatdesk.contract.vocabulary import MessageRef, Place

_CLOCKS_DIFFER = timedelta(minutes=2)
_LONGEST_NONCE = 25
_NONCE_LASTS = timedelta(minutes=2)
"""Discord remembers nonces for "a few minutes": sending again gives the first message then."""
_LOOKED_THROUGH = 200

OURS = frozenset({discord.MessageType.default, discord.MessageType.reply})

Send = Callable[[], Awaitable[discord.Message]]


@dataclass(frozen=True, slots=True)
class Looks:
    """How to tell a step's message from others of ours."""

    text: str
    file: bool = False
    card: str | None = None
    """How a card's title begins, up to its number."""
    nonce: bool = True
    """It is sent with a nonce, as the bot's own messages are and a webhook's are not."""

    def fit(self, message: discord.Message, exactly: bool) -> bool:
        """``exactly``: with no point in the history to go by, only the very same text is taken for ours."""
        if bool(message.attachments) != self.file:
            return False
        if self.card is not None:
            return any((embed.title or "").startswith(self.card) for embed in message.embeds)
        return not exactly or message.content.split() == self.text.split()


@dataclass(frozen=True, slots=True)
class Spot:
    """A place together with the channel, thread or DM that it is."""

    place: Place
    channel: discord.abc.Messageable

    def ref(self, message_id: int) -> MessageRef:
        return message_ref(self.place, message_id)


class Steps:
    """The steps of one attempt at a place."""

    def __init__(self, attempt: Attempt, client: DiscordClient, webhooks: Webhooks) -> None:
        self._attempt = attempt
        self._client = client
        self._webhooks = webhooks
        self._done = dict(attempt.done)
        self._left: list[discord.Message] | None = None

    @property
    def uncertain(self) -> bool:
        return self._attempt.uncertain

    @property
    def began(self) -> datetime:
        """A time that nothing of this delivery can be older than."""
        return self._attempt.since - _CLOCKS_DIFFER

    def done(self, step: str) -> str | None:
        return self._done.get(step)

    async def record(self, step: str, value: str) -> None:
        self._done[step] = value
        if self._attempt.record is not None:
            await self._attempt.record(step, value)

    def nonce(self, suffix: str) -> str:
        """What Discord knows a message of the bot's by for some minutes."""
        return f"{self._attempt.id}:{suffix}"[-_LONGEST_NONCE:]

    async def message(self, step: str, at: Spot, looks: Looks, send: Send) -> MessageRef:
        """The message of a step: the one recorded, the one found, or the one that ``send`` posts."""
        recorded = self._done.get(step)
        if recorded is not None:
            return MessageRef(at.place, recorded)
        found = await self._found(at, looks) if self._looks_first(looks) else None
        message = found or await send()
        ref = at.ref(message.id)
        await self.record(step, ref.id)
        return ref

    def _looks_first(self, looks: Looks) -> bool:
        """Whether to look into the history; the nonce is surer as long as Discord knows it."""
        is_remembered = discord.utils.utcnow() - self._attempt.since < _NONCE_LASTS
        return self.uncertain and not (looks.nonce and is_remembered)

    async def _found(self, at: Spot, looks: Looks) -> discord.Message | None:
        if self._left is None:
            self._left = await self._own_messages(at)
        taken = set(self._done.values())
        left = [message for message in self._left if at.ref(message.id).id not in taken]
        same = next((message for message in left if looks.fit(message, exactly=True)), None)
        if same is not None or self._after(at) is None:
            return same
        # The post may have been edited since, so that its copy has other words.
        return next((message for message in left if looks.fit(message, exactly=False)), None)

    async def _own_messages(self, at: Spot) -> list[discord.Message]:
        after = self._after(at)
        history = at.channel.history(
            limit=_LOOKED_THROUGH,
            after=self.began if after is None else discord.Object(after),
            oldest_first=True,
        )
        return [message async for message in history if await self._is_ours(message)]

    def _after(self, at: Spot) -> int | None:
        after = self._attempt.after
        if after is None:
            return None
        key = message_key(after)
        return key.message if str(key.channel) == at.place.id else None

    async def _is_ours(self, message: discord.Message) -> bool:
        if message.type not in OURS or message.interaction_metadata is not None:
            return False
        by_bot = self._client.user is not None and message.author.id == self._client.user.id
        return by_bot or await self._webhooks.posted(message)
