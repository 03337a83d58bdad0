"""REST: messages, reactions, pins, typing."""

from __future__ import annotations

from datetime import timedelta

from chatdesk_playground.discord import messages, threads
from chatdesk_playground.discord.api import Call, Endpoint, Reply
from chatdesk_playground.discord.backend import Backend
from chatdesk_playground.discord.errors import ApiError, Code, Form, refusal
from chatdesk_playground.discord.gateway import Intent
from chatdesk_playground.discord.limits import Written, read_edit, read_message
from chatdesk_playground.discord.message_payloads import may_read, message_payload, without_content
from chatdesk_playground.discord.payloads import member_payload, user_payload
from chatdesk_playground.discord.permissions import (
    NONE,
    Permission,
    can_view,
    permissions_in,
    require,
    to_send,
)
from chatdesk_playground.discord.snowflakes import made_at
from chatdesk_playground.discord.state import (
    Application,
    Author,
    Channel,
    ChannelType,
    Message,
    MessageFlag,
    MessageType,
    Reference,
)
from chatdesk_playground.discord.wire import (
    Body,
    JsonObject,
    body_of,
    flag_of,
    id_of,
    ids_of,
    timestamp,
)

BULK_DELETE_AGE = timedelta(days=14)
NONCE_MEMORY = timedelta(minutes=5)
TEXTUAL = frozenset(
    {
        ChannelType.TEXT,
        ChannelType.NEWS,
        ChannelType.DM,
        ChannelType.VOICE,
        ChannelType.PUBLIC_THREAD,
        ChannelType.PRIVATE_THREAD,
        ChannelType.NEWS_THREAD,
    }
)


def shown(backend: Backend, message: Message, application: Application) -> JsonObject:
    """A message as this bot gets it: emptied if its owner did not switch message content on."""
    payload = message_payload(backend.world, backend.files, message, application.id)
    readable = application.message_content or may_read(backend.world, message, application.id)
    return payload if readable else without_content(payload)


def require_sending(backend: Backend, user_id: str, channel: Channel, written: Written) -> None:
    """Whether somebody may post this here: the kind of channel, permissions, open DMs, locks."""
    if channel.type not in TEXTUAL:
        raise ApiError(400, 50008, "Cannot send messages in a non-text channel")
    needed = to_send(channel)
    if written.uploads:
        needed |= Permission.ATTACH_FILES
    require(backend.world, user_id, channel, needed)
    if channel.type is ChannelType.DM:
        require_open_dm(backend, user_id, channel)
    require_unlocked(backend, user_id, channel)


def require_open_dm(backend: Backend, user_id: str, channel: Channel) -> None:
    """50007 when the other side takes no messages from here, or shares no server."""
    world = backend.world
    for other in channel.recipients:
        if other == user_id:
            continue
        shared = {guild.id for guild in world.guilds_of(other)} & {
            guild.id for guild in world.guilds_of(user_id)
        }
        if not world.users[other].dms_open or not shared:
            raise refusal(Code.CANNOT_DM)


def require_unlocked(backend: Backend, user_id: str, channel: Channel) -> None:
    if channel.thread is None or not channel.thread.locked:
        return
    if Permission.MANAGE_THREADS not in permissions_in(backend.world, user_id, channel):
        raise refusal(Code.THREAD_LOCKED)


def require_awake(channel: Channel) -> None:
    """In an archived thread messages can be posted, which wakes it, and deleted, and nothing else."""
    if threads.archived(channel):
        raise refusal(Code.THREAD_ARCHIVED)


def create(call: Call) -> Reply:
    backend, channel, bot = call.backend, call.channel, call.bot
    written = read_message(call.body, call.uploads)
    require_sending(backend, bot.id, channel, written)
    if written.nonce and written.enforce_nonce:
        first = _with_nonce(backend, channel, bot.id, written.nonce)
        if first is not None:
            return Reply(shown(backend, first, bot))
    reference = reference_of(backend, channel, body_of(call.body.get("message_reference")))
    draft = draft_of(written, channel.id, Author(bot.id), reference)
    return Reply(shown(backend, messages.post(backend, draft), bot))


