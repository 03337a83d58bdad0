"""auth.test, apps.connections.open, oauth.v2.access, auth.revoke and api.test."""

from __future__ import annotations

from collections.abc import Mapping

from chatdesk_playground.slack.state import Workspace
from chatdesk_playground.slack.webapi import ApiError, Call, Method
from chatdesk_playground.slack.wire import JsonObject


def auth_test(call: Call) -> JsonObject:
    """auth.test."""
    return {
        "url": f"https://{call.workspace.name}.slack.com/",
        "team": call.workspace.name,
        "user": call.bot.name,
        "team_id": call.workspace.id,
        "user_id": call.workspace.bot_user_id,
        "bot_id": call.workspace.bot_id,
        "is_enterprise_install": False,
    }


def connections_open(call: Call) -> JsonObject:
    """apps.connections.open: an address for one websocket."""
    ticket = call.site.sockets.ticket(call.app)
    return {"url": f"{call.site.socket_url}?ticket={ticket}&app_id={call.app.id}"}


def oauth_access(call: Call) -> JsonObject:
    """oauth.v2.access: exchanges a code that the control interface gave."""
    world = call.site.world
    team_id = world.codes.pop(call.text("code"), "")
    if not team_id:
        raise ApiError("invalid_code")
    workspace = world.workspace(team_id)
    app = world.app_of(workspace)
    if call.text("client_id") != app.client_id:
        raise ApiError("invalid_client_id")
    if call.text("client_secret") != app.client_secret:
        raise ApiError("bad_client_secret")
    return {
        "app_id": app.id,
        "authed_user": {"id": _installer(workspace)},
        "scope": ",".join(sorted(workspace.scopes)),
        "token_type": "bot",
        "access_token": workspace.bot_token,
        "bot_user_id": workspace.bot_user_id,
        "team": {"id": workspace.id, "name": workspace.name},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def _installer(workspace: Workspace) -> str:
    """A human, where there is one."""
    people = [user.id for user in workspace.users.values() if not user.is_bot]
    return next(iter(people), workspace.bot_user_id)


def revoke(call: Call) -> JsonObject:
    """auth.revoke: the token is dead afterwards; with `test` it stays."""
    if call.flag("test"):
        return {"revoked": False}
    call.site.world.revoked_tokens.add(call.workspace.bot_token)
    tokens: JsonObject = {"oauth": [], "bot": [call.workspace.bot_user_id]}
    call.site.delivery.emit(call.workspace, {"type": "tokens_revoked", "tokens": tokens})
    return {"revoked": True}


def api_test(call: Call) -> JsonObject:
    """api.test."""
    if call.text("error"):
        raise ApiError(call.text("error"), {"args": call.arguments})
    return {"args": call.arguments}


METHODS: Mapping[str, Method] = {
    "auth.test": Method(auth_test, (), 4),
    "apps.connections.open": Method(connections_open, (), 1, "app"),
    "auth.revoke": Method(revoke, (), 3),
    "oauth.v2.access": Method(
        oauth_access,
        (),
        4,
        "none",
        lacks="scopes of users, token rotation, Enterprise Grid; `redirect_uri` is not compared",
    ),
    "api.test": Method(api_test, (), 4, "none"),
}
