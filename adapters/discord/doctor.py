"""What ``chatdesk doctor`` looks at: token, intents, commands, permissions; and, live, a scratch channel."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Awaitable, Callable

import discord

from adapters.discord.commands import registered
from adapters.discord.endpoints import DiscordClient
from adapters.discord.failures import failure_of
from adapters.discord.permissions import IN_EVERY_CHANNEL, shown
from adapters.discord.webhooks import WEBHOOK_NAME
from chatdesk.contract.ports import Check

_TEXT = "chatdesk doctor was here"
_PORTAL = "in the developer portal, under Bot"


class Doctor:
    """Examines a client that is logged in but need not be connected to the gateway."""

    def __init__(self, client: DiscordClient, wants_members: bool, shards: int = 1) -> None:
        self._client = client
        self._wants_members = wants_members
        self._shards = shards

    async def examine(self, live: bool, scratch: str | None) -> AsyncIterator[Check]:
        yield Check(f"Discord: token of {self._client.user}", ok=True)
        for check in self._intents():
            yield check
        yield await self._commands()
        async for check in self._sharding():
            yield check
        async for check in self._servers():
            yield check
        if live:
            async for check in self._live(scratch):
                yield check

    def _intents(self) -> list[Check]:
        flags = self._client.application_flags
        content = flags.gateway_message_content or flags.gateway_message_content_limited
        checks = [
            Check("Discord: Message Content Intent", content, "" if content else f"switch it on {_PORTAL}")
        ]
        if self._wants_members:
            members = flags.gateway_guild_members or flags.gateway_guild_members_limited
            advice = (
                f"switch it on {_PORTAL}, or set CHATDESK_DISCORD__MEMBERS_INTENT=false "
                "if no role is a source of staff"
            )
            checks.append(Check("Discord: Server Members Intent", members, "" if members else advice))
        return checks

    async def _commands(self) -> Check:
        assert self._client.application_id is not None
        there = await registered(self._client, self._client.application_id)
        advice = "" if there else "`chatdesk run` brings them up to date when it starts"
        return Check("Discord: commands", there, advice)

    async def _sharding(self) -> AsyncIterator[Check]:
        """Discord's own advice comes long before it refuses to go on with too few."""
        advised, _, _ = await self._client.http.get_bot_gateway()
        if advised > self._shards:
            advice = f"Discord advises {advised}: set CHATDESK_DISCORD__SHARDS={advised}"
            yield Check(f"Discord: {_counted(self._shards)}", False, advice)
        elif self._shards > 1:
            named = ", ".join(map(str, range(self._shards)))
            yield Check(f"Discord: {_counted(self._shards)} ({named})", True)

    async def _servers(self) -> AsyncIterator[Check]:
        found = False
        async for listed in self._client.fetch_guilds():
            found = True
            lacking = await self._lacking(listed.id)
            advice = f"give the bot's role: {', '.join(lacking)}" if lacking else ""
            yield Check(f"Discord: permissions in {listed.name}", not lacking, advice)
        if not found:
            yield Check("Discord: servers", False, "invite the bot to a server, as README.md says")

    async def _lacking(self, guild_id: int) -> list[str]:
        us = self._client.user
        assert us is not None
        guild = await self._client.fetch_guild(guild_id)
        member = await guild.fetch_member(us.id)
        granted = member.guild_permissions
        return [shown(name) for name in IN_EVERY_CHANNEL if not getattr(granted, name)]

    async def _live(self, scratch: str | None) -> AsyncIterator[Check]:
        if scratch is None or not scratch.isdigit():
            yield Check("Discord: scratch channel", False, "name a channel by its id")
            return
        try:
            channel = await self._client.fetch_channel(int(scratch))
        except (discord.NotFound, discord.Forbidden):
            yield Check("Discord: scratch channel", False, "let the bot see it, or name another")
            return
        if not isinstance(channel, discord.TextChannel):
            yield Check("Discord: scratch channel", False, "it has to be a text channel")
            return
        trial = Trial(channel)
        for subject, act in trial.steps():
            yield await self._tried(f"Discord: {subject} in #{channel.name}", act)

    async def _tried(self, subject: str, act: Callable[[], Awaitable[object]]) -> Check:
        try:
            with self._client.reached():
                await act()
        except (discord.DiscordException, OSError) as error:
            failure = failure_of(error)
            advice = (failure and failure.permanent) or "Discord did not answer; try again"
            return Check(subject, False, advice)
        return Check(subject, ok=True)


def _counted(shards: int) -> str:
    return "1 shard" if shards == 1 else f"{shards} shards"


class Trial:
    """Does in a scratch channel what mirroring does, and leaves nothing there."""

    def __init__(self, channel: discord.TextChannel) -> None:
        self._channel = channel
        self._posted: list[discord.Message] = []
        self._webhook: discord.Webhook | None = None

    def steps(self) -> list[tuple[str, Callable[[], Awaitable[object]]]]:
        return [
            ("posting", self._post),
            ("editing", self._edit),
            ("uploading", self._upload),
            ("posting under another name", self._customise),
            ("deleting", self._delete),
        ]

    async def _post(self) -> None:
        self._posted.append(await self._channel.send(_TEXT))

    async def _edit(self) -> None:
        for message in self._posted[:1]:
            await message.edit(content=f"{_TEXT}.")

    async def _upload(self) -> None:
        file = discord.File(io.BytesIO(_TEXT.encode()), filename="doctor.txt")
        self._posted.append(await self._channel.send(file=file))

    async def _customise(self) -> None:
        self._webhook = await self._channel.create_webhook(name=WEBHOOK_NAME)
        self._posted.append(await self._webhook.send(_TEXT, username="Doctor", wait=True))

    async def _delete(self) -> None:
        for message in self._posted:
            await message.delete()
        if self._webhook is not None:
            await self._webhook.delete()
