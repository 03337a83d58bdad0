"""Block Kit's rules."""

from __future__ import annotations

from typing import Any

import pytest

from chatdesk_playground.slack.blocks import block_problems, completed
from tests.playground.slack.samples import BUTTON, CARD, EVERYTHING_MODAL, PRIORITY, field, option, plain


def test_good_blocks_have_no_problems() -> None:
    assert block_problems(CARD["blocks"], "message") == []
    assert block_problems(EVERYTHING_MODAL["blocks"], "modal") == []


@pytest.mark.parametrize(
    ("block", "problem"),
    [
        ({"type": "chart"}, "unsupported type: chart [json-pointer:/blocks/0/type]"),
        ({}, "missing required field: type [json-pointer:/blocks/0]"),
        ({"type": "section"}, "missing required field: text [json-pointer:/blocks/0]"),
        ({"type": "section", "text": plain("")}, "must be more than 0 characters"),
        ({"type": "header", "text": plain("x" * 151)}, "must be less than 151 characters"),
        ({"type": "header", "text": {"type": "mrkdwn", "text": "x"}}, "unsupported type: mrkdwn"),
        ({"type": "context", "elements": [plain("x")] * 11}, "no more than 10 items allowed"),
        ({"type": "actions", "elements": []}, "must have at least 1 items"),
        ({"type": "actions", "elements": [BUTTON | {"text": plain("x" * 76)}]}, "less than 76 characters"),
        ({"type": "actions", "elements": [BUTTON | {"value": "x" * 2001}]}, "less than 2001 characters"),
        ({"type": "actions", "elements": [BUTTON | {"style": "blue"}]}, "must be a valid enum value"),
        ({"type": "actions", "elements": [PRIORITY | {"options": [option("x" * 76, "x")]}]}, "less than 76"),
        (
            {"type": "actions", "elements": [PRIORITY | {"initial_option": option("No", "no")}]},
            "one of the opt",
        ),
        (field("Title", {"type": "plain_text_input"}), "unsupported type: input"),
        ({"type": "divider", "colour": "red"}, "invalid additional property: colour"),
    ],
)
def test_bad_blocks(block: dict[str, Any], problem: str) -> None:
    problems = block_problems([block], "message")
    assert any(problem in found for found in problems), problems


def test_fifty_blocks_are_the_most() -> None:
    assert block_problems([{"type": "divider"}] * 50, "message") == []
    assert block_problems([{"type": "divider"}] * 51, "message") == [
        "no more than 50 items allowed [json-pointer:/blocks]"
    ]


def test_block_ids_are_unique() -> None:
    (problem,) = block_problems([{"type": "divider", "block_id": "x"}] * 2, "message")
    assert "already exists" in problem


def test_ids_are_given_where_the_app_gave_none() -> None:
    (block,) = completed([{"type": "actions", "elements": [{"type": "button", "text": plain("x")}]}])
    elements: Any = block["elements"]
    assert block["block_id"]
    assert elements[0]["action_id"]
    assert elements[0]["text"]["emoji"] is True
