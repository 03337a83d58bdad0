"""REST: channels and their permission overwrites, and direct messages."""

from __future__ import annotations

from dataclasses import replace

from chatdesk_playground.discord import channels, threads
from chatdesk_playground.discord.api import Call, Endpoint, Reply
from chatdesk_playground.discord.backend import Backend
from chatdesk_playground.discord.errors import ApiError, Code, Form, refusal
from chatdesk_playground.discord.limits import check_name, check_thread
from chatdesk_playground.discord.payloads import channel_payload
from chatdesk_playground.discord.permissions import (
    Permission,
    permissions_in,
    require,
    require_in_guild,
)
from chatdesk_playground.discord.rest_messages import require_unlocked
from chatdesk_playground.discord.state import Channel, ChannelType, ForumTag, Overwrite
from chatdesk_playground.discord.wire import (
    Body,
    bodies_of,
    flag_of,
    id_of,
    ids_of,
    number_of,
    optional_text,
    text_of,
)

VOICE_SETTINGS = ("bitrate", "user_limit", "rtc_region", "video_quality_mode")
CREATABLE = frozenset(
    {ChannelType.TEXT, ChannelType.VOICE, ChannelType.CATEGORY, ChannelType.NEWS, ChannelType.FORUM}
)


def read(call: Call) -> Reply:
    require(call.backend.world, call.bot.id, call.channel)
    return Reply(channel_payload(call.backend.world, call.channel, call.bot.id))


def list_in_guild(call: Call) -> Reply:
    guild_id, world = call.path["guild_id"], call.backend.world
    require_in_guild(world, call.bot.id, guild_id)
    return Reply([channel_payload(world, channel) for channel in world.channels_of(guild_id)])


def create(call: Call) -> Reply:
    backend, guild_id, body = call.backend, call.path["guild_id"], call.body
    require_in_guild(backend.world, call.bot.id, guild_id, Permission.MANAGE_CHANNELS)
    form = Form()
    form.absent(body, *VOICE_SETTINGS)
    check_name(form, body, 100)
    form.length("topic", optional_text(body, "topic"), 0, 1024)
    form.choice("type", number_of(body, "type"), frozenset(map(int, CREATABLE)))
    form.check()
    channel = new_channel(backend, guild_id, body)
    return Reply(channel_payload(backend.world, channels.add(backend, channel)), 201)


def new_channel(backend: Backend, guild_id: str, body: Body) -> Channel:
    kind = ChannelType(number_of(body, "type"))
    name = text_of(body, "name").strip()
    return Channel(
        id=backend.snowflakes.next(),
        type=kind,
        name=written_name(kind, name),
        guild_id=guild_id,
        parent_id=id_of(body, "parent_id"),
        position=number_of(body, "position", len(backend.world.channels_of(guild_id))),
        topic=optional_text(body, "topic"),
        nsfw=flag_of(body, "nsfw"),
        slowmode=number_of(body, "rate_limit_per_user"),
        overwrites=overwrites_of(body),
        available_tags=tags_of(backend, body),
    )


def written_name(kind: ChannelType, name: str) -> str:
    """Text channels have no capitals and no spaces; Discord writes them that way by itself."""
    spaced = kind in (ChannelType.CATEGORY, ChannelType.VOICE)
    return name if spaced else "-".join(name.lower().split())


def overwrites_of(body: Body) -> tuple[Overwrite, ...]:
    return tuple(
        Overwrite(
            id=id_of(entry, "id") or "",
            kind=number_of(entry, "type"),
            allow=number_of(entry, "allow"),
            deny=number_of(entry, "deny"),
        )
        for entry in bodies_of(body.get("permission_overwrites"))
    )


def tags_of(backend: Backend, body: Body) -> tuple[ForumTag, ...]:
    entries = bodies_of(body.get("available_tags"))
    form = Form()
    form.length("available_tags", entries, 0, 20)
    for index, entry in enumerate(entries):
        form.length(f"available_tags.{index}.name", optional_text(entry, "name"), 1, 20)
    form.check()
    names = [text_of(entry, "name") for entry in entries]
    if len(set(names)) < len(names):
        raise refusal(Code.TAG_NAMES_UNIQUE)
    return tuple(
        ForumTag(
            id=id_of(entry, "id") or backend.snowflakes.next(),
            name=text_of(entry, "name"),
            moderated=flag_of(entry, "moderated"),
            emoji_id=id_of(entry, "emoji_id"),
            emoji_name=optional_text(entry, "emoji_name"),
        )
        for entry in entries
    )


def edit(call: Call) -> Reply:
    channel = call.channel
    if channel.thread is not None:
        return Reply(channel_payload(call.backend.world, edit_thread(call, channel), call.bot.id))
    if channel.guild_id is None:
        raise refusal(Code.INVALID_ON_DM)
    require(call.backend.world, call.bot.id, channel, Permission.MANAGE_CHANNELS)
    _count_rename(call, channel)
    form = Form()
    form.absent(call.body, *VOICE_SETTINGS)
    if number_of(call.body, "type", int(channel.type)) != channel.type:
        form.nothing_of("type")
    if "name" in call.body:
        check_name(form, call.body, 100)
    form.length("topic", optional_text(call.body, "topic"), 0, 1024)
    form.check()
    edited = channels.change(call.backend, _edited(call, channel))
    return Reply(channel_payload(call.backend.world, edited))


