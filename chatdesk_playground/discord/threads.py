"""Threads: starting, archiving, members, and what the bots are told about them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chatdesk_playground.discord.backend import Backend
from chatdesk_playground.discord.errors import Code, refusal
from chatdesk_playground.discord.gateway import Intent
from chatdesk_playground.discord.payloads import member_payload, thread_member_payload, thread_payload
from chatdesk_playground.discord.permissions import can_view
from chatdesk_playground.discord.snowflakes import made_at
from chatdesk_playground.discord.state import (
    Channel,
    ChannelType,
    Message,
    MessageType,
    ThreadMember,
    ThreadState,
)
from chatdesk_playground.discord.wire import JsonObject

THREAD_INTENTS = (Intent.GUILDS, Intent.GUILDS)
LOCKED_PIN_FLAG = 1 << 1


@dataclass(frozen=True, slots=True)
class NewThread:
    """A thread that is about to be started; `thread_id` is its message's when it starts from one."""

    parent: Channel
    name: str
    owner_id: str
    type: ChannelType
    thread_id: str | None = None
    auto_archive_minutes: int = 4320
    invitable: bool = True
    slowmode: int = 0
    applied_tags: tuple[str, ...] = ()


def start(backend: Backend, new: NewThread) -> Channel:
    """Starts a thread with its owner as the first member; 160006 when the server has too many."""
    parent = new.parent
    assert parent.guild_id is not None, "threads live in servers"
    active = [item for item in backend.world.threads_of(parent.guild_id) if not archived(item)]
    if len(active) >= backend.world.active_thread_limit:
        raise refusal(Code.MAXIMUM_ACTIVE_THREADS)
    now = backend.clock.now()
    thread = Channel(
        id=new.thread_id or backend.snowflakes.next(),
        type=new.type,
        name=new.name,
        guild_id=parent.guild_id,
        parent_id=parent.id,
        owner_id=new.owner_id,
        slowmode=new.slowmode,
        applied_tags=new.applied_tags,
        thread=ThreadState(
            created=now,
            archive_changed=now,
            invitable=new.invitable,
            auto_archive_minutes=new.auto_archive_minutes,
        ),
        thread_members=(ThreadMember(new.owner_id, now),) if new.owner_id in backend.world.users else (),
    )
    backend.world.channels[thread.id] = thread
    backend.gateway.emit_in_channel(
        "THREAD_CREATE",
        thread,
        THREAD_INTENTS,
        lambda bot_id: thread_payload(thread, bot_id) | {"newly_created": True},
    )
    backend.changes.note()
    return thread


def archived(thread: Channel) -> bool:
    return thread.thread is not None and thread.thread.archived


def changed(backend: Backend, thread: Channel) -> Channel:
    """Stores a changed thread and tells the bots."""
    backend.world.channels[thread.id] = thread
    backend.gateway.emit_in_channel(
        "THREAD_UPDATE", thread, THREAD_INTENTS, lambda bot_id: thread_payload(thread, bot_id)
    )
    backend.changes.note()
    return thread


def archive(backend: Backend, thread: Channel, put_away: bool, locked: bool | None = None) -> Channel:
    """Archives or unarchives, and locks or unlocks, a thread."""
    state = thread.thread
    assert state is not None, "not a thread"
    moment: datetime = backend.clock.now() if state.archived != put_away else state.archive_changed
    lock = state.locked if locked is None else locked
    updated = replace(state, archived=put_away, archive_changed=moment, locked=lock)
    return changed(backend, replace(thread, thread=updated))


def archive_idle(backend: Backend) -> None:
    """Archives the threads in which nothing was said for as long as each allows."""
    for thread in [item for item in backend.world.channels.values() if item.thread is not None]:
        state = thread.thread
        if state is None or state.archived:
            continue
        spoken = state.created if thread.last_message_id is None else made_at(thread.last_message_id)
        idle = backend.clock.now() - max(spoken, state.archive_changed)
        if idle > timedelta(minutes=state.auto_archive_minutes):
            archive(backend, thread, True)


def woken(backend: Backend, channel: Channel) -> Channel:
    """A message unarchives the thread that it goes to."""
    return archive(backend, channel, False) if archived(channel) else channel


def count_message(backend: Backend, channel: Channel, message: Message) -> None:
    """Keeps a channel's last message and a thread's counts; the first message of a post is not counted."""
    counted = channel.thread is not None and message.id != channel.id
    counted = counted and message.type in (
        MessageType.DEFAULT,
        MessageType.REPLY,
        MessageType.CHAT_INPUT_COMMAND,
    )
    backend.world.channels[channel.id] = replace(
        channel,
        last_message_id=message.id,
        message_count=channel.message_count + counted,
        total_message_sent=channel.total_message_sent + counted,
    )


