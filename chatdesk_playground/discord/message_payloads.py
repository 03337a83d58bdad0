"""Messages as Discord writes them on the wire."""

from __future__ import annotations

from chatdesk_playground.discord.files import FileStore
from chatdesk_playground.discord.payloads import member_payload, thread_payload, user_payload
from chatdesk_playground.discord.state import (
    Attachment,
    Author,
    InteractionOrigin,
    Message,
    MessageFlag,
    MessageType,
    Reaction,
    World,
)
from chatdesk_playground.discord.wire import JsonObject, optional_timestamp, timestamp

CONTENT_FIELDS = ("content", "embeds", "attachments", "components")
"""What is empty without the message-content intent."""


def author_payload(world: World, author: Author) -> JsonObject:
    if not author.webhook:
        return user_payload(world.users[author.id])
    return {
        "id": author.id,
        "username": author.name,
        "discriminator": "0000",
        "global_name": None,
        "avatar": author.avatar,
        "bot": True,
        "public_flags": 0,
        "flags": 0,
        "primary_guild": None,
        "clan": None,
    }


def attachment_payload(attachment: Attachment, files: FileStore, ephemeral: bool = False) -> JsonObject:
    address = files.address(attachment)
    payload: JsonObject = {
        "id": attachment.id,
        "filename": attachment.filename,
        "size": attachment.size,
        "url": address,
        "proxy_url": address,
        "content_type": attachment.content_type,
    }
    if attachment.description is not None:
        payload["description"] = attachment.description
    if ephemeral:
        payload["ephemeral"] = True
    return payload


def emoji_payload(emoji: str) -> JsonObject:
    name, _, emoji_id = emoji.partition(":")
    return {"id": emoji_id or None, "name": name}


def _reaction_payload(reaction: Reaction, viewer_id: str | None) -> JsonObject:
    return {
        "emoji": emoji_payload(reaction.emoji),
        "count": len(reaction.users),
        "count_details": {"burst": 0, "normal": len(reaction.users)},
        "burst_colors": [],
        "me_burst": False,
        "burst_me": False,
        "me": viewer_id in reaction.users,
        "burst_count": 0,
    }


def message_payload(
    world: World, files: FileStore, message: Message, viewer_id: str | None = None, depth: int = 1
) -> JsonObject:
    """A message as REST answers it; `viewer_id` says whose reactions are `me`, `depth` bounds replies."""
    payload: JsonObject = {
        "id": message.id,
        "channel_id": message.channel_id,
        "type": int(message.type),
        "content": message.content,
        "author": author_payload(world, message.author),
        "timestamp": timestamp(message.created),
        "edited_timestamp": optional_timestamp(message.edited),
        "tts": message.tts,
        "pinned": message.pinned is not None,
        "flags": message.flags,
        "mention_everyone": message.mention_everyone,
        "mentions": [user_payload(world.users[user_id]) for user_id in message.mentions],
        "mention_roles": list(message.mention_roles),
        "attachments": [
            attachment_payload(item, files, bool(message.flags & MessageFlag.EPHEMERAL))
            for item in message.attachments
        ],
        "embeds": [dict(embed) for embed in message.embeds],
        "components": [dict(component) for component in message.components],
    }
    if message.reactions:
        payload["reactions"] = [_reaction_payload(item, viewer_id) for item in message.reactions]
    for key, value in (
        ("nonce", message.nonce),
        ("webhook_id", message.webhook_id),
        ("application_id", message.application_id),
        ("position", message.position),
    ):
        if value is not None:
            payload[key] = value
    _add_reference(world, files, message, payload, depth)
    if message.interaction is not None:
        payload["interaction_metadata"] = _origin_payload(world, message.interaction)
    thread = world.channels.get(message.id)
    if thread is not None and message.flags & MessageFlag.HAS_THREAD:
        payload["thread"] = thread_payload(thread, viewer_id)
    return payload


def _add_reference(world: World, files: FileStore, message: Message, payload: JsonObject, depth: int) -> None:
    reference = message.reference
    if reference is None:
        return
    written: JsonObject = {"type": 0, "channel_id": reference.channel_id}
    if reference.message_id is not None:
        written["message_id"] = reference.message_id
    if reference.guild_id is not None:
        written["guild_id"] = reference.guild_id
    payload["message_reference"] = written
    if message.type not in (MessageType.REPLY, MessageType.THREAD_STARTER_MESSAGE):
        return
    original = world.message(reference.channel_id, reference.message_id or "")
    if original is None:
        payload["referenced_message"] = None
    elif depth > 0:
        payload["referenced_message"] = message_payload(world, files, original, depth=depth - 1)


def _origin_payload(world: World, origin: InteractionOrigin) -> JsonObject:
    payload: JsonObject = {
        "id": origin.id,
        "type": origin.kind,
        "user": user_payload(world.users[origin.user_id]),
        "authorizing_integration_owners": {},
    }
    if origin.original_message_id is not None:
        payload["original_response_message_id"] = origin.original_message_id
    if origin.kind == 2:
        payload |= {"name": origin.name, "command_type": origin.command_kind}
        if origin.command_kind == 2 and origin.target_id in world.users:
            payload["target_user"] = user_payload(world.users[origin.target_id])
        if origin.command_kind == 3:
            payload["target_message_id"] = origin.target_id
    if origin.kind == 3:
        payload["interacted_message_id"] = origin.message_id
    if origin.kind == 5 and origin.cause is not None:
        payload["triggering_interaction_metadata"] = _origin_payload(world, origin.cause)
    return payload


def gateway_message_payload(world: World, files: FileStore, message: Message) -> JsonObject:
    """A message as the gateway carries it: with its server and its author's membership."""
    payload = message_payload(world, files, message)
    channel = world.channels[message.channel_id]
    payload["channel_type"] = channel.type
    guild_id = channel.guild_id
    if guild_id is None:
        return payload
    payload["guild_id"] = guild_id
    member = world.members.get((guild_id, message.author.id))
    if member is not None and not message.author.webhook:
        payload["member"] = member_payload(world, member, with_user=False)
    mentioned: list[object] = []
    for user_id in message.mentions:
        entry = user_payload(world.users[user_id])
        mentioned_member = world.members.get((guild_id, user_id))
        if mentioned_member is not None:
            entry["member"] = member_payload(world, mentioned_member, with_user=False)
        mentioned.append(entry)
    payload["mentions"] = mentioned
    return payload


def without_content(payload: JsonObject) -> JsonObject:
    """The message for a bot that may not read it."""
    emptied: JsonObject = {key: "" if key == "content" else [] for key in CONTENT_FIELDS}
    stripped = payload | emptied
    referenced = payload.get("referenced_message")
    if isinstance(referenced, dict):
        stripped["referenced_message"] = without_content(referenced)
    return stripped


def may_read(world: World, message: Message, bot_id: str) -> bool:
    """Whether a bot without the intent still reads a message: its own, in a DM, or mentioning it."""
    channel = world.channels[message.channel_id]
    own = message.author.id == bot_id or message.application_id == bot_id
    return own or channel.guild_id is None or bot_id in message.mentions
