"""What can happen to a message: posting, editing, deleting, reacting, pinning, reading back.

These operations change the world and tell the bots; whether somebody may do it is asked by their callers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from chatdesk_playground.discord import components, threads
from chatdesk_playground.discord.backend import Backend
from chatdesk_playground.discord.errors import Code, refusal
from chatdesk_playground.discord.files import Upload
from chatdesk_playground.discord.gateway import Intent
from chatdesk_playground.discord.mentions import AllowedMentions, Pings, pings_of
from chatdesk_playground.discord.message_payloads import (
    attachment_payload,
    emoji_payload,
    gateway_message_payload,
)
from chatdesk_playground.discord.payloads import member_payload
from chatdesk_playground.discord.state import (
    Attachment,
    Author,
    Channel,
    InteractionOrigin,
    Message,
    MessageFlag,
    MessageType,
    Reaction,
    Reference,
)
from chatdesk_playground.discord.wire import Body, JsonObject, timestamp

REACTION_INTENTS = (Intent.GUILD_MESSAGE_REACTIONS, Intent.DIRECT_MESSAGE_REACTIONS)
MESSAGE_INTENTS = (Intent.GUILD_MESSAGES, Intent.DIRECT_MESSAGES)
SYSTEM_TYPES = frozenset(
    {
        MessageType.THREAD_CREATED,
        MessageType.THREAD_STARTER_MESSAGE,
        MessageType.CHANNEL_PINNED_MESSAGE,
        MessageType.CHANNEL_NAME_CHANGE,
    }
)
MAXIMUM_PINS = 250
MAXIMUM_REACTIONS = 20


@dataclass(frozen=True, slots=True)
class Draft:
    """A message that is about to be posted."""

    channel_id: str
    author: Author
    content: str = ""
    uploads: tuple[Upload, ...] = ()
    embeds: tuple[Body, ...] = ()
    components: tuple[Body, ...] = ()
    type: MessageType = MessageType.DEFAULT
    flags: int = 0
    tts: bool = False
    nonce: str | None = None
    reference: Reference | None = None
    allowed: AllowedMentions | None = None
    webhook_id: str | None = None
    application_id: str | None = None
    visible_to: str | None = None
    interaction: InteractionOrigin | None = None
    message_id: str | None = None


def post(backend: Backend, draft: Draft) -> Message:
    """Posts a message: wakes an archived thread, takes the author in, tells the bots."""
    channel = threads.woken(backend, backend.world.channels[draft.channel_id])
    message_id = draft.message_id or backend.snowflakes.next()
    pings = _pings(backend, channel, draft)
    message = Message(
        id=message_id,
        channel_id=channel.id,
        author=draft.author,
        content=draft.content,
        created=backend.clock.now(),
        type=draft.type,
        flags=draft.flags,
        tts=draft.tts,
        attachments=store_uploads(backend, channel.id, draft.uploads),
        embeds=draft.embeds,
        components=components.stored(draft.components),
        mentions=pings.users,
        mention_roles=pings.roles,
        mention_everyone=pings.everyone,
        pinged=pings.pinged,
        nonce=draft.nonce,
        webhook_id=draft.webhook_id,
        application_id=draft.application_id,
        reference=draft.reference,
        visible_to=draft.visible_to,
        interaction=draft.interaction,
        position=channel.total_message_sent if channel.thread is not None else None,
    )
    message = _with_media(backend, message)
    backend.world.messages.setdefault(channel.id, {})[message.id] = message
    if draft.visible_to is None:
        threads.count_message(backend, channel, message)
        threads.take_in(backend, channel.id, message)
    announce(backend, "MESSAGE_CREATE", message)
    return message


def _pings(backend: Backend, channel: Channel, draft: Draft) -> Pings:
    if draft.type in SYSTEM_TYPES or draft.flags & MessageFlag.LOADING:
        return Pings()
    replied_to = None
    own_answer = draft.interaction is not None
    if (
        draft.type is MessageType.REPLY
        and not own_answer
        and draft.reference is not None
        and draft.reference.message_id
    ):
        original = backend.world.message(channel.id, draft.reference.message_id)
        replied_to = original.author.id if original is not None else None
    text = "\n".join((draft.content, *components.texts_in(draft.components)))
    return pings_of(backend.world, channel, draft.author.id, text, draft.allowed, replied_to)


def store_uploads(backend: Backend, channel_id: str, uploads: Iterable[Upload]) -> tuple[Attachment, ...]:
    stored = []
    for upload in uploads:
        attachment = Attachment(
            id=backend.snowflakes.next(),
            channel_id=channel_id,
            filename=upload.filename,
            size=len(upload.content),
            content_type=upload.content_type,
            description=upload.description,
        )
        backend.files.keep(attachment, upload.content)
        stored.append(attachment)
    return tuple(stored)


def _with_media(backend: Backend, message: Message) -> Message:
    """Resolves the addresses of pictures and files, `attachment://name` to what was uploaded."""
    uploaded = {f"attachment://{item.filename}": item for item in message.attachments}

    def media(address: str) -> JsonObject:
        found = uploaded.get(address)
        if found is None:
            return {"id": backend.snowflakes.next(), "url": address, "proxy_url": address}
        payload = attachment_payload(found, backend.files)
        kept = {key: payload[key] for key in ("id", "url", "proxy_url", "content_type", "size")}
        return kept | {"attachment_id": found.id, "name": found.filename}

    return replace(
        message,
        embeds=tuple(components.embed_with_media(embed, media) for embed in message.embeds),
        components=tuple(components.with_media(item, media) for item in message.components),
    )


def announce(backend: Backend, name: str, message: Message) -> None:
    """Tells the bots that see it, and whoever waits for a change."""
    if message.visible_to is None:
        payload = gateway_message_payload(backend.world, backend.files, message)
        backend.gateway.emit_message(name, message, payload)
    backend.changes.note()


def put(backend: Backend, message: Message) -> None:
    """Replaces a message and announces the update."""
    backend.world.messages[message.channel_id][message.id] = message
    announce(backend, "MESSAGE_UPDATE", message)


@dataclass(frozen=True, slots=True)
class Edit:
    """What an edit replaces; None leaves a part as it was."""

    content: str | None = None
    embeds: tuple[Body, ...] | None = None
    components: tuple[Body, ...] | None = None
    kept_attachments: tuple[str, ...] | None = None
    uploads: tuple[Upload, ...] = ()
    flags: int | None = None
    allowed: AllowedMentions | None = None


def edit(backend: Backend, message: Message, change: Edit) -> Message:
    """Edits a message: an edit pings nobody, but its mentions are written anew."""
    channel = backend.world.channels[message.channel_id]
    kept = message.attachments
    if change.kept_attachments is not None:
        kept = tuple(item for item in message.attachments if item.id in change.kept_attachments)
    content = message.content if change.content is None else change.content
    edited = replace(
        message,
        content=content,
        embeds=message.embeds if change.embeds is None else change.embeds,
        components=message.components if change.components is None else components.stored(change.components),
        attachments=kept + store_uploads(backend, channel.id, change.uploads),
        flags=message.flags if change.flags is None else change.flags,
        edited=backend.clock.now(),
    )
    if change.content is not None:
        pings = pings_of(backend.world, channel, message.author.id, content, change.allowed, None)
        edited = replace(
            edited, mentions=pings.users, mention_roles=pings.roles, mention_everyone=pings.everyone
        )
    edited = _with_media(backend, edited)
    put(backend, edited)
    return edited


def delete(backend: Backend, message: Message) -> None:
    channel = backend.world.channels[message.channel_id]
    del backend.world.messages[message.channel_id][message.id]
    if message.visible_to is None:
        if channel.thread is not None and message.type not in SYSTEM_TYPES and message.id != channel.id:
            count = max(0, channel.message_count - 1)
            backend.world.channels[channel.id] = replace(channel, message_count=count)
        data: JsonObject = {"id": message.id, "channel_id": channel.id}
        if channel.guild_id is not None:
            data["guild_id"] = channel.guild_id
        backend.gateway.emit_in_channel("MESSAGE_DELETE", channel, MESSAGE_INTENTS, data)
    backend.changes.note()


def delete_many(backend: Backend, channel: Channel, message_ids: Iterable[str]) -> None:
    stored = backend.world.messages.get(channel.id, {})
    gone = [message_id for message_id in message_ids if stored.pop(message_id, None) is not None]
    data: JsonObject = {"ids": gone, "channel_id": channel.id, "guild_id": channel.guild_id}
    backend.gateway.emit_in_channel("MESSAGE_DELETE_BULK", channel, MESSAGE_INTENTS, data)
    backend.changes.note()


def react(backend: Backend, message: Message, user_id: str, emoji: str) -> None:
    """Adds somebody's reaction; adding it twice changes nothing."""
    existing = next((item for item in message.reactions if item.emoji == emoji), None)
    if existing is not None and user_id in existing.users:
        return
    if existing is None:
        if len(message.reactions) >= MAXIMUM_REACTIONS:
            raise refusal(Code.MAXIMUM_REACTIONS)
        reactions = (*message.reactions, Reaction(emoji, (user_id,)))
    else:
        joined = Reaction(emoji, (*existing.users, user_id))
        reactions = tuple(joined if item is existing else item for item in message.reactions)
    _store_reactions(backend, message, reactions)
    _emit_reaction(backend, "MESSAGE_REACTION_ADD", message, user_id, emoji)


