"""users.*, usergroups.*, team.info and bots.info."""

from __future__ import annotations

from collections.abc import Mapping

from chatdesk_playground.slack.messages import bot_profile_json, user_json, usergroup_json
from chatdesk_playground.slack.methods.paging import page
from chatdesk_playground.slack.state import User
from chatdesk_playground.slack.webapi import ApiError, Call, Method
from chatdesk_playground.slack.wire import JsonObject, JsonValue, child


def info(call: Call) -> JsonObject:
    """users.info."""
    return {"user": _shown(call, _user(call))}


def list_users(call: Call) -> JsonObject:
    """users.list."""
    shown, cursor = page(call, list(call.workspace.users.values()))
    return {
        "members": [_shown(call, user) for user in shown],
        "cache_ts": call.site.world.now(),
        "response_metadata": {"next_cursor": cursor},
    }


def lookup_by_email(call: Call) -> JsonObject:
    """users.lookupByEmail."""
    email = call.required("email").casefold()
    for user in call.workspace.users.values():
        if user.email.casefold() == email and not user.deleted and not user.is_bot:
            return {"user": _shown(call, user)}
    raise ApiError("users_not_found")


def profile(call: Call) -> JsonObject:
    """users.profile.get."""
    return {"profile": child(_shown(call, _user(call)), "profile")}


def list_usergroups(call: Call) -> JsonObject:
    """usergroups.list."""
    wires = [usergroup_json(group) for group in call.workspace.usergroups.values()]
    if not call.flag("include_users"):
        wires = [{key: value for key, value in wire.items() if key != "users"} for wire in wires]
    return {"usergroups": wires}


def usergroup_users(call: Call) -> JsonObject:
    """usergroups.users.list."""
    group = call.workspace.usergroups.get(call.required("usergroup"))
    if group is None:
        raise ApiError("no_such_subteam")
    return {"users": list(group.members)}


def team_info(call: Call) -> JsonObject:
    """team.info."""
    name = call.workspace.name
    return {
        "team": {
            "id": call.workspace.id,
            "name": name,
            "domain": name,
            "email_domain": "",
            "url": f"https://{name}.slack.com/",
            "icon": {"image_default": True},
            "is_verified": False,
        }
    }


def bot_info(call: Call) -> JsonObject:
    """bots.info."""
    if call.text("bot") != call.workspace.bot_id:
        raise ApiError("bot_not_found")
    card = bot_profile_json(call.site.world, call.site.base_url, call.workspace)
    kept = {key: value for key, value in card.items() if key != "team_id"}
    return {"bot": kept | {"user_id": call.workspace.bot_user_id}}


def _user(call: Call) -> User:
    user = call.workspace.users.get(call.required("user"))
    if user is None:
        raise ApiError("user_not_found")
    return user


def _shown(call: Call, user: User) -> dict[str, JsonValue]:
    wire = user_json(call.site.base_url, user)
    if call.has_scope("users:read.email"):
        return wire
    kept = {key: value for key, value in child(wire, "profile").items() if key != "email"}
    return wire | {"profile": kept}


METHODS: Mapping[str, Method] = {
    "users.info": Method(info, ("users:read",), 4),
    "users.list": Method(list_users, ("users:read",), 2),
    "users.lookupByEmail": Method(lookup_by_email, ("users:read.email",), 3),
    "users.profile.get": Method(profile, ("users.profile:read",), 4, lacks="custom fields"),
    "usergroups.list": Method(
        list_usergroups, ("usergroups:read",), 2, lacks="groups that were switched off"
    ),
    "usergroups.users.list": Method(usergroup_users, ("usergroups:read",), 2),
    "team.info": Method(team_info, ("team:read",), 3, lacks="other workspaces; settings of this one"),
    "bots.info": Method(bot_info, ("users:read",), 3, lacks="bots of other apps"),
}
