"""Socket Mode: the app's websockets, what is sent over them and what comes back.

https://docs.slack.dev/apis/events-api/using-socket-mode
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from dataclasses import dataclass, field

from starlette.websockets import WebSocket, WebSocketDisconnect
from websockets.exceptions import WebSocketException

from chatdesk_playground.slack.delivery import Acknowledged, Envelope, Unanswered
from chatdesk_playground.slack.state import App
from chatdesk_playground.slack.wire import JsonObject, JsonValue, dump, parse_object, text
from chatdesk_playground.slack.world import World

MOST_CONNECTIONS = 10


@dataclass(eq=False, slots=True)
class Connection:
    """One websocket of an app, and the envelopes on it that wait for an answer."""

    socket: WebSocket
    outgoing: asyncio.Queue[str] = field(default_factory=asyncio.Queue)
    waiting: dict[str, asyncio.Future[Acknowledged | Unanswered]] = field(default_factory=dict)
    leaving: bool = False


@dataclass(slots=True)
class Sockets:
    """All Socket Mode connections. Each envelope goes to one connection, in turn."""

    world: World
    _tickets: dict[str, str] = field(default_factory=dict)
    _connections: dict[str, list[Connection]] = field(default_factory=dict)
    _turn: int = 0
    _arrived: asyncio.Event = field(default_factory=asyncio.Event)

    def ticket(self, app: App) -> str:
        """The right to open one websocket, as part of the address that `apps.connections.open` gives."""
        ticket = secrets.token_urlsafe(24)
        self._tickets[ticket] = app.id
        return ticket

    def connections(self, app_id: str) -> int:
        """How many websockets an app has open."""
        return len(self._connections.get(app_id, []))

    async def serve(self, socket: WebSocket) -> None:
        """Run one websocket until it closes."""
        app_id = self._tickets.pop(socket.query_params.get("ticket", ""), None)
        if app_id is None:
            await socket.close(4401)
            return
        if self.connections(app_id) >= MOST_CONNECTIONS:
            await socket.accept()
            await socket.send_text(dump({"type": "disconnect", "reason": "too_many_websockets"}))
            await socket.close()
            return
        await socket.accept()
        connection = Connection(socket)
        self._connections.setdefault(app_id, []).append(connection)
        connection.outgoing.put_nowait(dump(self._hello(app_id)))
        sender = asyncio.create_task(_send_all(connection))
        self._announce(app_id)
        try:
            while True:
                self._answered(connection, parse_object(await socket.receive_text()))
        except (WebSocketDisconnect, ValueError, RuntimeError):
            pass
        finally:
            self._leave(app_id, connection)
            sender.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await sender

    async def send(self, app: App, envelope: Envelope, patience: float) -> Acknowledged | Unanswered:
        """One attempt. Events wait a little for a connection, as one may be just reconnecting."""
        if envelope.kind == "events_api" and not self._ready(app.id):
            await self._connected(app.id, patience)
        ready = self._ready(app.id)
        if not ready:
            return Unanswered("dispatch_failed")
        self._turn += 1
        connection = ready[self._turn % len(ready)]
        answer: asyncio.Future[Acknowledged | Unanswered] = asyncio.get_running_loop().create_future()
        connection.waiting[envelope.id] = answer
        connection.outgoing.put_nowait(dump(_envelope_json(envelope)))
        try:
            async with asyncio.timeout(patience):
                return await answer
        except TimeoutError:
            return Unanswered("timeout")
        finally:
            connection.waiting.pop(envelope.id, None)

    async def disconnect(self, app_id: str, reason: str) -> None:
        """Tell every connection to go, as Slack does before it refreshes a container."""
        message: JsonObject = {
            "type": "disconnect",
            "reason": reason,
            "debug_info": {"host": "playground"},
        }
        for connection in list(self._connections.get(app_id, [])):
            connection.outgoing.put_nowait(dump(message))
            connection.leaving = reason != "warning"

    async def drop(self, app_id: str) -> None:
        """Cut every connection without a word, as a broken network does."""
        for connection in list(self._connections.get(app_id, [])):
            connection.leaving = True
            with contextlib.suppress(RuntimeError, WebSocketException):  # it may be closing by itself
                await connection.socket.close(1011)

    async def close(self) -> None:
        """Cut all."""
        for app_id in list(self._connections):
            await self.drop(app_id)

    def _hello(self, app_id: str) -> JsonObject:
        return {
            "type": "hello",
            "num_connections": self.connections(app_id),
            "debug_info": {"host": "playground", "build_number": 1, "approximate_connection_time": 18060},
            "connection_info": {"app_id": app_id},
        }

    def _ready(self, app_id: str) -> list[Connection]:
        return [connection for connection in self._connections.get(app_id, []) if not connection.leaving]

    def _announce(self, app_id: str) -> None:
        self.world.apps[app_id].ever_connected = True
        arrived, self._arrived = self._arrived, asyncio.Event()
        arrived.set()
        self.world.touch()

    async def _connected(self, app_id: str, patience: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience):
                while not self._ready(app_id):
                    await self._arrived.wait()

    def _answered(self, connection: Connection, message: JsonObject) -> None:
        answer = connection.waiting.get(text(message, "envelope_id"))
        if answer is not None and not answer.done():
            answer.set_result(Acknowledged(message.get("payload")))

    def _leave(self, app_id: str, connection: Connection) -> None:
        self._connections[app_id].remove(connection)
        for answer in connection.waiting.values():
            if not answer.done():
                answer.set_result(Unanswered("connection_closed"))
        self.world.touch()


async def _send_all(connection: Connection) -> None:
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):
        while True:
            await connection.socket.send_text(await connection.outgoing.get())


def _envelope_json(envelope: Envelope) -> JsonObject:
    wire: dict[str, JsonValue] = {
        "envelope_id": envelope.id,
        "payload": envelope.payload,
        "type": envelope.kind,
        "accepts_response_payload": envelope.kind != "events_api",
    }
    if envelope.kind == "events_api":
        wire |= {"retry_attempt": envelope.attempt, "retry_reason": envelope.retry_reason}
    return wire
