"""What Slack makes of a human's typing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatdesk_playground.slack.state import Channel, User, Usergroup, Workspace
from chatdesk_playground.slack.typing_in import typed, typed_arguments


def workspace() -> Workspace:
    """A workspace with Ana, #support and @agents."""
    acme = Workspace("T1", "acme", "A1", "UBOT", "B1", "xoxb", frozenset())
    acme.users["UANA"] = User("UANA", "T1", "ana", "Ana", "Ana", "", "")
    acme.channels["C1"] = Channel("C1", "T1", "support", "channel", "UANA", 0)
    acme.usergroups["S1"] = Usergroup("S1", "T1", "agents", "agents", [], 0, 0, "UANA")
    return acme


@pytest.mark.parametrize(
    ("words", "wire"),
    [
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("hi @ana, see #support", "hi <@UANA>, see <#C1|support>"),
        ("@Ana. @nobody", "<@UANA>. @nobody"),
        ("@agents @here", "<!subteam^S1|@agents> <!here>"),
        ("see https://example.com/a?b=1&c=2.", "see <https://example.com/a?b=1&amp;c=2>."),
        ("[docs](https://example.com)", "<https://example.com|docs>"),
        ("*bold @ana* _i_ ~s~ `a < @ana`", "*bold <@UANA>* _i_ ~s~ `a &lt; @ana`"),
        ("5 * 3 * 2 and snake_case_name", "5 * 3 * 2 and snake_case_name"),
        ("```if a < b:\n  @ana```", "```if a &lt; b:\n  @ana```"),
        ("> said\n> twice\nme", "&gt; said\n&gt; twice\nme"),
        ("- one\n- two", "• one\n• two"),
        ("👍 ok", ":+1: ok"),
        ("at 10:30:45 for #1", "at 10:30:45 for #1"),
    ],
)
def test_wire_text(words: str, wire: str) -> None:
    assert typed(workspace(), words)[0] == wire


def test_rich_text_goes_with_it() -> None:
    _, (block,) = typed(workspace(), "hi *@ana* :tada:\n```x```\n> q\n1. one")
    elements: Any = block["elements"]
    assert [element["type"] for element in elements] == [
        "rich_text_section", "rich_text_preformatted", "rich_text_quote", "rich_text_list",
    ]  # fmt: skip
    assert elements[0]["elements"] == [
        {"type": "text", "text": "hi "},
        {"type": "user", "user_id": "UANA"},
        {"type": "text", "text": " "},
        {"type": "emoji", "name": "tada"},
    ]
    assert elements[3]["style"] == "ordered"


def test_arguments_of_commands_are_escaped_where_asked() -> None:
    assert (
        typed_arguments(workspace(), "assign @ana in #support", True) == "assign <@UANA|ana> in <#C1|support>"
    )
    assert typed_arguments(workspace(), "assign @ana", False) == "assign @ana"


@given(st.text())
def test_any_text_can_be_typed(words: str) -> None:
    wire, blocks = typed(workspace(), words)
    assert bool(wire) == bool(words.strip()) == bool(blocks)
    assert "<!" not in wire.replace("<!here>", "").replace("<!channel>", "").replace("<!everyone>", "")
