"""How a REST request becomes a call of an operation: one place for tokens, bodies, limits and records."""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from chatdesk_playground.discord.backend import Backend, RecordedRequest
from chatdesk_playground.discord.buckets import Quota
from chatdesk_playground.discord.errors import ApiError, Code, refusal
from chatdesk_playground.discord.files import Upload
from chatdesk_playground.discord.state import Application, Channel, Message
from chatdesk_playground.discord.wire import Body, body_of

PREFIX = "/api/v10"


@dataclass(frozen=True, slots=True)
class Call:
    """One request, read: who asks, for what, with which body."""

    backend: Backend
    path: Mapping[str, str]
    query: Mapping[str, str]
    content: object
    uploads: tuple[Upload, ...]
    application: Application | None

    @property
    def body(self) -> Body:
        return body_of(self.content)

    @property
    def bot(self) -> Application:
        """The bot that asks; 401 without a valid token."""
        if self.application is None:
            raise refusal(Code.UNAUTHORIZED)
        return self.application

    @property
    def channel(self) -> Channel:
        """The channel that the path names; 10003 if there is none."""
        channel = self.backend.world.channels.get(self.path["channel_id"])
        if channel is None:
            raise refusal(Code.UNKNOWN_CHANNEL)
        return channel

    @property
    def message(self) -> Message:
        """The message that the path names; 10008 if there is none that everybody sees."""
        message = self.backend.world.message(self.path["channel_id"], self.path["message_id"])
        if message is None or message.visible_to is not None:
            raise refusal(Code.UNKNOWN_MESSAGE)
        return message

    def number(self, key: str, default: int, minimum: int, maximum: int) -> int:
        """A number of the query, held to its bounds by refusing what lies outside."""
        raw = self.query.get(key, str(default))
        if not raw.isdigit() or not minimum <= int(raw) <= maximum:
            sentence = f"int value should be between {minimum} and {maximum}."
            errors = {key: {"_errors": [{"code": "NUMBER_TYPE_MAX", "message": sentence}]}}
            raise ApiError(400, Code.INVALID_FORM, "Invalid Form Body", dict(errors))
        return int(raw)


@dataclass(frozen=True, slots=True)
class Reply:
    """What an operation answers; no body means 204."""

    body: object = None
    status: int = 200


Operation = Callable[[Call], Reply]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A route of the REST API. Open ones carry their secret in the path instead of a bot token.

    `lacks` says what Discord's does and this one does not.
    """

    method: str
    path: str
    operation: Operation
    open: bool = False
    lacks: str = ""


def routes_of(backend: Backend, endpoints: Sequence[Endpoint]) -> list[BaseRoute]:
    """Starlette routes for these endpoints, literal paths before those with parameters."""
    ordered = sorted(
        endpoints, key=lambda endpoint: [part.startswith("{") for part in endpoint.path.split("/")]
    )
    return [
        Route(PREFIX + endpoint.path, _handler(backend, endpoint), methods=[endpoint.method])
        for endpoint in ordered
    ]


def _handler(backend: Backend, endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    async def handle(request: Request) -> Response:
        backend.in_flight += 1
        try:
            return await _answer(backend, endpoint, request)
        finally:
            backend.in_flight -= 1
            backend.changes.note()

    return handle


async def _answer(backend: Backend, endpoint: Endpoint, request: Request) -> Response:
    started = time.monotonic()
    application = _application(backend, request)
    quota = _take(backend, endpoint, request, application)
    path = request.url.path.removeprefix(PREFIX)
    call = Call(backend, request.path_params, dict(request.query_params), None, (), application)
    try:
        content, uploads = await read_body(request)
        call = replace(call, content=content, uploads=uploads)
        reply = _performed(endpoint, call, quota)
    except ApiError as error:
        reply = Reply(error.body(), error.status)
    status = 204 if reply.body is None and reply.status == 200 else reply.status
    record = RecordedRequest(
        at=backend.clock.now(),
        application_id=None if application is None else application.id,
        method=request.method,
        path=path,
        query=dict(call.query),
        body=call.content,
        files=tuple(upload.filename for upload in call.uploads),
        status=status,
        response=reply.body,
        milliseconds=(time.monotonic() - started) * 1000,
    )
    backend.requests.append(record)
    if status == 204:
        return Response(status_code=204, headers=quota.headers())
    return JSONResponse(reply.body, status, headers=quota.headers())


def _performed(endpoint: Endpoint, call: Call, quota: Quota) -> Reply:
    if quota.retry_after is not None:
        return _too_many(quota)
    if call.application is None and not endpoint.open:
        raise refusal(Code.UNAUTHORIZED)
    return endpoint.operation(call)


def _application(backend: Backend, request: Request) -> Application | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return backend.world.application_with_token(token) if scheme == "Bot" else None


def _take(backend: Backend, endpoint: Endpoint, request: Request, application: Application | None) -> Quota:
    params = request.path_params
    keys = ("channel_id", "guild_id", "webhook_id", "webhook_token")
    major = "+".join(str(params[key]) for key in keys if key in params)
    caller = application.id if application is not None else major
    interaction = params.get("webhook_token") in backend.interactions.by_token
    exempt = interaction or endpoint.path.startswith("/interactions/")
    return backend.rate_limits.take(endpoint.method, endpoint.path, major, caller, exempt)


def _too_many(quota: Quota) -> Reply:
    body = {
        "message": "You are being rate limited.",
        "retry_after": quota.retry_after,
        "global": quota.scope == "global",
    }
    return Reply(body, 429)


async def read_body(request: Request) -> tuple[object, tuple[Upload, ...]]:
    """The JSON of a request and its files; 50109 if it is no JSON."""
    kind = request.headers.get("content-type", "")
    if kind.startswith("multipart/form-data"):
        return await _read_multipart(request)
    raw = await request.body()
    return (_parsed(raw) if raw else None), ()


def _parsed(raw: bytes | str) -> object:
    try:
        content: object = json.loads(raw)
    except ValueError:
        raise refusal(Code.INVALID_JSON) from None
    return content


async def _read_multipart(request: Request) -> tuple[object, tuple[Upload, ...]]:
    content: object = None
    uploads: dict[int, Upload] = {}
    async with request.form(max_files=100, max_part_size=64 * 1024 * 1024) as form:
        for position, (name, value) in enumerate(form.multi_items()):
            if isinstance(value, UploadFile):
                digits = "".join(character for character in name if character.isdigit())
                index = int(digits) if digits else position
                kind = content_type_of(value.filename or "", value.content_type)
                uploads[index] = Upload(value.filename or "unknown", await value.read(), kind)
            elif name == "payload_json":
                content = _parsed(value)
    return content, tuple(uploads[index] for index in sorted(uploads))


_TYPES = {
    "txt": "text/plain; charset=utf-8",
    "log": "text/plain; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "png": "image/png",
    "jpg": "image/jpeg",
    "gif": "image/gif",
    "pdf": "application/pdf",
    "zip": "application/zip",
}


def content_type_of(filename: str, declared: str | None) -> str:
    """Discord goes by the name rather than by what the client declares."""
    ending = filename.rpartition(".")[2].lower()
    return _TYPES.get(ending, declared or "application/octet-stream")
