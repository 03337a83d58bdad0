from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from chatdesk.store.engine import open_engine
from tests.desk.world import World


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    opened = await World.furnish(open_engine(database_url))
    yield opened
    await opened.close()
