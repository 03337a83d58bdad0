from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chatdesk.store.engine import open_engine
from chatdesk.store.tables import metadata
from tests.desk.conftest import world as on_each_engine
from tests.desk.world import World

__all__ = ["on_each_engine", "world"]


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """On SQLite alone; what asks for ``on_each_engine`` runs on PostgreSQL, too."""
    engine = open_engine(f"sqlite:///{tmp_path / 'chatdesk.db'}")
    metadata.create_all(engine)
    made = await World.furnish(engine)
    yield made
    await made.close()
