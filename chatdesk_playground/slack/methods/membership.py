"""conversations.join, .invite, .kick and .leave."""

from __future__ import annotations

from collections.abc import Mapping

from chatdesk_playground.slack.membership import join, leave
from chatdesk_playground.slack.messages import channel_json
from chatdesk_playground.slack.webapi import ApiError, Call, Method
from chatdesk_playground.slack.wire import JsonObject


def join_conversation(call: Call) -> JsonObject:
    """conversations.join: public channels alone."""
    channel = call.channel()
    if channel.archived:
        raise ApiError("is_archived")
    if channel.kind != "channel":
        raise ApiError("method_not_supported_for_channel_type")
    already = call.workspace.bot_user_id in channel.members
    join(call.site, call.workspace, channel, call.workspace.bot_user_id)
    answer: JsonObject = {"channel": channel_json(channel, call.workspace.bot_user_id)}
    if already:
        warnings = {"warnings": ["already_in_channel"]}
        return {**answer, "warning": "already_in_channel", "response_metadata": warnings}
    return answer


def invite(call: Call) -> JsonObject:
    """conversations.invite."""
    channel = call.channel()
    people = call.texts("users")
    if not people:
        raise ApiError("no_user")
    if call.workspace.bot_user_id not in channel.members:
        raise ApiError("not_in_channel")
    if channel.archived:
        raise ApiError("is_archived")
    errors = [_invite_problem(call, person, channel.members) for person in people]
    problems = [problem for problem in errors if problem is not None]
    if problems and not call.flag("force"):
        raise ApiError(str(problems[0]["error"]), {"errors": problems})
    for person, problem in zip(people, errors, strict=True):
        if problem is None:
            join(call.site, call.workspace, channel, person, call.workspace.bot_user_id)
    return {"channel": channel_json(channel, call.workspace.bot_user_id)}


def kick(call: Call) -> JsonObject:
    """conversations.kick."""
    channel = call.channel()
    person = call.required("user")
    if person == call.workspace.bot_user_id:
        raise ApiError("cant_kick_self")
    if call.workspace.bot_user_id not in channel.members or person not in channel.members:
        raise ApiError("not_in_channel")
    leave(call.site, call.workspace, channel, person)
    return {"errors": {}}


def leave_conversation(call: Call) -> JsonObject:
    """conversations.leave."""
    channel = call.channel()
    if call.workspace.bot_user_id not in channel.members:
        return {"not_in_channel": True}
    leave(call.site, call.workspace, channel, call.workspace.bot_user_id)
    return {}


def _invite_problem(call: Call, person: str, members: list[str]) -> JsonObject | None:
    if person not in call.workspace.users:
        return {"ok": False, "error": "user_not_found", "user": person}
    if person == call.workspace.bot_user_id:
        return {"ok": False, "error": "cant_invite_self", "user": person}
    if person in members:
        return {"ok": False, "error": "already_in_channel", "user": person}
    return None


_MANAGE = ("channels:manage", "groups:write", "channels:write.invites", "groups:write.invites")

METHODS: Mapping[str, Method] = {
    "conversations.join": Method(join_conversation, ("channels:join",), 3),
    "conversations.invite": Method(invite, _MANAGE, 3),
    "conversations.kick": Method(kick, ("channels:manage", "groups:write"), 3),
    "conversations.leave": Method(leave_conversation, ("channels:manage", "groups:write"), 3),
}
