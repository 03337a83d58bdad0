"""One connection to Discord's gateway: to all of it, or to one of its shards."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime

import discord

from adapters.discord.announce import Announcer
from adapters.discord.commands import synchronise
from adapters.discord.deliver import Deliveries
from adapters.discord.directory import Directory
from adapters.discord.endpoints import DiscordClient, Exit, OneOf
from adapters.discord.failures import translated
from adapters.discord.listeners import Listeners
from adapters.discord.listeners_interactions import InteractionListeners
from adapters.discord.settings import DiscordSettings
from adapters.discord.webhooks import Webhooks
from chatdesk.contract.ports import Clock, DeliveryFailed, Desk
from chatdesk.contract.shards import Sharding, Turn

log = logging.getLogger(__name__)

SHIFT = 22
"""A server's shard goes by its id without what is below its time."""

IDENTIFY_SECONDS = 5.5
"""Discord lets as many shards introduce themselves in 5 s as it says; the rest is for the way there."""

_LONGEST_SETTLING_SECONDS = 10.0
_NOT_CONNECTED_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Connection:
    """What one connected client is worked through."""

    client: DiscordClient
    directory: Directory
    webhooks: Webhooks
    deliveries: Deliveries
    announcer: Announcer


class DiscordShard:
    """Listens to a shard, or to everything where it is the only one."""

    def __init__(
        self, number: int, sharding: Sharding, settings: DiscordSettings, clock: Clock, exit_: Exit
    ) -> None:
        self._number = number
        self._sharding = sharding
        self._settings = settings
        self._clock = clock
        self._exit = exit_
        self._ready = asyncio.Event()
        self._heard_until: datetime | None = None
        self.running = False
        self.connection: Connection | None = None
        """There is one while this shard is connected."""

    async def run(self, desk: Desk, turn: Turn) -> None:
        """Connect and listen until cancelled. Raises DeliveryFailed where Discord does not let us in."""
        self.running = True
        client = self._new_client(turn)
        try:
            with translated():
                async with client:
                    with client.reached():
                        await self._connected(client, desk)
        finally:
            self.running = False
            self.connection = None
            self._ready.clear()

    async def ready(self) -> str:
        await self._ready.wait()
        client = self.needed().client
        servers = ", ".join(guild.name for guild in client.guilds) or "no server yet"
        return f"Discord as {client.user}: {servers}"

    def heard_until(self) -> datetime | None:
        if self.connection is not None:
            self._heard_until = self.connection.announcer.heard_until()
        return self._heard_until

    def needed(self) -> Connection:
        """Raises DeliveryFailed while there is none."""
        if self.connection is None:
            raise DeliveryFailed(retry_after=_NOT_CONNECTED_SECONDS)
        return self.connection

    def _new_client(self, turn: Turn) -> DiscordClient:
        pause = IDENTIFY_SECONDS / self._settings.speed
        count = self._sharding.count
        shard = OneOf(self._number, count, turn, pause) if count > 1 else None
        return new_client(self._settings, self._exit, shard)

    async def _connected(self, client: DiscordClient, desk: Desk) -> None:
        await client.login(self._settings.given_token)
        assert client.application_id is not None
        if self._number == 0 and await synchronise(client, client.application_id):
            log.info("told Discord the commands, which had changed")
        connection = self._wired(client, desk)
        await client.identified_in_turn()
        gateway = asyncio.create_task(client.connect(), name="discord gateway")
        keeping_up = asyncio.create_task(connection.announcer.keep_up(), name="discord announcer")
        try:
            await _ready_or_failed(client, gateway)
            self.connection = connection
            await connection.announcer.everything()
            self._ready.set()
            await gateway
        finally:
            self.connection = None
            keeping_up.cancel()
            in_order = connection.announcer.leave()
            gateway.cancel()
            await asyncio.gather(gateway, keeping_up, return_exceptions=True)
            # What waits for the servers to be announced, or for a connection that broke, would wait for ever.
            await client.settle(_LONGEST_SETTLING_SECONDS if in_order else 0)

    def _wired(self, client: DiscordClient, desk: Desk) -> Connection:
        directory = Directory(client)
        webhooks = Webhooks(client)
        announcer = Announcer(client, directory, desk, self._clock)
        announcer.attach()
        Listeners(client, directory, webhooks, announcer, desk, self._clock).attach()
        InteractionListeners(client, directory, announcer, desk, self._clock).attach()
        deliveries = Deliveries(client, directory, webhooks)
        return Connection(client, directory, webhooks, deliveries, announcer)


def new_client(settings: DiscordSettings, exit_: Exit, shard: OneOf | None = None) -> DiscordClient:
    intents = discord.Intents.default()
    intents.message_content = True
    intents.members = settings.members_intent
    return DiscordClient(intents=intents, base=settings.base_address, exit_=exit_, shard=shard)


async def _ready_or_failed(client: DiscordClient, gateway: asyncio.Task[None]) -> None:
    ready = asyncio.create_task(client.wait_until_ready())
    try:
        await asyncio.wait({ready, gateway}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        ready.cancel()
    if gateway.done():
        gateway.result()
        raise DeliveryFailed(permanent="Discord closed the connection")