def _edited(call: Call, channel: Channel) -> Channel:
    body, backend = call.body, call.backend
    name = text_of(body, "name", channel.name)
    return replace(
        channel,
        name=written_name(channel.type, name),
        topic=optional_text(body, "topic") if "topic" in body else channel.topic,
        position=number_of(body, "position", channel.position),
        nsfw=flag_of(body, "nsfw", channel.nsfw),
        flags=number_of(body, "flags", channel.flags),
        slowmode=number_of(body, "rate_limit_per_user", channel.slowmode),
        parent_id=id_of(body, "parent_id") if "parent_id" in body else channel.parent_id,
        overwrites=overwrites_of(body) if "permission_overwrites" in body else channel.overwrites,
        available_tags=tags_of(backend, body) if "available_tags" in body else channel.available_tags,
    )


def _count_rename(call: Call, channel: Channel) -> None:
    """The rename limit that no header shows: a 429 in spite of what remains of the bucket."""
    if "name" not in call.body or call.body["name"] == channel.name:
        return
    wait = call.backend.rate_limits.take_rename(channel.id)
    if wait:
        error = ApiError(429, 0, "You are being rate limited.")
        error.more = {"retry_after": wait, "global": False}
        raise error


def edit_thread(call: Call, thread: Channel) -> Channel:
    """Whoever manages threads may change everything; a thread's owner its name, tags and rest."""
    backend, body, bot_id = call.backend, call.body, call.bot.id
    require(backend.world, bot_id, thread)
    manages = Permission.MANAGE_THREADS in permissions_in(backend.world, bot_id, thread)
    waking = body.get("archived") is False
    # Whoever may write in a thread may wake it; its owner may change all but the lock.
    only_waking = waking and set(body) == {"archived"}
    if not manages and not only_waking and (thread.owner_id != bot_id or "locked" in body):
        raise refusal(Code.MISSING_PERMISSIONS)
    if threads.archived(thread) and not waking and set(body) - {"archived", "locked"}:
        raise refusal(Code.THREAD_ARCHIVED)
    require_unlocked(backend, bot_id, thread)
    _count_rename(call, thread)
    check_thread({"name": thread.name} | dict(body))
    state = thread.thread
    assert state is not None, "not a thread"
    state = replace(
        state,
        auto_archive_minutes=number_of(body, "auto_archive_duration", state.auto_archive_minutes),
        invitable=flag_of(body, "invitable", state.invitable),
    )
    thread = replace(
        thread,
        name=text_of(body, "name", thread.name).strip(),
        slowmode=number_of(body, "rate_limit_per_user", thread.slowmode),
        flags=number_of(body, "flags", thread.flags),
        applied_tags=ids_of(body["applied_tags"]) if "applied_tags" in body else thread.applied_tags,
        thread=state,
    )
    put_away = flag_of(body, "archived", state.archived)
    return threads.archive(backend, thread, put_away, flag_of(body, "locked", state.locked))


def delete(call: Call) -> Reply:
    channel, backend = call.channel, call.backend
    if channel.guild_id is None:
        require(backend.world, call.bot.id, channel)
        return Reply(channel_payload(backend.world, channel, call.bot.id))
    needed = Permission.MANAGE_THREADS if channel.thread else Permission.MANAGE_CHANNELS
    require(backend.world, call.bot.id, channel, needed)
    payload = channel_payload(backend.world, channel)
    if channel.thread is not None:
        threads.delete(backend, channel)
    else:
        channels.remove(backend, channel)
    return Reply(payload)


def set_overwrite(call: Call) -> Reply:
    channel, body = call.channel, call.body
    if channel.guild_id is None or channel.thread is not None:
        raise refusal(Code.WRONG_CHANNEL_KIND)
    require(call.backend.world, call.bot.id, channel, Permission.MANAGE_ROLES)
    target = call.path["overwrite_id"]
    new = Overwrite(target, number_of(body, "type"), number_of(body, "allow"), number_of(body, "deny"))
    others = tuple(item for item in channel.overwrites if item.id != target)
    channels.change(call.backend, replace(channel, overwrites=(*others, new)))
    return Reply()


def delete_overwrite(call: Call) -> Reply:
    channel, target = call.channel, call.path["overwrite_id"]
    require(call.backend.world, call.bot.id, channel, Permission.MANAGE_ROLES)
    others = tuple(item for item in channel.overwrites if item.id != target)
    if len(others) == len(channel.overwrites):
        raise refusal(Code.UNKNOWN_OVERWRITE)
    channels.change(call.backend, replace(channel, overwrites=others))
    return Reply()


def open_direct(call: Call) -> Reply:
    recipient = id_of(call.body, "recipient_id")
    world = call.backend.world
    if recipient not in world.users:
        raise ApiError(400, 50033, "Invalid Recipient(s)")
    if world.users[recipient].bot:
        raise refusal(Code.CANNOT_DM)
    channel = channels.direct(call.backend, call.bot.id, recipient)
    return Reply(channel_payload(world, channel, call.bot.id))


ENDPOINTS = (
    Endpoint("GET", "/channels/{channel_id}", read),
    Endpoint(
        "PATCH",
        "/channels/{channel_id}",
        edit,
        lacks="another kind of channel and what voice channels have, which are refused; defaults of forums",
    ),
    Endpoint("DELETE", "/channels/{channel_id}", delete),
    Endpoint("PUT", "/channels/{channel_id}/permissions/{overwrite_id}", set_overwrite),
    Endpoint("DELETE", "/channels/{channel_id}/permissions/{overwrite_id}", delete_overwrite),
    Endpoint("GET", "/guilds/{guild_id}/channels", list_in_guild),
    Endpoint(
        "POST",
        "/guilds/{guild_id}/channels",
        create,
        lacks="stages, media, directories and what voice channels have, all refused; defaults of forums",
    ),
    Endpoint("POST", "/users/@me/channels", open_direct, lacks="groups"),
)
