"""Payloads as inbound events, and the commands that Discord is told."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import pytest

from adapters.discord.commands import payload
from adapters.discord.failures import failure_of
from adapters.discord.ids import (
    DISCORD,
    FileKey,
    MessageKey,
    file_id,
    file_key,
    identity,
    installation,
    message_key,
    message_ref,
    place,
)
from adapters.discord.parse_interactions import (
    Happening,
    command_given,
    component_used,
    form_submitted,
    invocation_of,
)
from chatdesk.contract.inbound import ChoiceMade, CommandGiven, FormChanged, FormOpened
from chatdesk.contract.vocabulary import Actor, PlaceKind, Where

HERE = place(installation(1), 2)
HAPPENING = Happening(
    "99", Actor(identity(5)), Where(HERE, PlaceKind.CHANNEL, HERE), datetime(2026, 11, 1, tzinfo=UTC)
)

EVERY_VERB = (
    *("open", "claim", "release", "assign", "priority", "status", "resolve", "close", "reopen", "escalate"),
    *("close-request", "snooze", "macro"),
    "relate",
    *("note", "reply", "move", "category", "tag", "people", "list", "find", "info", "sla", "help"),
)


def test_ids_are_made_and_parsed() -> None:
    ref = message_ref(HERE, 3)
    assert (HERE.id, ref.id, HERE.platform) == ("2", "2/3", DISCORD)
    assert message_key(ref) == MessageKey(2, 3)
    assert file_key(file_id(HERE, 3, 4)) == FileKey(2, 3, 4)
    assert str(identity(42)) == "discord/42"


@pytest.mark.parametrize(
    ("custom_id", "values", "verb", "arguments"),
    [
        ("verb:7:claim", [], "claim", {"ticket": "7"}),
        ("verb:7:assign:person:1", [], "assign", {"ticket": "7", "agent": "person:1"}),
        ("verb:7:priority", ["urgent"], "priority", {"ticket": "7", "priority": "urgent"}),
        ("verb:7:status", ["on_hold"], "status", {"ticket": "7", "status": "on_hold"}),
        ("verb:7:category", ["it/a"], "category", {"ticket": "7", "category": "it/a"}),
        ("verb:7:service", ["Mail"], "service", {"ticket": "7", "service": "Mail"}),
        ("verb:7:tag", ["vip"], "tag", {"ticket": "7", "tag": "vip"}),
        ("verb:7:escalate", ["net"], "escalate", {"ticket": "7", "team": "net"}),
        ("verb:7:move", ["net"], "move", {"ticket": "7", "team": "net"}),
        ("verb:7:acknowledge", ["x"], "acknowledge", {"ticket": "7", "value": "x"}),
        ("verb:7:more", ["verb:7:release"], "release", {"ticket": "7"}),
    ],
)
def test_components_that_run_a_verb(
    custom_id: str, values: list[str], verb: str, arguments: dict[str, str]
) -> None:
    event = component_used(custom_id, values, HAPPENING)
    assert isinstance(event, CommandGiven)
    assert (event.key, event.verb, event.arguments) == ("99", verb, arguments)


def test_other_components() -> None:
    opened = component_used("verb:7:more", ["form:7:note"], HAPPENING)
    assert isinstance(opened, FormOpened)
    assert (opened.kind, opened.ticket, opened.capacity) == ("note", 7, 5)
    choice = component_used("choose:c1:yes", [], HAPPENING)
    assert isinstance(choice, ChoiceMade)
    assert (choice.choice, choice.option) == ("c1", "yes")
    again = component_used("reopen:f1", [], HAPPENING)
    assert isinstance(again, FormChanged)
    assert again.form == "f1"
    assert component_used("somebody else's", [], HAPPENING) is None


def option(name: str, value: object, kind: int = 3, **more: object) -> dict[str, object]:
    return {"name": name, "value": value, "type": kind, **more}


def test_a_command_is_taken_apart() -> None:
    below = {"name": "add", "type": 1, "options": [option("person", "42", 6), option("ticket", "#7")]}
    data = {"name": "ticket", "options": [{"name": "people", "type": 2, "options": [below]}]}
    event = command_given(invocation_of(data), HAPPENING)
    assert isinstance(event, CommandGiven)
    assert (event.verb, event.arguments) == (
        "people",
        {"action": "add", "person": "discord/42", "ticket": "#7"},
    )


def test_what_is_being_typed_is_known() -> None:
    options = [option("agent", "an", focused=True), option("ticket", "7")]
    data = {"name": "ticket", "options": [{"name": "assign", "type": 1, "options": options}]}
    invocation = invocation_of(data)
    assert (invocation.focused, invocation.arguments["agent"]) == ("agent", "an")


def test_empty_arguments_are_left_out_and_a_bare_command_helps() -> None:
    data = {"name": "ticket", "options": [{"name": "close", "type": 1, "options": [option("text", "  ")]}]}
    event = command_given(invocation_of(data), HAPPENING)
    assert isinstance(event, CommandGiven)
    assert event.arguments == {}
    bare = command_given(invocation_of({"name": "ticket"}), HAPPENING)
    assert isinstance(bare, CommandGiven)
    assert bare.verb == "help"


def test_a_submission_is_read_through_labels_and_rows() -> None:
    components = [
        {"type": 18, "component": {"type": 4, "custom_id": "title", "value": "Fire"}},
        {"type": 18, "component": {"type": 3, "custom_id": "priority", "values": ["high"]}},
        {"type": 18, "component": {"type": 5, "custom_id": "person", "values": []}},
        {"type": 1, "components": [{"type": 4, "custom_id": "text", "value": None}]},
        {"type": 10, "content": "a note"},
    ]
    event = form_submitted("f1", components, HAPPENING)
    assert event.values == {"title": "Fire", "priority": "high", "person": "", "text": ""}


def options_of(entry: Mapping[str, object]) -> Sequence[Mapping[str, object]]:
    found = entry.get("options") or []
    assert isinstance(found, list)
    return found


def entries(commands: Sequence[Mapping[str, object]]) -> list[Mapping[str, object]]:
    return [entry for command in commands for entry in (command, *entries(options_of(command)))]


def test_the_commands_keep_within_discords_limits() -> None:
    told = payload()
    for entry in entries([command for command in told if command["type"] == 1]):
        assert re.fullmatch(r"[a-z_-]{1,32}", str(entry["name"]))
        assert 1 <= len(str(entry["description"])) <= 100
        assert len(options_of(entry)) <= 25
        required = [bool(option.get("required")) for option in options_of(entry)]
        assert required == sorted(required, reverse=True)
    assert [command["name"] for command in told if command["type"] == 3] == [
        "Create ticket",
        "Escalate ticket",
        "Split ticket",
    ]


def test_every_verb_is_there() -> None:
    (ticket,) = [command for command in payload() if command["name"] == "ticket"]
    verbs = {option["name"] for option in options_of(ticket)}
    assert verbs == {*EVERY_VERB}


def test_errors_of_our_own_are_no_failures_of_discord() -> None:
    assert failure_of(KeyError("x")) is None
    cut = failure_of(ConnectionResetError())
    assert cut is not None
    assert cut.uncertain
    late = failure_of(TimeoutError())
    assert late is not None
    assert late.uncertain
