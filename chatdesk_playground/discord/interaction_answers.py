"""What an app answers to an interaction: the one callback, the original response, follow-ups."""

from __future__ import annotations

import time
from dataclasses import replace

from chatdesk_playground.discord import components, messages
from chatdesk_playground.discord.api import Call, Endpoint, Reply
from chatdesk_playground.discord.backend import Backend
from chatdesk_playground.discord.component_limits import check_modal
from chatdesk_playground.discord.errors import Code, Form, refusal
from chatdesk_playground.discord.limits import read_edit, read_message
from chatdesk_playground.discord.message_payloads import message_payload
from chatdesk_playground.discord.pending import CallbackType, Interaction, InteractionType, OpenModal
from chatdesk_playground.discord.rest_messages import draft_of
from chatdesk_playground.discord.state import Author, Message, MessageFlag, MessageType, Reference
from chatdesk_playground.discord.wire import Body, JsonObject, bodies_of, body_of, number_of, text_of

ORIGINAL = "@original"
ALLOWED = {
    InteractionType.COMMAND: {CallbackType.MESSAGE, CallbackType.DEFERRED_MESSAGE, CallbackType.MODAL},
    InteractionType.COMPONENT: set(CallbackType) - {CallbackType.AUTOCOMPLETE},
    InteractionType.AUTOCOMPLETE: {CallbackType.AUTOCOMPLETE},
    InteractionType.MODAL_SUBMIT: set(CallbackType) - {CallbackType.AUTOCOMPLETE, CallbackType.MODAL},
}
"""Which callbacks each kind of interaction takes."""


def callback(call: Call) -> Reply:
    """The first answer: once only (40060), within three seconds (10062)."""
    interaction = call.backend.interactions.by_id.get(call.path["interaction_id"])
    if interaction is None or interaction.token != call.path["interaction_token"]:
        raise refusal(Code.UNKNOWN_INTERACTION)
    if interaction.answer is not None:
        raise refusal(Code.INTERACTION_ACKNOWLEDGED)
    if interaction.late:
        raise refusal(Code.UNKNOWN_INTERACTION)
    kind = _kind(interaction, call.body)
    message = _perform(call, interaction, kind, body_of(call.body.get("data")))
    interaction.answer = kind
    interaction.answered = time.monotonic()
    call.backend.changes.note()
    if call.query.get("with_response") not in ("1", "true", "True"):
        return Reply()
    return Reply(_callback_payload(call.backend, interaction, message))


def _kind(interaction: Interaction, body: Body) -> CallbackType:
    form = Form()
    form.choice("type", number_of(body, "type"), frozenset(map(int, ALLOWED[interaction.kind])))
    form.check()
    kind = CallbackType(number_of(body, "type"))
    updating = kind in (CallbackType.UPDATE_MESSAGE, CallbackType.DEFERRED_UPDATE)
    if updating and interaction.message_id is None:
        form.wrong("type", "INTERACTION_CALLBACK_TYPE_INVALID", "There is no message to update.")
        form.check()
    return kind


def _perform(call: Call, interaction: Interaction, kind: CallbackType, data: Body) -> Message | None:
    if kind is CallbackType.MESSAGE:
        return _respond(call, interaction, data)
    if kind is CallbackType.DEFERRED_MESSAGE:
        return _defer(call.backend, interaction, data)
    if kind is CallbackType.UPDATE_MESSAGE:
        return _update(call, interaction, data)
    if kind is CallbackType.DEFERRED_UPDATE:
        interaction.response_message_id = interaction.message_id
        return None
    if kind is CallbackType.AUTOCOMPLETE:
        interaction.choices = _choices(data)
        return None
    interaction.modal = _modal(interaction, data)
    call.backend.interactions.modals[interaction.user_id] = interaction.modal
    return None


def _respond(call: Call, interaction: Interaction, data: Body) -> Message:
    message = messages.post(call.backend, _draft(call, interaction, data))
    interaction.response_message_id = message.id
    interaction.ephemeral = message.visible_to is not None
    return message


