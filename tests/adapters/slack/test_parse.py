"""Payloads as events, as tables."""

from __future__ import annotations

import pytest

from adapters.slack.ids import installation
from adapters.slack.parse import Us, mention, mentioned, message_event, reaction
from adapters.slack.parse_interactions import CAPACITY, event_of, interaction, pressed_action
from adapters.slack.wire import Json, items, mapping, number, strings, text, yes
from chatdesk.contract.actions import Action, ChooseOption, FormKind, OpenForm, RunVerb, encode
from chatdesk.contract.inbound import (
    ChoiceMade,
    CommandGiven,
    CommandTyped,
    FormOpened,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
)
from tests.adapters.slack.desk import SystemClock

US = Us(installation("T1"), "acme", "https://acme.slack.com/", "UBOT", "BBOT")
SAID: dict[str, object] = {
    "type": "message",
    "channel": "C1",
    "user": "U1",
    "text": "hello",
    "ts": "1700000000.000100",
    "event_ts": "1700000000.000100",
}


def changed(now: dict[str, object], before: dict[str, object]) -> dict[str, object]:
    return {
        "type": "message",
        "subtype": "message_changed",
        "channel": "C1",
        "event_ts": "1700000009.000000",
        "message": SAID | now,
        "previous_message": SAID | before,
    }


NOTHING: list[tuple[str, dict[str, object]]] = [
    ("ours by bot id", SAID | {"bot_id": "BBOT", "subtype": "bot_message"}),
    ("ours by user", SAID | {"user": "UBOT"}),
    ("our mention of ourselves", SAID | {"user": "UBOT", "text": "<@UBOT> list"}),
    ("somebody joined", SAID | {"subtype": "channel_join"}),
    ("a topic", SAID | {"subtype": "channel_topic"}),
    ("a reply was counted", changed({"reply_count": 1}, {})),
    ("a link was unfolded", changed({"attachments": [{"title": "x"}]}, {})),
    ("unfolded after an edit", changed({"edited": {"ts": "2.0"}}, {"edited": {"ts": "2.0"}})),
    ("our own edit", changed({"bot_id": "BBOT", "text": "new", "edited": {"ts": "2.0"}}, {"bot_id": "BBOT"})),
    ("our own deletion", SAID | {"subtype": "message_deleted", "previous_message": {"bot_id": "BBOT"}}),
    ("no timestamp", {"type": "message", "channel": "C1", "user": "U1", "text": "x"}),
    ("nothing at all", {}),
]


@pytest.mark.parametrize(("what", "event"), NOTHING, ids=[what for what, _ in NOTHING])
def test_what_says_nothing(what: str, event: dict[str, object]) -> None:
    assert message_event(event, US, {}) is None


@pytest.mark.parametrize("subtype", ["file_share", "thread_broadcast", "me_message", "bot_message"])
def test_subtypes_that_say_something(subtype: str) -> None:
    event = message_event(SAID | {"subtype": subtype}, US, {})
    assert isinstance(event, MessagePosted) and event.body == "hello"


def test_another_bot_is_known_by_its_bot_id_and_the_name_it_posts_under() -> None:
    event = message_event(
        SAID | {"subtype": "bot_message", "bot_id": "B2", "username": "Alerts", "user": "U2"}, US, {}
    )
    assert isinstance(event, MessagePosted)
    assert event.actor.identity.id == "B2"
    assert event.actor.profile is not None and event.actor.profile.name == "Alerts"


def test_an_app_that_wrote_attachments_only_is_read() -> None:
    event = message_event(
        SAID | {"bot_id": "B2", "text": "", "attachments": [{"fallback": "Disk full"}, {"text": "on web1"}]},
        US,
        {},
    )
    assert isinstance(event, MessagePosted) and event.body == "Disk full\n\non web1"


def test_files_with_bytes_are_files_and_others_links() -> None:
    files = [
        {"id": "F1", "name": "a.txt", "size": 3, "mimetype": "text/plain"},
        {"id": "F2", "name": "gone", "mode": "tombstone"},
        {"id": "F3", "name": "Doc [1]", "is_external": True, "external_url": "https://docs.example/x"},
        {"id": "F4", "file_access": "check_file_info"},
    ]
    event = message_event(SAID | {"files": files, "subtype": "file_share"}, US, {})
    assert isinstance(event, MessagePosted)
    assert [(file.id, file.name, file.size) for file in event.files] == [("F1", "a.txt", 3), ("F4", "F4", 0)]
    assert event.body == "hello\n\n[Doc \\[1\\]](https://docs.example/x)"


def test_an_edit_is_versioned_by_its_time() -> None:
    event = message_event(changed({"text": "new", "edited": {"ts": "1700000005.000000"}}, {}), US, {})
    assert isinstance(event, MessageEdited)
    assert (event.version, event.body, event.ref.id) == (
        "1700000005.000000",
        "new",
        "C1/1700000000.000100",
    )


