"""Everything that the stories sent over the wire is what the platforms document.

Each story is examined when it is over (``conftest.py``). Here it is shown that the examination can fail.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from chatdesk.demo.seats import says, wait_for
from chatdesk.demo.world import World
from tests.playground.slack import conformance as slack_conformance
from tests.scenarios.examination import Examination
from tests.scenarios.stage import Stage


@pytest.fixture
def examining(examination: Examination | None) -> Examination:
    if examination is None:
        pytest.skip("CHATDESK_REFERENCE_DIR is not set, so no story's traffic is compared with anything")
    return examination


async def test_what_is_not_documented_is_found(here: World, examining: Examination) -> None:
    stage = Stage.of(here, "slack-discord")
    ticket = await stage.open_ticket("It is slow", "Slow")
    await ticket.agent.post("Restart it")
    await wait_for(ticket.customer, says("Restart it"), "the answer")
    await here.quiet()
    requests, events = here.discord.playground.requests, here.slack.playground.events
    posted = next(one for one in requests if one.method == "POST" and one.path.endswith("/messages"))
    assert examining.discord.violations([posted]) == []
    elsewhere = replace(posted, path=posted.path.replace("/messages", "/letters"))
    assert examining.discord.violations([elsewhere]) != []
    strange = replace(events[-1], payload={**events[-1].payload, "undocumented": True})
    reference = examining.reference / "slack"
    assert slack_conformance.violations([strange], reference) != []
