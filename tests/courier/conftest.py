from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chatdesk.store.engine import open_engine
from tests.courier import support
from tests.store.support import furnished


@pytest.fixture
async def world(tmp_path: Path, database_url: str) -> AsyncIterator[support.World]:
    async with support.in_database(tmp_path, furnished(open_engine(database_url))) as made:
        yield made
