"""What may follow what was typed of a Discord command."""

from __future__ import annotations

import pytest

from chatdesk_playground.discord.state import Command
from chatdesk_playground.page.discord_commands import choices, complete_value, completed, read, suggestions
from chatdesk_playground.page.model import Option

TICKET = Command("1", "9", None, 1, "ticket", "1", {
    "name": "ticket", "description": "Work with tickets", "options": [
        {"type": 1, "name": "priority", "description": "How urgent", "options": [
            {"type": 3, "name": "priority", "description": "Level", "required": True, "autocomplete": True},
            {"type": 4, "name": "ticket", "description": "Which"},
        ]},
        {"type": 1, "name": "people", "description": "Who takes part", "options": [
            {"type": 3, "name": "action", "choices": [{"name": "add", "value": "add"}]},
            {"type": 6, "name": "person", "description": "Who"},
        ]},
    ],
})  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("/", ["/ticket "]),
        ("/tick", ["/ticket "]),
        ("/other", []),
        ("/ticket ", ["/ticket priority ", "/ticket people "]),
        ("/ticket pr", ["/ticket priority "]),
        ("/ticket priority ", ["/ticket priority priority: ", "/ticket priority ticket: "]),
        ("/ticket priority priority: high t", ["/ticket priority priority: high ticket: "]),
    ],
)
def test_names(typed: str, offered: list[str]) -> None:
    assert [one.insert for one in suggestions([TICKET], typed)] == offered


def test_what_was_typed_is_read_with_spaces_in_values() -> None:
    line = read([TICKET], "/ticket priority priority: very high ticket: 7")
    assert line is not None
    assert (line.path, line.values) == ("ticket priority", {"priority": "very high", "ticket": "7"})
    assert read([TICKET], "/nothing") is None


def test_values_that_are_known_and_that_the_app_is_asked_for() -> None:
    line = read([TICKET], "/ticket people action: a")
    assert line is not None and line.focused is not None
    found = choices(line.focused, [], []) or ()
    assert [one.insert for one in complete_value(line, "/ticket people action: a", found)] == [
        "/ticket people action: add "
    ]
    asked = read([TICKET], "/ticket priority priority: hi")
    assert asked is not None and asked.focused is not None
    assert choices(asked.focused, [], []) is None
    [one] = completed(asked, "/ticket priority priority: hi", [Option("High", "high")])
    assert (one.insert, one.label) == ("/ticket priority priority: high ", "High")
