"""A Discord as JSON, to go on another day: servers, people, messages, files, and apps with their tokens.

What lasts minutes does not come along: interactions, open forms, sessions.
"""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import ConfigDict, TypeAdapter, with_config

from chatdesk_playground.discord.backend import Backend
from chatdesk_playground.discord.state import (
    Application,
    Channel,
    Command,
    Guild,
    Member,
    Message,
    Role,
    User,
    Webhook,
)


@with_config(ConfigDict(ser_json_bytes="base64", val_json_bytes="base64"))
@dataclass(frozen=True, slots=True)
class Kept:
    """What a Discord is made of again."""

    users: list[User]
    applications: list[Application]
    guilds: list[Guild]
    members: list[Member]
    roles: list[Role]
    channels: list[Channel]
    messages: list[Message]
    webhooks: list[Webhook]
    commands: list[Command]
    files: dict[str, bytes]
    pictures: dict[str, str]


def _written() -> TypeAdapter[Kept]:
    return TypeAdapter(Kept)


def kept(backend: Backend) -> bytes:
    """The world as it is now."""
    world = backend.world
    whole = Kept(
        users=list(world.users.values()),
        applications=list(world.applications.values()),
        guilds=list(world.guilds.values()),
        members=list(world.members.values()),
        roles=list(world.roles.values()),
        channels=list(world.channels.values()),
        messages=[message for there in world.messages.values() for message in there.values()],
        webhooks=list(world.webhooks.values()),
        commands=list(world.commands.values()),
        files=backend.files.contents,
        pictures=backend.files.pictures,
    )
    return _written().dump_json(whole)


def restore(backend: Backend, content: bytes) -> None:
    """Fill an empty world. Raises `ValueError` for what `kept` did not write."""
    whole = _written().validate_json(content)
    world = backend.world
    world.users.update((one.id, one) for one in whole.users)
    world.applications.update((one.id, one) for one in whole.applications)
    world.guilds.update((one.id, one) for one in whole.guilds)
    world.members.update(((one.guild_id, one.user_id), one) for one in whole.members)
    world.roles.update((one.id, one) for one in whole.roles)
    world.channels.update((one.id, one) for one in whole.channels)
    for message in whole.messages:
        world.messages.setdefault(message.channel_id, {})[message.id] = message
    world.webhooks.update((one.id, one) for one in whole.webhooks)
    world.commands.update((one.id, one) for one in whole.commands)
    backend.files.contents.update(whole.files)
    backend.files.pictures.update(whole.pictures)
    backend.changes.note()
