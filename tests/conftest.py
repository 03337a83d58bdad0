"""What the whole run measures and says at its end."""

from __future__ import annotations

import gc
import io
import logging
import os
import statistics
from collections.abc import Iterator
from typing import Protocol

import pytest
import structlog

from chatdesk.logs import configure_logs
from chatdesk.settings import LogFormat, LogLevel, LogSettings
from tests.engines import add_option, database_url, is_wanted, postgres

__all__ = ["database_url", "postgres"]


class Worker(Protocol):
    """A process that ran a part of the tests, as pytest-xdist hands it over."""

    config: pytest.Config


NEW_OBJECTS = 20_000
"""After so many is garbage looked for; a test makes many objects, and keeps few."""

LONGEST = (
    "tests/test_wheel.py",
    "tests/test_run.py",
    "tests/scenarios/test_shards.py",
    "tests/scenarios/test_replicas.py",
)
"""Whose tests wait long for something; they come first, so that at the end no process waits for another."""

WAITED = pytest.StashKey[list[float]]()
"""How many milliseconds people in the scenarios waited for each answer."""


def pytest_addoption(parser: pytest.Parser) -> None:
    add_option(parser)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    chosen = config.getoption("--engine")
    unwanted = [item for item in items if not is_wanted(item, chosen)]
    config.hook.pytest_deselected(items=unwanted)
    wanted = [item for item in items if is_wanted(item, chosen)]
    items[:] = sorted(wanted, key=lambda item: not item.nodeid.startswith(LONGEST))


def pytest_collection_finish() -> None:
    """What is imported by now stays: to walk it at each collection took a quarter of the time."""
    gc.collect()
    gc.freeze()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[WAITED] = []
    gc.set_threshold(NEW_OBJECTS, 10, 10)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker process hands what it measured to the process that prints."""
    handed_over = getattr(session.config, "workeroutput", None)
    if isinstance(handed_over, dict):
        handed_over["milliseconds"] = session.config.stash[WAITED]


@pytest.fixture(autouse=True)
def plain_logs() -> Iterator[None]:
    """Errors are logged without everybody's local variables, which take seconds to draw."""
    plain = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[structlog.processors.add_log_level, plain])
    yield
    structlog.reset_defaults()


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Everything that is logged, a line of JSON each."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    stream = io.StringIO()
    configure_logs(LogSettings(format=LogFormat.JSON, level=LogLevel.DEBUG), (), stream)
    yield stream
    root.handlers = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Five for two cores: a scenario waits for sockets more than half of its time."""
    return 5 * (os.cpu_count() or 1) // 2


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Worker) -> None:
    handed_over = getattr(node, "workeroutput", {})
    node.config.stash[WAITED].extend(handed_over.get("milliseconds", []))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    waited = config.stash[WAITED]
    if waited:
        median = statistics.median(waited)
        terminalreporter.write_line(
            f"scenarios: {len(waited)} commands, buttons and forms; median time to the answer {median:.0f} ms"
        )
