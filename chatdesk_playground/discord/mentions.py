"""Mentions: what people type, and who is pinged by what was written."""

from __future__ import annotations

import re
from dataclasses import dataclass

from chatdesk_playground.discord.errors import Form
from chatdesk_playground.discord.permissions import Permission, can_view, permissions_in
from chatdesk_playground.discord.state import Channel, World
from chatdesk_playground.discord.wire import Body, flag_of, ids_of, items_of

_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
_USER = re.compile(r"<@!?(\d+)>")
_ROLE = re.compile(r"<@&(\d+)>")
_EVERYONE = re.compile(r"@(everyone|here)\b")


@dataclass(frozen=True, slots=True)
class AllowedMentions:
    """What a message may ping. None instead of this means: everything that it mentions."""

    parse: frozenset[str]
    users: frozenset[str]
    roles: frozenset[str]
    replied_user: bool


@dataclass(frozen=True, slots=True)
class Pings:
    """Who a message pings: users named or replied to, roles, everyone; `pinged` lists each person once."""

    users: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    everyone: bool = False
    pinged: tuple[str, ...] = ()


def allowed_mentions_of(value: object, form: Form) -> AllowedMentions | None:
    """Reads `allowed_mentions`; a list of ids beside its `parse` word is an error."""
    if not isinstance(value, dict):
        return None
    body: Body = value
    parse = frozenset(str(item) for item in items_of(body.get("parse")))
    users, roles = frozenset(ids_of(body.get("users"))), frozenset(ids_of(body.get("roles")))
    form.length("allowed_mentions.users", users, 0, 100)
    form.length("allowed_mentions.roles", roles, 0, 100)
    for word, ids in (("users", users), ("roles", roles)):
        if word in parse and ids:
            sentence = f'parse:["{word}"] and {word}: [ids...] are mutually exclusive.'
            form.wrong("allowed_mentions", "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", sentence)
    return AllowedMentions(parse, users, roles, flag_of(body, "replied_user"))


def pings_of(
    world: World,
    channel: Channel,
    author_id: str,
    content: str,
    allowed: AllowedMentions | None,
    replied_to: str | None,
) -> Pings:
    """Who a message pings, given what it says and what it is allowed to ping. Code pings nobody."""
    visible = _CODE.sub("", content)
    users = [user_id for user_id in dict.fromkeys(_USER.findall(visible)) if user_id in world.users]
    roles = [role_id for role_id in dict.fromkeys(_ROLE.findall(visible)) if role_id in world.roles]
    everyone = _EVERYONE.search(visible) is not None
    if allowed is not None:
        users = [] if "users" not in allowed.parse and not allowed.users else users
        if "users" not in allowed.parse:
            users = [user_id for user_id in users if user_id in allowed.users]
        if "roles" not in allowed.parse:
            roles = [role_id for role_id in roles if role_id in allowed.roles]
        everyone = everyone and "everyone" in allowed.parse
    if replied_to is not None and replied_to in world.users and (allowed is None or allowed.replied_user):
        users = list(dict.fromkeys([*users, replied_to]))
    # Webhooks have no membership; Discord lets them mention as their channel's everyone role may.
    may_ping_all = _may_ping_all(world, channel, author_id)
    everyone = everyone and may_ping_all and channel.guild_id is not None
    roles = [role_id for role_id in roles if may_ping_all or world.roles[role_id].mentionable]
    return Pings(tuple(users), tuple(roles), everyone, _people(world, channel, users, roles, everyone))


def _may_ping_all(world: World, channel: Channel, author_id: str) -> bool:
    if author_id not in world.users:
        return True
    return Permission.MENTION_EVERYONE in permissions_in(world, author_id, channel)


def _people(
    world: World, channel: Channel, users: list[str], roles: list[str], everyone: bool
) -> tuple[str, ...]:
    people = dict.fromkeys(user_id for user_id in users if can_view(world, user_id, channel))
    for member in world.members_of(channel.guild_id) if channel.guild_id else ():
        if set(roles) & set(member.roles) and can_view(world, member.user_id, channel):
            people[member.user_id] = None
    return (*people, "everyone") if everyone else tuple(people)


def typed_by_human(world: World, channel: Channel, text: str) -> str:
    """What a person's client sends: `@name` of somebody here becomes a mention, outside of code."""
    names = _names(world, channel)
    if not names or "@" not in text:
        return text
    ordered = sorted(names, key=len, reverse=True)
    pattern = re.compile("@(" + "|".join(map(re.escape, ordered)) + r")(?!\w)", re.IGNORECASE)
    parts = re.split(f"({_CODE.pattern})", text, flags=re.DOTALL)
    written = [
        part if index % 2 else pattern.sub(lambda found: names[found.group(1).lower()], part)
        for index, part in enumerate(parts)
    ]
    return "".join(written)


def _names(world: World, channel: Channel) -> dict[str, str]:
    names: dict[str, str] = {}
    if channel.guild_id is None:
        people = list(channel.recipients)
    else:
        people = [member.user_id for member in world.members_of(channel.guild_id)]
        for role in world.roles_of(channel.guild_id):
            if role.id != channel.guild_id:
                names[role.name.lower()] = f"<@&{role.id}>"
    for user_id in people:
        user = world.users[user_id]
        for name in (user.username, user.global_name):
            if name:
                names[name.lower()] = f"<@{user_id}>"
    return names
