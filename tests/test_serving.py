from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import aiohttp
import pytest
from starlette.types import Receive, Scope, Send

from chatdesk.contract.ports import ASGIApp
from chatdesk.errors import ChatdeskError
from chatdesk.serving import HttpServer


async def _echo(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": scope["path"].encode()})


async def _page() -> bytes:
    return b"chatdesk_events_total 1.0\n"


async def _nothing() -> list[str]:
    return []


@asynccontextmanager
async def _served(
    apps: list[ASGIApp], missing: list[str]
) -> AsyncIterator[tuple[str, aiohttp.ClientSession]]:
    async def unready() -> list[str]:
        return missing

    server = HttpServer("127.0.0.1", 0, apps, unready, _page)
    running = asyncio.create_task(server.run())
    try:
        async with aiohttp.ClientSession() as session:
            yield server.url, session
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def _get(session: aiohttp.ClientSession, url: str) -> tuple[int, str]:
    async with session.get(url) as response:
        return response.status, await response.text()


async def test_alive_and_ready() -> None:
    missing = ["slack is not connected"]
    async with _served([], missing) as (url, session):
        assert await _get(session, f"{url}/healthz") == (200, "alive\n")
        assert await _get(session, f"{url}/readyz") == (503, "slack is not connected\n")
        missing.clear()
        assert await _get(session, f"{url}/readyz") == (200, "ready\n")


async def test_metrics() -> None:
    async with _served([_echo], []) as (url, session):
        assert await _get(session, f"{url}/metrics") == (200, "chatdesk_events_total 1.0\n")


async def test_what_an_adapter_wants_served_stands_at_the_root() -> None:
    async with _served([_echo], []) as (url, session):
        assert await _get(session, f"{url}/slack/events") == (200, "/slack/events")


async def test_a_port_that_is_taken_is_said_at_once() -> None:
    async with _served([], []) as (url, _):
        with pytest.raises(ChatdeskError, match=r"CHATDESK_HTTP__PORT: cannot listen on 127\.0\.0\.1:\d+"):
            HttpServer("127.0.0.1", int(url.rpartition(":")[2]), [], _nothing, _page)
