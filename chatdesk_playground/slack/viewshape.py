"""What Slack accepts as a view: https://docs.slack.dev/reference/views"""

from __future__ import annotations

from chatdesk_playground.slack.blocks import block_problems, completed
from chatdesk_playground.slack.shapes import Shape, anything, complaint, string, text_object
from chatdesk_playground.slack.wire import JsonObject, JsonValue, children, text

_COMMON = {
    "blocks": anything,
    "private_metadata": string(3000),
    "callback_id": string(255),
    "external_id": string(255),
}
_MODAL = Shape(
    {"title": text_object(24), "blocks": anything},
    {
        **_COMMON,
        "submit": text_object(24),
        "close": text_object(24),
        "clear_on_close": anything,
        "notify_on_close": anything,
        "submit_disabled": anything,
    },
)
_HOME = Shape({"blocks": anything}, {**_COMMON, "title": text_object(24)})


def view_problems(view: JsonObject, kind: str) -> list[str]:
    """All that Slack would refuse about a modal or a home."""
    if text(view, "type") != kind:
        return [complaint(f"unsupported type: {view.get('type')}", "/view/type")]
    shape = _MODAL if kind == "modal" else _HOME
    problems = shape.problems(view, "/view") + block_problems(view.get("blocks"), kind, "/view/blocks")
    has_input = any(block.get("type") == "input" for block in children(view, "blocks"))
    if kind == "modal" and has_input and not view.get("submit"):
        problems.append(complaint("missing required field: submit", "/view"))
    return problems


def stored_view(view: JsonObject) -> dict[str, JsonValue]:
    """The view with all that Slack fills in."""
    return {
        "type": text(view, "type"),
        "title": view.get("title") or {"type": "plain_text", "text": "View Title", "emoji": True},
        "submit": view.get("submit"),
        "close": view.get("close"),
        "private_metadata": text(view, "private_metadata"),
        "callback_id": text(view, "callback_id"),
        "external_id": text(view, "external_id"),
        "clear_on_close": view.get("clear_on_close") is True,
        "notify_on_close": view.get("notify_on_close") is True,
        "blocks": completed(children(view, "blocks")),
    }
