"""Slack as the core sees it: its life cycle, deliveries, and the translation of the SDK's errors."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from adapters.slack.answers import Answers
from adapters.slack.calls import post
from adapters.slack.deliver import carry_out
from adapters.slack.directory import Directory
from adapters.slack.doctor import examine, try_out
from adapters.slack.endpoints import web_client
from adapters.slack.failures import SDK_ERRORS, delivery_failed, reason_of
from adapters.slack.files import stream
from adapters.slack.history import Allowance, what_happened
from adapters.slack.ids import SLACK, identity, installation
from adapters.slack.listeners import build_app, register
from adapters.slack.outlet import Outlet
from adapters.slack.parse import Us
from adapters.slack.reception import Reception, logger
from adapters.slack.requests import Requests
from adapters.slack.settings import SlackSettings
from adapters.slack.wire import answer, text
from chatdesk.contract.inbound import Connected, Inbound, ReactionsSeen
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
from chatdesk.contract.questions import Wanted
from chatdesk.contract.vocabulary import FileRef, IdentityId, Installation, Place, Platform, Profile

_EVENTS_PATH = "/slack/events"
_GRACE_SECONDS = 5.0
_ADDRESS_LASTS_SECONDS = 15.0
"""Slack lets a socket be opened at an address for half a minute."""
_PING_SECONDS = 5.0
"""Also how long it takes the SDK to see that a socket is gone."""
_FIRST_PAUSE_SECONDS = 1.0
_LONGEST_PAUSE_SECONDS = 30.0


class SocketConnection(Protocol):
    """What we use of the SDK's Socket Mode handler, which leaves its methods untyped."""

    async def connect_async(self) -> None: ...

    async def close_async(self) -> None: ...


