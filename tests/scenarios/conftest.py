"""Scenario tests: whole stories on the real SDKs, over sockets, against the playground."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chatdesk.demo.world import World, world
from tests.conftest import RECORDED, Traffic
from tests.scenarios.stage import PAIRS, Stage

HERE = Path(__file__).parent


FILES = sorted(path.stem for path in HERE.glob("test_*.py") if path.stem != "test_conformance")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A file's scenarios run in one process, and what they did on the wire is examined after them."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.xdist_group(examined(item) or item.path.stem))
    items.sort(key=lambda item: examined(item) is not None)


def examined(item: pytest.Item) -> str | None:
    """Which file's traffic a test examines."""
    named = getattr(getattr(item, "callspec", None), "params", {}).get("played")
    return named if isinstance(named, str) else None


@pytest.fixture
async def here(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[World]:
    """A Slack, a Discord, their people and the bot, new for each story."""
    recorded = request.config.stash[RECORDED].of(request.path.stem)
    async with world(tmp_path) as made:
        yield made
    recorded.slack.append(made.slack.playground)
    recorded.discord.append(made.discord.playground)
    request.config.stash[RECORDED].milliseconds.extend(made.timings)


@pytest.fixture(params=PAIRS)
def stage(here: World, request: pytest.FixtureRequest) -> Stage:
    """Every pair of customer platform and team platform in turn."""
    return Stage.of(here, request.param)


@pytest.fixture(params=FILES)
def played(request: pytest.FixtureRequest) -> Traffic:
    """What one file's scenarios did on the wire."""
    traffic = request.config.stash[RECORDED].of(request.param)
    if not traffic.discord:
        pytest.skip("none of these scenarios was played in this run, so nothing was sent")
    return traffic
