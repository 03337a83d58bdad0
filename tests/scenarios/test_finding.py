"""Tickets found by words on both platforms: by staff in notes, too, by requesters where they may read."""

from __future__ import annotations

import pytest

from chatdesk.demo.seats import SlackSeat, says, wait_for
from chatdesk.demo.world import World
from tests.scenarios.stage import Stage


@pytest.fixture(params=["discord-slack", "slack-discord"])
def desk(here: World, request: pytest.FixtureRequest) -> Stage:
    return Stage.of(here, request.param)


async def test_staff_and_requester_find_what_each_may_read(desk: Stage) -> None:
    ticket = await desk.open_ticket("The printer is on fire since nine", "Printer")
    await ticket.agent.post("note: sounds like a pyromaniac")
    await ticket.agent.post("Please pour water over it")
    await wait_for(ticket.customer, says("pour water", desk.agent.name), "the answer")
    found = await desk.agent.command("find", words="printer PYRO")
    assert "#1" in found.text and "sounds like a pyromaniac" in found.text, found
    found = await desk.customer.command("find", words="printer water")
    assert "#1" in found.text and "Please pour water over it" in found.text, found
    found = await desk.customer.command("find", words="pyromaniac")
    assert "#1" not in found.text and "No ticket" in found.text, found
    on_slack = ticket.agent if isinstance(ticket.agent, SlackSeat) else ticket.customer
    await on_slack.mention("find fire nin")
    await wait_for(on_slack, lambda seen: seen.only_me and "since nine" in seen.text, "the same by mention")
