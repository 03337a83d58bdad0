"""Macros on both platforms: from the command and from the card, shown to the agent alone before anything."""

from __future__ import annotations

import pytest

from chatdesk.demo.seats import says, wait_for
from chatdesk.demo.world import World
from tests.scenarios.stage import Stage


@pytest.fixture(params=["discord-slack", "slack-discord"])
def desk(here: World, request: pytest.FixtureRequest) -> Stage:
    return Stage.of(here, request.param)


async def test_a_macro_by_command_is_shown_and_then_sent(desk: Stage) -> None:
    ticket = await desk.open_ticket("I forgot my password", "Password")
    shown = await desk.agent.command("macro", ticket="1", macro="password_reset")
    assert "Only you see this" in shown.text and f"Hello {desk.customer.name}" in shown.text, shown
    asked = await wait_for(desk.agent, lambda seen: seen.only_me and "Send" in seen.controls, "the preview")
    answered = await desk.agent.press(asked.id, "Send")
    assert not answered.error, answered
    await wait_for(ticket.customer, says(f"Hello {desk.customer.name}", desk.agent.name), "the answer")
    await wait_for(ticket.agent, says("added the tag password"), "the tag")
    await wait_for(ticket.home, lambda seen: seen.id == ticket.card and "pending" in seen.text, "the status")


async def test_a_macro_from_the_card_can_be_cancelled_or_edited_first(desk: Stage) -> None:
    ticket = await desk.open_ticket("I forgot my password", "Password")
    await desk.agent.choose(ticket.card, "More", "Macro")
    menu = await wait_for(desk.agent, lambda seen: seen.only_me and "Macro" in seen.controls, "the menu")
    await desk.agent.choose(menu.id, "Macro", "Password reset")
    asked = await wait_for(desk.agent, lambda seen: seen.only_me and "Cancel" in seen.controls, "the preview")
    await desk.agent.press(asked.id, "Cancel")
    await desk.here.quiet()
    assert not any("Hello" in seen.text for seen in await ticket.customer.see())
    await desk.agent.command("macro", ticket="1", macro="password_reset")
    asked = await wait_for(desk.agent, lambda seen: seen.only_me and "Edit" in seen.controls, "the preview")
    opened = await desk.agent.press(asked.id, "Edit")
    assert opened.form_open, opened
    sent = await desk.agent.fill_in(**{"Your answer": "Please call us."})
    assert not sent.error, sent
    await wait_for(ticket.customer, says("Please call us.", desk.agent.name), "the answer")
    await wait_for(ticket.agent, says("added the tag password"), "the tag")