def _draft(call: Call, interaction: Interaction, data: Body) -> messages.Draft:
    """A message of the app that answers an interaction; ephemeral ones are for the person alone."""
    written = read_message(data, call.uploads)
    draft = draft_of(written, interaction.channel_id, Author(interaction.application_id))
    command = (
        MessageType.CONTEXT_MENU_COMMAND
        if interaction.origin.command_kind > 1
        else (MessageType.CHAT_INPUT_COMMAND)
    )
    ephemeral = bool(written.flags & MessageFlag.EPHEMERAL)
    reply = interaction.kind is InteractionType.COMPONENT and interaction.message_id is not None
    channel = call.backend.world.channels[interaction.channel_id]
    return replace(
        draft,
        nonce=None,
        flags=written.flags,
        type=command if interaction.kind is InteractionType.COMMAND else MessageType.DEFAULT,
        reference=Reference(interaction.message_id, channel.id, channel.guild_id) if reply else None,
        webhook_id=interaction.application_id,
        application_id=interaction.application_id,
        visible_to=interaction.user_id if ephemeral else None,
        interaction=interaction.origin,
    )


def _defer(backend: Backend, interaction: Interaction, data: Body) -> Message:
    """The "thinking" message, which a later edit turns into the answer."""
    ephemeral = bool(number_of(data, "flags") & MessageFlag.EPHEMERAL)
    command = interaction.kind is InteractionType.COMMAND
    draft = messages.Draft(
        channel_id=interaction.channel_id,
        author=Author(interaction.application_id),
        type=MessageType.CHAT_INPUT_COMMAND if command else MessageType.DEFAULT,
        flags=MessageFlag.LOADING | (MessageFlag.EPHEMERAL if ephemeral else 0),
        webhook_id=interaction.application_id,
        application_id=interaction.application_id,
        visible_to=interaction.user_id if ephemeral else None,
        interaction=interaction.origin,
    )
    message = messages.post(backend, draft)
    interaction.response_message_id = message.id
    interaction.ephemeral = ephemeral
    return message


def _update(call: Call, interaction: Interaction, data: Body) -> Message:
    message = call.backend.world.message(interaction.channel_id, interaction.message_id or "")
    if message is None:
        raise refusal(Code.UNKNOWN_MESSAGE)
    interaction.response_message_id = message.id
    return messages.edit(call.backend, message, read_edit(data, call.uploads, message.flags))


def _choices(data: Body) -> tuple[Body, ...]:
    choices = bodies_of(data.get("choices"))
    form = Form()
    form.length("data.choices", choices, 0, 25)
    for index, choice in enumerate(choices):
        form.length(f"data.choices.{index}.name", text_of(choice, "name"), 1, 100)
        value = choice.get("value")
        if isinstance(value, str):
            form.length(f"data.choices.{index}.value", value, 0, 100)
    form.check()
    return choices


def _modal(interaction: Interaction, data: Body) -> OpenModal:
    form = Form()
    check_modal(form, data)
    form.check()
    return OpenModal(
        custom_id=text_of(data, "custom_id"),
        title=text_of(data, "title"),
        components=components.stored(bodies_of(data.get("components"))),
        application_id=interaction.application_id,
        channel_id=interaction.channel_id,
        message_id=interaction.message_id,
        cause=interaction.origin,
    )


def _callback_payload(backend: Backend, interaction: Interaction, message: Message | None) -> JsonObject:
    about: JsonObject = {"id": interaction.id, "type": int(interaction.kind)}
    if interaction.response_message_id is not None:
        about |= {
            "response_message_id": interaction.response_message_id,
            "response_message_loading": interaction.answer is CallbackType.DEFERRED_MESSAGE,
            "response_message_ephemeral": interaction.ephemeral,
        }
    about["channel_id"] = interaction.channel_id
    if interaction.guild_id is not None:
        about["guild_id"] = interaction.guild_id
    payload: JsonObject = {"interaction": about}
    # A deferral answers without the message, though there is one already.
    if message is not None and interaction.answer is not CallbackType.DEFERRED_MESSAGE:
        shown = message_payload(backend.world, backend.files, message)
        payload["resource"] = {"type": int(interaction.answer or 0), "message": shown}
    return payload


