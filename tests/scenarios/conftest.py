"""Scenario tests: whole stories on the real SDKs, over sockets, against the playground."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chatdesk.demo.world import World, world
from tests.conftest import RECORDED, Recorded
from tests.scenarios.stage import PAIRS, Stage

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All scenarios run in one process, and what they did on the wire is examined after all of them."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("scenarios"))
    items.sort(key=lambda item: item.get_closest_marker("after_scenarios") is not None)


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
