"""Modals: a form as a Slack view, and what was typed into a view. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from adapters.commonmark import plain
from adapters.slack.blocks import Block, Object, option, plain_text, sections
from adapters.slack.ids import spot
from adapters.slack.text import from_commonmark
from adapters.slack.wire import Json, mapping, text
from chatdesk.contract.sentences import LOADING
from chatdesk.contract.views import ChoiceField, Field, Form, PersonField, TextField
from chatdesk.contract.vocabulary import Where

FORM_CALLBACK = "chatdesk_form"
NOTICE_CALLBACK = "chatdesk_notice"

_TITLE_LIMIT = 24
_PLACEHOLDER_LIMIT = 150
_INPUT_LIMIT = 3000
_OPTIONS_LIMIT = 100
_PRODUCT = "chatdesk"


@dataclass(frozen=True, slots=True)
class FormContext:
    """What a view carries in its private metadata: which form it is and where it was opened from."""

    form: str
    channel: str | None
    thread: str | None


def skeleton(opened_from: Where | None) -> Object:
    """What is shown at once, while the form is being made: a trigger lives three seconds."""
    return notice(LOADING.say(), opened_from)


def notice(words: str, opened_from: Where | None) -> Object:
    """A modal that only says something (CommonMark)."""
    return {
        "type": "modal",
        "callback_id": NOTICE_CALLBACK,
        "title": plain_text(_PRODUCT, _TITLE_LIMIT),
        "private_metadata": _metadata("", opened_from),
        "blocks": sections(from_commonmark(words, {})),
    }


def view_of(form: Form, opened_from: Where | None) -> Object:
    """A form as a modal; a field's name is its block's id."""
    note = sections(from_commonmark(form.note, {})) if form.note else []
    shown = [_input(field) for field in form.fields if not _has_nothing_to_choose(field)]
    return {
        "type": "modal",
        "callback_id": FORM_CALLBACK,
        "title": plain_text(form.title, _TITLE_LIMIT),
        "submit": plain_text(form.submit, _TITLE_LIMIT),
        "private_metadata": _metadata(form.id, opened_from),
        "notify_on_close": True,
        "blocks": [*note, *shown] or sections(" "),
    }


def form_context(view: Json) -> FormContext:
    """What ``view_of`` put into the view's private metadata."""
    try:
        found = json.loads(text(view, "private_metadata") or "{}")
    except ValueError:
        found = {}
    known: Json = found if isinstance(found, dict) else {}
    return FormContext(text(known, "form"), text(known, "channel") or None, text(known, "thread") or None)


def form_values(view: Json) -> Mapping[str, str]:
    """What a person typed and chose, by field; an empty field is an empty string."""
    values = mapping(view, "state", "values")
    return {field: _value(mapping(values, field, field)) for field in values}


def field_errors(view: Json, fields: Mapping[str, str], otherwise: str) -> dict[str, str]:
    """Errors (CommonMark) by block, as Slack wants them: plain.

    What no field of the view can show stands at its first field.
    """
    shown = list(mapping(view, "state", "values"))
    errors = {field: plain(message) for field, message in fields.items() if field in shown}
    if not errors and shown:
        return {shown[0]: plain(otherwise)}
    return errors


def _value(entered: Json) -> str:
    return (
        text(entered, "value") or text(entered, "selected_option", "value") or text(entered, "selected_user")
    )


def _metadata(form: str, opened_from: Where | None) -> str:
    opened = spot(opened_from.place) if opened_from is not None else None
    known = {
        "form": form,
        "channel": opened.channel if opened else None,
        "thread": opened.thread if opened else None,
    }
    return json.dumps({name: value for name, value in known.items() if value})


def _has_nothing_to_choose(field: Field) -> bool:
    """Slack refuses a menu without options, and with it the whole view."""
    return isinstance(field, ChoiceField) and not field.options


def _input(field: Field) -> Block:
    block: dict[str, object] = {
        "type": "input",
        "block_id": field.name,
        "label": plain_text(field.label, 2000),
        "optional": not field.required,
        "element": _element(field),
    }
    if isinstance(field, ChoiceField) and field.refreshes:
        block["dispatch_action"] = True
    return block


def _element(field: Field) -> Object:
    match field:
        case TextField():
            return _text_input(field)
        case ChoiceField(options=options, value=value):
            return {
                "type": "static_select",
                "action_id": field.name,
                "options": [option(one) for one in options[:_OPTIONS_LIMIT]],
            } | _initial_option([option(one) for one in options if one.value == value])
        case PersonField():
            return {"type": "users_select", "action_id": field.name}


def _text_input(field: TextField) -> Object:
    limit = min(field.max_length, _INPUT_LIMIT)
    element: dict[str, object] = {
        "type": "plain_text_input",
        "action_id": field.name,
        "multiline": field.multiline,
        "max_length": limit,
    }
    if field.value:
        element["initial_value"] = field.value[:limit]
    if field.placeholder:
        element["placeholder"] = plain_text(field.placeholder, _PLACEHOLDER_LIMIT)
    return element


def _initial_option(chosen: Sequence[Object]) -> dict[str, object]:
    return {"initial_option": chosen[0]} if chosen else {}
