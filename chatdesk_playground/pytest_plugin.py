"""The fixtures `slack_workspace` and `discord_server`; see docs/testing-bots.md.

Nothing of a playground is imported before a test asks for one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from chatdesk_playground.for_tests import DiscordServer, SlackWorkspace


@pytest.fixture
def slack_workspace() -> Iterator[SlackWorkspace]:
    """A Slack workspace on loopback with an app in it."""
    from chatdesk_playground import for_tests

    with for_tests.slack_workspace() as workspace:
        yield workspace


@pytest.fixture
def discord_server() -> Iterator[DiscordServer]:
    """A Discord server on loopback with a bot in it."""
    from chatdesk_playground import for_tests

    with for_tests.discord_server() as server:
        yield server
