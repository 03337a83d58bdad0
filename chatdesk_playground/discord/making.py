"""The control interface's commands that make and change the world."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from chatdesk_playground.discord import channels, threads
from chatdesk_playground.discord.backend import Backend
from chatdesk_playground.discord.errors import Code, refusal
from chatdesk_playground.discord.files import new_avatar
from chatdesk_playground.discord.permissions import BOT, EVERYONE, Permission, require_in_guild
from chatdesk_playground.discord.rest_channels import new_channel
from chatdesk_playground.discord.state import (
    Application,
    Channel,
    ChannelType,
    Guild,
    Member,
    Overwrite,
    Role,
    User,
)
from chatdesk_playground.discord.wire import (
    Body,
    JsonObject,
    flag_of,
    id_of,
    ids_of,
    items_of,
    number_of,
    optional_text,
    text_of,
)

Making = Callable[[Backend, Body], Awaitable[object]]
KINDS = {
    "text": ChannelType.TEXT,
    "news": ChannelType.NEWS,
    "forum": ChannelType.FORUM,
    "category": ChannelType.CATEGORY,
}


async def create_application(backend: Backend, body: Body) -> object:
    name = text_of(body, "name")
    owner = _new_user(backend, f"{name}-developer")
    application_id = backend.snowflakes.next()
    application = Application(
        id=application_id,
        name=name,
        token=f"{secrets.token_urlsafe(18)}.{secrets.token_urlsafe(4)}.{secrets.token_urlsafe(27)}",
        public_key=secrets.token_hex(32),
        owner_id=owner.id,
        message_content=flag_of(body, "message_content", True),
        members=flag_of(body, "members", True),
        presences=flag_of(body, "presences", True),
    )
    backend.world.users[application_id] = User(application_id, name, None, None, bot=True)
    backend.world.applications[application_id] = application
    return {"id": application.id, "token": application.token, "public_key": application.public_key}


def _new_user(backend: Backend, name: str, display_name: str | None = None, avatar: bool = False) -> User:
    picture = new_avatar() if avatar else None
    user = User(backend.snowflakes.next(), name, display_name, picture)
    backend.world.users[user.id] = user
    return user


async def change_application(backend: Backend, body: Body) -> object:
    """Switches privileged intents, or revokes the token by setting a new one."""
    application = backend.world.applications[id_of(body, "application_id") or ""]
    token = secrets.token_urlsafe(50) if flag_of(body, "revoke_token") else application.token
    backend.world.applications[application.id] = replace(
        application,
        token=token,
        message_content=flag_of(body, "message_content", application.message_content),
        members=flag_of(body, "members", application.members),
        presences=flag_of(body, "presences", application.presences),
    )
    return {"id": application.id, "token": token, "public_key": application.public_key}


async def create_guild(backend: Backend, body: Body) -> object:
    name = text_of(body, "name")
    owner_id = id_of(body, "owner_id") or _new_user(backend, f"{name}-owner").id
    guild_id = backend.snowflakes.next()
    world = backend.world
    world.guilds[guild_id] = Guild(guild_id, name, owner_id)
    world.roles[guild_id] = Role(guild_id, guild_id, "@everyone", int(EVERYONE), 0)
    world.members[guild_id, owner_id] = Member(guild_id, owner_id, (), backend.clock.now())
    application_id = id_of(body, "application_id")
    if application_id is not None:
        permissions = number_of(body, "permissions", int(BOT))
        _install(backend, guild_id, application_id, permissions)
    return {"id": guild_id, "name": name, "owner_id": owner_id}


def _install(backend: Backend, guild_id: str, application_id: str, permissions: int) -> None:
    application = backend.world.applications[application_id]
    position = len(backend.world.roles_of(guild_id))
    role = Role(
        backend.snowflakes.next(), guild_id, application.name, permissions, position, bot_id=application_id
    )
    channels.add_role(backend, role)
    channels.add_member(backend, Member(guild_id, application_id, (role.id,), backend.clock.now()))


async def install(backend: Backend, body: Body) -> object:
    """Invites a bot into a server, with a role of its own."""
    permissions = number_of(body, "permissions", int(BOT))
    guild_id = id_of(body, "guild_id") or ""
    _install(backend, guild_id, id_of(body, "application_id") or "", permissions)
    return None


async def set_permissions(backend: Backend, body: Body) -> object:
    """Sets what a bot's own role may do in a server."""
    guild_id, application_id = id_of(body, "guild_id") or "", id_of(body, "application_id")
    role = next(item for item in backend.world.roles_of(guild_id) if item.bot_id == application_id)
    channels.change_role(backend, replace(role, permissions=number_of(body, "permissions")))
    return None


async def create_user(backend: Backend, body: Body) -> object:
    name, display = text_of(body, "name"), optional_text(body, "display_name")
    user = _new_user(backend, name, display, flag_of(body, "avatar"))
    if not flag_of(body, "dms_open", True):
        user = replace(user, dms_open=False)
        backend.world.users[user.id] = user
    roles = ids_of(body.get("roles"))
    for guild_id in ids_of(body.get("guild_ids")):
        mine = tuple(item for item in roles if backend.world.roles[item].guild_id == guild_id)
        channels.add_member(backend, Member(guild_id, user.id, mine, backend.clock.now()))
    return {"id": user.id, "name": name, "display_name": display or name}


