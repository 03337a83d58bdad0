"""What people do here, by themselves and to apps. Every action reads a JSON body and answers one."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from chatdesk_playground.discord import channels, deeds, messages, modals, threads
from chatdesk_playground.discord.api import content_type_of
from chatdesk_playground.discord.backend import Backend
from chatdesk_playground.discord.errors import ApiError, Code, refusal
from chatdesk_playground.discord.files import Upload
from chatdesk_playground.discord.interactions import Deed, perform
from chatdesk_playground.discord.limits import Written, check_thread, read_message
from chatdesk_playground.discord.mentions import typed_by_human
from chatdesk_playground.discord.permissions import NONE, Permission, can_view, require
from chatdesk_playground.discord.rest_messages import (
    draft_of,
    emit_typing,
    reference_of,
    require_awake,
    require_sending,
    visible_history,
)
from chatdesk_playground.discord.rest_threads import forum_post, from_message, without_message
from chatdesk_playground.discord.seen import message_seen, outcome, refused_fields, thread_seen
from chatdesk_playground.discord.state import Author, Channel, ChannelType, Message, User
from chatdesk_playground.discord.threads import NewThread
from chatdesk_playground.discord.wire import (
    Body,
    JsonObject,
    bodies_of,
    body_of,
    flag_of,
    id_of,
    items_of,
    text_of,
)

Action = Callable[[Backend, User, Body], Awaitable[object]]


def uploads_of(value: object) -> tuple[Upload, ...]:
    """Files of a control request: `[{"name": ..., "content": base64}]`."""
    return tuple(
        Upload(
            filename=text_of(item, "name"),
            content=base64.b64decode(text_of(item, "content")),
            content_type=content_type_of(text_of(item, "name"), None),
        )
        for item in bodies_of(value)
    )


def _named_uploads(body: Body) -> dict[str, tuple[Upload, ...]]:
    return {name: uploads_of(files) for name, files in body_of(body.get("files")).items()}


def _channel(backend: Backend, user: User, body: Body, key: str = "channel_id") -> Channel:
    channel = backend.world.channels.get(id_of(body, key) or "")
    if channel is None:
        raise refusal(Code.UNKNOWN_CHANNEL)
    if not can_view(backend.world, user.id, channel):
        raise refusal(Code.MISSING_ACCESS)
    return channel


def _message(backend: Backend, user: User, body: Body) -> tuple[Channel, Message]:
    channel = _channel(backend, user, body)
    message = backend.world.message(channel.id, id_of(body, "message_id") or "")
    if message is None or message.visible_to not in (None, user.id):
        raise refusal(Code.UNKNOWN_MESSAGE)
    return channel, message


def _written(backend: Backend, channel: Channel, text: str, files: object) -> Written:
    return read_message({"content": typed_by_human(backend.world, channel, text)}, uploads_of(files))


async def post(backend: Backend, user: User, body: Body) -> object:
    channel = _channel(backend, user, body)
    written = _written(backend, channel, text_of(body, "text"), body.get("files"))
    require_sending(backend, user.id, channel, written)
    reference = reference_of(backend, channel, {"message_id": id_of(body, "reply_to")})
    message = messages.post(backend, draft_of(written, channel.id, Author(user.id), reference))
    return message_seen(backend, message)


async def edit(backend: Backend, user: User, body: Body) -> object:
    channel, message = _message(backend, user, body)
    if message.author.id != user.id:
        raise refusal(Code.NOT_THE_AUTHOR)
    require_awake(channel)
    text = typed_by_human(backend.world, channel, text_of(body, "text"))
    if not text.strip() and not message.attachments:
        raise refusal(Code.EMPTY_MESSAGE)
    read_message({"content": text or "-"}, ())
    return message_seen(backend, messages.edit(backend, message, messages.Edit(content=text)))


async def delete(backend: Backend, user: User, body: Body) -> object:
    channel, message = _message(backend, user, body)
    own = message.author.id == user.id
    if message.visible_to == user.id:
        del backend.world.messages[channel.id][message.id]
        backend.changes.note()
        return None
    require(backend.world, user.id, channel, NONE if own else Permission.MANAGE_MESSAGES)
    messages.delete(backend, message)
    return None


async def react(backend: Backend, user: User, body: Body) -> object:
    channel, message = _message(backend, user, body)
    emoji = text_of(body, "emoji")
    known = any(item.emoji == emoji for item in message.reactions)
    require(backend.world, user.id, channel, NONE if known else Permission.ADD_REACTIONS)
    if message.visible_to is not None:
        raise deeds.cannot("Nobody can react to a message that only they see")
    require_awake(channel)
    messages.react(backend, message, user.id, emoji)
    return None


async def unreact(backend: Backend, user: User, body: Body) -> object:
    channel, message = _message(backend, user, body)
    require_awake(channel)
    messages.unreact(backend, message, user.id, text_of(body, "emoji"))
    return None


async def typing(backend: Backend, user: User, body: Body) -> object:
    emit_typing(backend, _channel(backend, user, body), user.id)
    return None


async def start_thread(backend: Backend, user: User, body: Body) -> object:
    channel = _channel(backend, user, body)
    private = flag_of(body, "private")
    needed = Permission.CREATE_PRIVATE_THREADS if private else Permission.CREATE_PUBLIC_THREADS
    require(backend.world, user.id, channel, needed)
    check_thread(body)
    kind = ChannelType.PRIVATE_THREAD if private else ChannelType.PUBLIC_THREAD
    new = NewThread(parent=channel, name=text_of(body, "name").strip(), owner_id=user.id, type=kind)
    if id_of(body, "message_id") is None:
        return thread_seen(backend, without_message(backend, new))
    return thread_seen(backend, from_message(backend, new, _message(backend, user, body)[1]))


async def forum_post_by(backend: Backend, user: User, body: Body) -> object:
    forum = _channel(backend, user, body)
    if forum.type is not ChannelType.FORUM:
        raise refusal(Code.WRONG_CHANNEL_KIND)
    require(backend.world, user.id, forum, Permission.SEND_MESSAGES)
    check_thread({"name": body.get("title")})
    written = _written(backend, forum, text_of(body, "text"), body.get("files"))
    ids = {tag.name: tag.id for tag in forum.available_tags}
    tags = tuple(ids.get(str(name), str(name)) for name in items_of(body.get("tags")))
    new = NewThread(
        parent=forum,
        name=text_of(body, "title").strip(),
        owner_id=user.id,
        type=ChannelType.PUBLIC_THREAD,
        applied_tags=tags,
    )
    thread, _ = forum_post(backend, new, written, Author(user.id))
    return thread_seen(backend, thread)


async def change_thread(backend: Backend, user: User, body: Body) -> object:
    """Archives, unarchives, locks, unlocks or renames a thread, or joins and leaves it."""
    thread = _channel(backend, user, body)
    state = thread.thread
    if state is None:
        raise refusal(Code.WRONG_CHANNEL_KIND)
    moderating = "locked" in body or thread.owner_id != user.id
    needed = Permission.MANAGE_THREADS if moderating else Permission(0)
    require(backend.world, user.id, thread, needed)
    if "name" in body:
        check_thread(body)
        thread = replace(thread, name=text_of(body, "name"))
    put_away = flag_of(body, "archived", state.archived)
    locked = flag_of(body, "locked", state.locked)
    return thread_seen(backend, threads.archive(backend, thread, put_away, locked))


async def add_to_thread(backend: Backend, user: User, body: Body) -> object:
    thread = _channel(backend, user, body)
    require_awake(thread)
    threads.add_member(backend, thread, id_of(body, "member_id") or user.id)
    return None


async def leave_thread(backend: Backend, user: User, body: Body) -> object:
    threads.remove_member(backend, _channel(backend, user, body), user.id)
    return None


async def see_messages(backend: Backend, user: User, body: Body) -> object:
    channel = _channel(backend, user, body)
    return [message_seen(backend, message) for message in visible_history(backend, channel, user.id)]


async def see_threads(backend: Backend, user: User, body: Body) -> object:
    parent = _channel(backend, user, body)
    found = backend.world.threads_under(parent.id)
    return [thread_seen(backend, item) for item in found if can_view(backend.world, user.id, item)]


async def see_channels(backend: Backend, user: User, body: Body) -> object:
    """The channels that a person sees, in all of their servers."""
    world = backend.world
    guild_ids = [guild.id for guild in world.guilds_of(user.id)]
    return [
        {"id": item.id, "guild_id": item.guild_id, "name": item.name, "type": int(item.type)}
        for guild_id in guild_ids
        for item in world.channels_of(guild_id)
        if can_view(world, user.id, item)
    ]


async def open_dm(backend: Backend, user: User, body: Body) -> object:
    """The DM with a bot: the one that is named, or else the first that shares a server."""
    wanted = id_of(body, "application_id")
    mine = {guild.id for guild in backend.world.guilds_of(user.id)}
    for application_id in backend.world.applications:
        shared = mine & {guild.id for guild in backend.world.guilds_of(application_id)}
        if shared and wanted in (None, application_id):
            return {"id": channels.direct(backend, user.id, application_id).id}
    raise deeds.cannot("There is no bot here to write to")


async def set_dms(backend: Backend, user: User, body: Body) -> object:
    open_now = flag_of(body, "open")
    backend.world.users[user.id] = replace(backend.world.users[user.id], dms_open=open_now)
    return None


async def _performed(backend: Backend, deed: Deed) -> JsonObject:
    return outcome(backend, await perform(backend, deed))


async def command(backend: Backend, user: User, body: Body) -> object:
    channel = _channel(backend, user, body)
    values, uploads = body_of(body.get("options")), _named_uploads(body)
    path = text_of(body, "command")
    return await _performed(backend, deeds.command(backend, user.id, channel, path, values, uploads))


async def autocomplete(backend: Backend, user: User, body: Body) -> object:
    channel = _channel(backend, user, body)
    values, focused = body_of(body.get("options")), text_of(body, "focused")
    deed = deeds.command(backend, user.id, channel, text_of(body, "command"), values, {}, focused)
    return await _performed(backend, deed)


async def context_menu(backend: Backend, user: User, body: Body) -> object:
    name = text_of(body, "name")
    target = id_of(body, "target_user_id")
    if target is not None:
        channel = _channel(backend, user, body)
        return await _performed(backend, deeds.user_menu(backend, user.id, channel, name, target))
    channel, message = _message(backend, user, body)
    return await _performed(backend, deeds.message_menu(backend, user.id, channel, name, message))


async def click(backend: Backend, user: User, body: Body) -> object:
    channel, message = _message(backend, user, body)
    return await _performed(backend, deeds.click(user.id, channel, message, text_of(body, "button")))


async def choose(backend: Backend, user: User, body: Body) -> object:
    channel, message = _message(backend, user, body)
    values = [str(value) for value in items_of(body.get("values"))]
    select = text_of(body, "select")
    deed = deeds.choose(backend, user.id, channel, message, select, values)
    return await _performed(backend, deed)


async def see_modal(backend: Backend, user: User, body: Body) -> object:
    modal = backend.interactions.modals.get(user.id)
    return None if modal is None else modals.shown(modal)


async def close_modal(backend: Backend, user: User, body: Body) -> object:
    backend.interactions.modals.pop(user.id, None)
    return None


async def submit(backend: Backend, user: User, body: Body) -> object:
    """Submits the modal on the person's screen. It closes when the app has answered, and stays otherwise."""
    modal = backend.interactions.modals.get(user.id)
    if modal is None:
        raise deeds.cannot("There is no form on the screen")
    values, uploads = body_of(body.get("values")), _named_uploads(body)
    try:
        deed = modals.submission(backend, user.id, modal, values, uploads)
    except modals.FieldsRefused as refused:
        return refused_fields(dict(refused.errors))
    interaction = await perform(backend, deed)
    if interaction.answer is not None and backend.interactions.modals.get(user.id) is modal:
        del backend.interactions.modals[user.id]
    return outcome(backend, interaction)


ACTIONS: Mapping[str, Action] = {
    "post": post,
    "edit": edit,
    "delete": delete,
    "react": react,
    "unreact": unreact,
    "typing": typing,
    "start_thread": start_thread,
    "forum_post": forum_post_by,
    "change_thread": change_thread,
    "add_to_thread": add_to_thread,
    "leave_thread": leave_thread,
    "messages": see_messages,
    "threads": see_threads,
    "channels": see_channels,
    "open_dm": open_dm,
    "set_dms": set_dms,
    "command": command,
    "autocomplete": autocomplete,
    "context_menu": context_menu,
    "click": click,
    "choose": choose,
    "modal": see_modal,
    "close_modal": close_modal,
    "submit": submit,
}


async def act(backend: Backend, user_id: str, action: str, body: Body) -> object:
    """One action of one person; raises ApiError for what they cannot do."""
    user = backend.world.users.get(user_id)
    if user is None:
        raise refusal(Code.UNKNOWN_USER)
    if action not in ACTIONS:
        raise ApiError(404, 0, f"There is no action {action!r}; there are: {', '.join(ACTIONS)}")
    return await ACTIONS[action](backend, user, body)