def speaks_for(call: Call) -> Interaction | None:
    """The interaction whose token stands in a webhook address; 50027 once it has expired."""
    token = call.path.get("webhook_token", "")
    if token not in call.backend.interactions.by_token:
        return None
    now = call.backend.clock.now()
    interaction = call.backend.interactions.with_token(call.path["webhook_id"], token, now)
    if interaction is None:
        raise refusal(Code.INVALID_WEBHOOK_TOKEN)
    return interaction


def _interaction(call: Call) -> Interaction:
    interaction = speaks_for(call)
    if interaction is None or interaction.answer is None:
        raise refusal(Code.UNKNOWN_WEBHOOK)
    return interaction


def follow_up(call: Call) -> Reply:
    """A further message; the first one after a deferral takes the "thinking" message's place."""
    interaction, backend = _interaction(call), call.backend
    loading = _loading(backend, interaction)
    if loading is not None:
        return Reply(_shown(backend, _fill(call, loading)))
    draft = replace(_draft(call, interaction, call.body), type=MessageType.REPLY, reference=None)
    response = interaction.response_message_id
    if response is not None:
        channel = backend.world.channels[interaction.channel_id]
        draft = replace(draft, reference=Reference(response, channel.id, channel.guild_id))
        origin = replace(interaction.origin, original_message_id=response)
        draft = replace(draft, interaction=origin)
    else:
        draft = replace(draft, type=MessageType.DEFAULT)
    return Reply(_shown(backend, messages.post(backend, draft)))


def _loading(backend: Backend, interaction: Interaction) -> Message | None:
    response = backend.world.message(interaction.channel_id, interaction.response_message_id or "")
    return response if response is not None and response.flags & MessageFlag.LOADING else None


def _fill(call: Call, loading: Message) -> Message:
    """Turns the "thinking" message into the answer; it is not marked as edited."""
    change = replace(read_edit(call.body, call.uploads, loading.flags), flags=None)
    flags = (loading.flags | number_of(call.body, "flags")) & ~MessageFlag.LOADING
    if not loading.flags & MessageFlag.EPHEMERAL:
        flags &= ~MessageFlag.EPHEMERAL
    ready = replace(loading, flags=flags)
    edited = messages.edit(call.backend, ready, change)
    first = replace(edited, edited=None)
    call.backend.world.messages[first.channel_id][first.id] = first
    return first


def _message(call: Call) -> Message:
    interaction = _interaction(call)
    wanted = call.path["message_id"]
    message_id = interaction.response_message_id if wanted == ORIGINAL else wanted
    message = call.backend.world.message(interaction.channel_id, message_id or "")
    if message is None:
        raise refusal(Code.UNKNOWN_MESSAGE)
    answered = message.interaction is not None and message.interaction.id == interaction.id
    if message.id != interaction.response_message_id and not answered:
        raise refusal(Code.UNKNOWN_MESSAGE)
    return message


def read(call: Call) -> Reply:
    return Reply(_shown(call.backend, _message(call)))


def edit(call: Call) -> Reply:
    message = _message(call)
    if message.flags & MessageFlag.LOADING:
        return Reply(_shown(call.backend, _fill(call, message)))
    change = read_edit(call.body, call.uploads, message.flags)
    return Reply(_shown(call.backend, messages.edit(call.backend, message, change)))


def delete(call: Call) -> Reply:
    messages.delete(call.backend, _message(call))
    return Reply()


def _shown(backend: Backend, message: Message) -> JsonObject:
    return message_payload(backend.world, backend.files, message)


ENDPOINTS = (
    Endpoint(
        "POST",
        "/interactions/{interaction_id}/{interaction_token}/callback",
        callback,
        open=True,
        lacks="starting activities",
    ),
)
