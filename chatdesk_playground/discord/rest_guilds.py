"""REST: servers, members, roles, users, the application itself, and where the gateway is."""

from __future__ import annotations

from dataclasses import replace

from chatdesk_playground.discord import channels
from chatdesk_playground.discord.api import Call, Endpoint, Reply
from chatdesk_playground.discord.errors import Code, Form, refusal
from chatdesk_playground.discord.payloads import (
    application_payload,
    guild_payload,
    member_payload,
    own_guild_payload,
    own_user_payload,
    role_payload,
    user_payload,
)
from chatdesk_playground.discord.permissions import Permission, guild_permissions, require_in_guild
from chatdesk_playground.discord.state import Member, Role
from chatdesk_playground.discord.wire import flag_of, ids_of, number_of, optional_text, text_of


def gateway(call: Call) -> Reply:
    return Reply({"url": call.backend.gateway_url})


def gateway_bot(call: Call) -> Reply:
    limit = {"total": 1000, "remaining": 1000, "reset_after": 86_400_000, "max_concurrency": 1}
    shards = len(call.backend.world.guilds_of(call.bot.id)) // 1000 + 1
    return Reply({"url": call.backend.gateway_url, "shards": shards, "session_start_limit": limit})


def own_user(call: Call) -> Reply:
    return Reply(own_user_payload(call.backend.world.users[call.bot.id]))


def rename_own_user(call: Call) -> Reply:
    world = call.backend.world
    user = world.users[call.bot.id]
    form = Form()
    form.absent(call.body, "avatar", "banner")
    form.length("username", optional_text(call.body, "username"), 2, 32)
    form.check()
    world.users[user.id] = replace(user, username=text_of(call.body, "username", user.username))
    return Reply(own_user_payload(world.users[user.id]))


def own_guilds(call: Call) -> Reply:
    """A page of the servers that the bot is in, in the order of their ids."""
    world, limit = call.backend.world, call.number("limit", 200, 1, 200)
    after, before = int(call.query.get("after", "0")), int(call.query.get("before", "0"))
    found = sorted(world.guilds_of(call.bot.id), key=lambda item: int(item.id))
    found = [item for item in found if int(item.id) > after and (not before or int(item.id) < before)]
    chosen = found[-limit:] if before else found[:limit]
    return Reply([own_guild_payload(world, item, call.bot.id) for item in chosen])


def leave(call: Call) -> Reply:
    require_in_guild(call.backend.world, call.bot.id, call.path["guild_id"])
    channels.remove_member(call.backend, call.path["guild_id"], call.bot.id)
    return Reply()


def user(call: Call) -> Reply:
    found = call.backend.world.users.get(call.path["user_id"])
    if found is None:
        raise refusal(Code.UNKNOWN_USER)
    return Reply(user_payload(found))


def application(call: Call) -> Reply:
    return Reply(application_payload(call.backend.world, call.bot))


def guild(call: Call) -> Reply:
    world, guild_id = call.backend.world, call.path["guild_id"]
    require_in_guild(world, call.bot.id, guild_id)
    payload = guild_payload(world, world.guilds[guild_id])
    if call.query.get("with_counts") in ("1", "true", "True"):
        count = sum(1 for _ in world.members_of(guild_id))
        payload |= {"approximate_member_count": count, "approximate_presence_count": count}
    return Reply(payload)


def _member(call: Call) -> Member:
    user_id = call.path.get("user_id", call.bot.id)
    found = call.backend.world.members.get((call.path["guild_id"], user_id))
    if found is None:
        known = user_id in call.backend.world.users
        raise refusal(Code.UNKNOWN_MEMBER if known else Code.UNKNOWN_USER)
    return found


def member(call: Call) -> Reply:
    require_in_guild(call.backend.world, call.bot.id, call.path["guild_id"])
    return Reply(member_payload(call.backend.world, _member(call)))


