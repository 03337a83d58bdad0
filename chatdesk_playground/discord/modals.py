"""Modals on a person's screen: their fields, what the client checks, what a submission sends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chatdesk_playground.discord.backend import Backend
from chatdesk_playground.discord.component_limits import (
    ACTION_ROW,
    CHECKBOX,
    CHECKBOX_GROUP,
    FILE_UPLOAD,
    LABEL,
    RADIO_GROUP,
    SELECTS,
    TEXT_DISPLAY,
    TEXT_INPUT,
)
from chatdesk_playground.discord.deeds import cannot, chosen_values, option_value
from chatdesk_playground.discord.errors import ApiError
from chatdesk_playground.discord.files import Upload
from chatdesk_playground.discord.interactions import Deed, resolved_entry
from chatdesk_playground.discord.message_payloads import attachment_payload
from chatdesk_playground.discord.messages import store_uploads
from chatdesk_playground.discord.pending import InteractionType, OpenModal
from chatdesk_playground.discord.state import Channel
from chatdesk_playground.discord.wire import (
    Body,
    JsonObject,
    bodies_of,
    body_of,
    flag_of,
    items_of,
    number_of,
    optional_text,
    text_of,
)


@dataclass(frozen=True, slots=True)
class Field:
    """One field: the label beside it, and its component."""

    label: str
    description: str | None
    component: Body

    @property
    def custom_id(self) -> str:
        return text_of(self.component, "custom_id")

    @property
    def kind(self) -> int:
        return number_of(self.component, "type")

    @property
    def required(self) -> bool:
        return self.kind != CHECKBOX and flag_of(self.component, "required", True)


class FieldsRefused(Exception):
    """The client's own complaints before anything is sent: a sentence per label."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(", ".join(f"{label}: {sentence}" for label, sentence in errors.items()))
        self.errors = errors


def fields_of(modal: OpenModal) -> list[Field]:
    fields = []
    for component in modal.components:
        kind = number_of(component, "type")
        if kind == LABEL:
            inner = body_of(component.get("component"))
            fields.append(Field(text_of(component, "label"), optional_text(component, "description"), inner))
        elif kind == ACTION_ROW:
            for inner in bodies_of(component.get("components")):
                label = text_of(inner, "label") or text_of(inner, "placeholder")
                fields.append(Field(label, None, inner))
    return fields


def shown(modal: OpenModal) -> JsonObject:
    """A modal as a person sees it."""
    return {
        "custom_id": modal.custom_id,
        "title": modal.title,
        "channel_id": modal.channel_id,
        "texts": [text_of(item, "content") for item in modal.components if item.get("type") == TEXT_DISPLAY],
        "fields": [_shown_field(field) for field in fields_of(modal)],
    }


def _shown_field(field: Field) -> JsonObject:
    component = field.component
    preset = [text_of(item, "value") for item in bodies_of(component.get("options")) if item.get("default")]
    return {
        "label": field.label,
        "description": field.description,
        "custom_id": field.custom_id,
        "type": field.kind,
        "required": field.required,
        "placeholder": optional_text(component, "placeholder"),
        "value": optional_text(component, "value"),
        "values": preset,
        "options": [
            {"label": text_of(item, "label"), "value": text_of(item, "value")}
            for item in bodies_of(component.get("options"))
        ],
        "min_length": number_of(component, "min_length"),
        "max_length": number_of(component, "max_length", 4000),
        "multiline": number_of(component, "style") == 2,
    }


def submission(
    backend: Backend,
    user_id: str,
    modal: OpenModal,
    values: Mapping[str, object],
    uploads: Mapping[str, Sequence[Upload]],
) -> Deed:
    """The submission of a modal with these values, by label or custom id; raises FieldsRefused."""
    channel = backend.world.channels[modal.channel_id]
    fields = fields_of(modal)
    for name in (*values, *uploads):
        if not any(name in (field.label, field.custom_id) for field in fields):
            offered = ", ".join(repr(field.label) for field in fields)
            raise cannot(f"The form has no field {name!r}; there are: {offered}")
    resolved: JsonObject = {}
    filled: dict[str, JsonObject] = {}
    errors: dict[str, str] = {}
    for field in fields:
        try:
            filled[field.custom_id] = _filled(backend, channel, field, values, uploads, resolved)
        except ApiError as error:
            errors[field.label] = error.message
    if errors:
        raise FieldsRefused(errors)
    data: JsonObject = {
        "custom_id": modal.custom_id,
        "components": [_submitted(component, filled) for component in modal.components],
    }
    if resolved:
        data["resolved"] = resolved
    message = backend.world.message(modal.channel_id, modal.message_id or "")
    kind = InteractionType.MODAL_SUBMIT
    return Deed(kind, modal.application_id, user_id, channel, data, message, cause=modal.cause)