def draft_of(
    written: Written, channel_id: str, author: Author, reference: Reference | None = None
) -> messages.Draft:
    """A message for everybody; only answers to interactions can be ephemeral."""
    return messages.Draft(
        channel_id=channel_id,
        author=author,
        content=written.content,
        uploads=written.uploads,
        embeds=written.embeds,
        components=written.components,
        type=MessageType.DEFAULT if reference is None else MessageType.REPLY,
        flags=written.flags & ~MessageFlag.EPHEMERAL,
        tts=written.tts,
        nonce=written.nonce,
        reference=reference,
        allowed=written.allowed,
    )


def reference_of(backend: Backend, channel: Channel, body: Body) -> Reference | None:
    """What a message replies to; an unknown message is an error unless it may be missing."""
    message_id = id_of(body, "message_id")
    if message_id is None:
        return None
    original = backend.world.message(channel.id, message_id)
    if original is not None:
        if original.type in messages.SYSTEM_TYPES:
            _refuse_reference("REPLIES_CANNOT_REPLY_TO_SYSTEM_MESSAGE", "Cannot reply to a system message")
        return Reference(message_id, channel.id, channel.guild_id)
    if flag_of(body, "fail_if_not_exists", True):
        _refuse_reference("REPLIES_UNKNOWN_MESSAGE", "Unknown message")
    return None


def _refuse_reference(code: str, sentence: str) -> None:
    form = Form()
    form.wrong("message_reference", code, sentence)
    form.check()


def _with_nonce(backend: Backend, channel: Channel, author_id: str, nonce: str) -> Message | None:
    oldest = backend.clock.now() - NONCE_MEMORY
    return next(
        (
            message
            for message in backend.world.messages.get(channel.id, {}).values()
            if message.nonce == nonce and message.author.id == author_id and message.created > oldest
        ),
        None,
    )


def read(call: Call) -> Reply:
    require(call.backend.world, call.bot.id, call.channel, Permission.READ_MESSAGE_HISTORY)
    return Reply(shown(call.backend, call.message, call.bot))


def history(call: Call) -> Reply:
    backend, channel = call.backend, call.channel
    require(backend.world, call.bot.id, channel)
    limit = call.number("limit", 50, 1, 100)
    stored = messages.history(backend, channel.id)
    if Permission.READ_MESSAGE_HISTORY not in permissions_in(backend.world, call.bot.id, channel):
        stored = []
    query = call.query
    chosen = messages.page(stored, limit, query.get("before"), query.get("after"), query.get("around"))
    return Reply([shown(backend, message, call.bot) for message in chosen])


def edit(call: Call) -> Reply:
    backend, message, bot = call.backend, call.message, call.bot
    require(backend.world, bot.id, call.channel)
    if message.author.id != bot.id:
        only_flags = set(call.body) <= {"flags"}
        if not only_flags:
            raise refusal(Code.NOT_THE_AUTHOR)
        require(backend.world, bot.id, call.channel, Permission.MANAGE_MESSAGES)
    require_awake(call.channel)
    change = read_edit(call.body, call.uploads, message.flags)
    _refuse_emptying(message, change)
    return Reply(shown(backend, messages.edit(backend, message, change), bot))


def _refuse_emptying(message: Message, change: messages.Edit) -> None:
    left = (
        message.content if change.content is None else change.content,
        message.embeds if change.embeds is None else change.embeds,
        message.components if change.components is None else change.components,
        message.attachments if change.kept_attachments is None else change.kept_attachments,
        change.uploads,
    )
    if not any(left):
        raise refusal(Code.EMPTY_MESSAGE)


