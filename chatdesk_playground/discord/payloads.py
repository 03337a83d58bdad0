"""The world as Discord writes it on the wire: users, members, roles, channels, threads, servers."""

from __future__ import annotations

from chatdesk_playground.discord.permissions import can_view, guild_permissions
from chatdesk_playground.discord.state import (
    Application,
    Channel,
    ChannelType,
    ForumTag,
    Guild,
    Member,
    Role,
    ThreadMember,
    User,
    Webhook,
    World,
)
from chatdesk_playground.discord.wire import JsonObject, optional_timestamp, timestamp


def user_payload(user: User) -> JsonObject:
    payload: JsonObject = {
        "id": user.id,
        "username": user.username,
        "discriminator": "0000" if user.bot else "0",
        "global_name": user.global_name,
        "avatar": user.avatar,
        "avatar_decoration_data": None,
        "banner": None,
        "accent_color": None,
        "public_flags": 0,
        "flags": 0,
        "primary_guild": None,
        "clan": None,
        "collectibles": None,
        "display_name_styles": None,
    }
    if user.bot:
        payload["bot"] = True
    return payload


def own_user_payload(user: User) -> JsonObject:
    """`/users/@me`: with what only the account itself is told."""
    return user_payload(user) | {
        "mfa_enabled": True,
        "locale": "en-US",
        "premium_type": 0,
        "email": None,
        "verified": True,
        "bio": "",
    }


def member_payload(world: World, member: Member, with_user: bool = True) -> JsonObject:
    payload: JsonObject = {
        "nick": member.nick,
        "avatar": None,
        "banner": None,
        "roles": list(member.roles),
        "joined_at": timestamp(member.joined),
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "pending": False,
        "flags": 0,
        "communication_disabled_until": None,
    }
    if with_user:
        payload["user"] = user_payload(world.users[member.user_id])
    return payload


def role_payload(role: Role) -> JsonObject:
    payload: JsonObject = {
        "id": role.id,
        "name": role.name,
        "description": None,
        "permissions": str(int(role.permissions)),
        "position": role.position,
        "color": role.color,
        "colors": {"primary_color": role.color, "secondary_color": None, "tertiary_color": None},
        "hoist": role.hoist,
        "managed": role.bot_id is not None,
        "mentionable": role.mentionable,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
    }
    if role.bot_id is not None:
        payload["tags"] = {"bot_id": role.bot_id}
    return payload


def tag_payload(tag: ForumTag) -> JsonObject:
    return {
        "id": tag.id,
        "name": tag.name,
        "moderated": tag.moderated,
        "emoji_id": tag.emoji_id,
        "emoji_name": tag.emoji_name,
    }


def channel_payload(world: World, channel: Channel, viewer_id: str | None = None) -> JsonObject:
    """A channel of any kind; `viewer_id` says whose membership of a thread, whose other side of a DM."""
    if channel.thread is not None:
        return thread_payload(channel, viewer_id)
    if channel.type == ChannelType.DM:
        return direct_channel_payload(world, channel, viewer_id)
    return _guild_channel_payload(channel)


def direct_channel_payload(world: World, channel: Channel, viewer_id: str | None) -> JsonObject:
    others = [user_id for user_id in channel.recipients if user_id != viewer_id]
    return {
        "id": channel.id,
        "type": int(channel.type),
        "flags": channel.flags,
        "last_message_id": channel.last_message_id,
        "recipients": [user_payload(world.users[user_id]) for user_id in others],
    }


def _guild_channel_payload(channel: Channel) -> JsonObject:
    payload: JsonObject = {
        "id": channel.id,
        "type": int(channel.type),
        "guild_id": channel.guild_id,
        "name": channel.name,
        "parent_id": channel.parent_id,
        "position": channel.position,
        "nsfw": channel.nsfw,
        "flags": channel.flags,
        "rate_limit_per_user": channel.slowmode,
        "permission_overwrites": [
            {
                "id": overwrite.id,
                "type": overwrite.kind,
                "allow": str(int(overwrite.allow)),
                "deny": str(int(overwrite.deny)),
            }
            for overwrite in channel.overwrites
        ],
    }
    if channel.type != ChannelType.CATEGORY:
        payload |= {"topic": channel.topic, "last_message_id": channel.last_message_id}
    if channel.type == ChannelType.VOICE:
        payload |= {"bitrate": 64000, "user_limit": 0, "rtc_region": None}
    if channel.last_pin is not None:
        payload["last_pin_timestamp"] = timestamp(channel.last_pin)
    if channel.type == ChannelType.FORUM:
        payload |= {
            "available_tags": [tag_payload(tag) for tag in channel.available_tags],
            "default_reaction_emoji": None,
            "default_sort_order": None,
            "default_forum_layout": 0,
        }
    return payload


