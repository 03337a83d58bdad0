"""A language model on loopback that speaks OpenAI's chat completions, and says what a test tells it to."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web


@dataclass
class Model:
    """``says``: the answer. ``answers``: with which status, in turn; then 200. ``heard``: what was sent."""

    url: str = ""
    says: str = "All is well."
    answers: list[int] = field(default_factory=list)
    raw: bytes | None = None
    """Instead of a well-formed response."""
    heard: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    silent: asyncio.Event | None = None
    """It answers once this is set."""

    _arrived: asyncio.Queue[None] = field(default_factory=asyncio.Queue)

    async def was_asked(self) -> None:
        """Wait for the next request. Raises TimeoutError."""
        async with asyncio.timeout(10):
            await self._arrived.get()

    @property
    def prompts(self) -> list[str]:
        """The words that it was sent, request by request."""
        bodies = [json.loads(body) for body in self.heard]
        return ["\n".join(one["content"] for one in body["messages"]) for body in bodies]

    async def complete(self, request: web.Request) -> web.Response:
        self.heard.append(await request.text())
        self._arrived.put_nowait(None)
        self.keys.append(request.headers.get("Authorization", ""))
        if self.silent is not None:
            await self.silent.wait()
        status = self.answers.pop(0) if self.answers else 200
        if status != 200:
            return web.Response(status=status, headers={"Location": "/elsewhere"} if status == 302 else None)
        if self.raw is not None:
            return web.Response(body=self.raw)
        message = {"role": "assistant", "content": self.says}
        return web.json_response({"choices": [{"index": 0, "message": message, "finish_reason": "stop"}]})

    async def models(self, request: web.Request) -> web.Response:
        status = self.answers.pop(0) if self.answers else 200
        return web.json_response({"data": []}, status=status)


@asynccontextmanager
async def running_model() -> AsyncIterator[Model]:
    made = Model()
    app = web.Application()
    app.router.add_get("/v1/models", made.models)
    app.router.add_post("/v1/chat/completions", made.complete)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    try:
        yield made
    finally:
        await runner.cleanup()