def unreact(backend: Backend, message: Message, user_id: str, emoji: str) -> None:
    """Takes somebody's reaction away; 10014 if there is none."""
    existing = next((item for item in message.reactions if item.emoji == emoji), None)
    if existing is None or user_id not in existing.users:
        raise refusal(Code.UNKNOWN_EMOJI)
    left = tuple(other for other in existing.users if other != user_id)
    reactions = tuple(
        Reaction(emoji, left) if item is existing else item
        for item in message.reactions
        if item is not existing or left
    )
    _store_reactions(backend, message, reactions)
    _emit_reaction(backend, "MESSAGE_REACTION_REMOVE", message, user_id, emoji)


def clear_reactions(backend: Backend, message: Message, emoji: str | None) -> None:
    """Removes all reactions, or all of one emoji."""
    left = () if emoji is None else tuple(item for item in message.reactions if item.emoji != emoji)
    _store_reactions(backend, message, left)
    channel = backend.world.channels[message.channel_id]
    data: JsonObject = {"channel_id": channel.id, "message_id": message.id}
    if channel.guild_id is not None:
        data["guild_id"] = channel.guild_id
    if emoji is None:
        backend.gateway.emit_in_channel("MESSAGE_REACTION_REMOVE_ALL", channel, REACTION_INTENTS, data)
    else:
        data["emoji"] = emoji_payload(emoji)
        backend.gateway.emit_in_channel("MESSAGE_REACTION_REMOVE_EMOJI", channel, REACTION_INTENTS, data)


