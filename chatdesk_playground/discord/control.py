"""The control interface over HTTP: making the world, acting as people, and steering the platform itself.

`POST /control/<command>` and `POST /control/users/<id>/<action>`, JSON in and out.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, replace

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from chatdesk_playground.discord import channels, people, threads
from chatdesk_playground.discord.api import read_body
from chatdesk_playground.discord.backend import Backend
from chatdesk_playground.discord.errors import ApiError, Code, refusal
from chatdesk_playground.discord.files import new_avatar
from chatdesk_playground.discord.permissions import BOT, EVERYONE, Permission, require_in_guild
from chatdesk_playground.discord.rest_channels import new_channel
from chatdesk_playground.discord.socket import INVALID_SESSION, RECONNECT, Connection
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
    body_of,
    flag_of,
    id_of,
    ids_of,
    items_of,
    number_of,
    optional_text,
    text_of,
    timestamp,
)

Command = Callable[[Backend, set[Connection], Body], Awaitable[object]]
KINDS = {
    "text": ChannelType.TEXT,
    "news": ChannelType.NEWS,
    "forum": ChannelType.FORUM,
    "category": ChannelType.CATEGORY,
}
QUIET_SECONDS = 0.05


async def create_application(backend: Backend, connections: set[Connection], body: Body) -> object:
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


async def change_application(backend: Backend, connections: set[Connection], body: Body) -> object:
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


async def create_guild(backend: Backend, connections: set[Connection], body: Body) -> object:
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


async def install(backend: Backend, connections: set[Connection], body: Body) -> object:
    """Invites a bot into a server, with a role of its own."""
    permissions = number_of(body, "permissions", int(BOT))
    guild_id = id_of(body, "guild_id") or ""
    _install(backend, guild_id, id_of(body, "application_id") or "", permissions)
    return None


async def set_permissions(backend: Backend, connections: set[Connection], body: Body) -> object:
    """Sets what a bot's own role may do in a server."""
    guild_id, application_id = id_of(body, "guild_id") or "", id_of(body, "application_id")
    role = next(item for item in backend.world.roles_of(guild_id) if item.bot_id == application_id)
    channels.change_role(backend, replace(role, permissions=number_of(body, "permissions")))
    return None


async def create_user(backend: Backend, connections: set[Connection], body: Body) -> object:
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


async def join_guild(backend: Backend, connections: set[Connection], body: Body) -> object:
    member = Member(id_of(body, "guild_id") or "", id_of(body, "user_id") or "", (), backend.clock.now())
    channels.add_member(backend, member)
    return None


async def leave_guild(backend: Backend, connections: set[Connection], body: Body) -> object:
    channels.remove_member(backend, id_of(body, "guild_id") or "", id_of(body, "user_id") or "")
    return None


async def create_channel(backend: Backend, connections: set[Connection], body: Body) -> object:
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


async def set_overwrite(backend: Backend, connections: set[Connection], body: Body) -> object:
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


async def delete_channel(backend: Backend, connections: set[Connection], body: Body) -> object:
    channels.remove(backend, _channel(backend, body))
    return None


async def create_role(backend: Backend, connections: set[Connection], body: Body) -> object:
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


async def give_role(backend: Backend, connections: set[Connection], body: Body) -> object:
    _give(backend, backend.world.roles[id_of(body, "role_id") or ""], id_of(body, "user_id") or "")
    return None


async def take_role(backend: Backend, connections: set[Connection], body: Body) -> object:
    role = backend.world.roles[id_of(body, "role_id") or ""]
    member = backend.world.members[role.guild_id, id_of(body, "user_id") or ""]
    left = tuple(item for item in member.roles if item != role.id)
    channels.change_member(backend, replace(member, roles=left))
    return None


async def set_rate_limits(backend: Backend, connections: set[Connection], body: Body) -> object:
    speed = body.get("speed")
    factor = float(speed) if isinstance(speed, int | float) else 1.0
    backend.rate_limits.switch(flag_of(body, "enabled"), factor)
    return None


async def set_limits(backend: Backend, connections: set[Connection], body: Body) -> object:
    """How many active threads a server holds (160006), how many members a thread (30033)."""
    world = backend.world
    world.active_thread_limit = number_of(body, "active_threads", world.active_thread_limit)
    world.thread_member_limit = number_of(body, "thread_members", world.thread_member_limit)
    return None


async def advance_clock(backend: Backend, connections: set[Connection], body: Body) -> object:
    """Pushes the clock forward; threads in which nothing was said for long enough are archived."""
    seconds = body.get("seconds")
    backend.clock.advance(float(seconds) if isinstance(seconds, int | float) else 0.0)
    threads.archive_idle(backend)
    return None


