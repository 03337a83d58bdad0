"""The manifest asks for exactly what the adapter uses."""

from __future__ import annotations

from typing import cast

import pytest
from pydantic import SecretStr, ValidationError

from adapters.slack.endpoints import may_hold_files
from adapters.slack.listeners_interactive import GLOBAL_SHORTCUTS, MESSAGE_SHORTCUTS
from adapters.slack.scopes import BOT_EVENTS, BOT_SCOPES
from adapters.slack.settings import DEFAULT_API_URL, SlackSettings
from adapters.slack.wire import Json, items, mapping, strings, text, yes
from tests.adapters.slack.conftest import manifest


@pytest.fixture
def shipped() -> Json:
    return cast(Json, manifest())


def test_scopes_and_events_are_those_of_the_adapter(shipped: Json) -> None:
    assert tuple(strings(shipped, "oauth_config", "scopes", "bot")) == BOT_SCOPES
    assert tuple(strings(shipped, "settings", "event_subscriptions", "bot_events")) == BOT_EVENTS


def test_shortcuts_are_those_of_the_adapter(shipped: Json) -> None:
    shortcuts = {
        kind: {
            text(shortcut, "callback_id")
            for shortcut in items(shipped, "features", "shortcuts")
            if text(shortcut, "type") == kind
        }
        for kind in ("global", "message")
    }
    assert shortcuts == {"global": set(GLOBAL_SHORTCUTS), "message": set(MESSAGE_SHORTCUTS)}


def test_commands_are_those_of_the_settings_and_escape_mentions(shipped: Json) -> None:
    commands = items(shipped, "features", "slash_commands")
    settings = SlackSettings()
    assert [text(command, "command") for command in commands] == [
        settings.ticket_command,
        settings.desk_command,
        settings.kb_command,
        settings.assist_command,
    ]
    assert all(yes(command, "should_escape") for command in commands)


def test_it_needs_no_public_address(shipped: Json) -> None:
    assert yes(shipped, "settings", "socket_mode_enabled")
    assert yes(shipped, "settings", "interactivity", "is_enabled")
    assert yes(mapping(shipped, "features", "app_home"), "messages_tab_enabled")


def test_a_bot_token_alone_is_refused() -> None:
    with pytest.raises(ValidationError, match=r"app_token .* or signing_secret"):
        SlackSettings(bot_token=SecretStr("xoxb-1"))
    assert SlackSettings.model_validate({"bot_token": ""}).bot_token is None


def test_the_base_address_ends_in_a_slash() -> None:
    assert SlackSettings(api_url="http://127.0.0.1:1/api").api_url == "http://127.0.0.1:1/api/"


@pytest.mark.parametrize(
    ("url", "api_url", "may"),
    [
        ("https://files.slack.com/files-pri/T1-F1/a.txt", DEFAULT_API_URL, True),
        ("https://slack-files.com/x", DEFAULT_API_URL, True),
        ("http://files.slack.com/x", DEFAULT_API_URL, False),
        ("https://files.slack.com.evil.example/x", DEFAULT_API_URL, False),
        ("https://acme.slack.com/?redir=%2Ffiles-pri", DEFAULT_API_URL, False),
        ("https://evilslack.com/x", DEFAULT_API_URL, False),
        ("https://evil.example/files.slack.com", DEFAULT_API_URL, False),
        ("http://127.0.0.1:99/files/x", "http://127.0.0.1:99/api/", True),
        ("http://127.0.0.1:98/files/x", "http://127.0.0.1:99/api/", False),
        ("http://127.0.0.1:99/files/x", DEFAULT_API_URL, False),
    ],
)
def test_the_token_goes_to_slacks_file_hosts_alone(url: str, api_url: str, may: bool) -> None:
    assert may_hold_files(url, api_url) is may