def _submitted(component: Body, filled: Mapping[str, JsonObject]) -> JsonObject:
    kind = number_of(component, "type")
    entry: JsonObject = {"type": kind, "id": number_of(component, "id")}
    if kind == LABEL:
        inner = body_of(component.get("component"))
        entry["component"] = filled[text_of(inner, "custom_id")]
    elif kind == ACTION_ROW:
        children = bodies_of(component.get("components"))
        entry["components"] = [filled[text_of(child, "custom_id")] for child in children]
    return entry


def _filled(
    backend: Backend,
    channel: Channel,
    field: Field,
    values: Mapping[str, object],
    uploads: Mapping[str, Sequence[Upload]],
    resolved: JsonObject,
) -> JsonObject:
    given = values.get(field.label, values.get(field.custom_id))
    entry: JsonObject = {
        "type": field.kind,
        "id": number_of(field.component, "id"),
        "custom_id": field.custom_id,
    }
    if field.kind == TEXT_INPUT:
        return entry | {"value": _text(field, given)}
    if field.kind == CHECKBOX:
        checked = flag_of(field.component, "default") if given is None else bool(given)
        return entry | {"value": checked}
    if field.kind == FILE_UPLOAD:
        files = uploads.get(field.label, uploads.get(field.custom_id, ()))
        return entry | {"values": _files(backend, channel, field, files, resolved)}
    chosen = _chosen(backend, channel, field, given, resolved)
    if field.kind == RADIO_GROUP:
        return entry | {"value": chosen[0] if chosen else None}
    return entry | {"values": chosen}


def _text(field: Field, given: object) -> str:
    text = (optional_text(field.component, "value") or "") if given is None else str(given)
    low, high = number_of(field.component, "min_length"), number_of(field.component, "max_length", 4000)
    if field.required and not text.strip():
        raise cannot("This field is required")
    if len(text) > high or (text and len(text) < low):
        raise cannot(f"Must be between {low} and {high} in length.")
    return text


def _files(
    backend: Backend, channel: Channel, field: Field, files: Sequence[Upload], resolved: JsonObject
) -> list[str]:
    low = number_of(field.component, "min_values", 1 if field.required else 0)
    high = number_of(field.component, "max_values", 1)
    if not (low if field.required else 0) <= len(files) <= high:
        raise cannot(f"Between {low} and {high} files are needed")
    stored = store_uploads(backend, channel.id, files)
    for attachment in stored:
        payload = attachment_payload(attachment, backend.files, ephemeral=True)
        resolved_entry(resolved, "attachments", attachment.id, payload)
    return [attachment.id for attachment in stored]


def _chosen(
    backend: Backend, channel: Channel, field: Field, given: object, resolved: JsonObject
) -> list[str]:
    """The values of a select, radio or checkbox group; what is preset stands if nothing is said."""
    component = field.component
    if given is None:
        preset = [
            text_of(item, "value") for item in bodies_of(component.get("options")) if item.get("default")
        ]
        wanted = preset or [str(body_of(item)["id"]) for item in items_of(component.get("default_values"))]
    else:
        wanted = [given] if isinstance(given, str) else [str(item) for item in items_of(given)]
    if field.required and not wanted:
        raise cannot("This field is required")
    if field.kind in SELECTS:
        return chosen_values(backend, channel, component, wanted, resolved)
    if field.kind == CHECKBOX_GROUP:
        high = number_of(component, "max_values", 10)
        if len(wanted) > high:
            raise cannot(f"Choose {high} at most")
    return [option_value(component, item) for item in wanted]
