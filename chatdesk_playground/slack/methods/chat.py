"""chat.*: https://docs.slack.dev/reference/methods/chat.postMessage and its kin."""

from __future__ import annotations

from collections.abc import Mapping

from chatdesk_playground.slack.blocks import block_problems, completed, completed_attachments
from chatdesk_playground.slack.membership import open_direct
from chatdesk_playground.slack.posting import delete, edit, post, post_only_for, rewrite, wire_of
from chatdesk_playground.slack.state import Channel, Message
from chatdesk_playground.slack.webapi import ApiError, Call, Method
from chatdesk_playground.slack.wire import JsonObject, JsonValue, child, dump, text

LONGEST_POST = 40_000
LONGEST_MARKDOWN = 12_000
# Slack refuses an update of more bytes than this, and posting has been seen to split there.
MOST_UPDATE_BYTES = 4_000


def post_message(call: Call) -> JsonObject:
    """chat.postMessage."""
    channel = _writable(call)
    wait = call.site.limits.wait_for_post(call.workspace.id, channel.id)
    if wait:
        raise ApiError("ratelimited", retry_after=wait)
    message = _drafted(call, channel)
    rest = _split(message)
    posted = post(call.site, call.workspace, channel, message)
    for part in rest:
        follow_up = _drafted(call, channel)
        follow_up.text = part
        follow_up.metadata = None
        post(call.site, call.workspace, channel, follow_up)
    wire = wire_of(call.site, call.workspace, channel, posted)
    if posted.metadata is not None:
        wire["metadata"] = posted.metadata
    return {"channel": channel.id, "ts": posted.ts, "message": wire}


def post_ephemeral(call: Call) -> JsonObject:
    """chat.postEphemeral."""
    channel = _writable(call)
    user = call.required("user")
    if user not in call.workspace.users or user not in channel.members:
        raise ApiError("user_not_in_channel")
    message = _drafted(call, channel)
    message.only_for = user
    post_only_for(call.site, channel, message)
    return {"message_ts": message.ts}


def update(call: Call) -> JsonObject:
    """chat.update."""
    channel = call.channel()
    message = _own_message(call, channel, "cant_update_message")
    words, blocks, attachments = content(call)
    if len(words.encode()) > MOST_UPDATE_BYTES:
        raise ApiError("msg_too_long")
    kept = message.blocks if blocks is None and not call.text("text") else blocks or ()
    metadata = _metadata(call)
    if metadata is not None:
        message.metadata = metadata
    if message.subtype == "bot_message" and call.site.world.habits.updates_drop_names:
        message.subtype, message.username, message.icons = "", "", {}
        message.user = call.workspace.bot_user_id
    new_words = words if call.text("text") or call.text("markdown_text") else message.text
    attached = message.attachments if attachments is None else attachments
    if kept:
        rewrite(call.site, call.workspace, channel, message, new_words, kept, attached)
    else:
        bot = call.workspace.bot_user_id
        edit(call.site, call.workspace, channel, message, bot, new_words, kept, attached)
    wire = wire_of(call.site, call.workspace, channel, message)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": wire}


def delete_message(call: Call) -> JsonObject:
    """chat.delete."""
    channel = call.channel()
    message = _own_message(call, channel, "cant_delete_message")
    delete(call.site, call.workspace, channel, message)
    return {"channel": channel.id, "ts": message.ts}


def permalink(call: Call) -> JsonObject:
    """chat.getPermalink."""
    channel = call.channel()
    message = channel.messages.get(call.required("message_ts"))
    if message is None:
        raise ApiError("message_not_found")
    link = f"{call.site.base_url}/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.is_reply:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


def content(call: Call) -> tuple[str, list[JsonObject] | None, list[JsonObject] | None]:
    """Text, blocks and attachments of a message that a call would write. Raises `ApiError`."""
    blocks = call.objects("blocks", "invalid_blocks_format")
    attachments = call.objects("attachments", "invalid_attachments")
    markdown = call.text("markdown_text")
    if markdown and (call.text("text") or blocks):
        raise ApiError("markdown_text_conflict")
    if len(markdown) > LONGEST_MARKDOWN:
        raise ApiError("msg_too_long")
    words = call.text("text") or markdown
    if blocks is not None:
        refuse_bad_blocks(blocks)
        blocks = completed(blocks)
    if markdown:
        blocks = completed([{"type": "markdown", "text": markdown}])
    if attachments and len(attachments) > 100:
        raise ApiError("too_many_attachments")
    for attachment in attachments or ():
        refuse_bad_blocks(attachment.get("blocks", ()))
    if attachments is not None:
        attachments = completed_attachments(attachments)
    return words, blocks, attachments


