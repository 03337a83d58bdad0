from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chatdesk.store.engine import open_engine
from tests.desk.duty import ON_CALL
from tests.desk.world import World


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    opened = await World.furnish(open_engine(database_url))
    yield opened
    await opened.close()


@pytest.fixture
async def on_duty(tmp_path: Path) -> AsyncIterator[World]:
    """A desk where somebody is on call."""
    opened = await World.open(tmp_path, ON_CALL)
    yield opened
    await opened.close()


@pytest.fixture
async def duty_on_each_engine(database_url: str) -> AsyncIterator[World]:
    opened = await World.furnish(open_engine(database_url), ON_CALL)
    yield opened
    await opened.close()
