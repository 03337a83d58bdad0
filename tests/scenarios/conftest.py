"""Scenario tests: whole stories on the real SDKs, over sockets, against the playground."""

from __future__ import annotations

import statistics
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from chatdesk.demo.world import World, world
from chatdesk_playground.discord import DiscordPlayground
from chatdesk_playground.slack import SlackPlayground
from tests.scenarios.stage import PAIRS, Stage


@dataclass
class Recorded:
    """What all scenarios of this run did on the wire, and how long people waited for answers."""

    slack: list[SlackPlayground] = field(default_factory=list)
    discord: list[DiscordPlayground] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)


RECORDED = pytest.StashKey[Recorded]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[RECORDED] = Recorded()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What the scenarios did on the wire is examined after all of them."""
    items.sort(key=lambda item: item.get_closest_marker("after_scenarios") is not None)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    waited = config.stash[RECORDED].milliseconds
    if waited:
        median = statistics.median(waited)
        terminalreporter.write_line(
            f"scenarios: {len(waited)} commands, buttons and forms; median time to the answer {median:.0f} ms"
        )


@pytest.fixture
async def here(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[World]:
    """A Slack, a Discord, their people and the bot, new for each story."""
    recorded = request.config.stash[RECORDED]
    async with world(tmp_path) as made:
        yield made
    recorded.slack.append(made.slack.playground)
    recorded.discord.append(made.discord.playground)
    recorded.milliseconds.extend(made.timings)


@pytest.fixture(params=PAIRS)
def stage(here: World, request: pytest.FixtureRequest) -> Stage:
    """Every pair of customer platform and team platform in turn."""
    return Stage.of(here, request.param)


@pytest.fixture
def recorded(request: pytest.FixtureRequest) -> Recorded:
    return request.config.stash[RECORDED]
