"""What a person sees, as the control interface says it."""

from __future__ import annotations

from chatdesk_playground.discord import modals, threads
from chatdesk_playground.discord.backend import Backend
from chatdesk_playground.discord.interactions import FAILURES
from chatdesk_playground.discord.pending import CallbackType, Interaction
from chatdesk_playground.discord.state import Author, Channel, Message, MessageFlag
from chatdesk_playground.discord.wire import JsonObject, timestamp


def author_name(backend: Backend, channel: Channel, author: Author) -> str:
    """The name above a message: a webhook's, else the nickname, the display name, the user name."""
    if author.webhook:
        return author.name or ""
    member = backend.world.members.get((channel.guild_id or "", author.id))
    user = backend.world.users[author.id]
    return (member.nick if member is not None else None) or user.global_name or user.username


def message_seen(backend: Backend, message: Message) -> JsonObject:
    channel = backend.world.channels[message.channel_id]
    author = message.author
    avatar = author.avatar if author.webhook else backend.world.users[author.id].avatar
    reference = message.reference
    return {
        "id": message.id,
        "channel_id": message.channel_id,
        "type": int(message.type),
        "author": author_name(backend, channel, author),
        "author_id": author.id,
        "avatar": backend.files.avatar_address(author.id, avatar),
        "bot": author.webhook or backend.world.users[author.id].bot,
        "webhook": author.webhook,
        "content": message.content,
        "timestamp": timestamp(message.created),
        "edited": message.edited is not None,
        "ephemeral": message.visible_to is not None,
        "loading": bool(message.flags & MessageFlag.LOADING),
        "pinned": message.pinned is not None,
        "reply_to": None if reference is None else reference.message_id,
        "thread_id": message.id if message.flags & MessageFlag.HAS_THREAD else None,
        "pinged": list(message.pinged),
        "attachments": [
            {
                "id": item.id,
                "name": item.filename,
                "size": item.size,
                "content_type": item.content_type,
                "url": backend.files.address(item),
            }
            for item in message.attachments
        ],
        "reactions": [{"emoji": item.emoji, "users": list(item.users)} for item in message.reactions],
        "embeds": [dict(embed) for embed in message.embeds],
        "components": [dict(component) for component in message.components],
    }


def thread_seen(backend: Backend, thread: Channel) -> JsonObject:
    state = thread.thread
    assert state is not None, "not a thread"
    tags = {tag.id: tag.name for tag in backend.world.channels[thread.parent_id or ""].available_tags}
    return {
        "id": thread.id,
        "name": thread.name,
        "parent_id": thread.parent_id,
        "private": int(thread.type) == 12,
        "archived": threads.archived(thread),
        "locked": state.locked,
        "members": [member.user_id for member in thread.thread_members],
        "tags": [tags.get(tag_id, tag_id) for tag_id in thread.applied_tags],
    }


def outcome(backend: Backend, interaction: Interaction) -> JsonObject:
    """What came of an interaction by the time the app answered, or did not."""
    acknowledged = interaction.answer is not None
    fresh = (CallbackType.MESSAGE, CallbackType.UPDATE_MESSAGE, CallbackType.DEFERRED_MESSAGE)
    response = None
    if interaction.answer in fresh:
        response = backend.world.message(interaction.channel_id, interaction.response_message_id or "")
    return {
        "acknowledged": acknowledged,
        "error": None if acknowledged else FAILURES[interaction.kind],
        "milliseconds": interaction.milliseconds,
        "answer": None if interaction.answer is None else int(interaction.answer),
        "deferred": interaction.answer in (CallbackType.DEFERRED_MESSAGE, CallbackType.DEFERRED_UPDATE),
        "messages": [] if response is None else [message_seen(backend, response)],
        "modal": None if interaction.modal is None else modals.shown(interaction.modal),
        "choices": [dict(choice) for choice in interaction.choices],
        "field_errors": {},
    }


def refused_fields(errors: JsonObject) -> JsonObject:
    """The outcome of a submission that the client itself held back."""
    return {
        "acknowledged": False,
        "error": "The form was not sent",
        "milliseconds": 0.0,
        "answer": None,
        "deferred": False,
        "messages": [],
        "modal": None,
        "choices": [],
        "field_errors": errors,
    }
