from __future__ import annotations

import json
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatdesk.contract import codec
from chatdesk.contract.inbound import Inbound
from chatdesk.contract.ports import Accepted, Answer
from chatdesk.contract.questions import Question
from chatdesk.errors import ChatdeskError
from chatdesk.recording import RecordingDesk, disguise, recorded, redacted
from tests.contract.test_codec import EVENTS

A = TypeVar("A")


class AgreeableDesk:
    async def handle(self, event: Inbound) -> Answer:
        return Accepted("fine")

    async def ask(self, question: Question[A]) -> A:
        raise NotImplementedError


async def test_what_is_recorded_is_read_back_in_order(tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    desk = RecordingDesk(AgreeableDesk(), file)
    for event in EVENTS:
        assert await desk.handle(event) == Accepted("fine")
    assert [type(each.event) for each in recorded(file)] == [type(event) for event in EVENTS]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_neither_words_nor_names_are_recorded(event: Inbound) -> None:
    text = json.dumps(redacted(codec.dump(event)), ensure_ascii=False)
    for secret in ("Ana", "there", 'title"', "ana.png", "help"):
        assert f'"{secret}"' not in text and "ana.png" not in text and "Ana" not in text


def test_what_a_bug_may_depend_on_stays() -> None:
    assert disguise("**Hello** [Bo](person:slack/U1), order 42 for #1042 🎉") == (
        "**Xxxxx** [Xx](person:slack/U1), xxxxx 00 xxx #1042 🎉"
    )
    assert disguise("🔒 note: secret") == "🔒 note: xxxxxx"
    assert disguise("שלום") == "אאאא"


@given(st.text())
def test_a_disguise_is_as_long_as_what_it_hides(text: str) -> None:
    assert len(disguise(text)) == len(text)


def test_the_verb_of_a_command_stays() -> None:
    document = redacted({"event": "CommandTyped", "text": "reply #7 my secret", "actor": {}})
    assert document["text"] == "reply #7 xx xxxxxx"


def test_a_line_that_is_no_event_is_named(tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    file.write_text("\n{}\n")
    with pytest.raises(ChatdeskError, match=r"events\.jsonl:2: is no recorded event: None is no event"):
        list(recorded(file))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ChatdeskError, match="cannot be read"):
        list(recorded(tmp_path / "nothing"))