def members(call: Call) -> Reply:
    """A page of members in the order of their ids; needs the members intent to be switched on."""
    world, guild_id = call.backend.world, call.path["guild_id"]
    require_in_guild(world, call.bot.id, guild_id)
    if not call.bot.members:
        raise refusal(Code.MISSING_ACCESS)
    limit, after = call.number("limit", 1, 1, 1000), int(call.query.get("after", "0"))
    found = sorted(world.members_of(guild_id), key=lambda item: int(item.user_id))
    chosen = [item for item in found if int(item.user_id) > after][:limit]
    return Reply([member_payload(world, item) for item in chosen])


def search_members(call: Call) -> Reply:
    world, guild_id = call.backend.world, call.path["guild_id"]
    require_in_guild(world, call.bot.id, guild_id)
    prefix = call.query.get("query", "").lower()
    found = [
        item
        for item in world.members_of(guild_id)
        if any(
            name is not None and name.lower().startswith(prefix)
            for name in (item.nick, world.users[item.user_id].username, world.users[item.user_id].global_name)
        )
    ]
    return Reply([member_payload(world, item) for item in found[: call.number("limit", 1, 1, 1000)]])


def edit_member(call: Call) -> Reply:
    backend, guild_id = call.backend, call.path["guild_id"]
    found = _member(call)
    own = found.user_id == call.bot.id
    needed = Permission(0)
    if "nick" in call.body:
        needed |= Permission.CHANGE_NICKNAME if own else Permission.MANAGE_NICKNAMES
    if "roles" in call.body:
        needed |= Permission.MANAGE_ROLES
    require_in_guild(backend.world, call.bot.id, guild_id, needed)
    form = Form()
    form.absent(call.body, "communication_disabled_until", "mute", "deaf", "channel_id")
    form.length("nick", optional_text(call.body, "nick"), 0, 32)
    form.check()
    nick = (optional_text(call.body, "nick") or None) if "nick" in call.body else found.nick
    roles = ids_of(call.body["roles"]) if "roles" in call.body else found.roles
    changed = replace(found, nick=nick, roles=roles)
    channels.change_member(backend, changed)
    return Reply(member_payload(backend.world, changed))


def kick(call: Call) -> Reply:
    require_in_guild(call.backend.world, call.bot.id, call.path["guild_id"], Permission.KICK_MEMBERS)
    channels.remove_member(call.backend, call.path["guild_id"], _member(call).user_id)
    return Reply()


def _role(call: Call) -> Role:
    found = call.backend.world.roles.get(call.path["role_id"])
    if found is None or found.guild_id != call.path["guild_id"]:
        raise refusal(Code.UNKNOWN_ROLE)
    return found


def _require_above(call: Call, role: Role) -> None:
    """Whoever manages roles does so only below their own highest role."""
    world = call.backend.world
    own = world.members[role.guild_id, call.bot.id].roles
    highest = max((world.roles[role_id].position for role_id in own), default=0)
    owner = world.guilds[role.guild_id].owner_id == call.bot.id
    if not owner and role.position >= highest:
        raise refusal(Code.MISSING_PERMISSIONS)


def give_role(call: Call) -> Reply:
    require_in_guild(call.backend.world, call.bot.id, call.path["guild_id"], Permission.MANAGE_ROLES)
    role, found = _role(call), _member(call)
    _require_above(call, role)
    roles = tuple(dict.fromkeys((*found.roles, role.id)))
    channels.change_member(call.backend, replace(found, roles=roles))
    return Reply()


def take_role(call: Call) -> Reply:
    require_in_guild(call.backend.world, call.bot.id, call.path["guild_id"], Permission.MANAGE_ROLES)
    role, found = _role(call), _member(call)
    _require_above(call, role)
    roles = tuple(role_id for role_id in found.roles if role_id != role.id)
    channels.change_member(call.backend, replace(found, roles=roles))
    return Reply()


def roles(call: Call) -> Reply:
    require_in_guild(call.backend.world, call.bot.id, call.path["guild_id"])
    return Reply([role_payload(role) for role in call.backend.world.roles_of(call.path["guild_id"])])


