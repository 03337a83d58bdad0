"""What a fault does to a request: a layer around a server's routes that spares the control interface."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

import uvicorn

from chatdesk_playground.faults import AFTER, DEEDS, Fault, FaultKind, Faults

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
App: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

CUT = 0
"""The status under which a request is recorded whose connection was cut before it was carried out."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer instead of the one that was due."""

    status: int
    headers: dict[str, str]
    body: bytes


class Platform(Protocol):
    """What is different on each platform."""

    def name_of(self, method: str, path: str) -> str:
        """A request in the words that `Fault.where` uses."""
        ...

    def refusal(self, fault: Fault) -> Refusal:
        """The answer of a platform that is overloaded or broken."""
        ...

    async def do(self, fault: Fault) -> None:
        """Carry out one of `DEEDS`."""
        ...

    def note(self, method: str, path: str, status: int) -> None:
        """Record a request that was never carried out."""
        ...

    def under_way(self, more: int) -> None:
        """Count a request that is being dealt with here."""
        ...


@dataclass(slots=True)
class Misbehaving:
    """An ASGI application that lets faults befall the requests to another one."""

    app: App
    faults: Faults
    platform: Platform
    server: uvicorn.Server | None = field(default=None)
    """Whose connections are cut; known only after the application is."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope.get("path", "")
        if scope["type"] not in ("http", "websocket") or path.startswith("/control"):
            await self.app(scope, receive, send)
            return
        method = scope.get("method", "")
        name = self.platform.name_of(method, path) if scope["type"] == "http" else "socket"
        fault = None if self.faults.down else self.faults.take(name)
        if fault is None and not self.faults.down:
            await self.app(scope, receive, send)
            return
        self.platform.under_way(1)
        try:
            await self._befall(fault or Fault(FaultKind.CUT_BEFORE), scope, receive, send)
        finally:
            self.platform.under_way(-1)

    async def _befall(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        if fault.kind in DEEDS:
            await self.platform.do(fault)
            if self.faults.down:
                fault = Fault(FaultKind.CUT_BEFORE)
            else:
                await self.app(scope, receive, send)
                return
        if fault.kind is FaultKind.LATENCY:
            await asyncio.sleep(fault.seconds)
            await self.app(scope, receive, send)
            return
        if fault.kind in AFTER:
            await self.app(scope, receive, _unheard)
        await self._answer_wrongly(fault, scope, receive, send)

    async def _answer_wrongly(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        cut = fault.kind in (FaultKind.CUT_BEFORE, FaultKind.CUT_AFTER) or scope["type"] == "websocket"
        refusal = None if cut else self.platform.refusal(fault)
        if fault.kind not in AFTER:
            self.platform.note(scope.get("method", ""), scope["path"], refusal.status if refusal else CUT)
        if refusal is None:
            await self._cut(scope, receive)
            return
        if fault.kind not in AFTER:
            while (await receive()).get("more_body"):
                pass
        headers = [(key.lower().encode(), value.encode()) for key, value in refusal.headers.items()]
        await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
        await send({"type": "http.response.body", "body": refusal.body})

    async def _cut(self, scope: Scope, receive: Receive) -> None:
        """Break the connection, and wait until the server knows, so that it answers nothing of its own."""
        assert self.server is not None, "the server is known before it has connections"
        for connection in list(self.server.server_state.connections):
            if connection.transport.get_extra_info("peername") == tuple(scope["client"]):
                connection.transport.abort()
        while (await receive())["type"] not in ("http.disconnect", "websocket.disconnect"):
            pass


async def _unheard(message: Message) -> None:
    """Nobody hears this answer."""
