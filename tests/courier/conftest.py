from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.courier import support


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[support.World]:
    async with support.world(tmp_path) as made:
        yield made
