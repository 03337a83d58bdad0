"""Posting, editing, deleting and reacting, by people and by the app, with the events each gives rise to."""

from __future__ import annotations

from collections.abc import Sequence

from chatdesk_playground.slack.messages import message_json
from chatdesk_playground.slack.site import Site
from chatdesk_playground.slack.state import Channel, Edited, Message, Workspace
from chatdesk_playground.slack.wire import JsonObject, JsonValue, pick
from chatdesk_playground.slack.world import replies_of

# The keys that Slack's events show, per kind of message event.
PLAIN_KEYS = (
    "client_msg_id", "type", "team", "user", "bot_id", "bot_profile", "text", "blocks", "attachments",
    "ts", "parent_user_id", "thread_ts", "edited",
)  # fmt: skip
BOT_KEYS = (
    "type", "subtype", "bot_id", "username", "icons", "text", "blocks", "attachments", "thread_ts", "ts",
)  # fmt: skip
FILE_KEYS = (
    "type", "subtype", "text", "blocks", "attachments", "files", "upload", "display_as_bot", "user",
    "parent_user_id", "ts", "thread_ts",
)  # fmt: skip
BROADCAST_KEYS = (
    "client_msg_id",
    "type",
    "subtype",
    "user",
    "text",
    "blocks",
    "attachments",
    "ts",
    "thread_ts",
)
NESTED_KEYS = (
    "client_msg_id", "type", "subtype", "user", "team", "bot_id", "bot_profile", "edited", "text", "blocks",
    "attachments", "upload", "display_as_bot", "thread_ts", "parent_user_id", "hidden", "is_locked",
    "subscribed", "ts", "reply_count", "reply_users_count", "latest_reply", "files", "username", "icons",
)  # fmt: skip
MENTION_KEYS = (
    "client_msg_id", "user", "username", "bot_id", "bot_profile", "subtype", "text", "blocks", "upload",
    "display_as_bot", "ts", "team", "thread_ts",
)  # fmt: skip
ROOT_KEYS = (
    "text", "user", "parent_user_id", "username", "team", "bot_id", "type", "subtype", "thread_ts", "icons",
    "bot_profile", "edited", "reply_count", "reply_users_count", "latest_reply", "subscribed", "ts",
)  # fmt: skip
_KEYS_BY_SUBTYPE = {"bot_message": BOT_KEYS, "file_share": FILE_KEYS, "thread_broadcast": BROADCAST_KEYS}


def wire_of(site: Site, workspace: Workspace, channel: Channel, message: Message) -> dict[str, JsonValue]:
    """The message as the API shows it."""
    return message_json(site.world, site.base_url, workspace, channel, message)


def post(site: Site, workspace: Workspace, channel: Channel, message: Message) -> Message:
    """Put a message into its channel and tell the app."""
    channel.messages[message.ts] = message
    site.world.touch()
    if workspace.bot_user_id not in channel.members:
        return message
    events = [_posted_event(site, workspace, channel, message)]
    mention = f"<@{workspace.bot_user_id}>"
    if mention in message.text and channel.kind != "im" and message.bot_id != workspace.bot_id:
        events.append(_mention_event(site, workspace, channel, message))
    for event in reversed(events) if site.world.habits.mention_first else events:
        site.delivery.emit(workspace, event)
    return message


def post_only_for(site: Site, channel: Channel, message: Message) -> Message:
    """Show a message to one person; it leaves no trace in the history and no event."""
    channel.ephemerals[message.ts] = message
    site.world.touch()
    return message


def edit(
    site: Site,
    workspace: Workspace,
    channel: Channel,
    message: Message,
    editor: str,
    text: str,
    blocks: Sequence[JsonObject],
    attachments: Sequence[JsonObject],
) -> None:
    """Replace what a message says; it is marked as edited."""
    before = wire_of(site, workspace, channel, message)
    message.edited = Edited(editor, site.world.new_ts())
    _replace(message, text, blocks, attachments)
    announce_change(site, workspace, channel, message, before)


def rewrite(
    site: Site,
    workspace: Workspace,
    channel: Channel,
    message: Message,
    text: str,
    blocks: Sequence[JsonObject],
    attachments: Sequence[JsonObject],
) -> None:
    """Replace what a message says without the mark, as Slack does where an app updates blocks."""
    before = wire_of(site, workspace, channel, message)
    _replace(message, text, blocks, attachments)
    announce_change(site, workspace, channel, message, before)


