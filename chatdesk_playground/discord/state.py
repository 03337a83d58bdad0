"""The playground's world: what exists on this Discord, in memory. Records are frozen and replaced whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum

from chatdesk_playground.discord.wire import Body


class ChannelType(IntEnum):
    TEXT = 0
    DM = 1
    VOICE = 2
    CATEGORY = 4
    NEWS = 5
    NEWS_THREAD = 10
    PUBLIC_THREAD = 11
    PRIVATE_THREAD = 12
    FORUM = 15


class MessageType(IntEnum):
    DEFAULT = 0
    CHANNEL_NAME_CHANGE = 4
    CHANNEL_PINNED_MESSAGE = 6
    THREAD_CREATED = 18
    REPLY = 19
    CHAT_INPUT_COMMAND = 20
    THREAD_STARTER_MESSAGE = 21
    CONTEXT_MENU_COMMAND = 23


class MessageFlag(IntEnum):
    SUPPRESS_EMBEDS = 1 << 2
    HAS_THREAD = 1 << 5
    EPHEMERAL = 1 << 6
    LOADING = 1 << 7
    SUPPRESS_NOTIFICATIONS = 1 << 12
    COMPONENTS_V2 = 1 << 15


@dataclass(frozen=True, slots=True)
class User:
    id: str
    username: str
    global_name: str | None
    avatar: str | None
    bot: bool = False
    dms_open: bool = True


@dataclass(frozen=True, slots=True)
class Application:
    """A bot: its token, and which privileged intents its owner switched on."""

    id: str
    name: str
    token: str
    public_key: str
    owner_id: str
    message_content: bool = True
    members: bool = True
    presences: bool = True


@dataclass(frozen=True, slots=True)
class Guild:
    id: str
    name: str
    owner_id: str


@dataclass(frozen=True, slots=True)
class Member:
    guild_id: str
    user_id: str
    roles: tuple[str, ...]
    joined: datetime
    nick: str | None = None


@dataclass(frozen=True, slots=True)
class Role:
    id: str
    guild_id: str
    name: str
    permissions: int
    position: int
    color: int = 0
    hoist: bool = False
    mentionable: bool = False
    bot_id: str | None = None


@dataclass(frozen=True, slots=True)
class Overwrite:
    """Permissions in one channel for a role (kind 0) or a member (kind 1)."""

    id: str
    kind: int
    allow: int
    deny: int


@dataclass(frozen=True, slots=True)
class ForumTag:
    id: str
    name: str
    moderated: bool = False
    emoji_id: str | None = None
    emoji_name: str | None = None


@dataclass(frozen=True, slots=True)
class ThreadMember:
    user_id: str
    joined: datetime


@dataclass(frozen=True, slots=True)
class ThreadState:
    created: datetime
    archive_changed: datetime
    archived: bool = False
    locked: bool = False
    invitable: bool = True
    auto_archive_minutes: int = 4320


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel of a server, a thread (then `thread` is set) or a direct message (then `recipients` is)."""

    id: str
    type: ChannelType
    name: str
    guild_id: str | None = None
    parent_id: str | None = None
    owner_id: str | None = None
    position: int = 0
    topic: str | None = None
    nsfw: bool = False
    slowmode: int = 0
    flags: int = 0
    overwrites: tuple[Overwrite, ...] = ()
    recipients: tuple[str, ...] = ()
    available_tags: tuple[ForumTag, ...] = ()
    applied_tags: tuple[str, ...] = ()
    thread: ThreadState | None = None
    thread_members: tuple[ThreadMember, ...] = ()
    last_message_id: str | None = None
    message_count: int = 0
    total_message_sent: int = 0
    last_pin: datetime | None = None


@dataclass(frozen=True, slots=True)
class Author:
    """Who a message is from: a user, or a webhook with the name and picture that it used."""

    id: str
    webhook: bool = False
    name: str | None = None
    avatar: str | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    id: str
    channel_id: str
    filename: str
    size: int
    content_type: str
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Reaction:
    """One emoji under a message: the character itself, or `name:id`."""

    emoji: str
    users: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    message_id: str | None
    channel_id: str
    guild_id: str | None


@dataclass(frozen=True, slots=True)
class InteractionOrigin:
    """The interaction that a message answers."""

    id: str
    kind: int
    user_id: str
    name: str | None = None
    command_kind: int = 1
    target_id: str | None = None
    message_id: str | None = None
    cause: InteractionOrigin | None = None
    original_message_id: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    id: str
    channel_id: str
    author: Author
    content: str
    created: datetime
    type: MessageType = MessageType.DEFAULT
    edited: datetime | None = None
    flags: int = 0
    tts: bool = False
    attachments: tuple[Attachment, ...] = ()
    embeds: tuple[Body, ...] = ()
    components: tuple[Body, ...] = ()
    reactions: tuple[Reaction, ...] = ()
    mentions: tuple[str, ...] = ()
    mention_roles: tuple[str, ...] = ()
    mention_everyone: bool = False
    pinged: tuple[str, ...] = ()
    pinned: datetime | None = None
    nonce: str | None = None
    webhook_id: str | None = None
    application_id: str | None = None
    reference: Reference | None = None
    visible_to: str | None = None
    interaction: InteractionOrigin | None = None
    position: int | None = None


@dataclass(frozen=True, slots=True)
class Webhook:
    id: str
    token: str
    guild_id: str
    channel_id: str
    name: str
    application_id: str
    user_id: str
    avatar: str | None = None


@dataclass(frozen=True, slots=True)
class Command:
    """A registered application command; `guild_id` is None for a global one."""

    id: str
    application_id: str
    guild_id: str | None
    type: int
    name: str
    version: str
    body: Body


@dataclass(slots=True)
class World:
    """Everything there is. Only the operations of this package change it."""

    users: dict[str, User] = field(default_factory=dict)
    applications: dict[str, Application] = field(default_factory=dict)
    guilds: dict[str, Guild] = field(default_factory=dict)
    members: dict[tuple[str, str], Member] = field(default_factory=dict)
    roles: dict[str, Role] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    messages: dict[str, dict[str, Message]] = field(default_factory=dict)
    webhooks: dict[str, Webhook] = field(default_factory=dict)
    commands: dict[str, Command] = field(default_factory=dict)
    active_thread_limit: int = 1000
    thread_member_limit: int = 1000

    def application_with_token(self, token: str) -> Application | None:
        return next((app for app in self.applications.values() if app.token == token), None)

    def members_of(self, guild_id: str) -> Iterator[Member]:
        return (member for (guild, _), member in self.members.items() if guild == guild_id)

    def guilds_of(self, user_id: str) -> list[Guild]:
        return [self.guilds[guild] for guild, user in self.members if user == user_id]

    def roles_of(self, guild_id: str) -> list[Role]:
        return [role for role in self.roles.values() if role.guild_id == guild_id]

    def channels_of(self, guild_id: str) -> list[Channel]:
        return [ch for ch in self.channels.values() if ch.guild_id == guild_id and ch.thread is None]

    def threads_of(self, guild_id: str) -> list[Channel]:
        return [ch for ch in self.channels.values() if ch.guild_id == guild_id and ch.thread is not None]

    def threads_under(self, channel_id: str) -> list[Channel]:
        return [ch for ch in self.channels.values() if ch.thread is not None and ch.parent_id == channel_id]

    def direct_channel(self, one: str, other: str) -> Channel | None:
        wanted = {one, other}
        return next((ch for ch in self.channels.values() if wanted == set(ch.recipients)), None)

    def message(self, channel_id: str, message_id: str) -> Message | None:
        return self.messages.get(channel_id, {}).get(message_id)
