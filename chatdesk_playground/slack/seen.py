"""What a human sees, as JSON for the control interface."""

from __future__ import annotations

from collections.abc import Sequence

from chatdesk_playground.slack.blocks import elements_of, options_of
from chatdesk_playground.slack.inputs import label_of
from chatdesk_playground.slack.messages import avatar_url, file_json
from chatdesk_playground.slack.modals import view_json
from chatdesk_playground.slack.site import Site
from chatdesk_playground.slack.state import Channel, Message, User, View, Workspace
from chatdesk_playground.slack.wire import JsonObject, JsonValue, child, children, text
from chatdesk_playground.slack.world import replies_of


def visible_messages(channel: Channel, reader: User, thread_ts: str | None) -> list[Message]:
    """A channel's own messages, or one thread from its first message on; ephemerals where they came."""
    if thread_ts is None:
        kept = [m for m in channel.messages.values() if not m.is_reply or m.subtype == "thread_broadcast"]
    else:
        root = channel.messages.get(thread_ts)
        kept = ([root] if root else []) + replies_of(channel, thread_ts)
    private = [
        message
        for message in channel.ephemerals.values()
        if message.only_for == reader.id and message.thread_ts == thread_ts
    ]
    return sorted([*kept, *private], key=lambda message: message.ts)


def message_seen(
    site: Site, workspace: Workspace, channel: Channel, message: Message
) -> dict[str, JsonValue]:
    """One message as it stands on the screen."""
    author = workspace.users.get(message.user or workspace.bot_user_id)
    files: list[JsonValue] = [
        file_json(site.base_url, workspace, file_id)
        for file_id in message.file_ids
        if not workspace.files[file_id].deleted
    ]
    return {
        "channel": channel.id,
        "ts": message.ts,
        "thread_ts": message.thread_ts,
        "author": message.username or (author.shown_name if author else message.user),
        "author_id": message.user,
        "avatar": _avatar(site, message, author),
        "text": message.text,
        "blocks": list(message.blocks),
        "attachments": list(message.attachments),
        "files": files,
        "reactions": {name: list(people) for name, people in message.reactions.items()},
        "edited": message.edited is not None,
        "ephemeral": bool(message.only_for),
        "subtype": message.subtype,
        "by_bot": bool(message.bot_id),
        "reply_count": len(replies_of(channel, message.ts)),
        "controls": controls(all_blocks(message)),
        "metadata": message.metadata,
    }


def view_seen(site: Site, workspace: Workspace, view: View) -> dict[str, JsonValue]:
    """One modal or home as it stands on the screen."""
    blocks = children(view.content, "blocks")
    return {
        **view_json(site, workspace, view),
        "shown_title": text(child(view.content, "title"), "text"),
        "submit_label": text(child(view.content, "submit"), "text"),
        "controls": controls(blocks),
    }


def controls(blocks: Sequence[JsonObject]) -> list[JsonValue]:
    """Everything a human could use, by the names they would give it."""
    return [
        {
            "label": label_of(block, element),
            "type": text(element, "type"),
            "block_id": text(block, "block_id"),
            "action_id": text(element, "action_id"),
            "value": text(element, "value"),
            "options": [text(child(option, "text"), "text") for option in options_of(element)],
            "url": text(element, "url"),
        }
        for block in blocks
        for element in elements_of(block)
    ]


def all_blocks(message: Message) -> list[JsonObject]:
    """The blocks of a message, those of its attachments included."""
    attached = [block for part in message.attachments for block in children(part, "blocks")]
    return [*message.blocks, *attached]


def _avatar(site: Site, message: Message, author: User | None) -> str:
    for key in ("image_72", "image_48", "emoji"):
        shown = text(message.icons, key)
        if shown:
            return shown
    return avatar_url(site.base_url, author, 72) if author else ""
