"""Messages and views that hold one of everything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 16


def plain(words: str) -> dict[str, Any]:
    """A plain text object."""
    return {"type": "plain_text", "text": words}


def option(words: str, value: str) -> dict[str, Any]:
    """An option of a menu."""
    return {"text": plain(words), "value": value}


BUTTON: dict[str, Any] = {"type": "button", "text": plain("Claim"), "action_id": "claim", "value": "7"}
PRIORITY: dict[str, Any] = {
    "type": "static_select",
    "placeholder": plain("Priority"),
    "action_id": "priority",
    "options": [option("High", "high"), option("Low", "low")],
    "initial_option": option("Low", "low"),
}
MORE: dict[str, Any] = {
    "type": "overflow",
    "action_id": "more",
    "options": [option("Escalate", "escalate"), option("Move", "move")],
}
CARD: Mapping[str, Any] = {
    "text": "card",
    "blocks": [
        {"type": "header", "text": plain("Ticket")},
        {"type": "section", "text": {"type": "mrkdwn", "text": "*#7* broken"}, "accessory": MORE},
        {"type": "section", "fields": [{"type": "mrkdwn", "text": "a"}, {"type": "mrkdwn", "text": "b"}]},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "who reads this"}]},
        {"type": "divider"},
        {"type": "actions", "block_id": "row", "elements": [BUTTON, PRIORITY]},
    ],
    "metadata": {"event_type": "card", "event_payload": {"ticket": "7"}},
}


def field(label: str, element: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An input block."""
    return {"type": "input", "label": plain(label), "element": element, **more}


EVERYTHING_MODAL: dict[str, Any] = {
    "type": "modal",
    "callback_id": "form",
    "title": plain("New ticket"),
    "submit": plain("Create"),
    "close": plain("Cancel"),
    "private_metadata": "7",
    "notify_on_close": True,
    "blocks": [
        field("Title", {"type": "plain_text_input", "action_id": "v", "placeholder": plain("t")},
              block_id="t"),
        field("Category", {**PRIORITY, "options": [option("Hardware", "hw")], "initial_option": None},
              dispatch_action=True, optional=True, hint=plain("pick one")),
        field("City", {"type": "external_select", "action_id": "city", "min_query_length": 0}),
        field("Who", {"type": "users_select", "action_id": "who"}),
        field("When", {"type": "datepicker", "action_id": "when"}),
        field("Tags", {"type": "multi_static_select", "action_id": "tags", "options": [option("a", "a")]},
              optional=True),
        field("Sure", {"type": "checkboxes", "action_id": "sure", "options": [option("Yes", "y")]},
              optional=True),
        field("Kind", {"type": "radio_buttons", "action_id": "kind", "options": [option("Bug", "b")],
                       "initial_option": option("Bug", "b")}),
        field("Mail", {"type": "email_text_input", "action_id": "mail"}, optional=True),
        {"type": "actions", "elements": [{**BUTTON, "text": plain("Press"), "action_id": "press"}]},
    ],
}  # fmt: skip
HOME: dict[str, Any] = {
    "type": "home",
    "blocks": [
        {"type": "section", "text": {"type": "mrkdwn", "text": "*Your tickets*"}},
        {"type": "actions", "elements": [{**BUTTON, "text": plain("Refresh"), "action_id": "refresh"}]},
    ],
}
