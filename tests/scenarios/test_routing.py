"""Requests go where the rules say, and to somebody who is there, on both platforms."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from chatdesk.demo.seats import says, wait_for
from chatdesk.demo.world import world
from tests.scenarios.stage import Stage, slack_seat
from tests.scenarios.variants import DESK, desk_file

ROUTING = {"refunds": {"if": {"words": ["refund", "money back"]}, "team": "billing", "category": "billing"}}


def in_turn(folder: Path) -> Path:
    """The desk, whose teams give tickets to whose turn it is."""
    teams = YAML(typ="safe").load(DESK.read_text())["teams"]
    for key in ("support", "community"):
        teams[key] |= {"assignment": ["previous_agent", "least_loaded"], "capacity": 3}
    return desk_file(folder, settings={"routing": ROUTING, "teams": teams})


@pytest.mark.parametrize("pair", ["discord-slack", "slack-discord"])
async def test_given_to_who_is_there_and_sent_where_the_words_say(tmp_path: Path, pair: str) -> None:
    async with world(tmp_path, desk_file=in_turn(tmp_path)) as here:
        stage = Stage.of(here, pair)
        gone = await stage.colleague.command("away", until="2h")
        assert "You are away until" in gone.text, gone
        ticket = await stage.open_ticket("It does not work", "Broken")
        await wait_for(ticket.agent, says(f"This ticket is {stage.agent.name}'s now"), "who has it")
        await wait_for(ticket.customer, says(f"{stage.agent.name} is looking after"), "who looks after it")
        assert "assigned" in (await stage.agent.command("info", ticket="1")).text
        message = await stage.customer.post("I want my money back")
        await stage.customer.make_ticket(message)
        await stage.customer.fill_in(Title="Money")
        bill = slack_seat(here, here.slack.bill, "billing")
        await wait_for(bill, says("Money"), "the card in #billing")
        info = await bill.command("info", ticket="2")
        assert "to Billing: rule refunds (words money back)" in info.text, info
