"""Where Discord is: REST, gateway, webhooks and pictures, all in one place.

discord.py keeps its addresses in class attributes, so pointing it elsewhere the usual way would move every
client in the process. Here each client has its own: its ``HTTPClient`` and its webhook adapter rewrite the
address of a request as it leaves, and discord.py's classes stay as they are.

discord.py knows the webhook adapter (interaction answers go through it too) by a context variable. Tasks
inherit it from the task that started the gateway; whoever calls from elsewhere does so within
``DiscordClient.reached``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from weakref import WeakValueDictionary

import aiohttp
import discord
from discord.asset import Asset
from discord.gateway import DiscordWebSocket
from discord.http import HTTPClient, Route
from discord.webhook.async_ import AsyncWebhookAdapter, async_context
from yarl import URL

from adapters.pacing import Limit, Rate, Turnstile
from chatdesk.contract.shards import Turn

EVERYTHING = Limit("everything", Rate(47, 1.0, burst=2))
"""Discord counts 50 requests in any second; the rest is for the way there, which is not always as long."""


def everything() -> Limit:
    """What one process alone may send."""
    return EVERYTHING


def share_of_everything(held: int, count: int) -> Limit:
    """What a process may send that listens to so many shards. With none it asks for a file at times."""
    if held == count or count == 1:
        return EVERYTHING
    if held == 0:
        return Limit("everything: a little", Rate(1, 1.0, burst=4))
    return Limit(f"everything: {held} of {count}", Rate(EVERYTHING.rate.requests * held / count, 1.0))


LONGEST_WAIT_SECONDS = 30.0
"""A rate limit longer than this is raised and left to the courier; discord.py allows no shorter one."""

FILE_HOSTS = frozenset({"cdn.discordapp.com", "media.discordapp.net"})
_NOT_COUNTED = frozenset({"interactions", "attachments", "cdn"})
"""In the path of answers to people who wait, and of files, which Discord leaves out of that count."""
_DISCORD_GATEWAYS = ".discord.gg"
_SERVERS_MAY_LAG_SECONDS = 0.2
"""A pause in the servers' arrival that means that all are there; late ones are announced as they come."""


class AnswerUnknown(Exception):
    """Discord failed (5xx) while it took something in, which it may or may not have carried out."""


async def _stop_on_server_error(
    _session: aiohttp.ClientSession, _context: object, ended: aiohttp.TraceRequestEndParams
) -> None:
    if ended.method == "POST" and ended.response.status >= 500:
        status = ended.response.status
        ended.response.close()
        raise AnswerUnknown(f"Discord answered {status}")


@dataclass(frozen=True, slots=True)
class Exit:
    """Where requests leave for Discord, those that discord.py repeats by itself too.

    Buckets are kept by discord.py, from the headers; that all of a bot's requests together have a limit, it
    learns from refusals alone.
    """

    turnstile: Turnstile
    everything: Callable[[], Limit]

    def watched(self) -> aiohttp.TraceConfig:
        """discord.py sends again whatever got a 5xx; what is not idempotent must not be, or it is there
        twice."""
        trace = aiohttp.TraceConfig()
        trace.on_request_start.append(self._take_turn)
        trace.on_request_end.append(self._count_refusal)
        trace.on_request_end.append(_stop_on_server_error)
        return trace

    async def _take_turn(
        self, _session: aiohttp.ClientSession, _context: object, started: aiohttp.TraceRequestStartParams
    ) -> None:
        if _NOT_COUNTED.isdisjoint(started.url.parts):
            await self.turnstile.turn((self.everything(),))

    async def _count_refusal(
        self, _session: aiohttp.ClientSession, _context: object, ended: aiohttp.TraceRequestEndParams
    ) -> None:
        if ended.response.status == 429:
            self.turnstile.refusals += 1


class AddressedHTTP(HTTPClient):
    """discord.py's REST client at another base address."""

    def __init__(self, loop: Any, base: str | None, exit_: Exit) -> None:
        watched = exit_.watched()
        super().__init__(loop, max_ratelimit_timeout=LONGEST_WAIT_SECONDS, http_trace=watched)
        self._base = base
        self._one_at_a_time: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._gateway: URL | None = None

    async def request(self, route: Route, **options: Any) -> Any:
        if self._base is not None and route.url.startswith(Route.BASE):
            route.url = self._base + route.url.removeprefix(Route.BASE)
        if route.method == "GET" or not _NOT_COUNTED.isdisjoint(route.path.split("/")):
            return await super().request(route, **options)
        # discord.py takes a bucket to be empty again all at once, and sends several together then; one by
        # one, each answer's headers say what is left.
        bucket = f"{route.key} {route.major_parameters}"
        async with self._one_at_a_time.setdefault(bucket, asyncio.Lock()):
            return await super().request(route, **options)

    async def ws_connect(self, url: str, *, compress: int = 0) -> aiohttp.ClientWebSocketResponse:
        """Connects where the API says its gateway is, whenever discord.py falls back to its default."""
        asked = URL(url)
        if self._base is not None and asked.host == DiscordWebSocket.DEFAULT_GATEWAY.host:
            gateway = await self._told_gateway()
            url = str(gateway.with_query(asked.query))
        return await super().ws_connect(url, compress=compress)

    async def _told_gateway(self) -> URL:
        if self._gateway is None:
            _, address, _ = await self.get_bot_gateway()
            self._gateway = URL(address)
        return self._gateway

    async def find_hosts(self) -> None:
        """Learn where files are, without connecting to the gateway."""
        if self._base is not None:
            await self._told_gateway()

    @property
    def pictures(self) -> str | None:
        """Where pictures are, if not at Discord's own CDN: below ``/cdn`` of a whole Discord elsewhere."""
        origin = self.origin
        return None if origin is None else f"{origin}/cdn"

    @property
    def origin(self) -> str | None:
        """The host that holds files and pictures, if not Discord's own CDN.

        An API elsewhere that names Discord's own gateway is a proxy for REST alone.
        """
        if self._base is None or self._gateway is None:
            return None
        if (self._gateway.host or "").endswith(_DISCORD_GATEWAYS):
            return None
        return str(URL(self._base).origin())


