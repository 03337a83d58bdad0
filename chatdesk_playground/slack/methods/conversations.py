"""conversations.list, .info, .open, .create, .archive, .rename and .members."""

from __future__ import annotations

import re
from collections.abc import Mapping

from chatdesk_playground.slack.membership import archive, open_direct, rename
from chatdesk_playground.slack.messages import channel_json
from chatdesk_playground.slack.methods.paging import page
from chatdesk_playground.slack.state import Channel
from chatdesk_playground.slack.webapi import ApiError, Call, Method
from chatdesk_playground.slack.wire import JsonObject
from chatdesk_playground.slack.world import find_channel

READ = ("channels:read", "groups:read", "im:read", "mpim:read")
MANAGE = ("channels:manage", "groups:write")
_KINDS = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}
_NAME = re.compile(r"[^\sA-Z.,!?#@:;\"'()<>/\\]{1,80}")


def list_conversations(call: Call) -> JsonObject:
    """conversations.list."""
    return _listed(call, [channel for channel in call.workspace.channels.values() if _may_see(call, channel)])


def users_conversations(call: Call) -> JsonObject:
    """users.conversations: those that somebody, by default the bot, is a member of."""
    user = call.text("user") or call.workspace.bot_user_id
    if user not in call.workspace.users:
        raise ApiError("user_not_found")
    joined = [c for c in call.workspace.channels.values() if user in c.members and _may_see(call, c)]
    return _listed(call, joined)


def info(call: Call) -> JsonObject:
    """conversations.info."""
    channel = call.channel()
    wire = channel_json(channel, call.workspace.bot_user_id)
    if call.flag("include_num_members"):
        wire["num_members"] = len(channel.members)
    return {"channel": wire}


def members(call: Call) -> JsonObject:
    """conversations.members."""
    shown, cursor = page(call, call.channel().members)
    return {"members": list(shown), "response_metadata": {"next_cursor": cursor}}


def open_conversation(call: Call) -> JsonObject:
    """conversations.open: by channel, or by the people in it."""
    call.require_scope("im:write")
    if call.text("channel"):
        channel = call.channel()
        return {"channel": {"id": channel.id}, "no_op": True, "already_open": True}
    people = call.texts("users")
    if not people:
        raise ApiError("users_list_not_supplied")
    if any(person not in call.workspace.users for person in people):
        raise ApiError("user_not_found")
    channel = open_direct(call.site, call.workspace, [*people, call.workspace.bot_user_id])
    if call.flag("return_im"):
        return {"channel": channel_json(channel, call.workspace.bot_user_id)}
    return {"channel": {"id": channel.id}}


def create(call: Call) -> JsonObject:
    """conversations.create."""
    name = _free_name(call)
    private = call.flag("is_private")
    channel = Channel(
        id=call.site.world.new_id("C"),
        team_id=call.workspace.id,
        name=name,
        kind="group" if private else "channel",
        creator=call.workspace.bot_user_id,
        created=call.site.world.now(),
        members=[call.workspace.bot_user_id],
    )
    call.workspace.channels[channel.id] = channel
    call.site.world.touch()
    return {"channel": channel_json(channel, call.workspace.bot_user_id)}


def archive_conversation(call: Call) -> JsonObject:
    """conversations.archive."""
    channel = _managed(call)
    if channel.archived:
        raise ApiError("already_archived")
    archive(call.site, call.workspace, channel, call.workspace.bot_user_id)
    return {}


def unarchive(call: Call) -> JsonObject:
    """conversations.unarchive."""
    channel = call.channel()
    if not channel.archived:
        raise ApiError("not_archived")
    channel.archived = False
    call.site.world.touch()
    return {}


def rename_conversation(call: Call) -> JsonObject:
    """conversations.rename."""
    channel = _managed(call)
    rename(call.site, call.workspace, channel, _free_name(call))
    return {"channel": channel_json(channel, call.workspace.bot_user_id)}


def set_topic(call: Call) -> JsonObject:
    """conversations.setTopic."""
    channel = _managed(call)
    channel.topic = call.text("topic")[:250]
    call.site.world.touch()
    return {"channel": channel_json(channel, call.workspace.bot_user_id)}


def set_purpose(call: Call) -> JsonObject:
    """conversations.setPurpose."""
    channel = _managed(call)
    channel.purpose = call.text("purpose")[:250]
    call.site.world.touch()
    return {"channel": channel_json(channel, call.workspace.bot_user_id)}


def _managed(call: Call) -> Channel:
    channel = call.channel()
    if call.workspace.bot_user_id not in channel.members:
        raise ApiError("not_in_channel")
    if channel.kind in ("im", "mpim"):
        raise ApiError("method_not_supported_for_channel_type")
    return channel


def _free_name(call: Call) -> str:
    name = call.text("name")
    if not name:
        raise ApiError("invalid_name_required")
    if len(name) > 80:
        raise ApiError("invalid_name_maxlength")
    if not _NAME.fullmatch(name):
        raise ApiError("invalid_name_specials")
    if find_channel(call.workspace, name) is not None:
        raise ApiError("name_taken")
    return name


def _may_see(call: Call, channel: Channel) -> bool:
    return not channel.is_private or call.workspace.bot_user_id in channel.members


def _listed(call: Call, channels: list[Channel]) -> JsonObject:
    types = call.texts("types") or ["public_channel"]
    if any(kind not in _KINDS for kind in types):
        raise ApiError("invalid_types")
    kinds = {_KINDS[kind] for kind in types}
    wanted = [
        channel
        for channel in channels
        if channel.kind in kinds and not (call.flag("exclude_archived") and channel.archived)
    ]
    shown, cursor = page(call, wanted)
    wires = [channel_json(c, call.workspace.bot_user_id) | {"num_members": len(c.members)} for c in shown]
    return {"channels": wires, "response_metadata": {"next_cursor": cursor}}


METHODS: Mapping[str, Method] = {
    "conversations.list": Method(list_conversations, READ, 2),
    "users.conversations": Method(users_conversations, READ, 3),
    "conversations.info": Method(info, READ, 3),
    "conversations.members": Method(members, READ, 4),
    "conversations.open": Method(open_conversation, ("im:write", "mpim:write"), 3),
    "conversations.create": Method(create, MANAGE, 2, lacks="the event channel_created"),
    "conversations.archive": Method(archive_conversation, MANAGE, 2),
    "conversations.unarchive": Method(unarchive, MANAGE, 2, lacks="the event channel_unarchive"),
    "conversations.rename": Method(rename_conversation, MANAGE, 2),
    "conversations.setTopic": Method(
        set_topic, (*MANAGE, "channels:write.topic"), 2, lacks="the message that tells of it"
    ),
    "conversations.setPurpose": Method(
        set_purpose, (*MANAGE, "channels:write.topic"), 2, lacks="the message that tells of it"
    ),
}
