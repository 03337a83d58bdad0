"""REST: webhooks, and the same addresses as interactions use them for their answers."""

from __future__ import annotations

import secrets
from dataclasses import replace

from chatdesk_playground.discord import interaction_answers, messages
from chatdesk_playground.discord.api import Call, Endpoint, Reply
from chatdesk_playground.discord.backend import Backend
from chatdesk_playground.discord.errors import ApiError, Code, Form, refusal
from chatdesk_playground.discord.gateway import Intent
from chatdesk_playground.discord.limits import check_webhook_name, read_edit, read_message
from chatdesk_playground.discord.message_payloads import message_payload
from chatdesk_playground.discord.payloads import webhook_payload
from chatdesk_playground.discord.permissions import Permission, require, require_in_guild
from chatdesk_playground.discord.rest_messages import draft_of, require_awake
from chatdesk_playground.discord.rest_threads import forum_post
from chatdesk_playground.discord.state import Author, Channel, ChannelType, Message, Webhook
from chatdesk_playground.discord.threads import NewThread
from chatdesk_playground.discord.wire import JsonObject, id_of, ids_of, optional_text, text_of

MAXIMUM_WEBHOOKS = 15
WEBHOOK_CHANNELS = frozenset({ChannelType.TEXT, ChannelType.NEWS, ChannelType.FORUM, ChannelType.VOICE})


def create(call: Call) -> Reply:
    backend, channel = call.backend, call.channel
    require(backend.world, call.bot.id, channel, Permission.MANAGE_WEBHOOKS)
    if channel.type not in WEBHOOK_CHANNELS or channel.guild_id is None:
        raise refusal(Code.WRONG_CHANNEL_KIND)
    form = Form()
    name = text_of(call.body, "name").strip()
    form.required("name", name)
    check_webhook_name(form, "name", name or None)
    form.check()
    existing = [item for item in backend.world.webhooks.values() if item.channel_id == channel.id]
    if len(existing) >= MAXIMUM_WEBHOOKS:
        raise refusal(Code.MAXIMUM_WEBHOOKS)
    webhook = Webhook(
        id=backend.snowflakes.next(),
        token=secrets.token_urlsafe(51),
        guild_id=channel.guild_id,
        channel_id=channel.id,
        name=name,
        application_id=call.bot.id,
        user_id=call.bot.id,
        avatar=_avatar(backend, optional_text(call.body, "avatar")),
    )
    backend.world.webhooks[webhook.id] = webhook
    _updated(backend, webhook)
    return Reply(webhook_payload(backend.world, webhook, backend.api_url))


def _avatar(backend: Backend, data: str | None) -> str | None:
    return None if data is None else backend.files.remember_picture(data)


def _updated(backend: Backend, webhook: Webhook) -> None:
    data: JsonObject = {"guild_id": webhook.guild_id, "channel_id": webhook.channel_id}
    backend.gateway.emit_in_guild("WEBHOOKS_UPDATE", webhook.guild_id, Intent.GUILD_WEBHOOKS, data)


def in_channel(call: Call) -> Reply:
    world = call.backend.world
    require(world, call.bot.id, call.channel, Permission.MANAGE_WEBHOOKS)
    found = [item for item in world.webhooks.values() if item.channel_id == call.channel.id]
    return Reply([webhook_payload(world, item, call.backend.api_url) for item in found])


def in_guild(call: Call) -> Reply:
    world, guild_id = call.backend.world, call.path["guild_id"]
    require_in_guild(world, call.bot.id, guild_id, Permission.MANAGE_WEBHOOKS)
    found = [item for item in world.webhooks.values() if item.guild_id == guild_id]
    return Reply([webhook_payload(world, item, call.backend.api_url) for item in found])


def _webhook(call: Call) -> Webhook:
    """The webhook of the path: by its token, or without one by a bot that may manage it."""
    webhook = call.backend.world.webhooks.get(call.path["webhook_id"])
    if webhook is None:
        raise refusal(Code.UNKNOWN_WEBHOOK)
    token = call.path.get("webhook_token")
    if token is None:
        channel = call.backend.world.channels[webhook.channel_id]
        require(call.backend.world, call.bot.id, channel, Permission.MANAGE_WEBHOOKS)
    elif token != webhook.token:
        raise refusal(Code.INVALID_WEBHOOK_TOKEN)
    return webhook


def read(call: Call) -> Reply:
    payload = webhook_payload(call.backend.world, _webhook(call), call.backend.api_url)
    if "webhook_token" in call.path:
        del payload["user"]
    return Reply(payload)


def edit(call: Call) -> Reply:
    webhook, backend, body = _webhook(call), call.backend, call.body
    form = Form()
    check_webhook_name(form, "name", optional_text(body, "name"))
    form.check()
    avatar = _avatar(backend, optional_text(body, "avatar")) if "avatar" in body else webhook.avatar
    changed = replace(
        webhook,
        name=text_of(body, "name", webhook.name),
        avatar=avatar,
        channel_id=id_of(body, "channel_id") or webhook.channel_id,
    )
    backend.world.webhooks[webhook.id] = changed
    _updated(backend, changed)
    return Reply(webhook_payload(backend.world, changed, backend.api_url))


