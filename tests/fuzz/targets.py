"""What is fuzzed: the parsers with genuine payloads to begin with, and the text converters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from adapters.discord import parse_interactions as discord
from adapters.discord import text as discord_text
from adapters.slack import parse as slack
from adapters.slack import parse_interactions as slack_interactions
from adapters.slack import text as slack_text
from adapters.slack.ids import installation
from adapters.slack.parse import Us
from chatdesk.contract.actions import decode
from tests.fuzz.mutation import Json

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
ACTION: Json = {
    "type": "block_actions", "trigger_id": "1.2.a", "team": {"id": "T1"},
    "user": {"id": "U1", "team_id": "T1"}, "channel": {"id": "C1"},
    "container": {"type": "message", "message_ts": "1700000000.000100", "channel_id": "C1"},
    "message": {"ts": "1700000000.000100", "thread_ts": "1699999999.000100"},
    "actions": [
        {"action_id": "verb:1:claim", "block_id": "b", "type": "button", "value": "x", "action_ts": "1.2"},
    ],
}  # fmt: skip
COMMAND: Json = {
    "type": 2, "name": "ticket",
    "options": [{"type": 1, "name": "tag", "options": [{"type": 3, "name": "tag", "value": "vpn"}]}],
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Target:
    """A parser, and a payload as the platform sends it."""

    name: str
    genuine: Json
    parse: Callable[[Mapping[str, object]], object]


def slack_message(event: Mapping[str, object]) -> object:
    return slack.message_event(event, US, {})


def slack_reaction(event: Mapping[str, object]) -> object:
    return slack.reaction(event, US)


def slack_interaction(event: Mapping[str, object]) -> object:
    return slack_interactions.interaction(event, US, NOW)


def discord_command(event: Mapping[str, object]) -> object:
    return discord.invocation_of(event)


TARGETS: Sequence[Target] = (
    Target("slack message", MESSAGE, slack_message),
    Target("slack edit", CHANGED, slack_message),
    Target("slack reaction", REACTION, slack_reaction),
    Target("slack action", ACTION, slack_interaction),
    Target("discord command", COMMAND, discord_command),
)


def read_as_ids(written: str) -> None:
    """The text of a control's id, which comes back from the platform."""
    decode(written)
    discord.form_of(written)
    discord.reopened_form(written)


def convert(written: str) -> None:
    """Through both platforms' text converters. Raises AssertionError where splitting loses words."""
    for converter in (slack_text, discord_text):
        body = converter.to_commonmark(written)
        shown = converter.from_commonmark(body)
        assert "".join("".join(converter.split(shown)).split()) == "".join(shown.split()) or "```" in shown
        converter.plain(written)
