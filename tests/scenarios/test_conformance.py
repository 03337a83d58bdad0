"""Everything that the scenarios sent over the wire is what the platforms document."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.conftest import Traffic
from tests.playground.discord import conformance as discord_conformance
from tests.playground.slack import conformance as slack_conformance


@pytest.fixture
def reference() -> Path:
    named = os.environ.get("CHATDESK_REFERENCE_DIR")
    if not named:
        pytest.skip("CHATDESK_REFERENCE_DIR is not set, so there is nothing to compare with")
    return Path(named)


def test_every_request_to_discord_is_in_its_openapi_description(played: Traffic, reference: Path) -> None:
    requests = [one for playground in played.discord for one in playground.requests]
    assert discord_conformance.violations(requests, reference) == []


def test_everything_slack_sent_has_only_keys_that_slack_documents(played: Traffic, reference: Path) -> None:
    sent = [one for playground in played.slack for one in playground.events]
    assert slack_conformance.violations(sent, reference / "slack") == []