def _store_reactions(backend: Backend, message: Message, reactions: tuple[Reaction, ...]) -> None:
    backend.world.messages[message.channel_id][message.id] = replace(message, reactions=reactions)
    backend.changes.note()


def _emit_reaction(backend: Backend, name: str, message: Message, user_id: str, emoji: str) -> None:
    world = backend.world
    channel = world.channels[message.channel_id]
    data: JsonObject = {
        "user_id": user_id,
        "channel_id": channel.id,
        "message_id": message.id,
        "emoji": emoji_payload(emoji),
        "burst": False,
        "type": 0,
    }
    if name == "MESSAGE_REACTION_ADD" and not message.author.webhook:
        data["message_author_id"] = message.author.id
    if channel.guild_id is not None:
        data["guild_id"] = channel.guild_id
        member = world.members.get((channel.guild_id, user_id))
        if member is not None and name == "MESSAGE_REACTION_ADD":
            data["member"] = member_payload(world, member)
    backend.gateway.emit_in_channel(name, channel, REACTION_INTENTS, data)


def pin(backend: Backend, message: Message, user_id: str) -> None:
    """Pins a message, with the system message that says who did."""
    stored = backend.world.messages[message.channel_id]
    if message.pinned is not None:
        return
    if sum(1 for item in stored.values() if item.pinned) >= MAXIMUM_PINS:
        raise refusal(Code.MAXIMUM_PINS)
    channel = backend.world.channels[message.channel_id]
    put(backend, replace(message, pinned=backend.clock.now()))
    _emit_pins(backend, channel)
    reference = Reference(message.id, channel.id, channel.guild_id)
    system = MessageType.CHANNEL_PINNED_MESSAGE
    post(backend, Draft(channel.id, Author(user_id), type=system, reference=reference))


def unpin(backend: Backend, message: Message) -> None:
    put(backend, replace(message, pinned=None))
    _emit_pins(backend, backend.world.channels[message.channel_id])


def _emit_pins(backend: Backend, channel: Channel) -> None:
    now = backend.clock.now()
    channel = replace(channel, last_pin=now)
    backend.world.channels[channel.id] = channel
    data: JsonObject = {"channel_id": channel.id, "last_pin_timestamp": timestamp(now)}
    if channel.guild_id is not None:
        data["guild_id"] = channel.guild_id
    intents = (Intent.GUILDS, Intent.DIRECT_MESSAGES)
    backend.gateway.emit_in_channel("CHANNEL_PINS_UPDATE", channel, intents, data)


def history(backend: Backend, channel_id: str) -> list[Message]:
    """The messages that everybody there sees, oldest first."""
    stored = backend.world.messages.get(channel_id, {}).values()
    return sorted((item for item in stored if item.visible_to is None), key=lambda item: int(item.id))


def page(
    stored: list[Message], limit: int, before: str | None, after: str | None, around: str | None
) -> list[Message]:
    """A page of history, newest first as Discord answers it."""
    if around is not None:
        middle = int(around)
        older = [item for item in stored if int(item.id) < middle][-(limit // 2) :]
        newer = [item for item in stored if int(item.id) >= middle][: limit - limit // 2]
        chosen = (older if limit > 1 else []) + newer
    elif after is not None:
        chosen = [item for item in stored if int(item.id) > int(after)][:limit]
    else:
        end = None if before is None else int(before)
        chosen = [item for item in stored if end is None or int(item.id) < end][-limit:]
    return list(reversed(chosen))