def thread_payload(channel: Channel, viewer_id: str | None = None) -> JsonObject:
    thread = channel.thread
    assert thread is not None, "not a thread"
    metadata: JsonObject = {
        "archived": thread.archived,
        "auto_archive_duration": thread.auto_archive_minutes,
        "archive_timestamp": timestamp(thread.archive_changed),
        "create_timestamp": timestamp(thread.created),
        "locked": thread.locked,
    }
    if channel.type == ChannelType.PRIVATE_THREAD:
        metadata["invitable"] = thread.invitable
    payload: JsonObject = {
        "id": channel.id,
        "type": int(channel.type),
        "guild_id": channel.guild_id,
        "parent_id": channel.parent_id,
        "owner_id": channel.owner_id,
        "name": channel.name,
        "last_message_id": channel.last_message_id,
        "thread_metadata": metadata,
        "message_count": min(channel.message_count, 50),
        "member_count": min(len(channel.thread_members), 50),
        "total_message_sent": channel.total_message_sent,
        "rate_limit_per_user": channel.slowmode,
        "flags": channel.flags,
        "applied_tags": list(channel.applied_tags),
    }
    own = next((member for member in channel.thread_members if member.user_id == viewer_id), None)
    if own is not None:
        payload["member"] = thread_member_payload(channel, own)
    return payload


def thread_member_payload(thread: Channel, member: ThreadMember) -> JsonObject:
    return {
        "id": thread.id,
        "user_id": member.user_id,
        "join_timestamp": timestamp(member.joined),
        "flags": 0,
    }


def guild_payload(world: World, guild: Guild) -> JsonObject:
    return {
        "id": guild.id,
        "name": guild.name,
        "owner_id": guild.owner_id,
        "icon": None,
        "description": None,
        "home_header": None,
        "splash": None,
        "discovery_splash": None,
        "features": ["COMMUNITY"],
        "banner": None,
        "region": "deprecated",
        "application_id": None,
        "afk_channel_id": None,
        "afk_timeout": 300,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "widget_enabled": False,
        "widget_channel_id": None,
        "verification_level": 0,
        "roles": [role_payload(role) for role in world.roles_of(guild.id)],
        "default_message_notifications": 0,
        "mfa_level": 0,
        "explicit_content_filter": 0,
        "max_presences": None,
        "max_members": 500000,
        "max_stage_video_channel_users": 50,
        "max_video_channel_users": 25,
        "vanity_url_code": None,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "preferred_locale": "en-US",
        "rules_channel_id": None,
        "safety_alerts_channel_id": None,
        "public_updates_channel_id": None,
        "premium_progress_bar_enabled": False,
        "premium_progress_bar_enabled_user_updated_at": None,
        "nsfw": False,
        "nsfw_level": 0,
        "emojis": [],
        "stickers": [],
        "incidents_data": None,
        "inventory_settings": None,
        "moderator_reporting": None,
    }


def guild_create_payload(world: World, guild: Guild, bot_id: str, with_members: bool) -> JsonObject:
    """GUILD_CREATE for one bot: all channels, the threads that it sees, and itself as the only member
    unless it has the presences intent (Discord's rule)."""
    members = list(world.members_of(guild.id))
    shown = members if with_members else [member for member in members if member.user_id == bot_id]
    threads = [
        thread_payload(thread, bot_id)
        for thread in world.threads_of(guild.id)
        if thread.thread is not None and not thread.thread.archived and can_view(world, bot_id, thread)
    ]
    return guild_payload(world, guild) | {
        "unavailable": False,
        "large": len(members) > 250,
        "joined_at": timestamp(world.members[guild.id, bot_id].joined),
        "member_count": len(members),
        "members": [member_payload(world, member) for member in shown],
        "channels": [channel_payload(world, channel) for channel in world.channels_of(guild.id)],
        "threads": threads,
        "presences": [],
        "voice_states": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def own_guild_payload(world: World, guild: Guild, user_id: str) -> JsonObject:
    """An entry of `/users/@me/guilds`."""
    return {
        "id": guild.id,
        "name": guild.name,
        "icon": None,
        "banner": None,
        "owner": guild.owner_id == user_id,
        "permissions": str(int(guild_permissions(world, guild.id, user_id))),
        "features": [],
    }


def webhook_payload(world: World, webhook: Webhook, base: str) -> JsonObject:
    return {
        "id": webhook.id,
        "type": 1,
        "guild_id": webhook.guild_id,
        "channel_id": webhook.channel_id,
        "name": webhook.name,
        "avatar": webhook.avatar,
        "application_id": webhook.application_id,
        "token": webhook.token,
        "url": f"{base}/webhooks/{webhook.id}/{webhook.token}",
        "user": user_payload(world.users[webhook.user_id]),
    }


def application_flags(application: Application) -> int:
    """The public flags for privileged intents of a bot in fewer than 100 servers."""
    flags = (
        (application.presences, 1 << 13),
        (application.members, 1 << 15),
        (application.message_content, 1 << 19),
    )
    return sum(bit for granted, bit in flags if granted)


def application_payload(world: World, application: Application) -> JsonObject:
    return {
        "id": application.id,
        "name": application.name,
        "icon": None,
        "description": "",
        "summary": "",
        "type": None,
        "bot": user_payload(world.users[application.id]),
        "owner": user_payload(world.users[application.owner_id]),
        "bot_public": False,
        "bot_require_code_grant": False,
        "verify_key": application.public_key,
        "flags": application_flags(application),
        "flags_new": str(application_flags(application)),
        "hook": True,
        "is_monetized": False,
        "is_verified": False,
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "approximate_guild_count": len(world.guilds_of(application.id)),
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "eligible_oauth2_scopes": ["bot", "applications.commands"],
        "team": None,
        "integration_types_config": {"0": {}},
    }


def archive_moment(thread: Channel) -> str | None:
    """When a thread was archived or unarchived last, for paging through archived threads."""
    return optional_timestamp(None if thread.thread is None else thread.thread.archive_changed)