class SlackAdapter:
    """One Slack workspace, over Socket Mode, or over HTTP where there is no app token."""

    platform: Platform = SLACK
    asgi: ASGIApp | None
    limits: Limits = Limits(lanes_at_once=24, lanes_per_channel=3, merged_characters=3000)

    def __init__(self, settings: SlackSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._sdk_logger = logging.getLogger("chatdesk.slack.sdk")
        # Below this the SDK logs whole payloads, with people's words and Slack's tokens in them.
        self._sdk_logger.setLevel(max(logging.INFO, self._sdk_logger.getEffectiveLevel()))
        self._client = web_client(settings, self._sdk_logger)
        self._directory = Directory(self._client, clock)
        self._refresh_wanted = asyncio.Event()
        self._connected = asyncio.Event()
        self._us: Us | None = None
        self._address = ("", 0.0)
        self._session: aiohttp.ClientSession | None = None
        self._requests: Requests | None = None
        self._socket: AsyncSocketModeHandler | None = None
        self._heard_until: datetime | None = None
        self.asgi = None if settings.app_token else self._http()

    @property
    def throttled(self) -> int:
        return self._client.turnstile.refusals

    async def run(self, desk: Desk) -> None:
        """Listen until cancelled. Raises DeliveryFailed where Slack does not accept our tokens."""
        try:
            async with aiohttp.ClientSession() as session:
                self._session = self._client.session = session
                us = self._us = await self._sign_in()
                reception = Reception(
                    us=us,
                    desk=desk,
                    clock=self._clock,
                    client=self._client,
                    directory=self._directory,
                    answers=Answers(self._client),
                    refresh_soon=self._refresh_wanted.set,
                )
                await self.announce(reception)
                await self._tell_what_is_wanted(reception)
                await self._listen(reception)
        finally:
            self._connected.clear()
            self._session = self._client.session = None

    async def ready(self) -> str:
        await self._connected.wait()
        mode = "Socket Mode" if self._settings.app_token else f"HTTP at {_EVENTS_PATH}"
        return f"workspace {self._us.workspace if self._us else '?'} over {mode}"

    async def refresh(self) -> None:
        self._refresh_wanted.set()

    async def deliver(self, effect: Outbound, at: Place, attempt: Attempt) -> Receipt:
        with _translated():
            async with self._outlet() as outlet:
                return await carry_out(outlet, effect, at, attempt)

    async def open_file(self, ref: FileRef) -> AsyncIterator[bytes]:
        with _translated():
            async with self._outlet() as outlet, aclosing(stream(outlet, ref)) as chunks:
                async for chunk in chunks:
                    yield chunk

    async def profile(self, installation: Installation, identity: IdentityId) -> Profile:
        with _translated():
            return await self._directory.profile(identity.id)

    async def reconcile(
        self, place: Place, known: Sequence[Copy], window: Window
    ) -> AsyncIterator[Inbound | ReactionsSeen]:
        with _translated():
            us = self._us = self._us or await self._who_we_are()
            happened = what_happened(
                self._client,
                us,
                self._directory,
                place,
                known,
                window,
                Allowance(self._client.turnstile, self._settings.history_per_minute),
                self._client.slack_time(self._clock.now()),
            )
            async with aclosing(happened) as events:
                async for event in events:
                    yield event

    def heard_until(self) -> datetime | None:
        """Over HTTP Slack sends again what we did not acknowledge; a socket lived when it last answered."""
        if self._connected.is_set() and self._settings.app_token is None:
            self._heard_until = self._clock.now()
        elif self._socket is not None and (answered := self._socket.client.last_ping_pong_time) is not None:
            age = timedelta(seconds=max(0.0, time.time() - answered))
            self._heard_until = self._clock.now() - age
        return self._heard_until

    async def check(self, live: bool, scratch: str | None) -> AsyncIterator[Check]:
        async with self._outlet() as outlet:
            async for line in examine(outlet, self._settings):
                yield line
            if live:
                async for line in try_out(outlet, scratch):
                    yield line

    async def announce(self, reception: Reception) -> None:
        """Tell the desk that we are connected, so that it can catch up on what it missed."""
        us = reception.us
        bot = identity(us.bot_user)
        await reception.desk.handle(Connected(us.installation, us.workspace, bot, self._clock.now()))

    async def is_let_in(self) -> bool:
        """Whether the bot's token is still good, which a new socket, having one of its own, does not show."""
        try:
            await self._who_we_are()
        except SDK_ERRORS as error:
            return not delivery_failed(error).revoked
        return True

    async def _sign_in(self) -> Us:
        """Who we are; Slack that is out of reach is asked again."""
        pause = _FIRST_PAUSE_SECONDS
        while True:
            try:
                us = await self._who_we_are()
                await self._check_app_token()
                return us
            except SDK_ERRORS as error:
                failed = delivery_failed(error)
                if failed.permanent is not None:
                    raise failed from error
                logger.warning("slack.unreachable", error=type(error).__name__, again_in_seconds=pause)
                await asyncio.sleep(failed.retry_after or pause)
                pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)

    async def _who_we_are(self) -> Us:
        found = await post(self._client, "auth.test")
        return Us(
            installation=installation(text(found, "team_id")),
            workspace=text(found, "team"),
            url=text(found, "url"),
            bot_user=text(found, "user_id"),
            bot=text(found, "bot_id"),
        )

    async def _check_app_token(self) -> None:
        """The SDK would try a wrong token for ever, in silence but for the log.

        The address that Slack gives is used, as it may be asked for once a minute only.
        """
        if self._settings.app_token is not None:
            token = self._settings.app_token.get_secret_value()
            opened = answer(await self._client.apps_connections_open(app_token=token))
            self._address = (text(opened, "url"), asyncio.get_running_loop().time())

    async def _listen(self, reception: Reception) -> None:
        app = build_app(self._settings, self._client, reception.us, self._sdk_logger)
        register(app, reception, self._settings)
        async with self._receiving(app, reception):
            self._connected.set()
            while True:
                await self._refresh_wanted.wait()
                self._refresh_wanted.clear()
                await self._tell_what_is_wanted(reception)

    @asynccontextmanager
    async def _receiving(self, app: AsyncApp, reception: Reception) -> AsyncIterator[None]:
        """Requests reach the app within; at the end what is being worked on is finished first."""
        if self._settings.app_token is None:
            secret = self._settings.signing_secret
            self._requests = Requests(app, secret.get_secret_value() if secret else "")
            try:
                yield
            finally:
                self._requests = None
                await reception.in_flight.finish(_GRACE_SECONDS)
            return
        token = self._settings.app_token.get_secret_value()
        handler = AsyncSocketModeHandler(app, token, ping_interval=_PING_SECONDS)
        address, given_at = self._address
        if address and asyncio.get_running_loop().time() - given_at < _ADDRESS_LASTS_SECONDS:
            handler.client.wss_uri = address
        handler.client.message_listeners.append(Greeting(self, reception).heard)
        socket: SocketConnection = handler
        self._socket = handler
        try:
            await socket.connect_async()
            yield
        finally:
            self.heard_until()
            self._socket = None
            await reception.in_flight.finish(_GRACE_SECONDS)
            await socket.close_async()
            await _ended(handler)

    async def _tell_what_is_wanted(self, reception: Reception) -> None:
        """Channels and staff, each as far as Slack lets us see them.

        What it does not is logged, and ``doctor`` says what to do; where Slack is busy we ask again later.
        """
        us = reception.us
        wants = await reception.desk.ask(Wanted(us.installation))
        for look in (
            self._directory.channels_seen,
            self._directory.staff_groups_seen,
            self._directory.staff_channels_seen,
        ):
            try:
                async for seen in look(us, wants):
                    await reception.desk.handle(seen)
            except SDK_ERRORS as error:
                logger.warning("slack.directory_unreadable", reason=reason_of(error))
                self._look_again_after(delivery_failed(error))

    def _look_again_after(self, failed: DeliveryFailed) -> None:
        if failed.permanent is None:
            seconds = failed.retry_after or _LONGEST_PAUSE_SECONDS
            asyncio.get_running_loop().call_later(seconds, self._refresh_wanted.set)

    def _http(self) -> Starlette:
        return Starlette(routes=[Route(_EVENTS_PATH, self._http_request, methods=["POST"])])

    async def _http_request(self, request: Request) -> Response:
        """Slack sends an event again that finds us not connected."""
        if self._requests is None:
            return PlainTextResponse("not connected", status_code=503, headers={"Retry-After": "5"})
        return await self._requests.handle(request)

    @asynccontextmanager
    async def _outlet(self) -> AsyncIterator[Outlet]:
        """With the connection's session, or, for a command that is not connected, one of its own."""
        if self._session is not None and not self._session.closed:
            yield Outlet(self._client, self._session)
            return
        async with aiohttp.ClientSession() as session:
            yield Outlet(self._client, session)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except SDK_ERRORS as error:
        raise delivery_failed(error) from error


@dataclass(slots=True)
class Greeting:
    """Announces every socket but the first: while there was none, things may have happened."""

    adapter: SlackAdapter
    reception: Reception
    _is_first: bool = True

    async def heard(self, client: object, message: Mapping[str, object], raw: str | None) -> None:
        if text(message, "type") != "hello":
            return
        is_first, self._is_first = self._is_first, False
        if is_first:
            return
        # Before anything is awaited, since the events of the new socket are right behind.
        with self.reception.announced.held_shut():
            if await self.adapter.is_let_in():
                await self.adapter.announce(self.reception)


async def _ended(handler: AsyncSocketModeHandler) -> None:
    """Wait for the SDK's tasks, which its own close only cancels."""
    client = handler.client
    tasks = [client.message_processor, client.current_session_monitor, client.message_receiver]
    await asyncio.gather(*(task for task in tasks if task is not None), return_exceptions=True)