def announce_change(
    site: Site, workspace: Workspace, channel: Channel, message: Message, before: JsonObject
) -> None:
    """Tell that a message is not what it was; `before` is how the API showed it until now."""
    site.world.touch()
    if message.only_for or workspace.bot_user_id not in channel.members:
        return
    now = site.world.new_ts()
    site.delivery.emit(
        workspace,
        {
            "type": "message",
            "subtype": "message_changed",
            "message": pick(wire_of(site, workspace, channel, message), NESTED_KEYS),
            "previous_message": pick(before, NESTED_KEYS),
            "channel": channel.id,
            "hidden": True,
            "ts": now,
            "event_ts": now,
            "channel_type": channel_type(channel),
        },
    )


def delete(site: Site, workspace: Workspace, channel: Channel, message: Message) -> None:
    """Take a message away. The first message of a thread leaves a tombstone, as its replies still stand."""
    if message.only_for:
        channel.ephemerals.pop(message.ts, None)
        site.world.touch()
        return
    if replies_of(channel, message.ts):
        before = wire_of(site, workspace, channel, message)
        _bury(message)
        announce_change(site, workspace, channel, message, before)
        return
    _remove(site, workspace, channel, message)
    parent = channel.messages.get(message.thread_ts or "")
    if parent is not None and parent.subtype == "tombstone" and not replies_of(channel, parent.ts):
        _remove(site, workspace, channel, parent)


def _remove(site: Site, workspace: Workspace, channel: Channel, message: Message) -> None:
    before = wire_of(site, workspace, channel, message)
    del channel.messages[message.ts]
    site.world.touch()
    if workspace.bot_user_id not in channel.members:
        return
    now = site.world.new_ts()
    site.delivery.emit(
        workspace,
        {
            "type": "message",
            "subtype": "message_deleted",
            "previous_message": pick(before, NESTED_KEYS),
            "channel": channel.id,
            "hidden": True,
            "deleted_ts": message.ts,
            "ts": now,
            "event_ts": now,
            "channel_type": channel_type(channel),
        },
    )


def react(site: Site, workspace: Workspace, channel: Channel, message: Message, user: str, name: str) -> bool:
    """Add a reaction; false when that person had already made it."""
    people = message.reactions.setdefault(name, [])
    if user in people:
        return False
    people.append(user)
    _announce_reaction(site, workspace, channel, message, user, name, "reaction_added")
    return True


def unreact(
    site: Site, workspace: Workspace, channel: Channel, message: Message, user: str, name: str
) -> bool:
    """Take a reaction back; false when there was none."""
    people = message.reactions.get(name, [])
    if user not in people:
        return False
    people.remove(user)
    if not people:
        del message.reactions[name]
    _announce_reaction(site, workspace, channel, message, user, name, "reaction_removed")
    return True


def channel_type(channel: Channel) -> str:
    """The word that message events use for the kind of conversation."""
    return channel.kind


def _announce_reaction(
    site: Site,
    workspace: Workspace,
    channel: Channel,
    message: Message,
    user: str,
    name: str,
    event_type: str,
) -> None:
    site.world.touch()
    if workspace.bot_user_id not in channel.members:
        return
    event: dict[str, JsonValue] = {
        "type": event_type,
        "user": user,
        "reaction": name,
        "item": {"type": "message", "channel": channel.id, "ts": message.ts},
        "event_ts": site.world.new_ts(),
    }
    if message.user:
        event["item_user"] = message.user
    site.delivery.emit(workspace, event)


def _posted_event(site: Site, workspace: Workspace, channel: Channel, message: Message) -> JsonObject:
    wire = wire_of(site, workspace, channel, message)
    event = pick(wire, _KEYS_BY_SUBTYPE.get(message.subtype, PLAIN_KEYS))
    if message.subtype == "thread_broadcast":
        root = channel.messages[message.thread_ts or ""]
        event["root"] = pick(wire_of(site, workspace, channel, root), ROOT_KEYS)
    event["channel"] = channel.id
    event["event_ts"] = message.ts
    event["channel_type"] = channel_type(channel)
    return event


def _mention_event(site: Site, workspace: Workspace, channel: Channel, message: Message) -> JsonObject:
    event = pick(wire_of(site, workspace, channel, message), MENTION_KEYS)
    return event | {"type": "app_mention", "channel": channel.id, "event_ts": message.ts}


def _bury(message: Message) -> None:
    message.subtype = "tombstone"
    message.text = "This message was deleted."
    message.user = "USLACKBOT"
    message.blocks = ()
    message.attachments = ()
    message.file_ids = []
    message.bot_id = message.username = message.client_msg_id = ""
    message.icons = {}
    message.reactions = {}
    message.edited = None


def _replace(
    message: Message, text: str, blocks: Sequence[JsonObject], attachments: Sequence[JsonObject]
) -> None:
    message.text = text
    message.blocks = blocks
    message.attachments = attachments
