"""Logging: structlog for our own and the SDKs' loggers alike, on standard error, without secrets."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterable, Mapping, MutableMapping
from typing import TextIO

import structlog
from structlog.typing import Processor

from chatdesk.settings import LogFormat, LogSettings
from chatdesk.trail import add_ids

REDACTED = "[redacted]"

_TOKENS = re.compile(
    r"\bx(?:ox[a-z]|app)-[\w-]{6,}"  # Slack's bot, user and app tokens
    r"|\b[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}"  # Discord's bot tokens
    r"|(?<=/webhooks/)(\d+)/[\w-]{40,}"
    r"|(?<=[Bb]earer )\S{8,}"
    r"|(?<=[?&]token=)[^&\s]+"
)

_CHATTY = ("aiohttp.access", "alembic", "apscheduler", "discord.client", "discord.gateway", "uvicorn.access")
"""Loggers whose ordinary messages tell an operator nothing."""

_WORDY = ("aiohttp", "asyncio", "discord", "python_multipart", "slack_bolt", "slack_sdk", "websockets")
"""Loggers whose debug messages hold whole requests, and with them people's words and platforms' tokens."""


def configure_logs(settings: LogSettings, secrets: Iterable[str] = (), stream: TextIO | None = None) -> None:
    """Send everything that is logged in this process to ``stream``, which is standard error without one.

    May be called again.
    """
    stream = stream or sys.stderr
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_common(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_formatter(Redaction(secrets), _renderer(settings.format, stream)))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings.level.upper())
    for wordy in _WORDY:
        logging.getLogger(wordy).setLevel(max(logging.INFO, root.level))
    for chatty in _CHATTY:
        logging.getLogger(chatty).setLevel(max(logging.WARNING, root.level))
    # Says of each tick that the end of the process cuts short that it failed; our sweeps report failures.
    logging.getLogger("apscheduler.executors").setLevel(logging.CRITICAL)


def _common() -> list[Processor]:
    """What every entry gets, our own and the SDKs'."""
    return [
        structlog.contextvars.merge_contextvars,
        add_ids,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]


def _formatter(redact: Processor, render: Processor) -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_common(),
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            redact,
            render,
        ],
    )


class Redaction:
    """A processor that removes secrets from all that an entry says: known values, and what looks like one."""

    def __init__(self, secrets: Iterable[str]) -> None:
        known = sorted((secret for secret in secrets if len(secret) >= 6), key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, known))) if known else None

    def __call__(
        self, logger: object, method: str, entry: MutableMapping[str, object]
    ) -> Mapping[str, object]:
        return {key: self._clean(value) for key, value in entry.items()}

    def text(self, text: str) -> str:
        if self._known is not None:
            text = self._known.sub(REDACTED, text)
        return _TOKENS.sub(REDACTED, text)

    def _clean(self, value: object) -> object:
        match value:
            case str():
                return self.text(value)
            case None | bool() | int() | float():
                return value
            case Mapping():
                return {key: self._clean(item) for key, item in value.items()}
            case list() | tuple():
                return [self._clean(item) for item in value]
        return self.text(str(value))


def _renderer(chosen: LogFormat, stream: TextIO) -> Processor:
    console = chosen is LogFormat.CONSOLE or (chosen is LogFormat.AUTO and stream.isatty())
    if console:
        return structlog.dev.ConsoleRenderer(colors=stream.isatty())
    return structlog.processors.JSONRenderer(ensure_ascii=False)