async def join_guild(backend: Backend, body: Body) -> object:
    member = Member(id_of(body, "guild_id") or "", id_of(body, "user_id") or "", (), backend.clock.now())
    channels.add_member(backend, member)
    return None


async def leave_guild(backend: Backend, body: Body) -> object:
    channels.remove_member(backend, id_of(body, "guild_id") or "", id_of(body, "user_id") or "")
    return None


async def set_nickname(backend: Backend, body: Body) -> object:
    member = backend.world.members[id_of(body, "guild_id") or "", id_of(body, "user_id") or ""]
    channels.change_member(backend, replace(member, nick=optional_text(body, "nick")))
    return None


async def create_channel(backend: Backend, body: Body) -> object:
    """A channel; with `private_to` only these users and roles see it, and the bots unless `bot` is false."""
    guild_id = id_of(body, "guild_id") or ""
    kind = KINDS[text_of(body, "kind", "text")]
    wanted = dict(body) | {"type": int(kind)}
    if "private_to" in body and body["private_to"] is not None:
        wanted["permission_overwrites"] = _private_overwrites(backend, guild_id, body)
    if "tags" in body:
        wanted["available_tags"] = [{"name": tag} for tag in items_of(body["tags"])]
    channel = channels.add(backend, new_channel(backend, guild_id, wanted))
    return {"id": channel.id, "tags": {tag.name: tag.id for tag in channel.available_tags}}


def _private_overwrites(backend: Backend, guild_id: str, body: Body) -> list[JsonObject]:
    view = int(Permission.VIEW_CHANNEL)
    allowed = list(ids_of(body["private_to"]))
    if flag_of(body, "bot", True):
        bots = [item.user_id for item in backend.world.members_of(guild_id)]
        allowed += [bot for bot in bots if bot in backend.world.applications]
    overwrites: list[JsonObject] = [{"id": guild_id, "type": 0, "allow": 0, "deny": view}]
    for target in dict.fromkeys(allowed):
        kind = 0 if target in backend.world.roles else 1
        overwrites.append({"id": target, "type": kind, "allow": view, "deny": 0})
    return overwrites


async def set_overwrite(backend: Backend, body: Body) -> object:
    """Allows or denies permissions in one channel to a role or member."""
    channel = _channel(backend, body)
    target = id_of(body, "target_id") or ""
    kind = 0 if target in backend.world.roles else 1
    new = Overwrite(target, kind, number_of(body, "allow"), number_of(body, "deny"))
    others = tuple(item for item in channel.overwrites if item.id != target)
    channels.change(backend, replace(channel, overwrites=(*others, new)))
    return None


def _channel(backend: Backend, body: Body) -> Channel:
    channel = backend.world.channels.get(id_of(body, "channel_id") or "")
    if channel is None:
        raise refusal(Code.UNKNOWN_CHANNEL)
    return channel


async def delete_channel(backend: Backend, body: Body) -> object:
    """Deletes a channel or a thread."""
    channel = _channel(backend, body)
    if channel.thread is not None:
        threads.delete(backend, channel)
    else:
        channels.remove(backend, channel)
    return None


async def create_role(backend: Backend, body: Body) -> object:
    guild_id = id_of(body, "guild_id") or ""
    role = Role(
        id=backend.snowflakes.next(),
        guild_id=guild_id,
        name=text_of(body, "name"),
        permissions=number_of(body, "permissions"),
        position=1,
        mentionable=flag_of(body, "mentionable"),
    )
    channels.add_role(backend, role)
    for user_id in ids_of(body.get("members")):
        _give(backend, role, user_id)
    return {"id": role.id}


def _give(backend: Backend, role: Role, user_id: str) -> None:
    require_in_guild(backend.world, user_id, role.guild_id)
    member = backend.world.members[role.guild_id, user_id]
    channels.change_member(backend, replace(member, roles=(*member.roles, role.id)))


async def give_role(backend: Backend, body: Body) -> object:
    _give(backend, backend.world.roles[id_of(body, "role_id") or ""], id_of(body, "user_id") or "")
    return None


async def take_role(backend: Backend, body: Body) -> object:
    role = backend.world.roles[id_of(body, "role_id") or ""]
    member = backend.world.members[role.guild_id, id_of(body, "user_id") or ""]
    left = tuple(item for item in member.roles if item != role.id)
    channels.change_member(backend, replace(member, roles=left))
    return None


MAKING: Mapping[str, Making] = {
    command.__name__: command
    for command in (
        create_application,
        change_application,
        create_guild,
        install,
        set_permissions,
        create_user,
        join_guild,
        leave_guild,
        set_nickname,
        create_channel,
        set_overwrite,
        delete_channel,
        create_role,
        give_role,
        take_role,
    )
}
