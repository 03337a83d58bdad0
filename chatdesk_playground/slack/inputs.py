"""What stands in the fields of a view or message: the state that Slack sends with every interaction."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from chatdesk_playground.slack.blocks import elements_of, options_of
from chatdesk_playground.slack.wire import JsonObject, JsonValue, child, pick, text

_STATELESS = {"button", "overflow", "image", "workflow_button"}
_TYPED = {"plain_text_input", "email_text_input", "url_text_input", "number_input"}
_INITIAL_KEYS = {
    "static_select": ("initial_option", "selected_option"),
    "external_select": ("initial_option", "selected_option"),
    "radio_buttons": ("initial_option", "selected_option"),
    "multi_static_select": ("initial_options", "selected_options"),
    "multi_external_select": ("initial_options", "selected_options"),
    "checkboxes": ("initial_options", "selected_options"),
    "users_select": ("initial_user", "selected_user"),
    "multi_users_select": ("initial_users", "selected_users"),
    "conversations_select": ("initial_conversation", "selected_conversation"),
    "multi_conversations_select": ("initial_conversations", "selected_conversations"),
    "channels_select": ("initial_channel", "selected_channel"),
    "multi_channels_select": ("initial_channels", "selected_channels"),
    "datepicker": ("initial_date", "selected_date"),
    "timepicker": ("initial_time", "selected_time"),
    "datetimepicker": ("initial_date_time", "selected_date_time"),
}


class NoSuchThing(LookupError):
    """The human looked for something that is not on the screen; the message says what is."""


def initial_state(element: JsonObject) -> JsonObject | None:
    """What a fresh element holds; None for what holds nothing, such as a button."""
    kind = text(element, "type")
    if kind in _STATELESS:
        return None
    if kind in _TYPED:
        return {"type": kind, "value": element.get("initial_value")}
    if kind == "rich_text_input":
        return {"type": kind, "rich_text_value": element.get("initial_value")}
    if kind == "file_input":
        return {"type": kind, "files": []}
    initial, selected = _INITIAL_KEYS.get(kind, ("", ""))
    if not selected:
        return None
    many = kind.startswith("multi_") or kind == "checkboxes"
    return {"type": kind, selected: element.get(initial, [] if many else None)}


def initial_values(blocks: Iterable[JsonObject]) -> dict[str, dict[str, JsonObject]]:
    """The state of fresh blocks, by block and action id."""
    values: dict[str, dict[str, JsonObject]] = {}
    for block in blocks:
        for element in elements_of(block):
            state = initial_state(element)
            if state is not None:
                values.setdefault(text(block, "block_id"), {})[text(element, "action_id")] = state
    return values


def kept_values(
    blocks: Iterable[JsonObject], before: Mapping[str, Mapping[str, JsonObject]]
) -> dict[str, dict[str, JsonObject]]:
    """The state after an update: what was filled in stays where block, action and type are the same."""
    values = initial_values(blocks)
    for block_id, actions in values.items():
        for action_id, state in actions.items():
            old = before.get(block_id, {}).get(action_id)
            if old is not None and old.get("type") == state.get("type"):
                actions[action_id] = old
    return values


def filled(element: JsonObject, answer: JsonValue, suggestions: Sequence[JsonObject] = ()) -> JsonObject:
    """The state of an element after a human entered `answer`: typed text, an option by text or value,
    an id for the pickers, or an array for those that take several. Raises `NoSuchThing`."""
    kind = text(element, "type")
    if kind in _TYPED:
        return {"type": kind, "value": None if answer in (None, "") else str(answer)}
    if kind == "rich_text_input":
        return {"type": kind, "rich_text_value": _plain_rich_text(str(answer or ""))}
    _, selected = _INITIAL_KEYS.get(kind, ("", "value"))
    if not selected.startswith("selected_option"):
        return {"type": kind, selected: answer}
    options = [*options_of(element), *suggestions]
    if kind.startswith("multi_") or kind == "checkboxes":
        many = answer if isinstance(answer, Sequence) and not isinstance(answer, str) else [answer]
        return {"type": kind, selected: [find_option(options, wanted) for wanted in many]}
    return {"type": kind, selected: None if answer is None else find_option(options, answer)}


def find_option(options: Sequence[JsonObject], wanted: JsonValue) -> JsonObject:
    """An option by its text or value; marks and emoji before its words may be left out.
    Raises `NoSuchThing`."""
    for option in options:
        if wanted in (text(child(option, "text"), "text"), text(option, "value")):
            return option
    for option in options:
        if same_words(text(child(option, "text"), "text"), str(wanted)):
            return option
    offered = [text(child(option, "text"), "text") for option in options]
    raise NoSuchThing(f"no option {wanted!r}; offered are {offered}")


def is_empty(state: JsonObject) -> bool:
    """Whether a field was left empty."""
    return all(value in (None, "", [], ()) for key, value in state.items() if key != "type")


def label_of(block: JsonObject, element: JsonObject) -> str:
    """What a human would call a field: its label, else its text, else its placeholder, else its id."""
    if block.get("type") == "input":
        return text(child(block, "label"), "text")
    for part in ("text", "placeholder"):
        shown = text(child(element, part), "text")
        if shown:
            return shown
    return text(element, "action_id")


def find_element(blocks: Iterable[JsonObject], name: str) -> tuple[JsonObject, JsonObject]:
    """The block and element that a human means by a label, placeholder, section text, block or action id.
    An exact name wins over one that has only the same words, without marks or emoji. Raises `NoSuchThing`."""
    candidates = [(block, element) for block in blocks for element in elements_of(block)]
    for block, element in candidates:
        if name in _names(block, element):
            return block, element
    for block, element in candidates:
        if same_words(label_of(block, element), name):
            return block, element
    offered = [label_of(block, element) for block, element in candidates]
    raise NoSuchThing(f"nothing called {name!r} there; there are {offered}")


def same_words(shown: str, wanted: str) -> bool:
    """Whether two labels have the same words, whatever marks and emoji stand around them."""
    words = re.findall(r"\w+", re.sub(r":[a-z0-9_+\-]+:", " ", wanted.casefold()))
    return bool(words) and words == re.findall(r"\w+", re.sub(r":[a-z0-9_+\-]+:", " ", shown.casefold()))


def _names(block: JsonObject, element: JsonObject) -> set[str]:
    names = {label_of(block, element), text(block, "block_id"), text(element, "action_id")}
    names.add(f"{text(block, 'block_id')}/{text(element, 'action_id')}")
    names.add(text(child(element, "placeholder"), "text"))
    if element.get("type") == "overflow":
        names |= {"…", "More"}
    if block.get("type") == "section":
        names.add(text(child(block, "text"), "text"))
    return names - {""}


def _plain_rich_text(words: str) -> JsonObject:
    section: JsonObject = {"type": "rich_text_section", "elements": [{"type": "text", "text": words}]}
    return {"type": "rich_text", "elements": [section]}


def action_of(block: JsonObject, element: JsonObject, state: JsonObject | None, ts: str) -> JsonObject:
    """The entry of `actions` in a block_actions payload."""
    action: dict[str, JsonValue] = {
        "type": text(element, "type"),
        "action_id": text(element, "action_id"),
        "block_id": text(block, "block_id"),
        "action_ts": ts,
    }
    kept = ("text", "value", "style", "url", "confirm") if element.get("type") == "button" else (
        "placeholder", "initial_option", "initial_user", "initial_conversation", "initial_channel",
        "initial_date", "initial_time", "min_query_length", "confirm",
    )  # fmt: skip
    action |= pick(element, kept)
    if state is not None:
        action |= {key: value for key, value in state.items() if key != "type"}
    return action


def required_missing(block: JsonObject, state: JsonObject) -> bool:
    """Whether Slack itself would refuse to submit because this field is empty."""
    return block.get("type") == "input" and block.get("optional") is not True and is_empty(state)


def length_problem(element: JsonObject, state: JsonObject) -> str:
    """Slack's own complaint about the length of a typed text, empty when there is none."""
    value = state.get("value")
    if not isinstance(value, str):
        return ""
    most = element.get("max_length", 3000)
    least = element.get("min_length", 0)
    if isinstance(most, int) and len(value) > most:
        return f"This field is too long: {len(value)} of {most} characters."
    if isinstance(least, int) and len(value) < least:
        return f"This field needs at least {least} characters."
    return ""