def delete(call: Call) -> Reply:
    message = call.message
    own = message.author.id == call.bot.id
    require(call.backend.world, call.bot.id, call.channel, NONE if own else Permission.MANAGE_MESSAGES)
    if call.channel.type is ChannelType.DM and not own:
        raise refusal(Code.INVALID_ON_DM)
    if message.type is MessageType.THREAD_STARTER_MESSAGE:
        raise refusal(Code.SYSTEM_MESSAGE)
    messages.delete(call.backend, message)
    return Reply()


def bulk_delete(call: Call) -> Reply:
    require(call.backend.world, call.bot.id, call.channel, Permission.MANAGE_MESSAGES)
    ids = ids_of(call.body.get("messages"))
    if not 2 <= len(ids) <= 100:
        raise refusal(Code.INVALID_BULK_DELETE)
    oldest = call.backend.clock.now() - BULK_DELETE_AGE
    if any(made_at(message_id) < oldest for message_id in ids if message_id.isdigit()):
        raise refusal(Code.TOO_OLD_TO_BULK_DELETE)
    messages.delete_many(call.backend, call.channel, ids)
    return Reply()


def add_reaction(call: Call) -> Reply:
    message, emoji = call.message, emoji_of(call.path["emoji"])
    needed = Permission.READ_MESSAGE_HISTORY
    if all(item.emoji != emoji for item in message.reactions):
        needed |= Permission.ADD_REACTIONS
    require(call.backend.world, call.bot.id, call.channel, needed)
    require_awake(call.channel)
    messages.react(call.backend, message, call.bot.id, emoji)
    return Reply()


def emoji_of(written: str) -> str:
    """An emoji of a path; 10014 for text that is none, and for custom ones, since nobody made any."""
    if not written or written.isascii():
        raise refusal(Code.UNKNOWN_EMOJI)
    return written


def remove_reaction(call: Call) -> Reply:
    user_id = call.path.get("user_id", call.bot.id)
    own = user_id == call.bot.id
    require(call.backend.world, call.bot.id, call.channel, NONE if own else Permission.MANAGE_MESSAGES)
    require_awake(call.channel)
    messages.unreact(call.backend, call.message, user_id, emoji_of(call.path["emoji"]))
    return Reply()


def clear_reactions(call: Call) -> Reply:
    require(call.backend.world, call.bot.id, call.channel, Permission.MANAGE_MESSAGES)
    messages.clear_reactions(call.backend, call.message, call.path.get("emoji"))
    return Reply()


def reaction_users(call: Call) -> Reply:
    require(call.backend.world, call.bot.id, call.channel, Permission.READ_MESSAGE_HISTORY)
    limit, after = call.number("limit", 25, 1, 100), int(call.query.get("after", "0"))
    emoji = call.path["emoji"]
    found = next((item for item in call.message.reactions if item.emoji == emoji), None)
    users = [] if found is None else sorted(found.users, key=int)
    chosen = [user_id for user_id in users if int(user_id) > after][:limit]
    return Reply([user_payload(call.backend.world.users[user_id]) for user_id in chosen])


def pin(call: Call) -> Reply:
    _require_pinning(call)
    messages.pin(call.backend, call.message, call.bot.id)
    return Reply()


def unpin(call: Call) -> Reply:
    _require_pinning(call)
    messages.unpin(call.backend, call.message)
    return Reply()


def _require_pinning(call: Call) -> None:
    require(call.backend.world, call.bot.id, call.channel)
    granted = permissions_in(call.backend.world, call.bot.id, call.channel)
    either = Permission.PIN_MESSAGES | Permission.MANAGE_MESSAGES
    if call.channel.guild_id is not None and not granted & either:
        raise refusal(Code.MISSING_PERMISSIONS)
    require_awake(call.channel)


