"""The front door of the Web API: arguments, tokens, scopes, limits, and one answer per call.

https://docs.slack.dev/apis/web-api
"""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from starlette.requests import Request
from starlette.responses import Response

from chatdesk_playground.slack.site import RecordedRequest, Site
from chatdesk_playground.slack.state import App, Channel, User, Workspace
from chatdesk_playground.slack.wire import (
    JsonObject,
    JsonValue,
    dump,
    flag,
    parse,
    text,
    texts,
    whole,
)
from chatdesk_playground.slack.world import find_channel

TokenKind = Literal["bot", "app", "none"]


class ApiError(Exception):
    """A refusal in Slack's words; `details` is what the answer says besides `ok` and `error`."""

    def __init__(self, code: str, details: JsonObject | None = None, retry_after: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.details = details or {}
        self.retry_after = retry_after


def invalid_arguments(*problems: str) -> ApiError:
    """The refusal of arguments that break a rule."""
    return ApiError(
        "invalid_arguments", {"response_metadata": {"messages": [f"[ERROR] {p}" for p in problems]}}
    )


@dataclass(frozen=True, slots=True)
class Call:
    """One authorised call of one method."""

    site: Site
    workspace: Workspace
    app: App
    arguments: JsonObject

    @property
    def bot(self) -> User:
        """The bot user that calls."""
        return self.workspace.users[self.workspace.bot_user_id]

    def text(self, key: str, default: str = "") -> str:
        """A string argument."""
        return text(self.arguments, key, default)

    def required(self, key: str) -> str:
        """A string argument that must be there."""
        value = self.text(key)
        if not value:
            raise invalid_arguments(f"missing required field: {key}")
        return value

    def flag(self, key: str, default: bool = False) -> bool:
        """A boolean argument."""
        return flag(self.arguments, key, default)

    def whole(self, key: str, default: int) -> int:
        """A whole number argument."""
        return whole(self.arguments, key, default)

    def texts(self, key: str) -> list[str]:
        """A list argument, comma-separated or an array."""
        value = self.structure(key, "invalid_arguments") if self.text(key).startswith("[") else None
        return texts({key: value} if value is not None else self.arguments, key)

    def structure(self, key: str, error: str) -> JsonValue:
        """An argument that is JSON, also when it comes as a string, as in forms."""
        value = self.arguments.get(key)
        if isinstance(value, str):
            if not value:
                return None
            try:
                return parse(value)
            except ValueError as broken:
                raise ApiError(error) from broken
        return value

    def objects(self, key: str, error: str) -> list[JsonObject] | None:
        """An argument that is an array of objects, None when it is absent."""
        value = self.structure(key, error)
        if value is None:
            return None
        if not isinstance(value, Sequence) or isinstance(value, str):
            raise ApiError(error)
        return [item for item in value if isinstance(item, Mapping)]

    def channel(self, key: str = "channel") -> Channel:
        """The conversation that an argument names, if the bot may know of it."""
        name = self.required(key)
        found = self.workspace.channels.get(name) or (
            find_channel(self.workspace, name) if name.startswith("#") else None
        )
        if found is None or (found.is_private and self.workspace.bot_user_id not in found.members):
            raise ApiError("channel_not_found")
        return found

    def has_scope(self, scope: str) -> bool:
        """Whether the bot token was granted a scope."""
        return scope in self.workspace.scopes

    def require_scope(self, scope: str) -> None:
        """Refuse the call without this scope."""
        if not self.has_scope(scope):
            raise missing_scope(scope, self.workspace)


@dataclass(frozen=True, slots=True)
class Method:
    """One method of the Web API: any one of `scopes` is enough.

    `lacks` says what Slack's does and this one does not.
    """

    run: Callable[[Call], JsonObject]
    scopes: tuple[str, ...] = ()
    tier: int = 3
    token: TokenKind = "bot"
    lacks: str = ""


def missing_scope(needed: str, workspace: Workspace) -> ApiError:
    """The refusal that names the scope."""
    return ApiError("missing_scope", {"needed": needed, "provided": ",".join(sorted(workspace.scopes))})


@dataclass(frozen=True, slots=True)
class WebApi:
    """All methods behind /api/."""

    site: Site
    methods: Mapping[str, Method]

    async def handle(self, request: Request) -> Response:
        """Answer one HTTP request. Every request of the app to the Web API passes here."""
        started = time.monotonic()
        name = request.path_params["method"]
        arguments: JsonObject = {}
        headers: dict[str, str] = {}
        status = 200
        self.site.requests_under_way += 1
        try:
            arguments = await read_arguments(request)
            answer = {"ok": True, **self._run(name, request, arguments, headers)}
        except ApiError as refusal:
            answer = {"ok": False, "error": refusal.code, **refusal.details}
            if refusal.retry_after:
                status = 429
                headers["Retry-After"] = str(refusal.retry_after)
        finally:
            self.site.requests_under_way -= 1
        spent = (time.monotonic() - started) * 1000
        shown = {key: value for key, value in arguments.items() if key != "token"}
        self.site.requests.append(RecordedRequest(name, shown, status, answer, time.time(), spent))
        return Response(dump(answer), status, headers=headers, media_type="application/json; charset=utf-8")

    def _run(self, name: str, request: Request, arguments: JsonObject, headers: dict[str, str]) -> JsonObject:
        method = self.methods.get(name)
        if method is None:
            raise ApiError("unknown_method", {"req_method": name})
        workspace, app = self._caller(method, name, _token(request, arguments))
        if workspace is not None:
            headers["x-oauth-scopes"] = ",".join(sorted(workspace.scopes))
            headers["x-accepted-oauth-scopes"] = ",".join(method.scopes)
            self._check(workspace, method, name)
        elif method.token == "none":
            workspace = next(iter(self.site.world.workspaces.values()), None)
        if workspace is None or app is None:
            raise ApiError("invalid_auth")
        return method.run(Call(self.site, workspace, app, arguments))

    def _check(self, workspace: Workspace, method: Method, name: str) -> None:
        if method.token == "bot" and method.scopes and not workspace.scopes.intersection(method.scopes):
            raise missing_scope(method.scopes[0], workspace)
        if name == "chat.postMessage":
            return
        wait = self.site.limits.wait_for_method(workspace.id, name, method.tier)
        if wait:
            raise ApiError("ratelimited", retry_after=wait)

    def _caller(self, method: Method, name: str, token: str) -> tuple[Workspace | None, App | None]:
        world = self.site.world
        if method.token == "none":
            return None, next(iter(world.apps.values()), None)
        if not token:
            raise ApiError("not_authed")
        if token in world.revoked_tokens:
            raise ApiError("token_revoked")
        app = next((app for app in world.apps.values() if app.app_token == token), None)
        workspace = next((w for w in world.workspaces.values() if w.bot_token == token), None)
        if app is None and workspace is None:
            raise ApiError("invalid_auth")
        if (method.token == "app") != (app is not None):
            if name == "auth.test" and app is not None:
                workspace = next(w for w in world.workspaces.values() if w.app_id == app.id)
                return workspace, app
            raise ApiError("not_allowed_token_type")
        if workspace is None:
            workspace = next((w for w in world.workspaces.values() if app and w.app_id == app.id), None)
        if workspace is not None and not workspace.installed:
            raise ApiError("account_inactive")
        return workspace, app or (world.app_of(workspace) if workspace else None)


def _token(request: Request, arguments: JsonObject) -> str:
    header = request.headers.get("authorization", "")
    scheme, _, credentials = header.partition(" ")
    if scheme.lower() == "bearer":
        return credentials.strip()
    return text(arguments, "token")


async def read_arguments(request: Request) -> JsonObject:
    """The arguments of a call, from query, form or JSON. Raises `ApiError`."""
    arguments: dict[str, JsonValue] = dict(request.query_params)
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type == "application/json":
        raw = await request.body()
        try:
            value = parse(raw) if raw else {}
        except ValueError as broken:
            raise ApiError("invalid_json") from broken
        if not isinstance(value, Mapping):
            raise ApiError("json_not_object")
        # Slack reads the token of a JSON request from its header alone.
        arguments |= {key: part for key, part in value.items() if key != "token"}
    elif content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        async with request.form() as form:
            arguments |= {key: part for key, part in form.items() if isinstance(part, str)}
    return arguments | _basic_credentials(request)


def _basic_credentials(request: Request) -> dict[str, JsonValue]:
    """Client id and secret, which OAuth clients may give as basic authentication."""
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return {}
    try:
        client_id, _, client_secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except ValueError:
        return {}
    return {"client_id": client_id, "client_secret": client_secret}
