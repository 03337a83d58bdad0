"""Block Kit's shapes and limits: https://docs.slack.dev/reference/block-kit"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence

from chatdesk_playground.slack.shapes import (
    Rule,
    Shape,
    anything,
    complaint,
    listed,
    one_of,
    shaped,
    string,
    text_object,
    variants,
)
from chatdesk_playground.slack.wire import JsonObject, JsonValue, child, children, text

MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}

_CONFIRM = shaped(
    Shape(
        {
            "title": text_object(100),
            "text": text_object(300, markdown=True),
            "confirm": text_object(30),
            "deny": text_object(30),
        },
        {"style": one_of("primary", "danger")},
    )
)
_OPTION = shaped(
    Shape(
        {"text": text_object(75, markdown=True), "value": string(150, 1)},
        {"description": text_object(75, markdown=True), "url": string(3000)},
    )
)
_OPTION_GROUP = shaped(Shape({"label": text_object(75), "options": listed(_OPTION, 100)}))
_ID = string(255)


def _element(required: Mapping[str, Rule], optional: Mapping[str, Rule]) -> Shape:
    return Shape(required, {"action_id": _ID, "confirm": _CONFIRM, "focus_on_load": anything, **optional})


_PLACEHOLDER: Mapping[str, Rule] = {"placeholder": text_object(150)}
_CHOICES: Mapping[str, Rule] = {
    **_PLACEHOLDER,
    "options": listed(_OPTION, 100),
    "option_groups": listed(_OPTION_GROUP, 100),
}
_CONVERSATION: Mapping[str, Rule] = {
    **_PLACEHOLDER,
    "default_to_current_conversation": anything,
    "response_url_enabled": anything,
    "filter": anything,
}
_MANY: Mapping[str, Rule] = {"max_selected_items": anything}
_INPUT: Mapping[str, Rule] = {
    **_PLACEHOLDER,
    "initial_value": string(3000),
    "dispatch_action_config": anything,
}
_IMAGE = Shape({"alt_text": string(2000)}, {"image_url": string(3000), "slack_file": anything})

_BUTTON = _element(
    {"text": text_object(75)},
    {
        "value": string(2000),
        "url": string(3000),
        "style": one_of("primary", "danger"),
        "accessibility_label": string(75),
    },
)
_CHOOSERS: Mapping[str, Shape] = {
    "static_select": _element({}, {**_CHOICES, "initial_option": _OPTION}),
    "multi_static_select": _element({}, {**_CHOICES, **_MANY, "initial_options": listed(_OPTION, 100)}),
    "external_select": _element(
        {}, {**_PLACEHOLDER, "initial_option": _OPTION, "min_query_length": anything}
    ),
    "multi_external_select": _element(
        {}, {**_PLACEHOLDER, **_MANY, "initial_options": listed(_OPTION, 100), "min_query_length": anything}
    ),
    "users_select": _element({}, {**_PLACEHOLDER, "initial_user": anything}),
    "multi_users_select": _element({}, {**_PLACEHOLDER, **_MANY, "initial_users": anything}),
    "conversations_select": _element({}, {**_CONVERSATION, "initial_conversation": anything}),
    "multi_conversations_select": _element({}, {**_CONVERSATION, **_MANY, "initial_conversations": anything}),
    "channels_select": _element({}, {**_CONVERSATION, "initial_channel": anything}),
    "multi_channels_select": _element({}, {**_CONVERSATION, **_MANY, "initial_channels": anything}),
    "datepicker": _element({}, {**_PLACEHOLDER, "initial_date": string(10)}),
    "timepicker": _element({}, {**_PLACEHOLDER, "initial_time": string(5), "timezone": anything}),
    "datetimepicker": _element({}, {"initial_date_time": anything}),
    "checkboxes": _element({"options": listed(_OPTION, 10)}, {"initial_options": listed(_OPTION, 10)}),
    "radio_buttons": _element({"options": listed(_OPTION, 10)}, {"initial_option": _OPTION}),
}
_ACTIONS: Mapping[str, Shape] = {
    "button": _BUTTON,
    "overflow": _element({"options": listed(_OPTION, 5)}, {}),
    **_CHOOSERS,
}
_INPUTS: Mapping[str, Shape] = {
    "plain_text_input": _element(
        {}, {**_INPUT, "multiline": anything, "min_length": anything, "max_length": anything}
    ),
    "email_text_input": _element({}, _INPUT),
    "url_text_input": _element({}, _INPUT),
    "number_input": _element(
        {"is_decimal_allowed": anything}, {**_INPUT, "min_value": anything, "max_value": anything}
    ),
    "rich_text_input": _element(
        {}, {**_PLACEHOLDER, "initial_value": anything, "dispatch_action_config": anything}
    ),
    "file_input": _element({}, {"filetypes": anything, "max_files": anything}),
    **_CHOOSERS,
}
_CONTEXT: Mapping[str, Shape] = {
    "image": _IMAGE,
    "plain_text": Shape({"text": string(2000, 1)}, {"emoji": anything}),
    "mrkdwn": Shape({"text": string(2000, 1)}, {"verbatim": anything}),
}


def _block(required: Mapping[str, Rule], optional: Mapping[str, Rule] | None = None) -> Shape:
    return Shape(required, {"block_id": _ID, **(optional or {})})


_EVERYWHERE: Mapping[str, Shape] = {
    "section": _block(
        {},
        {
            "text": text_object(3000, markdown=True),
            "fields": listed(text_object(2000, markdown=True), 10),
            "accessory": variants({**_ACTIONS, "image": _IMAGE}),
            "expand": anything,
        },
    ),
    "header": _block({"text": text_object(150)}),
    "divider": _block({}),
    "context": _block({"elements": listed(variants(_CONTEXT), 10)}),
    "actions": _block({"elements": listed(variants(_ACTIONS), 25)}),
    "image": _block(
        {"alt_text": string(2000)},
        {"image_url": string(3000), "slack_file": anything, "title": text_object(2000)},
    ),
    "rich_text": _block({"elements": listed(anything, 1000, 0)}),
    "video": _block(
        {"alt_text": anything, "title": text_object(200), "thumbnail_url": anything, "video_url": anything},
        {
            "author_name": anything,
            "description": anything,
            "provider_icon_url": anything,
            "provider_name": anything,
            "title_url": anything,
        },
    ),
}
_INPUT_BLOCK: Mapping[str, Shape] = {
    "input": _block(
        {"label": text_object(2000), "element": variants(_INPUTS)},
        {"hint": text_object(2000), "optional": anything, "dispatch_action": anything},
    )
}
_MESSAGE_ONLY: Mapping[str, Shape] = {
    "markdown": _block({"text": string(12000, 1)}),
    "table": _block({"rows": listed(anything, 100)}, {"column_settings": anything}),
}
_BY_SURFACE: Mapping[str, Mapping[str, Shape]] = {
    "message": {**_EVERYWHERE, **_MESSAGE_ONLY},
    "modal": {**_EVERYWHERE, **_INPUT_BLOCK},
    "home": {**_EVERYWHERE, **_INPUT_BLOCK},
}


def block_problems(blocks: JsonValue, surface: str, pointer: str = "/blocks") -> list[str]:
    """All that Slack would refuse about these blocks on a message, a modal or a home."""
    problems = listed(variants(_BY_SURFACE[surface]), MOST_BLOCKS[surface], 0)(blocks, pointer)
    if problems or not isinstance(blocks, Sequence) or isinstance(blocks, str):
        return problems
    return _meaning_problems([block for block in blocks if isinstance(block, Mapping)], pointer)


def _meaning_problems(blocks: list[JsonObject], pointer: str) -> list[str]:
    problems = []
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        here = f"{pointer}/{index}"
        if block.get("type") == "section" and not block.get("text") and not block.get("fields"):
            problems.append(complaint("missing required field: text", here))
        if block.get("type") == "image" and not block.get("image_url") and not block.get("slack_file"):
            problems.append(complaint("missing required field: image_url", here))
        block_id = text(block, "block_id")
        if block_id and block_id in seen:
            problems.append(complaint(f"`block_id` {block_id} already exists", here))
        seen.add(block_id)
        for where, element in _placed_elements(block):
            problems += _element_problems(element, f"{here}/{where}")
    return problems


def _placed_elements(block: JsonObject) -> list[tuple[str, JsonObject]]:
    if block.get("type") == "actions":
        return [(f"elements/{n}", element) for n, element in enumerate(children(block, "elements"))]
    return [(name, child(block, name)) for name in ("accessory", "element") if child(block, name)]


def _element_problems(element: JsonObject, pointer: str) -> list[str]:
    kind = text(element, "type")
    if kind in ("static_select", "multi_static_select"):
        if not element.get("options") and not element.get("option_groups"):
            return [complaint("missing required field: options", pointer)]
        if element.get("options") and element.get("option_groups"):
            return [complaint("options and option_groups cannot both be present", pointer)]
        initial = element.get("initial_option")
        if isinstance(initial, Mapping) and text(initial, "value") not in option_values(element):
            return [complaint("initial_option must be one of the options", f"{pointer}/initial_option")]
    return []


def options_of(element: JsonObject) -> list[JsonObject]:
    """The options of a select, overflow, checkboxes or radio buttons, groups flattened."""
    grouped = [
        option for group in children(element, "option_groups") for option in children(group, "options")
    ]
    return children(element, "options") + grouped


def option_values(element: JsonObject) -> set[str]:
    """The values of those options."""
    return {text(option, "value") for option in options_of(element)}


def elements_of(block: JsonObject) -> list[JsonObject]:
    """The interactive elements of a block."""
    return [element for _, element in _placed_elements(block)]


def completed(blocks: Sequence[JsonObject]) -> list[JsonObject]:
    """The blocks as Slack stores them: every block and every interactive element has an id."""
    return [_completed_block(block) for block in blocks]


def completed_attachments(attachments: Sequence[JsonObject]) -> list[JsonObject]:
    """Attachments as Slack stores them: numbered, their blocks completed."""
    whole: list[JsonObject] = []
    for number, attachment in enumerate(attachments, start=1):
        numbered: dict[str, JsonValue] = {"id": number, **attachment}
        if attachment.get("blocks"):
            numbered["blocks"] = completed(children(attachment, "blocks"))
        whole.append(numbered)
    return whole


def _completed_block(block: JsonObject) -> JsonObject:
    whole: dict[str, JsonValue] = {name: _completed_value(value) for name, value in block.items()}
    if not whole.get("block_id"):
        whole["block_id"] = secrets.token_urlsafe(4)[:5]
    for name in ("accessory", "element"):
        part = whole.get(name)
        if isinstance(part, Mapping):
            whole[name] = _completed_element(part)
    if block.get("type") == "actions":
        whole["elements"] = [_completed_element(element) for element in children(whole, "elements")]
    return whole


def _completed_element(element: JsonObject) -> JsonObject:
    if element.get("action_id") or element.get("type") == "image":
        return element
    return {**element, "action_id": secrets.token_urlsafe(4)[:5]}


def _completed_value(value: JsonValue) -> JsonValue:
    if isinstance(value, Mapping):
        whole = {name: _completed_value(part) for name, part in value.items()}
        if whole.get("type") == "plain_text":
            whole.setdefault("emoji", True)
        if whole.get("type") == "mrkdwn":
            whole.setdefault("verbatim", False)
        return whole
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_completed_value(part) for part in value]
    return value