def pins(call: Call) -> Reply:
    require(call.backend.world, call.bot.id, call.channel)
    stored = [item for item in messages.history(call.backend, call.channel.id) if item.pinned is not None]
    stored.sort(key=lambda item: timestamp(item.pinned or item.created), reverse=True)
    items = [
        {
            "pinned_at": timestamp(item.pinned or item.created),
            "message": shown(call.backend, item, call.bot),
        }
        for item in stored[: call.number("limit", 50, 1, 50)]
    ]
    return Reply({"items": items, "has_more": len(stored) > len(items)})


def old_pins(call: Call) -> Reply:
    """The list of pins as it was before paging; clients still ask it."""
    require(call.backend.world, call.bot.id, call.channel)
    stored = [item for item in messages.history(call.backend, call.channel.id) if item.pinned is not None]
    return Reply([shown(call.backend, item, call.bot) for item in reversed(stored)])


def typing(call: Call) -> Reply:
    require(call.backend.world, call.bot.id, call.channel, to_send(call.channel))
    emit_typing(call.backend, call.channel, call.bot.id)
    return Reply()


def emit_typing(backend: Backend, channel: Channel, user_id: str) -> None:
    now = backend.clock.now()
    data: JsonObject = {"channel_id": channel.id, "user_id": user_id, "timestamp": int(now.timestamp())}
    if channel.guild_id is not None:
        data["guild_id"] = channel.guild_id
        member = backend.world.members[channel.guild_id, user_id]
        data["member"] = member_payload(backend.world, member)
    intents = (Intent.GUILD_MESSAGE_TYPING, Intent.DIRECT_MESSAGE_TYPING)
    backend.gateway.emit_in_channel("TYPING_START", channel, intents, data)


def visible_history(backend: Backend, channel: Channel, user_id: str) -> list[Message]:
    """What one person sees in a channel: what everybody sees, and what was meant for them alone."""
    if not can_view(backend.world, user_id, channel):
        raise refusal(Code.MISSING_ACCESS)
    stored = backend.world.messages.get(channel.id, {}).values()
    visible = [item for item in stored if item.visible_to in (None, user_id)]
    return sorted(visible, key=lambda item: int(item.id))


_MESSAGES = "/channels/{channel_id}/messages"
_ONE = _MESSAGES + "/{message_id}"
_REACTIONS = _ONE + "/reactions"

ENDPOINTS = (
    Endpoint(
        "POST",
        _MESSAGES,
        create,
        lacks="polls, stickers, forwards and voice messages, which are refused; links are not unfurled",
    ),
    Endpoint("GET", _MESSAGES, history),
    Endpoint("POST", _MESSAGES + "/bulk-delete", bulk_delete),
    Endpoint("GET", _MESSAGES + "/pins", pins),
    Endpoint("PUT", _MESSAGES + "/pins/{message_id}", pin),
    Endpoint("DELETE", _MESSAGES + "/pins/{message_id}", unpin),
    Endpoint("GET", "/channels/{channel_id}/pins", old_pins),
    Endpoint("PUT", "/channels/{channel_id}/pins/{message_id}", pin),
    Endpoint("DELETE", "/channels/{channel_id}/pins/{message_id}", unpin),
    Endpoint("GET", _ONE, read),
    Endpoint("PATCH", _ONE, edit),
    Endpoint("DELETE", _ONE, delete),
    Endpoint(
        "PUT",
        _REACTIONS + "/{emoji}/@me",
        add_reaction,
        lacks="custom emojis: there are none, so that each is unknown",
    ),
    Endpoint("DELETE", _REACTIONS + "/{emoji}/@me", remove_reaction),
    Endpoint("DELETE", _REACTIONS + "/{emoji}/{user_id}", remove_reaction),
    Endpoint("GET", _REACTIONS + "/{emoji}", reaction_users, lacks="super reactions"),
    Endpoint("DELETE", _REACTIONS + "/{emoji}", clear_reactions),
    Endpoint("DELETE", _REACTIONS, clear_reactions),
    Endpoint("POST", "/channels/{channel_id}/typing", typing),
)