def take_in(backend: Backend, channel_id: str, message: Message) -> None:
    """The author of a message joins its thread, and in a public one whoever it mentions.

    In a private thread a bot's mention adds nobody.
    """
    thread = backend.world.channels[channel_id]
    if thread.thread is None or message.type is MessageType.THREAD_STARTER_MESSAGE:
        return
    joining = [] if message.author.webhook else [message.author.id]
    if thread.type != ChannelType.PRIVATE_THREAD:
        joining += message.mentions
    for user_id in dict.fromkeys(joining):
        if can_view(backend.world, user_id, thread):
            add_member(backend, backend.world.channels[channel_id], user_id)


def add_member(backend: Backend, thread: Channel, user_id: str) -> None:
    """Adds somebody to a thread; adding twice changes nothing; 30033 when it is full."""
    if any(member.user_id == user_id for member in thread.thread_members):
        return
    if len(thread.thread_members) >= backend.world.thread_member_limit:
        raise refusal(Code.MAXIMUM_THREAD_PARTICIPANTS)
    newcomer = ThreadMember(user_id, backend.clock.now())
    private = thread.type == ChannelType.PRIVATE_THREAD
    hidden_before = private and not can_view(backend.world, user_id, thread)
    thread = replace(thread, thread_members=(*thread.thread_members, newcomer))
    backend.world.channels[thread.id] = thread
    if hidden_before and user_id in backend.world.applications:
        backend.gateway.emit_to_application(
            "THREAD_CREATE", user_id, thread.guild_id, thread_payload(thread, user_id)
        )
    entry = thread_member_payload(thread, newcomer)
    member = backend.world.members.get((thread.guild_id or "", user_id))
    if member is not None:
        entry["member"] = member_payload(backend.world, member)
        entry["presence"] = None
    _emit_members(backend, thread, user_id, {"added_members": [entry]})


def remove_member(backend: Backend, thread: Channel, user_id: str) -> None:
    """Takes somebody out of a thread; 10007 if they are not in it."""
    left = tuple(member for member in thread.thread_members if member.user_id != user_id)
    if len(left) == len(thread.thread_members):
        raise refusal(Code.UNKNOWN_MEMBER)
    thread = replace(thread, thread_members=left)
    backend.world.channels[thread.id] = thread
    _emit_members(backend, thread, user_id, {"removed_member_ids": [user_id]})


def _emit_members(backend: Backend, thread: Channel, about: str, difference: JsonObject) -> None:
    """THREAD_MEMBERS_UPDATE for bots with the members intent, and for the bot that it is about."""
    data: JsonObject = {
        "id": thread.id,
        "guild_id": thread.guild_id,
        "member_count": min(len(thread.thread_members), 50),
        **difference,
    }
    for session in backend.gateway.all():
        sees = session.application_id == about or can_view(backend.world, session.application_id, thread)
        told = session.intents & Intent.GUILD_MEMBERS or session.application_id == about
        if sees and told and session.intents & Intent.GUILDS:
            backend.gateway.emit_on_shard(session, "THREAD_MEMBERS_UPDATE", thread.guild_id or "", data)
    backend.changes.note()


def delete(backend: Backend, thread: Channel) -> None:
    data: JsonObject = {
        "id": thread.id,
        "guild_id": thread.guild_id,
        "parent_id": thread.parent_id,
        "type": int(thread.type),
    }
    backend.gateway.emit_in_channel("THREAD_DELETE", thread, THREAD_INTENTS, data)
    del backend.world.channels[thread.id]
    backend.world.messages.pop(thread.id, None)
    backend.changes.note()


def sync_for_newcomer(backend: Backend, bot_id: str, channel: Channel) -> None:
    """THREAD_LIST_SYNC for a bot that has just been let into a channel."""
    visible = [
        thread
        for thread in backend.world.threads_under(channel.id)
        if not archived(thread) and can_view(backend.world, bot_id, thread)
    ]
    members = [
        thread_member_payload(thread, member)
        for thread in visible
        for member in thread.thread_members
        if member.user_id == bot_id
    ]
    data: JsonObject = {
        "guild_id": channel.guild_id,
        "channel_ids": [channel.id],
        "threads": [thread_payload(thread, bot_id) for thread in visible],
        "members": list(members),
    }
    backend.gateway.emit_to_application("THREAD_LIST_SYNC", bot_id, channel.guild_id, data)
