"""Who may do what where: Discord's permission bits and the way overwrites are applied."""

from __future__ import annotations

from enum import IntFlag

from chatdesk_playground.discord.errors import Code, refusal
from chatdesk_playground.discord.state import Channel, ChannelType, World


class Permission(IntFlag):
    CREATE_INSTANT_INVITE = 1 << 0
    KICK_MEMBERS = 1 << 1
    BAN_MEMBERS = 1 << 2
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_AUDIT_LOG = 1 << 7
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    SEND_TTS_MESSAGES = 1 << 12
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    USE_EXTERNAL_EMOJIS = 1 << 18
    CHANGE_NICKNAME = 1 << 26
    MANAGE_NICKNAMES = 1 << 27
    MANAGE_ROLES = 1 << 28
    MANAGE_WEBHOOKS = 1 << 29
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    CREATE_PRIVATE_THREADS = 1 << 36
    SEND_MESSAGES_IN_THREADS = 1 << 38
    PIN_MESSAGES = 1 << 51


ALL = Permission((1 << 53) - 1)
NONE = Permission(0)

EVERYONE = (
    Permission.CREATE_INSTANT_INVITE
    | Permission.ADD_REACTIONS
    | Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.MENTION_EVERYONE
    | Permission.USE_EXTERNAL_EMOJIS
    | Permission.CHANGE_NICKNAME
    | Permission.USE_APPLICATION_COMMANDS
    | Permission.CREATE_PUBLIC_THREADS
    | Permission.CREATE_PRIVATE_THREADS
    | Permission.SEND_MESSAGES_IN_THREADS
)
"""What a new server gives to everybody."""

BOT = (
    EVERYONE
    | Permission.MANAGE_MESSAGES
    | Permission.MANAGE_WEBHOOKS
    | Permission.MANAGE_THREADS
    | Permission.PIN_MESSAGES
)
"""What a bot's own role gets unless the server's maker says otherwise."""

IN_DIRECT_MESSAGES = (
    Permission.ADD_REACTIONS
    | Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.USE_EXTERNAL_EMOJIS
    | Permission.USE_APPLICATION_COMMANDS
)


def guild_permissions(world: World, guild_id: str, user_id: str) -> Permission:
    """The union of a member's roles; everything for the owner and administrators; nothing for a stranger."""
    guild = world.guilds[guild_id]
    member = world.members.get((guild_id, user_id))
    if member is None:
        return NONE
    if guild.owner_id == user_id:
        return ALL
    granted = Permission(world.roles[guild_id].permissions)
    for role_id in member.roles:
        if role_id in world.roles:
            granted |= Permission(world.roles[role_id].permissions)
    return ALL if Permission.ADMINISTRATOR in granted else granted


def permissions_in(world: World, user_id: str, channel: Channel) -> Permission:
    """What a user may do in a channel; a thread takes its parent's overwrites."""
    if channel.guild_id is None:
        return IN_DIRECT_MESSAGES if user_id in channel.recipients else NONE
    if (channel.guild_id, user_id) not in world.members:
        return NONE
    granted = guild_permissions(world, channel.guild_id, user_id)
    if granted == ALL:
        return ALL
    holder = world.channels.get(channel.parent_id or "", channel) if channel.thread else channel
    granted = _with_overwrites(world, user_id, holder, granted)
    if Permission.VIEW_CHANNEL not in granted:
        return NONE
    if channel.thread is None and Permission.SEND_MESSAGES not in granted:
        granted &= ~(
            Permission.EMBED_LINKS
            | Permission.ATTACH_FILES
            | Permission.MENTION_EVERYONE
            | Permission.SEND_TTS_MESSAGES
        )
    return granted


def _with_overwrites(world: World, user_id: str, channel: Channel, granted: Permission) -> Permission:
    if channel.guild_id is None:
        return granted
    overwrites = {overwrite.id: overwrite for overwrite in channel.overwrites}
    everyone = overwrites.get(channel.guild_id)
    if everyone is not None:
        granted = granted & ~Permission(everyone.deny) | Permission(everyone.allow)
    allow = deny = NONE
    for role_id in world.members[channel.guild_id, user_id].roles:
        if role_id in overwrites:
            allow |= Permission(overwrites[role_id].allow)
            deny |= Permission(overwrites[role_id].deny)
    granted = granted & ~deny | allow
    own = overwrites.get(user_id)
    if own is not None:
        granted = granted & ~Permission(own.deny) | Permission(own.allow)
    return granted


def can_view(world: World, user_id: str, channel: Channel) -> bool:
    """Whether a user sees a channel; a private thread is for its members and for those who manage threads."""
    granted = permissions_in(world, user_id, channel)
    if Permission.VIEW_CHANNEL not in granted:
        return False
    if channel.type == ChannelType.PRIVATE_THREAD:
        return Permission.MANAGE_THREADS in granted or any(
            member.user_id == user_id for member in channel.thread_members
        )
    return True


def require(world: World, user_id: str, channel: Channel, needed: Permission = NONE) -> None:
    """Raises 50001 for a channel that the user does not see, 50013 for a permission that is missing."""
    if not can_view(world, user_id, channel):
        raise refusal(Code.MISSING_ACCESS)
    if needed & ~permissions_in(world, user_id, channel):
        raise refusal(Code.MISSING_PERMISSIONS)


def require_in_guild(world: World, user_id: str, guild_id: str, needed: Permission = NONE) -> None:
    """Raises 10004 for a server that the user is not in, 50013 for a permission that is missing."""
    if guild_id not in world.guilds or (guild_id, user_id) not in world.members:
        raise refusal(Code.UNKNOWN_GUILD)
    if needed & ~guild_permissions(world, guild_id, user_id):
        raise refusal(Code.MISSING_PERMISSIONS)


def to_send(channel: Channel) -> Permission:
    """The permission that posting into this channel takes."""
    return Permission.SEND_MESSAGES_IN_THREADS if channel.thread else Permission.SEND_MESSAGES
