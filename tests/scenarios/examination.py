"""Whether what a story sent over the wire is what the platforms document."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from chatdesk.demo.world import World
from tests.playground.discord.conformance import Description
from tests.playground.slack import conformance as slack_conformance


@dataclass(frozen=True, slots=True)
class Examination:
    """Slack's payload samples and Discord's OpenAPI description."""

    reference: Path
    discord: Description

    def violations(self, played: World) -> list[str]:
        """A line for each request to Discord, and each thing that Slack sent, that is not documented."""
        sent_by_slack = played.slack.playground.events
        return [
            *self.discord.violations(played.discord.playground.requests),
            *slack_conformance.violations(sent_by_slack, self.reference / "slack"),
        ]