def test_a_removed_file_is_an_edit() -> None:
    event = message_event(changed({"files": []}, {"files": [{"id": "F1"}]}), US, {})
    assert isinstance(event, MessageEdited) and event.version == "1700000009.000000"


def test_a_tombstone_is_a_deletion() -> None:
    event = message_event(changed({"subtype": "tombstone", "text": "This message was deleted."}, {}), US, {})
    assert isinstance(event, MessageDeleted) and event.ref.id == "C1/1700000000.000100"


@pytest.mark.parametrize(
    ("words", "command"),
    [
        ("<@UBOT> list", "list"),
        ("  <@UBOT|chatdesk>: list", "list"),
        ("<@UBOT>, assign <@U2>", "assign [@Ben](person:slack/U2)"),
        ("<@UBOT>", ""),
        ("hello <@UBOT> list", None),
        ("<@UBOTX> list", None),
    ],
)
def test_commands_begin_with_our_mention(words: str, command: str | None) -> None:
    event = message_event(SAID | {"text": words}, US, {"U2": "Ben", "UBOT": "chatdesk", "UBOTX": "x"})
    again = mention(SAID | {"text": words, "type": "app_mention"}, "C1", US, {"U2": "Ben"})
    if command is None:
        assert isinstance(event, MessagePosted) and again is None
    else:
        assert isinstance(event, CommandTyped) and event == again
        assert event.text == command


def test_names_are_looked_up_for_mentions_without_one() -> None:
    words = "<@U1> <@U2|ben> <#C1> <#C2|> <#C3|general> <!subteam^S1> <!here> U9"
    assert mentioned({"text": words}) == {"U1", "C1", "C2", "S1"}


@pytest.mark.parametrize(
    ("changes", "emoji"),
    [
        ({"reaction": "eyes"}, "👀"),
        ({"reaction": "blobcat"}, ":blobcat:"),
        ({"reaction": "+1::skin-tone-2"}, "👍🏻"),
        ({"user": "UBOT"}, None),
        ({"item": {"type": "file"}}, None),
    ],
)
def test_reactions(changes: dict[str, object], emoji: str | None) -> None:
    event: dict[str, object] = {
        "type": "reaction_added",
        "user": "U1",
        "reaction": "eyes",
        "item": {"type": "message", "channel": "C1", "ts": "1700000000.000100"},
        "event_ts": "1700000001.000000",
    }
    seen = reaction(event | changes, US)
    assert (seen.emoji if seen else None) == emoji


@pytest.mark.parametrize(
    ("pressed", "found"),
    [
        ({"action_id": "0|verb:7:claim", "value": "verb:7:claim"}, (RunVerb("claim", 7), None)),
        (
            {"action_id": "1|verb:7:priority", "selected_option": {"value": "urgent"}},
            (RunVerb("priority", 7), "urgent"),
        ),
        (
            {"action_id": "2|verb:7:more", "selected_option": {"value": "form:7:note"}},
            (OpenForm(FormKind.NOTE, 7), None),
        ),
        ({"action_id": "0|something else"}, None),
        ({"action_id": "verb:7:claim"}, None),
        ({}, None),
    ],
)
def test_what_a_press_stands_for(pressed: Json, found: tuple[Action, str | None] | None) -> None:
    assert pressed_action(pressed) == found


@pytest.mark.parametrize(
    ("verb", "name"),
    [
        ("assign", "agent"),
        ("move", "team"),
        ("service", "service"),
        ("people", "person"),
        ("snooze", "until"),
        ("rate", "value"),
    ],
)
def test_a_chosen_value_is_the_verbs_argument(verb: str, name: str) -> None:
    seen = interaction({"trigger_id": "t", "user": {"id": "U1"}}, US, SystemClock().now())
    event = event_of(seen, RunVerb(verb, 7), "x")
    assert isinstance(event, CommandGiven) and event.arguments == {"ticket": "7", name: "x"}
    fixed = event_of(seen, RunVerb(verb, 7, "y"), None)
    assert isinstance(fixed, CommandGiven) and fixed.arguments == {"ticket": "7", name: "y"}


def test_other_actions() -> None:
    seen = interaction({"trigger_id": "t", "user": {"id": "U1"}}, US, SystemClock().now())
    opened = event_of(seen, OpenForm(FormKind.NOTE, 7), None)
    assert isinstance(opened, FormOpened)
    assert (opened.ticket, opened.capacity, opened.where) == (7, CAPACITY, None)
    assert isinstance(event_of(seen, ChooseOption("c", "o"), None), ChoiceMade)
    assert encode(ChooseOption("c", "o")) == "choose:c:o"


@pytest.mark.parametrize("payload", [{}, {"a": None}, {"a": "x"}, {"a": {"b": 1}}, {"a": [1, "x"]}])
def test_payloads_of_any_shape_can_be_read(payload: Json) -> None:
    assert text(payload, "a", "b") == ""
    assert mapping(payload, "a", "b") == {}
    assert not items(payload, "a")
    assert not yes(payload, "a", "b")
    assert number(payload, "a", "b") in (0, 1)
    assert list(strings(payload, "a")) in ([], ["x"])
