"""The bot is stopped in the middle of a story and started again: everything goes on."""

from __future__ import annotations

import pytest

from chatdesk.demo.seats import says, wait_for
from chatdesk.demo.world import World
from tests.scenarios.stage import Stage


@pytest.mark.parametrize("pair", ["discord-slack", "slack-discord"])
async def test_buttons_open_forms_threads_and_mirroring_go_on(here: World, pair: str) -> None:
    stage = Stage.of(here, pair)
    ticket = await stage.open_ticket("It does not work", "Broken")
    second = await stage.customer.post("And that neither")
    form = await stage.customer.make_ticket(second)
    assert form.form_open
    await here.stop_bot()
    await here.start_bot()
    sent = await stage.customer.fill_in(Title="That neither")
    assert "#2" in sent.text, sent
    await wait_for(stage.agent, says("That neither"), "the card of the form that was open")
    pressed = await ticket.press("Claim")
    assert not pressed.error, pressed
    await wait_for(ticket.agent, says("claimed this ticket"), "the claim by an old button")
    await ticket.agent.post("Are you still there?")
    await wait_for(
        ticket.customer, says("Are you still there?", stage.agent.name), "the answer after the restart"
    )
    await ticket.customer.post("Yes")
    await wait_for(ticket.agent, says("Yes", stage.customer.name), "the customer after the restart")
