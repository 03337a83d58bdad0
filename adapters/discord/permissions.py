"""Which of Discord's permissions an effect needs, and which of them the bot lacks."""

from __future__ import annotations

import discord

from chatdesk.contract.outbound import (
    DeleteMessages,
    EditMessage,
    OpenThread,
    Outbound,
    PostMessage,
    SetMember,
    SetReaction,
    SetThreadOpen,
    ShowCard,
    Visibility,
)

ALWAYS = ("view_channel", "read_message_history", "send_messages", "send_messages_in_threads")
IN_EVERY_CHANNEL = (
    *ALWAYS,
    "embed_links",
    "attach_files",
    "add_reactions",
    "create_public_threads",
    "create_private_threads",
    "manage_threads",
    "manage_messages",
    "manage_webhooks",
)


def needed_for(effect: Outbound) -> tuple[str, ...]:
    """The permissions that showing an effect takes."""
    match effect:
        case OpenThread(visibility=Visibility.PRIVATE):
            return (*ALWAYS, "create_private_threads")
        case OpenThread():
            return (*ALWAYS, "create_public_threads")
        case ShowCard():
            return (*ALWAYS, "embed_links", "create_public_threads")
        case PostMessage() | EditMessage():
            return (*ALWAYS, "attach_files", "manage_webhooks")
        case DeleteMessages():
            return (*ALWAYS, "manage_messages")
        case SetReaction():
            return (*ALWAYS, "add_reactions")
        case SetThreadOpen() | SetMember():
            return (*ALWAYS, "manage_threads")
    return ALWAYS


def lacking(channel: object, needed: tuple[str, ...]) -> tuple[str, ...]:
    """The names, as Discord's settings show them, of those that the bot has not got in a channel."""
    if not isinstance(channel, discord.abc.GuildChannel | discord.Thread):
        return ()
    granted = channel.permissions_for(channel.guild.me)
    return tuple(shown(name) for name in needed if not getattr(granted, name))


def shown(name: str) -> str:
    """``manage_webhooks`` as ``Manage Webhooks``."""
    return name.replace("_", " ").title()
