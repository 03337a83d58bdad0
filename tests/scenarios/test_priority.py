"""Priorities that follow from what is known, on both platforms: an angry customer, a service out of order."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatdesk.demo.seats import says, wait_for
from chatdesk.demo.world import world
from tests.scenarios.stage import Stage
from tests.scenarios.variants import desk_file

RULES = {
    "angry": {"if": {"unhappy": True}, "raise": 1},
    "outage": {"if": {"outage": True}, "at_least": "urgent"},
}


@pytest.mark.parametrize("pair", ["discord-slack", "slack-discord"])
async def test_raised_for_anger_and_for_an_outage(tmp_path: Path, pair: str) -> None:
    async with world(tmp_path, desk_file=desk_file(tmp_path, settings={"priority_rules": RULES})) as here:
        stage = Stage.of(here, pair)
        message = await stage.customer.post("This is unacceptable, I cannot pay")
        await stage.customer.make_ticket(message)
        sent = await stage.customer.fill_in(**{"Title": "Cannot pay", "Affected service": "Shop"})
        assert not sent.field_errors, sent
        ticket = await stage.ticket(message, "Cannot pay")
        await wait_for(ticket.agent, says("angry"), "which rule it was")
        await wait_for(ticket.agent, says("Normal → High"), "the first raise")
        said = await stage.agent.command("outage", service="Shop", state="on")
        assert "Shop is out of order; 1 open tickets" in said.text, said
        await wait_for(ticket.agent, says("High → Urgent"), "the second raise")
        await wait_for(ticket.home, lambda one: one.id == ticket.card and "Urgent" in one.text, "the card")
        assert "rule outage: priority high → urgent" in (await stage.agent.command("info", ticket="1")).text
