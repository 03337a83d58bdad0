"""reactions.* and pins.*."""

from __future__ import annotations

import re
from collections.abc import Mapping

from chatdesk_playground.slack import pinning
from chatdesk_playground.slack.posting import react, unreact, wire_of
from chatdesk_playground.slack.state import Channel, Message
from chatdesk_playground.slack.webapi import ApiError, Call, Method
from chatdesk_playground.slack.wire import JsonObject

MOST_REACTIONS = 50
_NAME = re.compile(r"[a-z0-9_+'\-]+(::skin-tone-[2-6])?")


def valid_reaction(name: str) -> bool:
    """Whether Slack could know an emoji of this name."""
    return _NAME.fullmatch(name) is not None


def add(call: Call) -> JsonObject:
    """reactions.add."""
    channel, message = _target(call)
    name = call.text("name").strip(":")
    if not valid_reaction(name):
        raise ApiError("invalid_name")
    if name not in message.reactions and len(message.reactions) >= MOST_REACTIONS:
        raise ApiError("too_many_emoji")
    if not react(call.site, call.workspace, channel, message, call.workspace.bot_user_id, name):
        raise ApiError("already_reacted")
    return {}


def remove(call: Call) -> JsonObject:
    """reactions.remove."""
    channel, message = _target(call)
    name = call.text("name").strip(":")
    if not unreact(call.site, call.workspace, channel, message, call.workspace.bot_user_id, name):
        raise ApiError("no_reaction")
    return {}


def get(call: Call) -> JsonObject:
    """reactions.get."""
    channel, message = _target(call)
    return {
        "type": "message",
        "channel": channel.id,
        "message": wire_of(call.site, call.workspace, channel, message),
    }


def pin(call: Call) -> JsonObject:
    """pins.add."""
    channel, message = _target(call)
    if message.ts in channel.pins:
        raise ApiError("already_pinned")
    pinning.pin(call.site, call.workspace, channel, message, call.workspace.bot_user_id)
    return {}


def unpin(call: Call) -> JsonObject:
    """pins.remove."""
    channel, message = _target(call)
    if message.ts not in channel.pins:
        raise ApiError("no_pin")
    pinning.unpin(call.site, call.workspace, channel, message, call.workspace.bot_user_id)
    return {}


def list_pins(call: Call) -> JsonObject:
    """pins.list: what is pinned and still there, newest pin first."""
    channel = call.channel()
    found = [channel.messages[ts] for ts in reversed(channel.pins) if ts in channel.messages]
    return {"items": [pinning.item_of(call.site, call.workspace, channel, message) for message in found]}


def _target(call: Call) -> tuple[Channel, Message]:
    channel = call.channel()
    if call.workspace.bot_user_id not in channel.members:
        raise ApiError("not_in_channel")
    if channel.archived:
        raise ApiError("is_archived")
    stamp = call.text("timestamp")
    if not stamp:
        raise ApiError("no_item_specified")
    message = channel.messages.get(stamp)
    if message is None:
        raise ApiError("message_not_found")
    return channel, message


METHODS: Mapping[str, Method] = {
    "reactions.add": Method(add, ("reactions:write",), 3, lacks="whether a custom emoji exists"),
    "reactions.remove": Method(remove, ("reactions:write",), 2),
    "reactions.get": Method(get, ("reactions:read",), 3, lacks="files"),
    "pins.add": Method(pin, ("pins:write",), 2),
    "pins.remove": Method(unpin, ("pins:write",), 2),
    "pins.list": Method(list_pins, ("pins:read",), 2, lacks="files"),
}
