"""The assistant on both platforms: it answers one agent alone, and its drafts are sent by a click alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from chatdesk.demo.seats import DiscordSeat, Seat, says, wait_for
from chatdesk.demo.world import World, world
from chatdesk.settings import AssistantSettings
from tests.model import Model, running_model
from tests.scenarios.stage import Stage
from tests.scenarios.variants import desk_file


async def set_up(here: World, model: Model) -> None:
    """What the operator does: settings, and a restart."""
    await here.stop_bot()
    wanted = AssistantSettings(url=model.url, model="m")
    here.settings = here.settings.model_copy(update={"assistant": wanted})
    await here.start_bot()


async def alone(seat: Seat) -> Seat:
    """Where somebody is told something alone: on Slack where they asked, on Discord in a direct message."""
    if isinstance(seat, DiscordSeat):
        return replace(seat, channel=await seat.human.dm_with_bot())
    return seat


@pytest.mark.parametrize("pair", ["discord-slack", "slack-discord"])
async def test_a_ticket_is_summed_up_and_answered_with_a_draft(tmp_path: Path, pair: str) -> None:
    settings = {"assistant": {"internal_notes": False}}
    async with (
        running_model() as model,
        world(tmp_path, desk_file=desk_file(tmp_path, settings=settings)) as here,
    ):
        stage = Stage.of(here, pair)
        ticket = await stage.open_ticket("My printer burns", "Printer")
        refused = await stage.customer.command("summary", ticket="1")
        assert "may not ask the assistant" in refused.text, refused
        unset = await stage.agent.command("summary", ticket="1")
        assert "only you will see" in unset.text, unset
        place = await alone(stage.agent)
        await wait_for(place, says("No assistant is set up"), "that there is none")
        await set_up(here, model)
        await ticket.agent.post("note: the customer is a pain")
        await wait_for(ticket.agent, says("a pain"), "the note")

        model.says = "The printer of the Customer burns.\n\n@everyone [see](https://evil.example)"
        await ticket.agent.mention("assist summary")
        place_of_thread = place if isinstance(place, DiscordSeat) else ticket.agent
        summed = await wait_for(place_of_thread, says("summed up by a machine"), "the summary")
        assert "see (`https://evil.example`)" in summed.text and not summed.pings, summed

        model.says = "Hello {requester}, please turn it off."
        await stage.agent.choose(ticket.card, "More", "Draft an answer")
        drafted = await wait_for(place, says("A draft for #1"), "the draft")
        assert f"Hello {stage.customer.name}, please turn it off." in drafted.text
        opened = await place.press(drafted.id, "Edit")
        assert opened.form_open, opened
        sent = await place.fill_in(**{"Your answer": "Please turn it off *now*."})
        assert not sent.error, sent
        await wait_for(ticket.customer, says("Please turn it off", stage.agent.name), "the answer")
        again = await place.press(drafted.id, "Send as reply")
        if "already answered" not in again.text:
            await wait_for(place, says("already answered"), "in the draft's place, that it was used")

        told = "\n".join(model.prompts)
        assert "My printer burns" in told and "a pain" not in told
        assert stage.customer.name not in told and stage.agent.name not in told
        assert "summed up" not in "\n".join([one.text for one in await ticket.customer.see()])
