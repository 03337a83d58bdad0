"""Make and parse Discord's ids as the contract carries them.

A place is a channel's, thread's or DM channel's id. A message is ``channel/message``; a file is
``channel/message/attachment``, since an attachment's address expires and its message tells it anew.
"""

from __future__ import annotations

from dataclasses import dataclass

from chatdesk.contract.vocabulary import IdentityId, Installation, MessageRef, Place, Platform

DISCORD = Platform("discord")


@dataclass(frozen=True, slots=True)
class MessageKey:
    channel: int
    message: int


@dataclass(frozen=True, slots=True)
class FileKey:
    channel: int
    message: int
    attachment: int


def installation(guild_id: int | str) -> Installation:
    return Installation(DISCORD, str(guild_id))


def place(home: Installation, channel_id: int | str) -> Place:
    return Place(home, str(channel_id))


def address_of(at: Place) -> str | None:
    """Where Discord's own app shows a place of a server; None for another platform's."""
    return f"https://discord.com/channels/{at.installation.id}/{at.id}" if at.platform == DISCORD else None


def message_ref(at: Place, message_id: int | str) -> MessageRef:
    return MessageRef(at, f"{at.id}/{message_id}")


def message_key(ref: MessageRef) -> MessageKey:
    """Raises ValueError for an id that was not made here."""
    channel, message = ref.id.split("/")
    return MessageKey(int(channel), int(message))


def file_id(at: Place, message_id: int, attachment_id: int) -> str:
    return f"{at.id}/{message_id}/{attachment_id}"


def file_key(text: str) -> FileKey:
    """Raises ValueError for an id that was not made here."""
    channel, message, attachment = text.split("/")
    return FileKey(int(channel), int(message), int(attachment))


def identity(user_id: int | str) -> IdentityId:
    return IdentityId(DISCORD, str(user_id))
