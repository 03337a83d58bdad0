"""Discord's messages and reactions as inbound events. Pure: what has to be looked up is handed in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime

import discord

from adapters.discord.ids import file_id, identity, message_ref, place
from adapters.discord.text import to_commonmark
from chatdesk.contract.inbound import CommandTyped, MessageEdited, MessagePosted, ReactionSet
from chatdesk.contract.sentences import literal
from chatdesk.contract.vocabulary import (
    TICKET_EMOJI,
    Actor,
    FileRef,
    Installation,
    Means,
    MessageRef,
    Place,
    PlaceKind,
    Profile,
    SourceMessage,
    Where,
)

Picture = Callable[[str], str]
"""Makes a picture's address one that works where this client is connected."""

Emoji = discord.PartialEmoji | discord.Emoji | str

_WRITTEN_BY_SOMEBODY = frozenset(
    {
        discord.MessageType.default,
        discord.MessageType.reply,
        discord.MessageType.chat_input_command,
        discord.MessageType.context_menu_command,
    }
)
_MENTION = re.compile(r"\s*<@([!&]?)(\d{1,20})>")


def is_post(message: discord.Message) -> bool:
    """Whether somebody wrote it; pins, joins and created threads are Discord's own lines."""
    return message.type in _WRITTEN_BY_SOMEBODY


def actor_of(user: discord.abc.User, picture: Picture) -> Actor:
    profile = Profile(user.display_name, picture(user.display_avatar.url), user.name)
    return Actor(identity(user.id), profile)


def names_of(message: discord.Message) -> Mapping[str, str]:
    """Names of what the message mentions, by id."""
    names = {str(user.id): user.display_name for user in message.mentions}
    names |= {str(role.id): role.name for role in message.role_mentions}
    names |= {str(channel.id): channel.name for channel in message.channel_mentions}
    return names


def body_of(message: discord.Message) -> str:
    """What the message says as CommonMark, with what Discord shows beside its text."""
    parts = [to_commonmark(message.content, names_of(message))] if message.content else []
    for snapshot in message.message_snapshots:
        quoted = to_commonmark(snapshot.content).splitlines()
        parts.append("\n".join(f"> {line}".rstrip() for line in quoted))
    parts += [f"({literal(sticker.name)})" for sticker in message.stickers]
    if message.poll is not None:
        parts.append(to_commonmark(message.poll.question))
    return "\n\n".join(part for part in parts if part)


def files_of(message: discord.Message, at: Place) -> tuple[FileRef, ...]:
    return tuple(
        FileRef(
            at.installation,
            file_id(at, message.id, attachment.id),
            attachment.filename,
            attachment.size,
            (attachment.content_type or "application/octet-stream").partition(";")[0],
        )
        for attachment in attachments_of(message)
    )


def attachments_of(message: discord.Message) -> Iterable[discord.Attachment]:
    """What is attached to a message, and to what it forwards."""
    yield from message.attachments
    for snapshot in message.message_snapshots:
        yield from snapshot.attachments


def posted(message: discord.Message, where: Where, picture: Picture) -> MessagePosted:
    return MessagePosted(
        ref=message_ref(where.place, message.id),
        where=where,
        actor=actor_of(message.author, picture),
        body=body_of(message),
        files=files_of(message, where.place),
        at=message.created_at,
        reply_to=_reply_to(message, where.place.installation),
        thread=where.place if _is_forum_starter(message) else _thread_under(message, where),
        title=_forum_title(message),
        link=message.jump_url,
    )


def edited(message: discord.Message, where: Where, picture: Picture) -> MessageEdited | None:
    """None where nothing was edited: Discord also updates a message when it unfurls a link."""
    if message.edited_at is None:
        return None
    return MessageEdited(
        ref=message_ref(where.place, message.id),
        where=where,
        actor=actor_of(message.author, picture),
        body=body_of(message),
        files=files_of(message, where.place),
        version=message.edited_at.isoformat(timespec="microseconds"),
        at=message.edited_at,
    )


def source_of(message: discord.Message, where: Where, picture: Picture) -> SourceMessage:
    in_thread = where.kind is PlaceKind.THREAD
    return SourceMessage(
        ref=message_ref(where.place, message.id),
        where=where,
        author=actor_of(message.author, picture),
        body=body_of(message),
        files=files_of(message, where.place),
        at=message.created_at,
        thread=where.place if in_thread else _thread_under(message, where),
        link=message.jump_url,
    )


def addressed_to(message: discord.Message, bot: int, bot_role: int | None) -> str | None:
    """What follows the bot's mention at the beginning of the message; None if it does not begin so.

    People pick the bot's role from the list as easily as the bot itself.
    """
    found = _MENTION.match(message.content)
    if found is None:
        return None
    kind, mentioned = found.group(1), int(found.group(2))
    ours = mentioned == bot_role if kind == "&" else mentioned == bot
    return message.content[found.end() :].strip() if ours else None


def typed(message: discord.Message, where: Where, command: str, picture: Picture) -> CommandTyped:
    """The command that a mention of the bot began."""
    ref = message_ref(where.place, message.id)
    return CommandTyped(
        key=ref.id,
        actor=actor_of(message.author, picture),
        where=where,
        text=to_commonmark(command, names_of(message)),
        means=Means.MENTION,
        at=message.created_at,
        reply_to=_reply_to(message, where.place.installation),
    )


def reacted(
    ref: MessageRef, where: Where, actor: Actor, emoji: Emoji, present: bool, at: datetime
) -> ReactionSet:
    """Discord does not date reactions: the version is when we learned of it."""
    return ReactionSet(ref, where, actor, emoji_text(emoji), present, version_at(at), at)


def version_at(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def asked_key(message: MessageRef, user_id: int) -> str:
    """By which a 🎫 is known, whether it was seen live or when its message was read again."""
    return f"{message.id}/{TICKET_EMOJI}/{user_id}"


def emoji_text(emoji: Emoji) -> str:
    """Unicode as it is, a custom emoji as ``:name:``."""
    if isinstance(emoji, str):
        return emoji
    return emoji.name if emoji.id is None else f":{emoji.name}:"


def _reply_to(message: discord.Message, home: Installation) -> MessageRef | None:
    reference = message.reference
    if reference is None or reference.message_id is None or message.type is not discord.MessageType.reply:
        return None
    return message_ref(place(home, reference.channel_id), reference.message_id)


def _thread_under(message: discord.Message, where: Where) -> Place | None:
    """A thread begun from a message has that message's id."""
    return place(where.place.installation, message.id) if message.flags.has_thread else None


def _is_forum_starter(message: discord.Message) -> bool:
    channel = message.channel
    return (
        isinstance(channel, discord.Thread)
        and channel.id == message.id
        and isinstance(channel.parent, discord.ForumChannel)
    )


def _forum_title(message: discord.Message) -> str | None:
    channel = message.channel
    return channel.name if isinstance(channel, discord.Thread) and _is_forum_starter(message) else None