def refuse_bad_blocks(blocks: JsonValue) -> None:
    """Raises `ApiError` in the form that chat methods use for blocks."""
    problems = block_problems(blocks, "message")
    if problems:
        messages = [f"[ERROR] {problem}" for problem in problems]
        raise ApiError("invalid_blocks", {"errors": problems, "response_metadata": {"messages": messages}})


def _writable(call: Call) -> Channel:
    name = call.required("channel")
    if name in call.workspace.users:
        channel = open_direct(call.site, call.workspace, [name, call.workspace.bot_user_id])
    else:
        channel = call.channel()
    if channel.archived:
        raise ApiError("is_archived")
    if channel.kind == "im" and call.site.world.closed_dms.intersection(channel.members):
        raise ApiError("messages_tab_disabled")
    if call.workspace.bot_user_id not in channel.members and not call.has_scope("chat:write.public"):
        raise ApiError("not_in_channel")
    return channel


def _drafted(call: Call, channel: Channel) -> Message:
    words, blocks, attachments = content(call)
    if not words.strip() and not blocks and not attachments:
        raise ApiError("no_text")
    if len(words) > LONGEST_POST:
        raise ApiError("msg_too_long")
    thread_ts = call.text("thread_ts") or None
    if thread_ts is not None and thread_ts not in channel.messages:
        raise ApiError("thread_not_found")
    if thread_ts is not None:
        thread_ts = channel.messages[thread_ts].thread_ts or thread_ts
    message = Message(
        ts=call.site.world.new_ts(),
        channel_id=channel.id,
        text=words,
        user=call.workspace.bot_user_id,
        bot_id=call.workspace.bot_id,
        thread_ts=thread_ts,
        blocks=blocks or (),
        attachments=attachments or (),
        metadata=_metadata(call),
    )
    if thread_ts is not None and call.flag("reply_broadcast"):
        message.subtype = "thread_broadcast"
    _customise(call, message)
    return message


def _customise(call: Call, message: Message) -> None:
    username, url, emoji = call.text("username"), call.text("icon_url"), call.text("icon_emoji")
    if not (username or url or emoji):
        return
    call.require_scope("chat:write.customize")
    message.username = username or call.bot.real_name
    message.user = ""
    message.subtype = message.subtype or "bot_message"
    if emoji:
        message.icons = {"emoji": emoji}
    elif url:
        message.icons = {f"image_{size}": url for size in (36, 48, 72)}


def _split(message: Message) -> list[str]:
    """Cut a text-only message where Slack cuts; the message keeps the first part, the rest is returned."""
    parts = []
    remaining = message.text
    while len(remaining.encode()) > MOST_UPDATE_BYTES and not message.blocks:
        head = remaining.encode()[:MOST_UPDATE_BYTES].decode(errors="ignore")
        cut = head.rfind("\n") if "\n" in head else len(head)
        parts.append(remaining[: cut or len(head)])
        remaining = remaining[cut or len(head) :]
    if not parts:
        return []
    message.text = parts[0]
    return [*parts[1:], remaining]


def _metadata(call: Call) -> JsonObject | None:
    value = call.structure("metadata", "invalid_metadata_format")
    if value is None:
        return None
    if not isinstance(value, Mapping) or not text(value, "event_type"):
        raise ApiError("invalid_metadata_format")
    payload = value.get("event_payload", {})
    if not isinstance(payload, Mapping):
        raise ApiError("invalid_metadata_format")
    if len(dump(payload)) > 16_000:
        raise ApiError("metadata_too_large")
    return {"event_type": text(value, "event_type"), "event_payload": child(value, "event_payload")}


def _own_message(call: Call, channel: Channel, refusal: str) -> Message:
    message = channel.messages.get(call.required("ts"))
    if message is None or message.subtype == "tombstone":
        raise ApiError("message_not_found")
    if message.bot_id != call.workspace.bot_id and message.user != call.workspace.bot_user_id:
        raise ApiError(refusal)
    return message


METHODS: Mapping[str, Method] = {
    "chat.postMessage": Method(
        post_message, ("chat:write",), 3, lacks="`parse`, `link_names` and `mrkdwn`; links are not unfurled"
    ),
    "chat.postEphemeral": Method(post_ephemeral, ("chat:write",), 4, lacks="`parse` and `link_names`"),
    "chat.update": Method(
        update, ("chat:write",), 3, lacks="`parse`, `link_names`, `file_ids` and `reply_broadcast`"
    ),
    "chat.delete": Method(delete_message, ("chat:write",), 3),
    "chat.getPermalink": Method(permalink, (), 4),
}
