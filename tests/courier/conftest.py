from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog

from tests.courier import support


@pytest.fixture(autouse=True)
def plain_logs() -> Iterator[None]:
    """Errors are logged as in earnest: without everybody's local variables, which takes seconds to draw."""
    plain = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[structlog.processors.add_log_level, plain])
    yield
    structlog.reset_defaults()


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[support.World]:
    async with support.world(tmp_path) as made:
        yield made