class AddressedWebhooks(AsyncWebhookAdapter):
    """discord.py's webhook requests, sent through the client's own REST client.

    So they share its base address, its rate-limit buckets and its longest wait.
    """

    def __init__(self, http: HTTPClient) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._http = http

    async def request(
        self,
        route: Route,
        session: aiohttp.ClientSession,
        *,
        payload: dict[str, Any] | None = None,
        multipart: list[dict[str, Any]] | None = None,
        proxy: str | None = None,
        proxy_auth: aiohttp.BasicAuth | None = None,
        files: Sequence[discord.File] | None = None,
        reason: str | None = None,
        auth_token: str | None = None,
        params: Mapping[str, Any] | None = None,
    ) -> Any:
        options: dict[str, Any] = {"params": params, "reason": reason}
        if multipart:
            options |= {"form": multipart, "files": files}
        elif payload is not None:
            options["json"] = payload
        return await self._http.request(route, **options)


@dataclass(frozen=True, slots=True)
class OneOf:
    """A shard as its client knows it. ``turn`` waits until it may introduce itself to the gateway, and has
    others wait for ``pause`` seconds."""

    number: int
    count: int
    turn: Turn
    pause: float


class DiscordClient(discord.Client):
    """A gateway client with addresses of its own."""

    def __init__(
        self,
        *,
        intents: discord.Intents,
        base: str | None,
        exit_: Exit | None = None,
        shard: OneOf | None = None,
    ) -> None:
        # Else every start warns that libraries for voice are missing, which is of no use here.
        discord.VoiceClient.warn_nacl = False
        discord.VoiceClient.warn_dave = False
        super().__init__(
            intents=intents,
            max_messages=None,
            allowed_mentions=discord.AllowedMentions.none(),
            guild_ready_timeout=_SERVERS_MAY_LAG_SECONDS,
            shard_id=None if shard is None else shard.number,
            shard_count=None if shard is None else shard.count,
        )
        self._shard = shard
        self._events: set[asyncio.Task[Any]] = set()
        self._addressed = AddressedHTTP(self.loop, base, exit_ or Exit(Turnstile(), everything))
        self.http = self._addressed
        self._connection.http = self._addressed
        self._webhooks = AddressedWebhooks(self._addressed)

    @contextmanager
    def reached(self) -> Iterator[None]:
        """Within this, webhook and interaction requests go to this client's address."""
        token = async_context.set(self._webhooks)
        try:
            yield
        finally:
            async_context.reset(token)

    async def log_in(self, token: str) -> None:
        """For requests alone, without a gateway."""
        await self.login(token)
        await self._addressed.find_hosts()

    @property
    def hears_all(self) -> bool:
        """Whether the servers of its cache are all that there are."""
        is_connected: object = self.ws
        return self._shard is None and is_connected is not None

    @property
    def hears_all_directs(self) -> bool:
        """Whether it hears, with some servers, the direct messages of people from all."""
        return self._shard is not None and self._shard.number == 0

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """A shard's first turn was waited for before it connected, which may not take that long."""
        if self._shard is None:
            await super().before_identify_hook(shard_id, initial=initial)
        elif not initial:
            await self.identified_in_turn()

    async def identified_in_turn(self) -> None:
        """Wait until a shard may introduce itself: so many at once as Discord says, by their numbers."""
        if self._shard is None:
            return
        _, _, limit = await self.http.get_bot_gateway()
        place = self._shard.number % max(limit["max_concurrency"], 1)
        await self._shard.turn(f"discord identify {place}", self._shard.pause)

    def _schedule_event(self, *arguments: Any, **named: Any) -> asyncio.Task[Any]:
        """discord.py handles each event in a task that it forgets; these are remembered until they end."""
        task: asyncio.Task[Any] = super()._schedule_event(*arguments, **named)
        self._events.add(task)
        task.add_done_callback(self._events.discard)
        return task

    async def settle(self, longest_seconds: float) -> None:
        """Wait for the events that are being handled; whatever takes longer is cancelled."""
        if not self._events:
            return
        _, unfinished = await asyncio.wait(self._events, timeout=longest_seconds)
        for task in unfinished:
            task.cancel()
        await asyncio.gather(*unfinished, return_exceptions=True)

    def resolved_message(self, interaction: discord.Interaction[Any]) -> discord.Message | None:
        """The message whose context menu was used, which comes with the interaction."""
        data: Any = interaction.data or {}
        payload = data.get("resolved", {}).get("messages", {}).get(data.get("target_id"))
        channel: Any = interaction.channel
        if payload is None or channel is None:
            return None
        return discord.Message(state=self._connection, channel=channel, data=payload)

    def picture(self, address: str) -> str:
        """The address of a picture, which discord.py always makes for Discord's own CDN."""
        pictures = self._addressed.pictures
        if pictures is not None and address.startswith(Asset.BASE):
            return pictures + address.removeprefix(Asset.BASE)
        return address

    def holds_files(self, address: str) -> bool:
        """Whether a file's address is one of the platform's own hosts."""
        url = URL(address)
        origin = self._addressed.origin
        if origin is not None and url.is_absolute() and str(url.origin()) == origin:
            return True
        return url.scheme == "https" and url.host in FILE_HOSTS
