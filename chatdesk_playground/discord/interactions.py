"""Interactions as they go out to an app: the payload, the sending, the wait for the first answer."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from chatdesk_playground.discord.backend import Backend
from chatdesk_playground.discord.files import MAXIMUM_FILE_BYTES
from chatdesk_playground.discord.message_payloads import message_payload
from chatdesk_playground.discord.payloads import channel_payload, member_payload, user_payload
from chatdesk_playground.discord.pending import Interaction, InteractionType
from chatdesk_playground.discord.permissions import permissions_in
from chatdesk_playground.discord.state import Channel, InteractionOrigin, Message
from chatdesk_playground.discord.wire import JsonObject

FAILURES = {
    InteractionType.COMMAND: "The application did not respond",
    InteractionType.COMPONENT: "This interaction failed",
    InteractionType.AUTOCOMPLETE: "Loading options failed",
    InteractionType.MODAL_SUBMIT: "Something went wrong. Try again.",
}
"""What Discord shows to the person when the app does not answer in time."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody did to an app."""

    kind: InteractionType
    application_id: str
    user_id: str
    channel: Channel
    data: JsonObject
    message: Message | None = None
    name: str | None = None
    command_kind: int = 1
    target_id: str | None = None
    cause: InteractionOrigin | None = None


async def perform(backend: Backend, deed: Deed) -> Interaction:
    """Sends the interaction and waits for its answer as long as Discord does, three seconds."""
    interaction = _open(backend, deed)
    backend.interactions.add(interaction)
    payload = _payload(backend, deed, interaction)
    guild_id = deed.channel.guild_id
    reached = backend.gateway.emit_to_application(
        "INTERACTION_CREATE", deed.application_id, guild_id, payload
    )
    backend.changes.note()
    if reached:
        await backend.changes.until(lambda: interaction.answer is not None, interaction.patience)
    interaction.failed = interaction.answer is None
    return interaction


def _open(backend: Backend, deed: Deed) -> Interaction:
    interaction_id = backend.snowflakes.next()
    message_id = None if deed.message is None else deed.message.id
    origin = InteractionOrigin(
        id=interaction_id,
        kind=int(deed.kind),
        user_id=deed.user_id,
        name=deed.name,
        command_kind=deed.command_kind,
        target_id=deed.target_id,
        message_id=message_id,
        cause=deed.cause,
    )
    return Interaction(
        id=interaction_id,
        token=secrets.token_urlsafe(96),
        kind=deed.kind,
        application_id=deed.application_id,
        user_id=deed.user_id,
        channel_id=deed.channel.id,
        guild_id=deed.channel.guild_id,
        message_id=message_id,
        created=backend.clock.now(),
        patience=backend.interactions.answer_seconds,
        origin=origin,
    )


def _payload(backend: Backend, deed: Deed, interaction: Interaction) -> JsonObject:
    world, channel = backend.world, deed.channel
    granted = permissions_in(world, deed.user_id, channel)
    shown = channel_payload(world, channel, deed.user_id) | {"permissions": str(int(granted))}
    payload: JsonObject = {
        "id": interaction.id,
        "application_id": deed.application_id,
        "type": int(deed.kind),
        "data": deed.data,
        "channel": shown,
        "channel_id": channel.id,
        "token": interaction.token,
        "version": 1,
        "locale": "en-US",
        "app_permissions": str(int(permissions_in(world, deed.application_id, channel))),
        "entitlements": [],
        "entitlement_sku_ids": [],
        "attachment_size_limit": MAXIMUM_FILE_BYTES,
    }
    if deed.message is not None:
        payload["message"] = message_payload(world, backend.files, deed.message)
    if channel.guild_id is None:
        payload |= {
            "user": user_payload(world.users[deed.user_id]),
            "context": 1,
            "authorizing_integration_owners": {"0": "0"},
        }
        return payload
    member = member_payload(world, world.members[channel.guild_id, deed.user_id])
    return payload | {
        "guild": {"id": channel.guild_id, "locale": "en-US", "features": ["COMMUNITY"]},
        "guild_id": channel.guild_id,
        "guild_locale": "en-US",
        "member": member | {"permissions": str(int(granted))},
        "context": 0,
        "authorizing_integration_owners": {"0": channel.guild_id},
    }


def resolved_user(backend: Backend, channel: Channel, user_id: str, resolved: JsonObject) -> None:
    """Adds a user, and in a server their membership, to an interaction's resolved data."""
    world = backend.world
    _into(resolved, "users", user_id, user_payload(world.users[user_id]))
    member = world.members.get((channel.guild_id or "", user_id))
    if member is not None:
        granted = str(int(permissions_in(world, user_id, channel)))
        entry = member_payload(world, member, with_user=False) | {"permissions": granted}
        _into(resolved, "members", user_id, entry)


def resolved_entry(resolved: JsonObject, kind: str, identifier: str, payload: JsonObject) -> None:
    """Adds a role, channel, message or attachment to an interaction's resolved data."""
    _into(resolved, kind, identifier, payload)


def _into(resolved: JsonObject, kind: str, identifier: str, payload: JsonObject) -> None:
    entries = resolved.setdefault(kind, {})
    assert isinstance(entries, dict), "resolved data is an object per kind"
    entries[identifier] = payload
