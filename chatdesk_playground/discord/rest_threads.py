"""REST: threads, forum posts and their members."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from chatdesk_playground.discord import messages, threads
from chatdesk_playground.discord.api import Call, Endpoint, Reply
from chatdesk_playground.discord.backend import Backend
from chatdesk_playground.discord.errors import Code, Form, refusal
from chatdesk_playground.discord.limits import Written, check_thread, read_message
from chatdesk_playground.discord.payloads import (
    archive_moment,
    member_payload,
    thread_member_payload,
    thread_payload,
)
from chatdesk_playground.discord.permissions import (
    Permission,
    can_view,
    permissions_in,
    require,
    require_in_guild,
)
from chatdesk_playground.discord.rest_messages import draft_of, require_awake, shown
from chatdesk_playground.discord.state import (
    Author,
    Channel,
    ChannelType,
    Message,
    MessageFlag,
    MessageType,
    Reference,
    Webhook,
)
from chatdesk_playground.discord.threads import NewThread
from chatdesk_playground.discord.wire import Body, JsonObject, body_of, flag_of, ids_of, number_of, text_of

THREADABLE = frozenset({ChannelType.TEXT, ChannelType.NEWS})


def start_from_message(call: Call) -> Reply:
    backend, channel, bot_id = call.backend, call.channel, call.bot.id
    require(
        backend.world, bot_id, channel, Permission.CREATE_PUBLIC_THREADS | Permission.READ_MESSAGE_HISTORY
    )
    check_thread(call.body)
    new = replace(_new_thread(channel, bot_id, call.body), type=ChannelType.PUBLIC_THREAD)
    thread = from_message(backend, new, call.message)
    return Reply(thread_payload(thread, bot_id), 201)


def from_message(backend: Backend, new: NewThread, message: Message) -> Channel:
    """A thread under a message: it has the message's id and starts with a reference to it (type 21)."""
    if new.parent.type not in THREADABLE:
        raise refusal(Code.WRONG_CHANNEL_KIND)
    if message.id in backend.world.channels:
        raise refusal(Code.THREAD_EXISTS)
    if message.type in messages.SYSTEM_TYPES:
        raise refusal(Code.SYSTEM_MESSAGE)
    thread = threads.start(backend, replace(new, thread_id=message.id))
    messages.put(backend, replace(message, flags=message.flags | MessageFlag.HAS_THREAD))
    starter = messages.Draft(
        channel_id=thread.id,
        author=message.author,
        type=MessageType.THREAD_STARTER_MESSAGE,
        reference=Reference(message.id, message.channel_id, thread.guild_id),
    )
    messages.post(backend, starter)
    return backend.world.channels[thread.id]


def start(call: Call) -> Reply:
    """A thread without a message, or a post in a forum."""
    backend, channel, bot_id = call.backend, call.channel, call.bot.id
    if channel.type is ChannelType.FORUM:
        return _start_post(call)
    if channel.type not in THREADABLE:
        raise refusal(Code.WRONG_CHANNEL_KIND)
    new = _new_thread(channel, bot_id, call.body)
    private = new.type is ChannelType.PRIVATE_THREAD
    needed = Permission.CREATE_PRIVATE_THREADS if private else Permission.CREATE_PUBLIC_THREADS
    require(backend.world, bot_id, channel, needed)
    check_thread(call.body)
    thread = without_message(backend, new)
    return Reply(thread_payload(thread, bot_id), 201)


def without_message(backend: Backend, new: NewThread) -> Channel:
    """A thread of its own; a public one is announced in its channel by a system message (type 18)."""
    thread = threads.start(backend, new)
    if new.type is not ChannelType.PRIVATE_THREAD:
        announcement = messages.Draft(
            channel_id=new.parent.id,
            author=Author(new.owner_id),
            content=new.name,
            type=MessageType.THREAD_CREATED,
            reference=Reference(None, thread.id, thread.guild_id),
        )
        messages.post(backend, announcement)
    return thread


