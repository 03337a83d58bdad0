"""conversations.history and conversations.replies."""

from __future__ import annotations

from collections.abc import Mapping

from chatdesk_playground.slack.methods.paging import page
from chatdesk_playground.slack.posting import wire_of
from chatdesk_playground.slack.state import Channel, Message
from chatdesk_playground.slack.webapi import ApiError, Call, Method
from chatdesk_playground.slack.wire import JsonObject, JsonValue
from chatdesk_playground.slack.world import replies_of

_HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")


def history(call: Call) -> JsonObject:
    """conversations.history: newest first, without replies that were not sent to the channel too."""
    channel = _readable(call)
    messages = [
        message
        for message in channel.messages.values()
        if (not message.is_reply or message.subtype == "thread_broadcast") and _in_window(call, message)
    ]
    newest_first = sorted(messages, key=lambda m: m.ts, reverse=True)
    shown, cursor = page(call, newest_first, 100, 999, call.site.world.habits.history_page)
    return {
        "messages": [_shown(call, channel, message) for message in shown],
        "has_more": bool(cursor),
        "pin_count": len(channel.pins),
        "response_metadata": {"next_cursor": cursor},
    }


def replies(call: Call) -> JsonObject:
    """conversations.replies: the first message, then its replies, oldest first."""
    channel = _readable(call)
    start = channel.messages.get(call.required("ts"))
    if start is None:
        raise ApiError("thread_not_found")
    root = channel.messages.get(start.thread_ts or start.ts, start)
    later = [message for message in replies_of(channel, root.ts) if _in_window(call, message)]
    shown, cursor = page(call, [root, *later], 1000, 1000, call.site.world.habits.history_page)
    return {
        "messages": [_shown(call, channel, message) for message in shown],
        "has_more": bool(cursor),
        "response_metadata": {"next_cursor": cursor},
    }


def _readable(call: Call) -> Channel:
    channel = call.channel()
    if call.workspace.bot_user_id not in channel.members:
        raise ApiError("not_in_channel")
    scope = {"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}[channel.kind]
    call.require_scope(f"{scope}:history")
    return channel


def _in_window(call: Call, message: Message) -> bool:
    oldest, latest = call.text("oldest"), call.text("latest")
    at = float(message.ts)
    if call.flag("inclusive"):
        return (not oldest or at >= float(oldest)) and (not latest or at <= float(latest))
    return (not oldest or at > float(oldest)) and (not latest or at < float(latest))


def _shown(call: Call, channel: Channel, message: Message) -> dict[str, JsonValue]:
    wire = wire_of(call.site, call.workspace, channel, message)
    if message.metadata is not None:
        whole = call.flag("include_all_metadata")
        wire["metadata"] = message.metadata if whole else {"event_type": message.metadata["event_type"]}
    return wire


METHODS: Mapping[str, Method] = {
    "conversations.history": Method(history, _HISTORY, 3),
    "conversations.replies": Method(replies, _HISTORY, 3),
}
