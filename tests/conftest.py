"""What the whole run measures and says at its end."""

from __future__ import annotations

import os
import statistics
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

import pytest
import structlog

from chatdesk_playground.discord import DiscordPlayground
from chatdesk_playground.slack import SlackPlayground


@dataclass
class Traffic:
    """What one file's scenarios did on the wire."""

    slack: list[SlackPlayground] = field(default_factory=list)
    discord: list[DiscordPlayground] = field(default_factory=list)


@dataclass
class Recorded:
    """What the scenarios of this process did, by file, and how long people waited for answers."""

    traffic: dict[str, Traffic] = field(default_factory=dict)
    milliseconds: list[float] = field(default_factory=list)

    def of(self, file: str) -> Traffic:
        """The traffic of the scenarios of a file, which is named without its suffix."""
        return self.traffic.setdefault(file, Traffic())


class Worker(Protocol):
    """A process that ran a part of the tests, as pytest-xdist hands it over."""

    config: pytest.Config


RECORDED = pytest.StashKey[Recorded]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[RECORDED] = Recorded()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker process hands what it measured to the process that prints."""
    handed_over = getattr(session.config, "workeroutput", None)
    if isinstance(handed_over, dict):
        handed_over["milliseconds"] = session.config.stash[RECORDED].milliseconds


@pytest.fixture(autouse=True)
def plain_logs() -> Iterator[None]:
    """Errors are logged without everybody's local variables, which take seconds to draw."""
    plain = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[structlog.processors.add_log_level, plain])
    yield
    structlog.reset_defaults()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Two for each core: a scenario waits for sockets half of its time."""
    return 2 * (os.cpu_count() or 1)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Worker) -> None:
    handed_over = getattr(node, "workeroutput", {})
    node.config.stash[RECORDED].milliseconds.extend(handed_over.get("milliseconds", []))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    waited = config.stash[RECORDED].milliseconds
    if waited:
        median = statistics.median(waited)
        terminalreporter.write_line(
            f"scenarios: {len(waited)} commands, buttons and forms; median time to the answer {median:.0f} ms"
        )
