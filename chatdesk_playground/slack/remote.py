"""Requests to the control interface."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp

from chatdesk_playground.slack.wire import JsonObject, JsonValue, dump, number, parse_object, text


class PlaygroundError(LookupError):
    """What was asked for cannot be done there; the message says why, and what could."""


@dataclass(frozen=True, slots=True)
class Remote:
    """One playground's control interface.

    A session belongs to one event loop. Without one each request has its own, and any loop may ask.
    """

    base_url: str
    http: aiohttp.ClientSession | None

    async def ask(self, action: str, **arguments: JsonValue) -> JsonObject:
        """Run one action. Raises `PlaygroundError` or `TimeoutError`."""
        async with (
            self._session() as http,
            http.post(
                f"{self.base_url}/control/{action}",
                data=dump(arguments),
                headers={"Content-Type": "application/json"},
            ) as response,
        ):
            answer = parse_object(await response.read())
            if response.status == 408:
                raise TimeoutError(text(answer, "error"))
            if response.status != 200:
                raise PlaygroundError(text(answer, "error"))
            return answer

    async def changed(self, after: int, patience: float) -> int:
        """The version of the world, once it is above `after` or `patience` seconds have passed."""
        return int(number(await self.ask("changes", after=after, timeout=patience), "version"))

    async def download(self, url: str, token: str) -> bytes:
        """The bytes behind a private address. Raises `PlaygroundError`."""
        headers = {"Authorization": f"Bearer {token}"}
        async with self._session() as http, http.get(url, headers=headers) as response:
            if response.status != 200:
                raise PlaygroundError(f"{url} answered {response.status}")
            return await response.read()

    async def version(self) -> int:
        """The version of the world now."""
        return await self.changed(0, 0)

    @asynccontextmanager
    async def _session(self) -> AsyncIterator[aiohttp.ClientSession]:
        if self.http is not None:
            yield self.http
            return
        async with aiohttp.ClientSession() as http:
            yield http


def now() -> float:
    """The running loop's clock."""
    return asyncio.get_running_loop().time()
