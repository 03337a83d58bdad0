"""The gateway's websocket: hello, identify or resume, heartbeats, compression, close codes."""

from __future__ import annotations

import asyncio
import contextlib
import json
import zlib
from collections import deque
from dataclasses import dataclass, field
from time import monotonic

from starlette.websockets import WebSocket, WebSocketDisconnect
from websockets.exceptions import WebSocketException

from chatdesk_playground.discord.backend import Backend
from chatdesk_playground.discord.gateway import KNOWN_INTENTS, Intent, Session
from chatdesk_playground.discord.payloads import (
    application_flags,
    guild_create_payload,
    member_payload,
    own_user_payload,
)
from chatdesk_playground.discord.state import Application
from chatdesk_playground.discord.wire import Body, JsonObject, body_of, ids_of, items_of, number_of, text_of

HEARTBEAT, IDENTIFY, PRESENCE, VOICE_STATE, RESUME = 1, 2, 3, 4, 6
RECONNECT, REQUEST_MEMBERS, INVALID_SESSION, HELLO, HEARTBEAT_ACK = 7, 8, 9, 10, 11
HEARTBEAT_MILLISECONDS = 41_250
SENDS_PER_MINUTE = 120
MEMBERS_PER_CHUNK = 1000
WORTH_COMPRESSING = 1024
"""So long is a payload that is compressed by itself, where identify asks for that: only some are."""

UNKNOWN_OPCODE, DECODE_ERROR, NOT_AUTHENTICATED, AUTHENTICATION_FAILED = 4001, 4002, 4003, 4004
ALREADY_AUTHENTICATED, RATE_LIMITED, INVALID_SHARD, SHARDING_REQUIRED = 4005, 4008, 4010, 4011
INVALID_VERSION, INVALID_INTENTS, DISALLOWED_INTENTS = 4012, 4013, 4014


