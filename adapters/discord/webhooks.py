"""The webhooks that mirrored posts go through: one of ours in each channel, found or made when needed."""

from __future__ import annotations

import asyncio
from collections import defaultdict

import discord

from adapters.discord.directory import Channel
from adapters.discord.endpoints import DiscordClient

WEBHOOK_NAME = "chatdesk"

WebhookChannel = discord.TextChannel | discord.ForumChannel


def channel_of_webhook(channel: Channel) -> WebhookChannel | None:
    """The channel whose webhook can post here; None in DMs, which have none."""
    owner = channel.parent if isinstance(channel, discord.Thread) else channel
    return owner if isinstance(owner, discord.TextChannel | discord.ForumChannel) else None


class Webhooks:
    """Our webhook in each channel, remembered."""

    def __init__(self, client: DiscordClient) -> None:
        self._client = client
        self._known: dict[int, discord.Webhook] = {}
        self._ours: dict[int, bool] = {}
        self._one_at_a_time: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def of(self, channel: WebhookChannel) -> discord.Webhook | None:
        """Our webhook there, made if there was none; None if we may not have one."""
        async with self._one_at_a_time[channel.id]:
            known = self._known.get(channel.id)
            if known is not None:
                return known
            try:
                webhook = await self._found(channel) or await channel.create_webhook(name=WEBHOOK_NAME)
            except discord.Forbidden:
                return None
            self._known[channel.id] = webhook
            self._ours[webhook.id] = True
            return webhook

    async def _found(self, channel: WebhookChannel) -> discord.Webhook | None:
        return next((hook for hook in await channel.webhooks() if self._is_ours(hook) and hook.token), None)

    def forget(self, channel: WebhookChannel) -> None:
        """Somebody deleted it: the next post finds or makes another."""
        self._known.pop(channel.id, None)

    async def posted(self, message: discord.Message) -> bool:
        """Whether a message came from a webhook of ours, also one that was made before a restart."""
        webhook = message.webhook_id
        if webhook is None:
            return False
        if message.application_id is not None:
            return message.application_id == self._client.application_id
        if webhook not in self._ours:
            self._ours[webhook] = await self._asked(webhook)
        return self._ours[webhook]

    async def _asked(self, webhook_id: int) -> bool:
        try:
            return self._is_ours(await self._client.fetch_webhook(webhook_id))
        except (discord.NotFound, discord.Forbidden):
            return False

    def _is_ours(self, webhook: discord.Webhook) -> bool:
        us = self._client.user
        return us is not None and webhook.user is not None and webhook.user.id == us.id