def _new_thread(channel: Channel, owner_id: str, body: Body) -> NewThread:
    # Without a type the API makes a private thread, in spite of what one expects.
    kind = number_of(body, "type", ChannelType.PRIVATE_THREAD)
    private = kind == ChannelType.PRIVATE_THREAD
    return NewThread(
        parent=channel,
        name=text_of(body, "name").strip(),
        owner_id=owner_id,
        type=ChannelType.PRIVATE_THREAD if private else ChannelType.PUBLIC_THREAD,
        auto_archive_minutes=number_of(body, "auto_archive_duration", 4320),
        invitable=flag_of(body, "invitable", True),
        slowmode=number_of(body, "rate_limit_per_user"),
        applied_tags=ids_of(body.get("applied_tags")),
    )


def _start_post(call: Call) -> Reply:
    backend, channel, bot = call.backend, call.channel, call.bot
    require(backend.world, bot.id, channel, Permission.SEND_MESSAGES)
    check_thread(call.body)
    written = read_message(body_of(call.body.get("message")), call.uploads)
    new = replace(_new_thread(channel, bot.id, call.body), type=ChannelType.PUBLIC_THREAD)
    thread, message = forum_post(backend, new, written, Author(bot.id))
    payload = thread_payload(thread, bot.id) | {"message": shown(backend, message, bot)}
    return Reply(payload, 201)


def forum_post(
    backend: Backend, new: NewThread, written: Written, author: Author, webhook: Webhook | None = None
) -> tuple[Channel, Message]:
    """A post: a thread whose first message has the thread's id. Its tags must be the forum's own."""
    known = {tag.id for tag in new.parent.available_tags}
    form = Form()
    for index, tag_id in enumerate(new.applied_tags):
        if tag_id not in known:
            form.wrong(f"applied_tags.{index}", "BASE_TYPE_CHOICES", "Unknown tag")
    form.check()
    thread = threads.start(backend, new)
    draft = replace(draft_of(written, thread.id, author), message_id=thread.id)
    if webhook is not None:
        draft = replace(draft, webhook_id=webhook.id, application_id=webhook.application_id)
    message = messages.post(backend, draft)
    forum = backend.world.channels[new.parent.id]
    backend.world.channels[forum.id] = replace(forum, last_message_id=thread.id)
    return backend.world.channels[thread.id], message


def _thread(call: Call) -> Channel:
    thread = call.channel
    if thread.thread is None:
        raise refusal(Code.WRONG_CHANNEL_KIND)
    return thread


def add_member(call: Call) -> Reply:
    thread, backend = _thread(call), call.backend
    user_id = call.path.get("user_id", call.bot.id)
    if user_id != call.bot.id:
        require(backend.world, call.bot.id, thread, Permission.SEND_MESSAGES_IN_THREADS)
        require_awake(thread)
        if (thread.guild_id or "", user_id) not in backend.world.members:
            raise refusal(Code.UNKNOWN_USER)
        parent = backend.world.channels[thread.parent_id or ""]
        if Permission.VIEW_CHANNEL not in permissions_in(backend.world, user_id, parent):
            raise refusal(Code.MISSING_ACCESS)
    else:
        require(backend.world, user_id, thread)
        require_awake(thread)
    threads.add_member(backend, thread, user_id)
    return Reply()


def remove_member(call: Call) -> Reply:
    thread, backend = _thread(call), call.backend
    user_id = call.path.get("user_id", call.bot.id)
    own_private = thread.type is ChannelType.PRIVATE_THREAD and thread.owner_id == call.bot.id
    needed = Permission(0) if user_id == call.bot.id or own_private else Permission.MANAGE_THREADS
    require(backend.world, call.bot.id, thread, needed)
    require_awake(thread)
    threads.remove_member(backend, thread, user_id)
    return Reply()


def member(call: Call) -> Reply:
    thread = _thread(call)
    require(call.backend.world, call.bot.id, thread)
    user_id = call.path["user_id"]
    entry = next((item for item in thread.thread_members if item.user_id == user_id), None)
    if entry is None:
        raise refusal(Code.UNKNOWN_MEMBER)
    return Reply(thread_member_payload(thread, entry))


