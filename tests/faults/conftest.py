"""The proofs that take minutes run only where their marker is asked for."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

LONG = ("kill", "matrix", "power_cut", "replicas")


def pytest_configure(config: pytest.Config) -> None:
    for marker in LONG:
        config.addinivalue_line("markers", f"{marker}: takes minutes; run with -m {marker}")


def pytest_collection_modifyitems(config: pytest.Config, items: Iterable[pytest.Item]) -> None:
    asked = str(config.getoption("markexpr"))
    for item in items:
        for marker in LONG:
            if item.get_closest_marker(marker) is not None and marker not in asked:
                item.add_marker(pytest.mark.skip(reason=f"takes minutes; run with -m {marker}"))