async def drop_gateway(backend: Backend, connections: set[Connection], body: Body) -> object:
    """Cuts the sockets. The sessions stay, to be resumed, unless `resumable` is false."""
    for connection in list(connections):
        if connection.session is not None and not flag_of(body, "resumable", True):
            backend.gateway.end(connection.session)
        await connection.close(number_of(body, "code", 4000))
    return None


async def reconnect(backend: Backend, connections: set[Connection], body: Body) -> object:
    """Asks every client to reconnect and resume (op 7)."""
    for session in backend.gateway.all():
        session.control(RECONNECT)
    return None


async def invalidate(backend: Backend, connections: set[Connection], body: Body) -> object:
    """Tells every client that its session is invalid (op 9), resumable or not."""
    resumable = flag_of(body, "resumable")
    for session in backend.gateway.all():
        session.control(INVALID_SESSION, resumable)
        if not resumable:
            backend.gateway.end(session)
    return None


async def wait_connected(backend: Backend, connections: set[Connection], body: Body) -> object:
    """Waits until an application has a live gateway session."""
    application_id = id_of(body, "application_id") or ""

    def connected() -> bool:
        return any(session.outbox is not None for session in backend.gateway.of(application_id))

    if not await backend.changes.until(connected, _seconds(body)):
        raise ApiError(408, 0, "The bot did not connect to the gateway in time")
    return None


def _seconds(body: Body) -> float:
    value = body.get("timeout")
    return float(value) if isinstance(value, int | float) else 5.0


async def wait_until_quiet(backend: Backend, connections: set[Connection], body: Body) -> object:
    """Waits until the bots have got every event, have answered every interaction and ask nothing more.

    That they got an event is known from their heartbeat, which names the last number they have seen.
    """
    clock = asyncio.get_running_loop().time
    deadline = clock() + _seconds(body)
    while clock() < deadline:
        for session in backend.gateway.all():
            session.ask_how_far()
        if not _quiet(backend):
            await backend.changes.after(backend.changes.version, QUIET_SECONDS)
            continue
        before = len(backend.requests), len(backend.gateway.events)
        # A bot may think for a moment between an event and what it does about it.
        await asyncio.sleep(QUIET_SECONDS)
        if _quiet(backend) and before == (len(backend.requests), len(backend.gateway.events)):
            return None
    raise ApiError(408, 0, "The bots were still busy when the time was over")


def _quiet(backend: Backend) -> bool:
    waiting = any(item.waiting for item in backend.interactions.by_id.values())
    behind = any(session.behind for session in backend.gateway.all())
    return not (waiting or behind or backend.in_flight)


async def changes(backend: Backend, connections: set[Connection], body: Body) -> object:
    """The number of changes so far, once it is above `after` or the time is over."""
    version = await backend.changes.after(number_of(body, "after", -1), _seconds(body))
    return {"version": version}


async def requests(backend: Backend, connections: set[Connection], body: Body) -> object:
    entries = backend.requests[number_of(body, "start") :]
    return [asdict(entry) | {"at": timestamp(entry.at)} for entry in entries]


async def events(backend: Backend, connections: set[Connection], body: Body) -> object:
    entries = backend.gateway.events[number_of(body, "start") :]
    return [
        {
            "at": timestamp(entry.at),
            "application_id": entry.application_id,
            "name": entry.name,
            "data": entry.data,
        }
        for entry in entries
    ]


COMMANDS: Mapping[str, Command] = {
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
        create_channel,
        set_overwrite,
        delete_channel,
        create_role,
        give_role,
        take_role,
        set_rate_limits,
        set_limits,
        advance_clock,
        drop_gateway,
        reconnect,
        invalidate,
        wait_connected,
        wait_until_quiet,
        changes,
        requests,
        events,
    )
}


def routes(backend: Backend, connections: set[Connection]) -> list[BaseRoute]:
    async def steer(request: Request) -> Response:
        name = request.path_params["command"]
        if name not in COMMANDS:
            known = ", ".join(COMMANDS)
            return JSONResponse({"message": f"There is no command {name!r}; there are: {known}"}, 404)
        content, _ = await read_body(request)
        return await _answered(COMMANDS[name](backend, connections, body_of(content)))

    async def act(request: Request) -> Response:
        content, _ = await read_body(request)
        params = request.path_params
        return await _answered(people.act(backend, params["user_id"], params["action"], body_of(content)))

    return [
        Route("/control/users/{user_id}/{action}", act, methods=["POST"]),
        Route("/control/{command}", steer, methods=["POST"]),
    ]


async def _answered(work: Awaitable[object]) -> Response:
    try:
        return JSONResponse(await work)
    except ApiError as error:
        return JSONResponse(error.body(), error.status)
