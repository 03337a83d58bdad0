from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from chatdesk.store import desks
from chatdesk.store.engine import open_engine
from chatdesk.store.transaction import Transaction
from tests.desk.organisation import ACME


@pytest.fixture
def tx(database_url: str) -> Iterator[Transaction]:
    """A transaction of a desk that has nothing yet, on each engine."""
    engine = open_engine(database_url)
    with engine.begin() as connection:
        desks.apply(connection, ACME, datetime(2026, 1, 1, tzinfo=UTC))
        yield Transaction(connection, ACME.desk, ACME)
    engine.dispose()
