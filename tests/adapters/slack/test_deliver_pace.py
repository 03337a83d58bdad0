"""As fast as Slack lets us, and never faster."""

from __future__ import annotations

import asyncio
import time

import pytest

from adapters.slack.adapter import SlackAdapter
from chatdesk.contract.outbound import PostLine, ShowCard
from chatdesk.contract.ports import DeliveryFailed
from tests.adapters.slack.conftest import Workspace, connected, populated
from tests.adapters.slack.desk import SystemClock
from tests.adapters.slack.samples import CARD

SPEED = 50.0


def refusals(workspace: Workspace) -> int:
    return sum(request.status == 429 for request in workspace.slack.requests)


async def test_a_backlog_uses_up_what_slack_allows_and_meets_no_refusal() -> None:
    async with populated() as workspace:
        workspace.adapter = SlackAdapter(workspace.settings.model_copy(update={"pace": SPEED}), SystemClock())
        async with connected(workspace.adapter, workspace.desk):
            await workspace.slack.control.set_rate_limits(True, speed=SPEED)
            began = time.monotonic()
            for number in range(60):
                await workspace.deliver(PostLine(f"line {number}"))
            seconds = (time.monotonic() - began) * SPEED
    assert refusals(workspace) == 0
    assert seconds >= 58, "a message a second"


async def test_many_channels_share_what_the_workspace_may_and_cards_their_tier() -> None:
    async with populated() as workspace:
        workspace.adapter = SlackAdapter(workspace.settings.model_copy(update={"pace": SPEED}), SystemClock())
        channels = [
            await workspace.slack.control.create_channel(
                workspace.app.team_id, f"c{number}", members=[], private=False, bot=True
            )
            for number in range(8)
        ]
        async with connected(workspace.adapter, workspace.desk):
            receipt = await workspace.deliver(ShowCard(CARD))
            await workspace.slack.control.set_rate_limits(True, speed=SPEED)

            async def fill(channel: str) -> None:
                for number in range(12):
                    await workspace.deliver(PostLine(f"line {number}"), channel)

            async def redraw() -> None:
                for _ in range(30):
                    await workspace.deliver(ShowCard(CARD, receipt.card))

            await asyncio.gather(redraw(), *(fill(channel) for channel in channels))
    assert refusals(workspace) == 0


async def test_after_a_refusal_that_channel_waits_as_long_as_slack_said(workspace: Workspace) -> None:
    """Somebody else's messages may have used the allowance up."""
    await workspace.slack.control.set_rate_limits(True)
    with pytest.raises(DeliveryFailed) as failed:
        for _ in range(50):
            await workspace.deliver(PostLine("Hi"))
    refused_at = time.monotonic()
    await workspace.slack.control.set_rate_limits(False)
    await workspace.deliver(PostLine("Hi"))
    assert time.monotonic() - refused_at >= (failed.value.retry_after or 0) - 0.1
