from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from chatdesk.logs import Redaction, configure_logs
from chatdesk.settings import LogFormat, LogLevel, LogSettings


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield io.StringIO()
    root.handlers = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def test_our_own_and_foreign_loggers_write_json_without_secrets(stream: io.StringIO) -> None:
    configure_logs(LogSettings(format=LogFormat.JSON), ["hunter22"], stream)
    structlog.get_logger("chatdesk.x").info("delivered", lane="thread:1", note="password hunter22")
    logging.getLogger("slack_sdk").warning("called with %s", "xoxb-1234567890-abcdef")
    first, second = (json.loads(line) for line in stream.getvalue().splitlines())
    assert (first["event"], first["lane"], first["note"]) == ("delivered", "thread:1", "password [redacted]")
    assert (second["level"], second["event"]) == ("warning", "called with [redacted]")


@pytest.mark.parametrize("name", ["discord.http", "slack_sdk.web.async_client", "websockets.client"])
def test_what_sdks_say_of_whole_requests_is_left_out(stream: io.StringIO, name: str) -> None:
    configure_logs(LogSettings(format=LogFormat.JSON, level=LogLevel.DEBUG), (), stream)
    logging.getLogger(name).debug("sent {'content': 'the words of a person'}")
    structlog.get_logger("chatdesk.x").debug("ours")
    assert [json.loads(line)["event"] for line in stream.getvalue().splitlines()] == ["ours"]


def test_a_traceback_is_redacted_too(stream: io.StringIO) -> None:
    configure_logs(LogSettings(format=LogFormat.CONSOLE), (), stream)
    try:
        raise ValueError("xapp-1-A0-secretsecret")
    except ValueError:
        structlog.get_logger("chatdesk.x").exception("broke")
    assert "broke" in stream.getvalue()
    assert "ValueError: [redacted]" in stream.getvalue()


@pytest.mark.parametrize(
    "secret",
    [
        "xoxb-1234567890-abcdef",
        "xapp-1-A0123-456-abcdef",
        "A" * 24 + ".abcdef." + "B" * 38,
        "Bearer abcdefghijk",
    ],
)
def test_what_looks_like_a_token_is_removed(secret: str) -> None:
    cleaned = Redaction(()).text(f"before {secret} after")
    assert secret.removeprefix("Bearer ") not in cleaned
    assert cleaned.startswith("before ") and cleaned.endswith(" after")
