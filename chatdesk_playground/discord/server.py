"""The playground Discord: REST, gateway, CDN and control interface on one loopback port."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from chatdesk_playground.discord import (
    control,
    interaction_answers,
    rest_channels,
    rest_commands,
    rest_guilds,
    rest_messages,
    rest_threads,
    rest_webhooks,
)
from chatdesk_playground.discord.api import PREFIX, routes_of
from chatdesk_playground.discord.backend import Backend, RecordedRequest, new_backend
from chatdesk_playground.discord.client import Control
from chatdesk_playground.discord.faults import DiscordFaults
from chatdesk_playground.discord.files import picture
from chatdesk_playground.discord.gateway import RecordedEvent
from chatdesk_playground.discord.socket import Connection, serve
from chatdesk_playground.ending import end
from chatdesk_playground.misbehaving import Misbehaving

ENDPOINTS = (
    *rest_messages.ENDPOINTS,
    *rest_channels.ENDPOINTS,
    *rest_threads.ENDPOINTS,
    *rest_guilds.ENDPOINTS,
    *rest_webhooks.ENDPOINTS,
    *rest_commands.ENDPOINTS,
    *interaction_answers.ENDPOINTS,
)
HOST = "127.0.0.1"


class _Server(uvicorn.Server):
    """Leaves the process's signals to whoever runs the playground; uvicorn offers no setting for it."""

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


class DiscordPlayground:
    """A Discord on loopback.

    Use `async with DiscordPlayground.running() as discord`, or `start()` and `stop()`. Point a client at
    `api_url`, `gateway_url` and `cdn_url`; act through `control` and the people that it makes.
    """

    def __init__(self, port: int = 0) -> None:
        self._port = port
        self._backend: Backend = new_backend()
        self._connections: set[Connection] = set()
        self._server: uvicorn.Server | None = None
        self._serving: asyncio.Task[None] | None = None
        self._control: Control | None = None

    @classmethod
    @asynccontextmanager
    async def running(cls, port: int = 0) -> AsyncIterator[DiscordPlayground]:
        """A playground that is up, and down again at the end of the block."""
        playground = cls(port)
        await playground.start()
        try:
            yield playground
        finally:
            await playground.stop()

    async def start(self) -> None:
        misbehaving = Misbehaving(
            _application(self._backend, self._connections),
            self._backend.gateway.faults,
            DiscordFaults(self._backend, self._connections),
        )
        config = uvicorn.Config(
            misbehaving,
            host=HOST,
            port=self._port,
            log_config=None,
            access_log=False,
            lifespan="off",
            http="h11",  # whatever else is installed
            ws_per_message_deflate=False,
            timeout_graceful_shutdown=1,
            timeout_keep_alive=75,  # longer than clients keep theirs, so that none is cut as it is used
        )
        server = _Server(config)
        self._server = misbehaving.server = server
        self._serving = asyncio.create_task(server.serve())
        while not server.started:
            if self._serving.done():
                self._serving.result()
                raise RuntimeError(f"the playground Discord could not listen on port {self._port}")
            await asyncio.sleep(0.005)
        self._port = server.servers[0].sockets[0].getsockname()[1]
        base = f"{HOST}:{self._port}"
        self._backend.api_url = f"http://{base}{PREFIX}"
        self._backend.gateway_url = f"ws://{base}/gateway"
        self._backend.files.base = f"http://{base}/cdn"
        self._control = Control(f"http://{base}/control")

    async def stop(self) -> None:
        if self._control is not None:
            await self._control.close()
        for connection in list(self._connections):
            await connection.close(1001, "The playground stops")
        if self._server is not None and self._serving is not None:
            await end(self._server, self._serving)

    @property
    def backend(self) -> Backend:
        """The insides."""
        return self._backend

    @property
    def api_url(self) -> str:
        return self._backend.api_url

    @property
    def gateway_url(self) -> str:
        return self._backend.gateway_url

    @property
    def cdn_url(self) -> str:
        return self._backend.files.base

    @property
    def port(self) -> int:
        return self._port

    @property
    def control_url(self) -> str:
        """Where the control interface is."""
        return f"http://{HOST}:{self._port}/control"

    @property
    def control(self) -> Control:
        """The client of the control interface."""
        if self._control is None:
            raise RuntimeError("the playground is not running")
        return self._control

    @property
    def requests(self) -> list[RecordedRequest]:
        """Every API request so far, with what was answered."""
        return self._backend.requests

    @property
    def events(self) -> list[RecordedEvent]:
        """Everything that was sent to bots over the gateway so far."""
        return self._backend.gateway.events


def _application(backend: Backend, connections: set[Connection]) -> Starlette:
    async def gateway(socket: WebSocket) -> None:
        await serve(backend, connections, socket)

    routes: list[BaseRoute] = [
        *routes_of(backend, ENDPOINTS),
        *control.routes(backend, connections),
        WebSocketRoute("/gateway", gateway),
        WebSocketRoute("/gateway/", gateway),
        Route("/cdn/attachments/{channel_id}/{attachment_id}/{filename}", _attachment(backend)),
        Route("/cdn/avatars/{user_id}/{name}", _avatar(backend)),
        Route("/cdn/embed/avatars/{name}", _avatar(backend)),
    ]
    return Starlette(routes=routes, exception_handlers={404: _not_found(backend), 405: _not_allowed})


def _not_found(backend: Backend) -> Callable[[Request, Exception], Response]:
    def answer(request: Request, error: Exception) -> Response:
        if request.url.path.startswith(PREFIX):
            backend.requests.append(_unknown(backend, request))
        return JSONResponse({"message": "404: Not Found", "code": 0}, 404)

    return answer


def _unknown(backend: Backend, request: Request) -> RecordedRequest:
    return RecordedRequest(
        at=backend.clock.now(),
        application_id=None,
        method=request.method,
        path=request.url.path.removeprefix(PREFIX),
        query=dict(request.query_params),
        body=None,
        files=(),
        status=404,
        response=None,
        milliseconds=0.0,
    )


def _not_allowed(request: Request, error: Exception) -> Response:
    return JSONResponse({"message": "405: Method Not Allowed", "code": 0}, 405)


def _attachment(backend: Backend) -> Callable[[Request], Response]:
    def answer(request: Request) -> Response:
        query = request.query_params
        signature = query.get("ex", "0"), query.get("is", ""), query.get("hm", "")
        content = backend.files.content(request.path_params["attachment_id"], *signature)
        if content is None:
            return Response("This content is no longer available.", 404, media_type="text/plain")
        return Response(content, media_type="application/octet-stream")

    return answer


def _avatar(backend: Backend) -> Callable[[Request], Response]:
    def answer(request: Request) -> Response:
        digest = request.path_params["name"].partition(".")[0]
        source = backend.files.picture_source(digest)
        if source is not None and source.startswith("http"):
            return RedirectResponse(source)
        return Response(picture(digest), media_type="image/png")

    return answer