def role(call: Call) -> Reply:
    require_in_guild(call.backend.world, call.bot.id, call.path["guild_id"])
    return Reply(role_payload(_role(call)))


def create_role(call: Call) -> Reply:
    backend, guild_id, body = call.backend, call.path["guild_id"], call.body
    require_in_guild(backend.world, call.bot.id, guild_id, Permission.MANAGE_ROLES)
    granted = number_of(body, "permissions", int(guild_permissions(backend.world, guild_id, guild_id)))
    new = Role(
        id=backend.snowflakes.next(),
        guild_id=guild_id,
        name=text_of(body, "name", "new role"),
        permissions=granted,
        position=1,
        color=number_of(body, "color"),
        hoist=flag_of(body, "hoist"),
        mentionable=flag_of(body, "mentionable"),
    )
    return Reply(role_payload(channels.add_role(backend, new)))


def edit_role(call: Call) -> Reply:
    require_in_guild(call.backend.world, call.bot.id, call.path["guild_id"], Permission.MANAGE_ROLES)
    found, body = _role(call), call.body
    _require_above(call, found)
    changed = replace(
        found,
        name=text_of(body, "name", found.name),
        permissions=number_of(body, "permissions", found.permissions),
        color=number_of(body, "color", found.color),
        hoist=flag_of(body, "hoist", found.hoist),
        mentionable=flag_of(body, "mentionable", found.mentionable),
    )
    return Reply(role_payload(channels.change_role(call.backend, changed)))


def delete_role(call: Call) -> Reply:
    require_in_guild(call.backend.world, call.bot.id, call.path["guild_id"], Permission.MANAGE_ROLES)
    found = _role(call)
    _require_above(call, found)
    channels.remove_role(call.backend, found)
    return Reply()


_GUILD = "/guilds/{guild_id}"

ENDPOINTS = (
    Endpoint("GET", "/gateway", gateway, open=True),
    Endpoint(
        "GET", "/gateway/bot", gateway_bot, lacks="what is left of the day's identifies: it is always 1,000"
    ),
    Endpoint("GET", "/users/@me", own_user),
    Endpoint("PATCH", "/users/@me", rename_own_user, lacks="pictures and banners, which are refused"),
    Endpoint("GET", "/users/@me/guilds", own_guilds),
    Endpoint("DELETE", "/users/@me/guilds/{guild_id}", leave),
    Endpoint("GET", "/users/{user_id}", user),
    Endpoint(
        "GET", "/applications/@me", application, lacks="what is set on the developers' page stays as it is"
    ),
    Endpoint("GET", "/oauth2/applications/@me", application),
    Endpoint("GET", _GUILD, guild, lacks="emojis, stickers and most settings: they stay as they are"),
    Endpoint("GET", _GUILD + "/members", members),
    Endpoint("GET", _GUILD + "/members/search", search_members),
    Endpoint("PATCH", _GUILD + "/members/@me", edit_member),
    Endpoint("GET", _GUILD + "/members/{user_id}", member),
    Endpoint(
        "PATCH", _GUILD + "/members/{user_id}", edit_member, lacks="timeouts and voice, which are refused"
    ),
    Endpoint("DELETE", _GUILD + "/members/{user_id}", kick),
    Endpoint("PUT", _GUILD + "/members/{user_id}/roles/{role_id}", give_role),
    Endpoint("DELETE", _GUILD + "/members/{user_id}/roles/{role_id}", take_role),
    Endpoint("GET", _GUILD + "/roles", roles),
    Endpoint("POST", _GUILD + "/roles", create_role, lacks="icons and gradients"),
    Endpoint("GET", _GUILD + "/roles/{role_id}", role),
    Endpoint("PATCH", _GUILD + "/roles/{role_id}", edit_role, lacks="icons and gradients"),
    Endpoint("DELETE", _GUILD + "/roles/{role_id}", delete_role),
)
