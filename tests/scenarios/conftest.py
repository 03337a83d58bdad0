"""Scenario tests: whole stories on the real SDKs, over sockets, against the playground."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chatdesk.demo.world import World, world
from tests.scenarios.stage import PAIRS, Stage


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[World]:
    """A Slack, a Discord, their people and the bot, new for each story."""
    async with world(tmp_path) as made:
        yield made


@pytest.fixture(params=PAIRS)
def stage(here: World, request: pytest.FixtureRequest) -> Stage:
    """Every pair of customer platform and team platform in turn."""
    return Stage.of(here, request.param)
