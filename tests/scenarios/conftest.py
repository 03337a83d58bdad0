"""Scenario tests: whole stories on the real SDKs, over sockets, against the playground."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chatdesk.database import open_database
from chatdesk.demo.world import World, world
from chatdesk.settings import Settings
from tests.conftest import WAITED
from tests.playground.discord.conformance import Description
from tests.scenarios.examination import Examination
from tests.scenarios.stage import PAIRS, Stage
from tests.scenarios.variants import DESK


@pytest.fixture(scope="session")
def examination() -> Examination | None:
    """What every story's traffic is held against; None where CHATDESK_REFERENCE_DIR is not set."""
    named = os.environ.get("CHATDESK_REFERENCE_DIR")
    return Examination(Path(named), Description(Path(named))) if named else None


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database that went through all migrations, and in which is nothing yet."""
    settings = Settings(
        data_dir=tmp_path_factory.mktemp("migrated"), desk_file=Path("desk.yaml"), adapters={}
    )
    engine = open_database(settings)
    file = engine.url.database
    engine.dispose()
    assert file is not None
    return Path(file)


@pytest.fixture(autouse=True)
def database(tmp_path: Path, migrated: Path) -> None:
    """Every story begins with a copy, because to go through all migrations takes as long as a short story."""
    shutil.copy(migrated, tmp_path)


@pytest.fixture
async def here(
    tmp_path: Path, request: pytest.FixtureRequest, examination: Examination | None
) -> AsyncIterator[World]:
    """A Slack, a Discord, their people and the bot, new for each story.

    What was sent over the wire is examined when the story is over.
    """
    async with world(tmp_path, desk_file=DESK) as made:
        yield made
    request.config.stash[WAITED].extend(made.timings)
    if examination is not None:
        assert examination.violations(made) == []


@pytest.fixture(params=PAIRS)
def stage(here: World, request: pytest.FixtureRequest) -> Stage:
    """Every pair of customer platform and team platform in turn."""
    return Stage.of(here, request.param)