def members(call: Call) -> Reply:
    thread, world = _thread(call), call.backend.world
    require(world, call.bot.id, thread)
    entries = []
    for item in thread.thread_members:
        entry = thread_member_payload(thread, item)
        if call.query.get("with_member") in ("1", "true", "True"):
            entry["member"] = member_payload(world, world.members[thread.guild_id or "", item.user_id])
        entries.append(entry)
    return Reply(entries)


def active(call: Call) -> Reply:
    guild_id, world = call.path["guild_id"], call.backend.world
    require_in_guild(world, call.bot.id, guild_id)
    found = [item for item in world.threads_of(guild_id) if not threads.archived(item)]
    visible = [item for item in found if can_view(world, call.bot.id, item)]
    visible.sort(key=lambda item: int(item.id), reverse=True)
    return Reply(_listing(visible, call.bot.id, None))


def archived_public(call: Call) -> Reply:
    return _archived(call, lambda thread: thread.type is not ChannelType.PRIVATE_THREAD)


def archived_private(call: Call) -> Reply:
    require(call.backend.world, call.bot.id, call.channel, Permission.MANAGE_THREADS)
    return _archived(call, lambda thread: thread.type is ChannelType.PRIVATE_THREAD)


def archived_joined(call: Call) -> Reply:
    bot_id = call.bot.id
    return _archived(
        call,
        lambda thread: (
            thread.type is ChannelType.PRIVATE_THREAD
            and any(item.user_id == bot_id for item in thread.thread_members)
        ),
    )


def _archived(call: Call, wanted: Callable[[Channel], bool]) -> Reply:
    require(call.backend.world, call.bot.id, call.channel, Permission.READ_MESSAGE_HISTORY)
    under = call.backend.world.threads_under(call.channel.id)
    found = [thread for thread in under if threads.archived(thread) and wanted(thread)]
    found.sort(key=lambda thread: archive_moment(thread) or "", reverse=True)
    before = call.query.get("before")
    if before is not None and not before.isdigit():
        found = [thread for thread in found if (archive_moment(thread) or "") < before]
    elif before is not None:
        found = [thread for thread in found if int(thread.id) < int(before)]
    return Reply(_listing(found, call.bot.id, call.number("limit", 50, 2, 100)))


def _listing(found: list[Channel], bot_id: str, limit: int | None) -> JsonObject:
    chosen = found if limit is None else found[:limit]
    joined = [
        thread_member_payload(thread, item)
        for thread in chosen
        for item in thread.thread_members
        if item.user_id == bot_id
    ]
    listing: JsonObject = {
        "threads": [thread_payload(thread, bot_id) for thread in chosen],
        "members": joined,
        "has_more": len(chosen) < len(found),
    }
    return listing


_CHANNEL = "/channels/{channel_id}"

ENDPOINTS = (
    Endpoint("POST", _CHANNEL + "/messages/{message_id}/threads", start_from_message),
    Endpoint("POST", _CHANNEL + "/threads", start, lacks="posts of media channels"),
    Endpoint("GET", _CHANNEL + "/threads/archived/public", archived_public),
    Endpoint("GET", _CHANNEL + "/threads/archived/private", archived_private),
    Endpoint("GET", _CHANNEL + "/users/@me/threads/archived/private", archived_joined),
    Endpoint("GET", "/guilds/{guild_id}/threads/active", active),
    Endpoint("GET", _CHANNEL + "/thread-members", members),
    Endpoint("PUT", _CHANNEL + "/thread-members/@me", add_member),
    Endpoint("DELETE", _CHANNEL + "/thread-members/@me", remove_member),
    Endpoint("GET", _CHANNEL + "/thread-members/{user_id}", member),
    Endpoint("PUT", _CHANNEL + "/thread-members/{user_id}", add_member),
    Endpoint("DELETE", _CHANNEL + "/thread-members/{user_id}", remove_member),
)
