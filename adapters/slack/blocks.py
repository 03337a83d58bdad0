"""The bricks of Block Kit, each within Slack's limits. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from adapters.slack.text import split
from chatdesk.contract.actions import encode
from chatdesk.contract.views import Button, Control, Menu, Option, Style

Object = Mapping[str, object]
Block = Mapping[str, object]

SECTION_LIMIT = 3000
BLOCKS_LIMIT = 50
_LABEL_LIMIT = 75
_FIELD_LIMIT = 2000
_FIELDS_A_SECTION = 10
_ELEMENTS_A_ROW = 25
_OVERFLOW_OPTIONS = 5
_OPTIONS_LIMIT = 100
_ELLIPSIS = "…"

Thing = TypeVar("Thing")


def shorten(words: str, limit: int) -> str:
    return words if len(words) <= limit else words[: limit - len(_ELLIPSIS)] + _ELLIPSIS


def plain_text(words: str, limit: int) -> Object:
    """Text that Slack shows as it is. Slack refuses an empty one."""
    return {"type": "plain_text", "text": shorten(words, limit) or " ", "emoji": True}


def mrkdwn(words: str, limit: int = SECTION_LIMIT) -> Object:
    """Text with Slack's markup; ``verbatim`` keeps Slack from making links and mentions of plain words."""
    return {"type": "mrkdwn", "text": shorten(words, limit) or " ", "verbatim": True}


def section(words: str) -> Block:
    return {"type": "section", "text": mrkdwn(words)}


def sections(words: str) -> list[Block]:
    """Text of any length."""
    return [section(part) for whole in split(words) for part in _cut(whole)] or [section(" ")]


def fields(pairs: Sequence[str]) -> list[Block]:
    """Short facts in two columns."""
    return [
        {"type": "section", "fields": [mrkdwn(pair, _FIELD_LIMIT) for pair in row]}
        for row in _rows(pairs, _FIELDS_A_SECTION)
    ]


def context(words: str) -> Block:
    return {"type": "context", "elements": [mrkdwn(words, _FIELD_LIMIT)]}


def header(words: str) -> Block:
    return {"type": "header", "text": plain_text(words, 150)}


def action_rows(controls: Sequence[Control]) -> list[Block]:
    """Buttons and menus. An action id begins with its position, as it must be unique in a message."""
    elements = [
        element(control, position)
        for position, control in enumerate(controls)
        if isinstance(control, Button) or control.options
    ]
    return [{"type": "actions", "elements": list(row)} for row in _rows(elements, _ELEMENTS_A_ROW)]


def element(control: Control, position: int) -> Object:
    action_id = f"{position}|{encode(control.action)}"
    match control:
        case Button(label, _, style):
            button: dict[str, object] = {
                "type": "button",
                "action_id": action_id,
                "text": plain_text(label, _LABEL_LIMIT),
                "value": encode(control.action),
            }
            return button if style is Style.PLAIN else button | {"style": style.value}
        case Menu():
            return _menu(control, action_id)


def option(one: Option) -> Object:
    return {"text": plain_text(one.label, _LABEL_LIMIT), "value": one.value}


def _menu(menu: Menu, action_id: str) -> Object:
    """A menu that shows what is chosen, or, for a few further actions, the three dots."""
    options = [option(one) for one in menu.options[:_OPTIONS_LIMIT]]
    if menu.label.startswith("More") and len(options) <= _OVERFLOW_OPTIONS:
        return {"type": "overflow", "action_id": action_id, "options": options}
    chosen = [option(one) for one in menu.options if one.value == menu.chosen]
    select: dict[str, object] = {
        "type": "static_select",
        "action_id": action_id,
        "placeholder": plain_text(menu.label, _LABEL_LIMIT),
        "options": options,
    }
    return select | {"initial_option": chosen[0]} if chosen else select


def _rows(things: Sequence[Thing], length: int) -> Iterator[Sequence[Thing]]:
    return (things[start : start + length] for start in range(0, len(things), length))


def _cut(words: str) -> list[str]:
    """Parts of at most a section's length, cut at a line's end where there is one."""
    parts: list[str] = []
    while len(words) > SECTION_LIMIT:
        at = words.rfind("\n", 1, SECTION_LIMIT)
        at = at if at > 0 else SECTION_LIMIT
        parts.append(words[:at])
        words = words[at:].lstrip("\n")
    return [*parts, words]
