"""Rules on both platforms: set off by a new ticket, and by time, also after a restart."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from chatdesk.demo.seats import says, wait_for
from chatdesk.demo.world import world
from tests.scenarios.stage import Stage
from tests.scenarios.variants import MovableClock, desk_file

RULES = {
    "greet": {
        "when": "created",
        "if": {"words": ["password"]},
        "then": {"reply": "Hello {requester}, have you tried “Forgot password”?", "tag": "password"},
    },
    "chase": {
        "after": "4h",
        "since": "answer",
        "if": {"status": "pending"},
        "then": {"reply": "Any news, {requester}?", "note": "chased once"},
    },
}


@pytest.mark.parametrize("pair", ["discord-slack", "slack-discord"])
async def test_a_new_ticket_is_answered_and_silence_is_chased(tmp_path: Path, pair: str) -> None:
    clock = MovableClock()
    async with world(tmp_path, clock, desk_file(tmp_path, settings={"rules": RULES})) as here:
        stage = Stage.of(here, pair)
        ticket = await stage.open_ticket("I forgot my password", "Password")
        await wait_for(ticket.customer, says(f"Hello {stage.customer.name}, have you tried"), "the answer")
        await wait_for(ticket.agent, says("greet"), "which rule it was")
        await wait_for(ticket.agent, says("added the tag password"), "the tag")
        await ticket.agent.post("Which account?")
        await wait_for(ticket.customer, says("Which account?"), "the question")
        await ticket.agent.mention("status pending")
        await wait_for(ticket.agent, says("→ pending"), "the status")
        await here.stop_bot()
        clock.ahead += timedelta(hours=4, minutes=1)
        await here.start_bot()
        await wait_for(ticket.customer, says(f"Any news, {stage.customer.name}?"), "the chase")
        await wait_for(ticket.agent, says("chased once"), "the note")
        seen = [one.text for one in await ticket.customer.see()]
        assert not any("Rule" in text or "chased" in text for text in seen)
        assert "rule chase" in (await stage.agent.command("info", ticket="1")).text