class Closed(Exception):
    """The server ends the connection with this code."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{code} {reason}")
        self.code = code
        self.reason = reason


@dataclass(slots=True, eq=False)
class Connection:
    """One websocket, with its compressor and, once it has identified, its session."""

    socket: WebSocket
    backend: Backend
    compressor: zlib._Compress | None
    outbox: asyncio.Queue[JsonObject | None] = field(default_factory=asyncio.Queue)
    session: Session | None = None
    sends: deque[float] = field(default_factory=deque)
    compress_each: bool = False

    async def write(self) -> None:
        """Sends what is put into the outbox until a None ends it."""
        while (frame := await self.outbox.get()) is not None:
            text = json.dumps(frame, separators=(",", ":"))
            if self.compressor is not None:
                data = self.compressor.compress(text.encode())
                await self.socket.send_bytes(data + self.compressor.flush(zlib.Z_SYNC_FLUSH))
            elif self.compress_each and len(text) >= WORTH_COMPRESSING:
                await self.socket.send_bytes(zlib.compress(text.encode()))
            else:
                await self.socket.send_text(text)

    async def close(self, code: int, reason: str = "") -> None:
        """Closes it, unless the client is doing so itself."""
        with contextlib.suppress(RuntimeError, WebSocketException):
            await self.socket.close(code, reason)


async def serve(backend: Backend, connections: set[Connection], socket: WebSocket) -> None:
    """One connection from hello to its end."""
    await socket.accept()
    compressed = socket.query_params.get("compress") == "zlib-stream"
    connection = Connection(socket, backend, zlib.compressobj() if compressed else None)
    connections.add(connection)
    writer = asyncio.create_task(connection.write())
    try:
        if socket.query_params.get("v", "10") not in ("9", "10"):
            raise Closed(INVALID_VERSION, "Invalid API version")
        hello = {"heartbeat_interval": HEARTBEAT_MILLISECONDS, "_trace": ["playground"]}
        connection.outbox.put_nowait({"op": HELLO, "t": None, "s": None, "d": hello})
        await _converse(connection)
    except Closed as closed:
        _forget(connection, closed.code)
        await _drain(connection, writer)
        await connection.close(closed.code, closed.reason)
    except WebSocketDisconnect as disconnect:
        _forget(connection, disconnect.code)
    finally:
        connections.discard(connection)
        writer.cancel()
        _detach(connection)
        backend.changes.note()


async def _drain(connection: Connection, writer: asyncio.Task[None]) -> None:
    connection.outbox.put_nowait(None)
    await asyncio.wait([writer], timeout=1)


def _forget(connection: Connection, code: int) -> None:
    """A client that closes with 1000 or 1001 gives its session up; so does a failed login."""
    gone = code in (1000, 1001, AUTHENTICATION_FAILED, INVALID_SHARD, INVALID_INTENTS, DISALLOWED_INTENTS)
    if gone and connection.session is not None:
        connection.backend.gateway.end(connection.session)


def _detach(connection: Connection) -> None:
    session = connection.session
    if session is not None and session.outbox is connection.outbox:
        connection.backend.gateway.detach(session)


async def _converse(connection: Connection) -> None:
    while True:
        raw = await connection.socket.receive_text()
        try:
            frame = body_of(json.loads(raw))
        except ValueError:
            raise Closed(DECODE_ERROR, "Error while decoding payload.") from None
        _count(connection)
        _handle(connection, number_of(frame, "op", -1), frame.get("d"))
        connection.backend.changes.note()


def _count(connection: Connection) -> None:
    if not connection.backend.rate_limits.enabled:
        return
    now = monotonic()
    while connection.sends and now - connection.sends[0] > 60:
        connection.sends.popleft()
    connection.sends.append(now)
    if len(connection.sends) > SENDS_PER_MINUTE:
        raise Closed(RATE_LIMITED, "You are being rate limited.")


def _handle(connection: Connection, op: int, data: object) -> None:
    if op == HEARTBEAT:
        if connection.session is not None and isinstance(data, int):
            connection.session.answered(data)
        connection.outbox.put_nowait({"op": HEARTBEAT_ACK, "t": None, "s": None, "d": None})
    elif op == IDENTIFY:
        _identify(connection, body_of(data))
    elif op == RESUME:
        _resume(connection, body_of(data))
    elif connection.session is None:
        raise Closed(NOT_AUTHENTICATED, "Not authenticated.")
    elif op == REQUEST_MEMBERS:
        _send_members(connection, connection.session, body_of(data))
    elif op not in (PRESENCE, VOICE_STATE):
        raise Closed(UNKNOWN_OPCODE, "Unknown opcode.")


def _application(connection: Connection, body: Body) -> Application:
    token = text_of(body, "token").removeprefix("Bot ")
    application = connection.backend.world.application_with_token(token)
    if application is None:
        raise Closed(AUTHENTICATION_FAILED, "Authentication failed.")
    return application


def _identify(connection: Connection, body: Body) -> None:
    if connection.session is not None:
        raise Closed(ALREADY_AUTHENTICATED, "Already authenticated.")
    application = _application(connection, body)
    intents = number_of(body, "intents", -1)
    _check_intents(application, intents)
    shard = _shard(body)
    backend = connection.backend
    # A bot in one piece is let in at once, so that a test that starts it anew need not wait.
    if shard[1] > 1 and backend.rate_limits.take_identify(application.id) > 0:
        connection.outbox.put_nowait({"op": INVALID_SESSION, "t": None, "s": None, "d": False})
        return
    session = backend.gateway.open(application.id, intents, shard)
    connection.session = session
    connection.compress_each = body.get("compress") is True
    session.outbox = connection.outbox
    _send_ready(backend, session, application)


def _check_intents(application: Application, intents: int) -> None:
    if not 0 <= intents <= KNOWN_INTENTS:
        raise Closed(INVALID_INTENTS, "Invalid intent(s).")
    privileged = (
        (Intent.GUILD_MEMBERS, application.members),
        (Intent.GUILD_PRESENCES, application.presences),
        (Intent.MESSAGE_CONTENT, application.message_content),
    )
    if any(intents & intent and not granted for intent, granted in privileged):
        raise Closed(DISALLOWED_INTENTS, "Disallowed intent(s).")


def _shard(body: Body) -> tuple[int, int]:
    numbers = [item for item in items_of(body.get("shard")) if isinstance(item, int)]
    if not numbers:
        return 0, 1
    if len(numbers) != 2 or not 0 <= numbers[0] < numbers[1]:
        raise Closed(INVALID_SHARD, "Invalid shard.")
    return numbers[0], numbers[1]


def _send_ready(backend: Backend, session: Session, application: Application) -> None:
    world = backend.world
    number, count = session.shard
    guilds = [item for item in world.guilds_of(application.id) if (int(item.id) >> 22) % count == number]
    ready: JsonObject = {
        "v": 10,
        "user": own_user_payload(world.users[application.id]),
        "guilds": [{"id": guild.id, "unavailable": True} for guild in guilds],
        "session_id": session.id,
        "session_type": "normal",
        "resume_gateway_url": backend.gateway_url,
        "shard": [number, count],
        "application": {"id": application.id, "flags": application_flags(application)},
        "private_channels": [],
        "user_settings": {},
        "relationships": [],
        "presences": [],
        "_trace": ["playground"],
    }
    backend.gateway.emit(session, "READY", ready)
    if session.intents & Intent.GUILDS:
        with_members = bool(session.intents & Intent.GUILD_PRESENCES)
        for guild in guilds:
            payload = guild_create_payload(world, guild, application.id, with_members)
            backend.gateway.emit(session, "GUILD_CREATE", payload)


def _resume(connection: Connection, body: Body) -> None:
    application = _application(connection, body)
    backend, sequence = connection.backend, number_of(body, "seq")
    session = backend.gateway.resumable(text_of(body, "session_id"), application.id, sequence)
    if session is None:
        connection.outbox.put_nowait({"op": INVALID_SESSION, "t": None, "s": None, "d": False})
        return
    if session.outbox is not None:
        session.outbox.put_nowait(None)
    connection.session = session
    session.detached_at = None
    for frame in session.sent:
        if number_of(frame, "s") > sequence:
            connection.outbox.put_nowait(frame)
    session.outbox = connection.outbox
    backend.gateway.emit(session, "RESUMED", {"_trace": ["playground"]})


def _send_members(connection: Connection, session: Session, body: Body) -> None:
    """Answers a request for members, in chunks of a thousand; all of them only with the intent."""
    world, guild_id = connection.backend.world, str(body.get("guild_id"))
    if (guild_id, session.application_id) not in world.members:
        return
    wanted = ids_of(body.get("user_ids"))
    query, limit = text_of(body, "query").lower(), number_of(body, "limit")
    if not wanted and not query and not session.intents & Intent.GUILD_MEMBERS:
        raise Closed(DISALLOWED_INTENTS, "Disallowed intent(s).")
    found = [
        member
        for member in world.members_of(guild_id)
        if (member.user_id in wanted if wanted else True)
        and (member.nick or world.users[member.user_id].username).lower().startswith(query)
    ]
    found = found[:limit] if limit else found
    chunks = [found[start : start + MEMBERS_PER_CHUNK] for start in range(0, len(found), MEMBERS_PER_CHUNK)]
    for index, chunk in enumerate(chunks or [[]]):
        data: JsonObject = {
            "guild_id": guild_id,
            "members": [member_payload(world, member) for member in chunk],
            "chunk_index": index,
            "chunk_count": len(chunks) or 1,
            "not_found": [user_id for user_id in wanted if (guild_id, user_id) not in world.members],
        }
        if body.get("nonce") is not None:
            data["nonce"] = body["nonce"]
        connection.backend.gateway.emit(session, "GUILD_MEMBERS_CHUNK", data)
