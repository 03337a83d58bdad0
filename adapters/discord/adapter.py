"""Discord as the core sees it: lifecycle and delivery, and where discord.py's errors are translated."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from datetime import datetime

from adapters.discord.directory import Directory
from adapters.discord.doctor import Doctor
from adapters.discord.endpoints import DiscordClient, Exit, share_of_everything
from adapters.discord.failures import translated
from adapters.discord.files import opened_file
from adapters.discord.history import Allowance, History
from adapters.discord.ids import DISCORD
from adapters.discord.permissions import lacking, needed_for
from adapters.discord.settings import DiscordSettings
from adapters.discord.shards import SHIFT, Connection, DiscordShard, new_client
from adapters.pacing import Limit, Turnstile
from chatdesk.contract.inbound import Inbound, ReactionsSeen
from chatdesk.contract.outbound import Copy, Outbound
from chatdesk.contract.ports import (
    ASGIApp,
    Attempt,
    Check,
    Clock,
    DeliveryFailed,
    Desk,
    Limits,
    Receipt,
    Window,
)
from chatdesk.contract.shards import Sharding
from chatdesk.contract.vocabulary import FileRef, IdentityId, Installation, Place, Platform, Profile

_LONGEST_DELIVERY_SECONDS = 180.0


class DiscordAdapter:
    """The Discord adapter, for all servers that its bot is in."""

    platform: Platform = DISCORD
    asgi: ASGIApp | None = None
    limits: Limits = Limits(lanes_at_once=32, lanes_per_channel=8, merged_characters=1600, one_listener=True)

    def __init__(self, settings: DiscordSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._turnstile = Turnstile(settings.speed)
        self._exit = Exit(self._turnstile, self._everything)
        self.sharding = Sharding(settings.shards, SHIFT)
        self.shards: Sequence[DiscordShard] = tuple(
            DiscordShard(number, self.sharding, settings, clock, self._exit)
            for number in range(settings.shards)
        )

    @property
    def throttled(self) -> int:
        return self._turnstile.refusals

    async def run(self, desk: Desk) -> None:
        """Connect and listen until cancelled. Raises DeliveryFailed where Discord does not let us in."""
        turns = _Turns()
        running = [asyncio.create_task(shard.run(desk, turns.take)) for shard in self.shards]
        try:
            await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in running:
                if task.done():
                    task.result()
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    async def ready(self) -> str:
        return "; ".join([await shard.ready() for shard in self.shards])

    async def refresh(self) -> None:
        for connection in self._connections() or [self.shards[0].needed()]:
            await connection.announcer.again()

    async def deliver(self, effect: Outbound, at: Place, attempt: Attempt) -> Receipt:
        connection = self._at(at.installation)
        client = connection.client

        def missing() -> tuple[str, ...]:
            # What is told to a person alone has no place.
            return lacking(client.get_channel(int(at.id)), needed_for(effect)) if at.id else ()

        with translated(missing), client.reached():
            async with asyncio.timeout(_LONGEST_DELIVERY_SECONDS):
                return await connection.deliveries.deliver(effect, at, attempt)

    async def open_file(self, ref: FileRef) -> AsyncIterator[bytes]:
        async with self._asking(ref.installation) as (client, directory):
            file = opened_file(client, directory, ref)
            async with aclosing(file) as chunks:
                async for chunk in chunks:
                    yield chunk

    async def profile(self, installation: Installation, identity: IdentityId) -> Profile:
        async with self._asking(installation) as (_, directory):
            return await directory.profile(installation, int(identity.id))

    async def reconcile(
        self, place: Place, known: Sequence[Copy], window: Window
    ) -> AsyncIterator[Inbound | ReactionsSeen]:
        connection = self._at(place.installation)
        allowance = Allowance(self._turnstile, self._settings.history_per_minute)
        history = History(
            connection.client, connection.directory, connection.webhooks, allowance, self._clock
        )
        with translated():
            async for event in history.of(place, known, window):
                yield event

    def heard_until(self) -> datetime | None:
        heard = [shard.heard_until() for shard in self.shards]
        return None if None in heard else min(one for one in heard if one is not None)

    async def check(self, live: bool, scratch: str | None) -> AsyncIterator[Check]:
        client = new_client(self._settings, self._exit)
        try:
            async with client:
                with translated():
                    await client.login(self._settings.given_token)
                doctor = Doctor(client, self._settings.members_intent, self.sharding.count)
                async for check in doctor.examine(live, scratch):
                    yield check
        except DeliveryFailed as failure:
            advice = failure.permanent or "Discord could not be reached; try again"
            yield Check("Discord: connection", ok=False, advice=advice)

    def _connections(self) -> Sequence[Connection]:
        return [shard.connection for shard in self.shards if shard.connection is not None]

    def _everything(self) -> Limit:
        return share_of_everything(sum(shard.running for shard in self.shards), self.sharding.count)

    def _at(self, installation: Installation) -> Connection:
        """The shard that hears an installation. Raises DeliveryFailed where it is not connected here."""
        return self.shards[self.sharding.shard_of(installation)].needed()

    @asynccontextmanager
    async def _asking(self, installation: Installation) -> AsyncIterator[tuple[DiscordClient, Directory]]:
        """A client for what can be asked without a gateway: the installation's own, else another, else one
        that is logged in for this alone."""
        own = self.shards[self.sharding.shard_of(installation)]
        connected = own.connection or next(iter(self._connections()), None)
        if connected is None and self.sharding.count == 1:
            connected = own.needed()
        with translated():
            if connected is not None:
                yield connected.client, connected.directory
                return
            async with new_client(self._settings, self._exit) as client:
                await client.log_in(self._settings.given_token)
                yield client, Directory(client)


class _Turns:
    """Turns among the shards of one process."""

    def __init__(self) -> None:
        self._free_at: defaultdict[str, float] = defaultdict(float)

    async def take(self, name: str, seconds: float) -> None:
        now = asyncio.get_running_loop().time()
        begins = max(now, self._free_at[name])
        self._free_at[name] = begins + seconds
        await asyncio.sleep(begins - now)
