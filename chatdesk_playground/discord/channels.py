"""What can happen to channels, roles and memberships, and what the bots are told of it."""

from __future__ import annotations

from dataclasses import replace

from chatdesk_playground.discord import threads
from chatdesk_playground.discord.backend import Backend
from chatdesk_playground.discord.gateway import Intent
from chatdesk_playground.discord.payloads import (
    channel_payload,
    guild_create_payload,
    member_payload,
    role_payload,
    user_payload,
)
from chatdesk_playground.discord.permissions import can_view
from chatdesk_playground.discord.state import Channel, ChannelType, Member, Role
from chatdesk_playground.discord.wire import JsonObject


def add(backend: Backend, channel: Channel) -> Channel:
    """Puts a new channel into its server."""
    assert channel.guild_id is not None, "DMs are opened, not added"
    backend.world.channels[channel.id] = channel
    data = channel_payload(backend.world, channel)
    backend.gateway.emit_in_guild("CHANNEL_CREATE", channel.guild_id, Intent.GUILDS, data)
    backend.changes.note()
    return channel


def change(backend: Backend, channel: Channel) -> Channel:
    """Replaces a channel; a bot that it lets in gets its threads."""
    assert channel.guild_id is not None, "DMs do not change"
    before = backend.world.channels[channel.id]
    bots = [
        bot_id for bot_id in backend.world.applications if (channel.guild_id, bot_id) in backend.world.members
    ]
    outside = [bot_id for bot_id in bots if not can_view(backend.world, bot_id, before)]
    backend.world.channels[channel.id] = channel
    data = channel_payload(backend.world, channel)
    backend.gateway.emit_in_guild("CHANNEL_UPDATE", channel.guild_id, Intent.GUILDS, data)
    for bot_id in outside:
        if can_view(backend.world, bot_id, channel):
            threads.sync_for_newcomer(backend, bot_id, channel)
    backend.changes.note()
    return channel


def remove(backend: Backend, channel: Channel) -> None:
    """Deletes a channel with its messages, webhooks and threads."""
    assert channel.guild_id is not None, "DMs are closed, not removed"
    world = backend.world
    for thread in world.threads_under(channel.id):
        threads.delete(backend, thread)
    for child in world.channels_of(channel.guild_id):
        if child.parent_id == channel.id:
            change(backend, replace(child, parent_id=None))
    data = channel_payload(world, channel)
    del world.channels[channel.id]
    world.messages.pop(channel.id, None)
    for webhook in [item for item in world.webhooks.values() if item.channel_id == channel.id]:
        del world.webhooks[webhook.id]
    backend.gateway.emit_in_guild("CHANNEL_DELETE", channel.guild_id, Intent.GUILDS, data)
    backend.changes.note()


def direct(backend: Backend, one: str, other: str) -> Channel:
    """The direct channel of two users, opened if there is none yet."""
    existing = backend.world.direct_channel(one, other)
    if existing is not None:
        return existing
    channel = Channel(backend.snowflakes.next(), ChannelType.DM, "", recipients=(one, other))
    backend.world.channels[channel.id] = channel
    return channel


def add_role(backend: Backend, role: Role) -> Role:
    """Puts a role in its place and moves those from there on up by one."""
    for other in backend.world.roles_of(role.guild_id):
        if other.position >= role.position:
            change_role(backend, replace(other, position=other.position + 1))
    backend.world.roles[role.id] = role
    data: JsonObject = {"guild_id": role.guild_id, "role": role_payload(role)}
    backend.gateway.emit_in_guild("GUILD_ROLE_CREATE", role.guild_id, Intent.GUILDS, data)
    backend.changes.note()
    return role


def change_role(backend: Backend, role: Role) -> Role:
    backend.world.roles[role.id] = role
    data: JsonObject = {"guild_id": role.guild_id, "role": role_payload(role)}
    backend.gateway.emit_in_guild("GUILD_ROLE_UPDATE", role.guild_id, Intent.GUILDS, data)
    backend.changes.note()
    return role


def remove_role(backend: Backend, role: Role) -> None:
    for member in list(backend.world.members_of(role.guild_id)):
        if role.id in member.roles:
            left = tuple(role_id for role_id in member.roles if role_id != role.id)
            change_member(backend, replace(member, roles=left))
    del backend.world.roles[role.id]
    data: JsonObject = {"guild_id": role.guild_id, "role_id": role.id}
    backend.gateway.emit_in_guild("GUILD_ROLE_DELETE", role.guild_id, Intent.GUILDS, data)
    backend.changes.note()


def add_member(backend: Backend, member: Member) -> None:
    """Somebody joins a server; a bot that joins gets GUILD_CREATE."""
    world = backend.world
    data = member_payload(world, member) | {"guild_id": member.guild_id}
    backend.gateway.emit_in_guild("GUILD_MEMBER_ADD", member.guild_id, Intent.GUILD_MEMBERS, data)
    world.members[member.guild_id, member.user_id] = member
    if member.user_id in world.applications:
        guild = world.guilds[member.guild_id]
        for session in backend.gateway.of(member.user_id):
            with_members = bool(session.intents & Intent.GUILD_PRESENCES)
            joined = guild_create_payload(world, guild, member.user_id, with_members)
            # Its absence is how a client tells a new server from one that is back.
            del joined["unavailable"]
            backend.gateway.emit_on_shard(session, "GUILD_CREATE", guild.id, joined)
    backend.changes.note()


def change_member(backend: Backend, member: Member) -> None:
    world = backend.world
    world.members[member.guild_id, member.user_id] = member
    data = member_payload(world, member) | {"guild_id": member.guild_id}
    for session in backend.gateway.all():
        # A bot is told of its own membership without the members intent.
        told = session.intents & Intent.GUILD_MEMBERS or session.application_id == member.user_id
        if told and (member.guild_id, session.application_id) in world.members:
            backend.gateway.emit_on_shard(session, "GUILD_MEMBER_UPDATE", member.guild_id, data)
    backend.changes.note()


def remove_member(backend: Backend, guild_id: str, user_id: str) -> None:
    """Somebody leaves or is thrown out; a bot loses the server."""
    del backend.world.members[guild_id, user_id]
    for thread in backend.world.threads_of(guild_id):
        if any(member.user_id == user_id for member in thread.thread_members):
            threads.remove_member(backend, thread, user_id)
    data: JsonObject = {"guild_id": guild_id, "user": user_payload(backend.world.users[user_id])}
    backend.gateway.emit_in_guild("GUILD_MEMBER_REMOVE", guild_id, Intent.GUILD_MEMBERS, data)
    if user_id in backend.world.applications:
        backend.gateway.emit_to_application("GUILD_DELETE", user_id, guild_id, {"id": guild_id})
    backend.changes.note()
