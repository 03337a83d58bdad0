"""Finding on the screen what a human means."""

from __future__ import annotations

from typing import Any

import pytest

from chatdesk_playground.slack.inputs import NoSuchThing, find_element, find_option
from tests.playground.slack.samples import BUTTON, MORE, PRIORITY, option, plain


def row(*elements: dict[str, Any]) -> list[dict[str, Any]]:
    """An actions block."""
    return [{"type": "actions", "block_id": "row", "elements": list(elements)}]


def test_by_label_id_placeholder_and_words() -> None:
    claim = BUTTON | {"text": plain("🙌 Claim")}
    unclaim = BUTTON | {"text": plain("Unclaim"), "action_id": "unclaim"}
    blocks = row(unclaim, claim, PRIORITY | {"placeholder": plain("Priority ▾")}, MORE)
    for name in ("🙌 Claim", "Claim", "claim", ":raised_hands: Claim"):
        assert find_element(blocks, name)[1]["action_id"] == "claim"
    assert find_element(blocks, "Unclaim")[1]["action_id"] == "unclaim"
    assert find_element(blocks, "Priority")[1]["action_id"] == "priority"
    assert find_element(blocks, "More")[1]["action_id"] == "more"
    with pytest.raises(NoSuchThing, match="there are"):
        find_element(blocks, "laim")


def test_options_by_text_value_and_words() -> None:
    options = [option("🔴 Urgent", "p1"), option("Not urgent", "p4")]
    for wanted in ("🔴 Urgent", "p1", "urgent"):
        assert find_option(options, wanted)["value"] == "p1"
    with pytest.raises(NoSuchThing, match="offered are"):
        find_option(options, "high")
