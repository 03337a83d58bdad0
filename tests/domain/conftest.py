"""The whole year runs only where it is asked for."""

from __future__ import annotations

from collections.abc import Iterable

import pytest


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "year: 100,000 tickets; run with -m year")


def pytest_collection_modifyitems(config: pytest.Config, items: Iterable[pytest.Item]) -> None:
    if "year" in str(config.getoption("markexpr")):
        return
    for item in items:
        if item.get_closest_marker("year") is not None:
            item.add_marker(pytest.mark.skip(reason="takes half a minute; run with -m year"))
