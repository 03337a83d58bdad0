"""Whatever a payload holds, the parsers make something of it."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord import parse_interactions as discord
from adapters.discord import text as discord_text
from adapters.slack import parse as slack
from adapters.slack import parse_interactions as slack_interactions
from adapters.slack import text as slack_text
from adapters.slack.ids import installation
from adapters.slack.parse import Us
from chatdesk.contract.actions import decode
from tests.fuzz.mutation import Json, spoilt

US = Us(installation("T1"), "acme", "https://acme.example/", "UBOT", "BBOT")
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
MESSAGE: Json = {
    "type": "message", "channel": "C1", "channel_type": "channel", "user": "U1", "team": "T1",
    "text": "hi <@U2|ana> *there*",
    "ts": "1700000000.000100", "thread_ts": "1699999999.000100", "event_ts": "1700000000.000100",
    "files": [{"id": "F1", "name": "a.txt", "size": 3, "mimetype": "text/plain", "url_private": "https://x/a"}],
    "edited": {"user": "U1", "ts": "1700000001.000000"}, "blocks": [{"type": "rich_text", "elements": []}],
}  # fmt: skip
CHANGED: Json = {
    "type": "message", "subtype": "message_changed", "channel": "C1", "channel_type": "channel",
    "ts": "1700000002.000100", "event_ts": "1700000002.000100",
    "message": MESSAGE, "previous_message": MESSAGE,
}  # fmt: skip
REACTION: Json = {
    "type": "reaction_added", "user": "U1", "reaction": "thumbsup", "item_user": "U2",
    "item": {"type": "message", "channel": "C1", "ts": "1700000000.000100"}, "event_ts": "1700000003.000100",
}  # fmt: skip
COMMAND: Json = {
    "type": 2, "name": "ticket",
    "options": [{"type": 1, "name": "tag", "options": [{"type": 3, "name": "tag", "value": "vpn"}]}],
}  # fmt: skip

seeds = st.integers(min_value=0, max_value=2**32)


def slack_message(event: Mapping[str, object]) -> object:
    return slack.message_event(event, US, {})


def slack_reaction(event: Mapping[str, object]) -> object:
    return slack.reaction(event, US)


def slack_interaction(event: Mapping[str, object]) -> object:
    return slack_interactions.interaction(event, US, NOW)


def discord_command(event: Mapping[str, object]) -> object:
    return discord.invocation_of(event)


@pytest.mark.parametrize(
    ("genuine", "parse"),
    [
        (MESSAGE, slack_message), (CHANGED, slack_message), (REACTION, slack_reaction),
        (COMMAND, discord_command),
    ],
)  # fmt: skip
@given(seed=seeds)
def test_spoilt_payloads_never_crash(
    genuine: Json, parse: Callable[[Mapping[str, object]], object], seed: int
) -> None:
    payload = spoilt(genuine, random.Random(seed), times=4)
    if isinstance(payload, dict):
        parse(cast(Mapping[str, object], payload))


@given(written=st.text(max_size=200))
def test_any_text_can_be_the_id_of_a_control(written: str) -> None:
    decode(written)
    decode("verb:" + "9" * 5000 + ":claim")
    discord.form_of(written)
    discord.reopened_form(written)


@pytest.mark.parametrize("platform", [slack_text, discord_text])
@given(written=st.text(st.characters(exclude_categories=()), max_size=400))
def test_any_text_can_be_read_written_and_split(platform: object, written: str) -> None:
    converter = slack_text if platform is slack_text else discord_text
    body = converter.to_commonmark(written)
    shown = converter.from_commonmark(body)
    assert "".join("".join(converter.split(shown)).split()) == "".join(shown.split()) or "```" in shown
    converter.plain(written)