def delete(call: Call) -> Reply:
    webhook = _webhook(call)
    del call.backend.world.webhooks[webhook.id]
    _updated(call.backend, webhook)
    return Reply()


def execute(call: Call) -> Reply:
    """Posts as the webhook. Answers the message with `wait`, nothing without."""
    if interaction_answers.speaks_for(call) is not None:
        return interaction_answers.follow_up(call)
    webhook, backend = _webhook(call), call.backend
    form = Form()
    check_webhook_name(form, "username", optional_text(call.body, "username"))
    form.length("avatar_url", optional_text(call.body, "avatar_url"), 0, 2048)
    form.check()
    written = read_message(call.body, call.uploads)
    author = _author(backend, webhook, optional_text(call.body, "username"), text_of(call.body, "avatar_url"))
    channel = _target(call, webhook)
    if channel.type is ChannelType.FORUM:
        message = _execute_in_forum(call, webhook, channel, author)
    else:
        draft = replace(draft_of(written, channel.id, author), nonce=None)
        draft = replace(draft, webhook_id=webhook.id, application_id=webhook.application_id)
        message = messages.post(backend, draft)
    if call.query.get("wait") not in ("1", "true", "True"):
        return Reply()
    return Reply(message_payload(backend.world, backend.files, message))


def _execute_in_forum(call: Call, webhook: Webhook, forum: Channel, author: Author) -> Message:
    name = text_of(call.body, "thread_name")
    if not name:
        raise ApiError(400, 220001, "Webhooks posted to forum channels must have a thread_name or thread_id")
    new = NewThread(
        parent=forum,
        name=name,
        owner_id=webhook.id,
        type=ChannelType.PUBLIC_THREAD,
        applied_tags=ids_of(call.body.get("applied_tags")),
    )
    written = read_message(call.body, call.uploads)
    return forum_post(call.backend, new, written, author, webhook)[1]


def _author(backend: Backend, webhook: Webhook, username: str | None, avatar_url: str) -> Author:
    avatar = backend.files.remember_picture(avatar_url) if avatar_url else webhook.avatar
    return Author(webhook.id, webhook=True, name=username or webhook.name, avatar=avatar)


def _target(call: Call, webhook: Webhook) -> Channel:
    """The webhook's channel, or the thread of it that `thread_id` names; 10003 for any other."""
    channels = call.backend.world.channels
    thread_id = call.query.get("thread_id")
    if thread_id is None:
        return channels[webhook.channel_id]
    thread = channels.get(thread_id)
    if thread is None or thread.parent_id != webhook.channel_id:
        raise refusal(Code.UNKNOWN_CHANNEL)
    if thread.thread is not None and thread.thread.locked and thread.thread.archived:
        raise refusal(Code.THREAD_LOCKED)
    return thread


def _message(call: Call, webhook: Webhook) -> Message:
    """A message of this webhook, looked for where `thread_id` says and nowhere else."""
    found = call.backend.world.message(_target(call, webhook).id, call.path["message_id"])
    if found is None or found.webhook_id != webhook.id:
        raise refusal(Code.UNKNOWN_MESSAGE)
    return found


def read_message_of(call: Call) -> Reply:
    if interaction_answers.speaks_for(call) is not None:
        return interaction_answers.read(call)
    message = _message(call, _webhook(call))
    return Reply(message_payload(call.backend.world, call.backend.files, message))


def edit_message_of(call: Call) -> Reply:
    if interaction_answers.speaks_for(call) is not None:
        return interaction_answers.edit(call)
    message = _message(call, _webhook(call))
    require_awake(call.backend.world.channels[message.channel_id])
    change = read_edit(call.body, call.uploads, message.flags)
    edited = messages.edit(call.backend, message, change)
    return Reply(message_payload(call.backend.world, call.backend.files, edited))


def delete_message_of(call: Call) -> Reply:
    if interaction_answers.speaks_for(call) is not None:
        return interaction_answers.delete(call)
    message = _message(call, _webhook(call))
    messages.delete(call.backend, message)
    return Reply()


_WEBHOOK = "/webhooks/{webhook_id}"
_WITH_TOKEN = _WEBHOOK + "/{webhook_token}"
_MESSAGE = _WITH_TOKEN + "/messages/{message_id}"

ENDPOINTS = (
    Endpoint("POST", "/channels/{channel_id}/webhooks", create, lacks="following channels of other servers"),
    Endpoint("GET", "/channels/{channel_id}/webhooks", in_channel),
    Endpoint("GET", "/guilds/{guild_id}/webhooks", in_guild),
    Endpoint("GET", _WEBHOOK, read),
    Endpoint("PATCH", _WEBHOOK, edit),
    Endpoint("DELETE", _WEBHOOK, delete),
    Endpoint("GET", _WITH_TOKEN, read, open=True),
    Endpoint("PATCH", _WITH_TOKEN, edit, open=True),
    Endpoint("DELETE", _WITH_TOKEN, delete, open=True),
    Endpoint(
        "POST", _WITH_TOKEN, execute, open=True, lacks="polls, which are refused; links are not unfurled"
    ),
    Endpoint("GET", _MESSAGE, read_message_of, open=True),
    Endpoint("PATCH", _MESSAGE, edit_message_of, open=True),
    Endpoint("DELETE", _MESSAGE, delete_message_of, open=True),
)
