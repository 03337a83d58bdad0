"""What we serve over HTTP: what an adapter wants served, whether we are alive and ready, and metrics."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from chatdesk.body_limit import BodyLimit
from chatdesk.contract.ports import ASGIApp
from chatdesk.errors import ChatdeskError
from chatdesk.metrics import CONTENT_TYPE

STOP_SECONDS = 5

Unready = Callable[[], Awaitable[Sequence[str]]]
"""What is not ready yet, in words; empty when all is."""
Page = Callable[[], Awaitable[bytes]]
"""Our metrics as Prometheus reads them."""


class _Server(uvicorn.Server):
    """Leaves signals to the process that runs us, which may have more than one server to stop."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class HttpServer:
    """Serves while ``run`` is awaited. The port is taken at once, so that a clash shows at start."""

    def __init__(self, host: str, port: int, apps: Sequence[ASGIApp], unready: Unready, page: Page) -> None:
        self._socket = _bind(host, port)
        self.url = "http://{}:{}".format(*self._socket.getsockname()[:2])
        config = uvicorn.Config(
            BodyLimit(_application(apps, unready, page)),
            log_config=None,
            access_log=False,
            lifespan="off",
            http="h11",  # whatever else is installed
            timeout_graceful_shutdown=STOP_SECONDS,
        )
        self._server = _Server(config)

    async def run(self) -> None:
        """Serve until cancelled; then take nothing new and finish what is under way."""
        try:
            await self._server.serve(sockets=[self._socket])
        except asyncio.CancelledError:
            await self._server.shutdown(sockets=[self._socket])
            raise
        finally:
            self._socket.close()


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
        bound.listen()
    except OSError as error:
        bound.close()
        raise ChatdeskError(
            f"CHATDESK_HTTP__PORT: cannot listen on {host}:{port}: {error.strerror}; choose another port"
        ) from None
    return bound


def _application(apps: Sequence[ASGIApp], unready: Unready, page: Page) -> Starlette:
    async def alive(request: Request) -> PlainTextResponse:
        return PlainTextResponse("alive\n")

    async def ready(request: Request) -> PlainTextResponse:
        missing = await unready()
        text = "ready\n" if not missing else "".join(f"{line}\n" for line in missing)
        return PlainTextResponse(text, status_code=503 if missing else 200)

    async def metrics(request: Request) -> Response:
        return Response(await page(), media_type=CONTENT_TYPE)

    routes: list[BaseRoute] = [
        Route("/healthz", alive),
        Route("/readyz", ready),
        Route("/metrics", metrics),
    ]
    return Starlette(routes=[*routes, *(Mount("/", app=app) for app in apps)])
