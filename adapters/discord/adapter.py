"""Discord as the core sees it: lifecycle and delivery, and where discord.py's errors are translated."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime

import discord

from adapters.discord.announce import Announcer
from adapters.discord.commands import synchronise
from adapters.discord.deliver import Deliveries
from adapters.discord.directory import Directory
from adapters.discord.doctor import Doctor
from adapters.discord.endpoints import DiscordClient
from adapters.discord.failures import translated
from adapters.discord.files import opened_file
from adapters.discord.history import Allowance, History
from adapters.discord.ids import DISCORD
from adapters.discord.listeners import Listeners
from adapters.discord.listeners_interactions import InteractionListeners
from adapters.discord.permissions import lacking, needed_for
from adapters.discord.settings import DiscordSettings
from adapters.discord.webhooks import Webhooks
from adapters.pacing import Turnstile
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
from chatdesk.contract.vocabulary import FileRef, IdentityId, Installation, Place, Platform, Profile

log = logging.getLogger(__name__)

_NOT_CONNECTED_SECONDS = 2.0
_LONGEST_DELIVERY_SECONDS = 180.0
_LONGEST_SETTLING_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Connection:
    """What one connected client is worked through."""

    client: DiscordClient
    directory: Directory
    webhooks: Webhooks
    deliveries: Deliveries
    announcer: Announcer


class DiscordAdapter:
    """The Discord adapter, for all servers that its bot is in."""

    platform: Platform = DISCORD
    asgi: ASGIApp | None = None
    limits: Limits = Limits(lanes_at_once=32, lanes_per_channel=8, merged_characters=1600, one_listener=True)

    def __init__(self, settings: DiscordSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._turnstile = Turnstile(settings.speed)
        self._connection: Connection | None = None
        self._ready = asyncio.Event()
        self._heard_until: datetime | None = None

    @property
    def throttled(self) -> int:
        return self._turnstile.refusals

    async def run(self, desk: Desk) -> None:
        """Connect and listen until cancelled. Raises DeliveryFailed where Discord does not let us in."""
        client = self._new_client()
        try:
            with translated():
                async with client:
                    with client.reached():
                        await self._connected(client, desk)
        finally:
            self._connection = None
            self._ready.clear()

    def _new_client(self) -> DiscordClient:
        intents = discord.Intents.default()
        intents.message_content = True
        intents.members = self._settings.members_intent
        return DiscordClient(intents=intents, base=self._settings.base_address, turnstile=self._turnstile)

    async def _connected(self, client: DiscordClient, desk: Desk) -> None:
        await client.login(self._token())
        assert client.application_id is not None
        if await synchronise(client, client.application_id):
            log.info("told Discord the commands, which had changed")
        connection = self._wired(client, desk)
        gateway = asyncio.create_task(client.connect(), name="discord gateway")
        keeping_up = asyncio.create_task(connection.announcer.keep_up(), name="discord announcer")
        try:
            await _ready_or_failed(client, gateway)
            self._connection = connection
            await connection.announcer.everything()
            self._ready.set()
            await gateway
        finally:
            self._connection = None
            keeping_up.cancel()
            gateway.cancel()
            await asyncio.gather(gateway, keeping_up, return_exceptions=True)
            # What waits for the servers to be announced would wait for ever.
            was_ready = connection.announcer.done.is_set()
            await client.settle(_LONGEST_SETTLING_SECONDS if was_ready else 0)

    def _wired(self, client: DiscordClient, desk: Desk) -> Connection:
        directory = Directory(client)
        webhooks = Webhooks(client)
        announcer = Announcer(client, directory, desk, self._clock)
        announcer.attach()
        Listeners(client, directory, webhooks, announcer, desk, self._clock).attach()
        InteractionListeners(client, directory, announcer, desk, self._clock).attach()
        deliveries = Deliveries(client, directory, webhooks)
        return Connection(client, directory, webhooks, deliveries, announcer)

    async def ready(self) -> str:
        await self._ready.wait()
        client = self._needed().client
        servers = ", ".join(guild.name for guild in client.guilds) or "no server yet"
        return f"Discord as {client.user}: {servers}"

    async def refresh(self) -> None:
        connection = self._needed()
        await connection.announcer.again()

    async def deliver(self, effect: Outbound, at: Place, attempt: Attempt) -> Receipt:
        connection = self._needed()
        client = connection.client

        def missing() -> tuple[str, ...]:
            # What is told to a person alone has no place.
            return lacking(client.get_channel(int(at.id)), needed_for(effect)) if at.id else ()

        with translated(missing), client.reached():
            async with asyncio.timeout(_LONGEST_DELIVERY_SECONDS):
                return await connection.deliveries.deliver(effect, at, attempt)

    async def open_file(self, ref: FileRef) -> AsyncIterator[bytes]:
        connection = self._needed()
        file = opened_file(connection.client, connection.directory, ref)
        with translated():
            async with aclosing(file) as chunks:
                async for chunk in chunks:
                    yield chunk

    async def profile(self, installation: Installation, identity: IdentityId) -> Profile:
        connection = self._needed()
        with translated():
            return await connection.directory.profile(installation, int(identity.id))

    async def reconcile(
        self, place: Place, known: Sequence[Copy], window: Window
    ) -> AsyncIterator[Inbound | ReactionsSeen]:
        connection = self._needed()
        allowance = Allowance(self._turnstile, self._settings.history_per_minute)
        history = History(
            connection.client, connection.directory, connection.webhooks, allowance, self._clock
        )
        with translated():
            async for event in history.of(place, known, window):
                yield event

    def heard_until(self) -> datetime | None:
        if self._connection is not None:
            self._heard_until = self._connection.announcer.heard_until()
        return self._heard_until

    async def check(self, live: bool, scratch: str | None) -> AsyncIterator[Check]:
        client = self._new_client()
        try:
            async with client:
                with translated():
                    await client.login(self._token())
                doctor = Doctor(client, self._settings.members_intent)
                async for check in doctor.examine(live, scratch):
                    yield check
        except DeliveryFailed as failure:
            advice = failure.permanent or "Discord could not be reached; try again"
            yield Check("Discord: connection", ok=False, advice=advice)

    def _token(self) -> str:
        token = self._settings.token
        return "" if token is None else token.get_secret_value()

    def _needed(self) -> Connection:
        if self._connection is None:
            raise DeliveryFailed(retry_after=_NOT_CONNECTED_SECONDS)
        return self._connection


async def _ready_or_failed(client: DiscordClient, gateway: asyncio.Task[None]) -> None:
    ready = asyncio.create_task(client.wait_until_ready())
    try:
        await asyncio.wait({ready, gateway}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        ready.cancel()
    if gateway.done():
        gateway.result()
        raise DeliveryFailed(permanent="Discord closed the connection")
