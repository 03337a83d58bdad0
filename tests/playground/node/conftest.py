"""The JavaScript SDKs against the playground; `make node` installs and runs them."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from tests.playground.node.running import missing


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "node: drives bots on the JavaScript SDKs; run with -m node")


def pytest_collection_modifyitems(config: pytest.Config, items: Iterable[pytest.Item]) -> None:
    chosen = "node" in str(config.getoption("markexpr"))
    for item in items:
        if item.get_closest_marker("node") is not None and not chosen:
            item.add_marker(pytest.mark.skip(reason="needs Node.js and half a minute; run with -m node"))


@pytest.fixture(scope="session")
def node() -> None:
    """Node.js and the SDKs, or a sentence that says what is missing."""
    reason = missing()
    if reason is not None:
        pytest.skip(reason)
