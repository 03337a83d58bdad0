"""What an operator sees and does while people work: metrics, logs by id, a backup that goes on."""

from __future__ import annotations

import asyncio
import io
import json
import shutil

import pytest

from chatdesk.backup.making import make_backup
from chatdesk.backup.restoring import restore_backup
from chatdesk.demo.seats import says, wait_for
from chatdesk.demo.world import World
from tests.scenarios.stage import Stage

PAIR = ["discord-slack"]


def _value(here: World, name: str, **labels: str) -> float:
    assert here.bot is not None
    return here.bot.metrics.registry.get_sample_value(name, labels) or 0.0


@pytest.mark.parametrize("stage", PAIR, indirect=True)
async def test_an_answer_is_followed_from_its_event_to_its_delivery(
    here: World, stage: Stage, logged: io.StringIO
) -> None:
    ticket = await stage.open_ticket("It does not work", "Broken")
    await here.quiet()
    secret = "the words of a person"
    message = await ticket.agent.post(secret)
    await wait_for(ticket.customer, says(secret), "the answer")
    await here.quiet()
    lines = [json.loads(line) for line in logged.getvalue().splitlines()]
    (handled,) = [line for line in lines if line.get("event") == "handled" and message in line["event_id"]]
    assert (handled["kind"], handled["outcome"], handled["tickets"]) == ("MessagePosted", "accepted", [1])
    attempts = [line for line in lines if line.get("event") == "attempt" and line["kind"] == "PostWritten"]
    assert {(line["ticket"], line["outcome"]) for line in attempts} == {(1, "done")}
    assert all(line["effect"] and line["delivery"] for line in attempts)
    assert secret not in logged.getvalue()
    assert _value(here, "chatdesk_events_total", kind="MessagePosted", outcome="accepted") >= 1
    labels = {"platform": "discord", "effect": "PostWritten", "outcome": "done"}
    assert _value(here, "chatdesk_deliveries_total", **labels) >= 1
    assert _value(here, "chatdesk_delivery_lag_seconds_count", platform="discord") >= 1


@pytest.mark.parametrize("stage", PAIR, indirect=True)
async def test_a_desk_that_is_restored_goes_on(
    here: World, stage: Stage, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Backed up while it runs, lost with everything, made anew: the conversation goes on in its threads."""
    ticket = await stage.open_ticket("It does not work", "Broken")
    await ticket.customer.post("my log", [("log.txt", b"line\n")])
    await wait_for(ticket.agent, lambda one: "log.txt" in one.files, "the file")
    await here.quiet()
    tape = tmp_path_factory.mktemp("backup") / "tape"
    made = await asyncio.to_thread(make_backup, here.settings, tape, here.clock.now())
    assert len(made.files) == 1
    await here.stop_bot()
    kept = here.settings.desk_file.read_bytes()
    shutil.rmtree(here.settings.data_dir)
    await asyncio.to_thread(restore_backup, here.settings, tape)
    here.settings.desk_file.write_bytes(kept)
    await ticket.customer.post("are you there?")
    await here.start_bot()
    await wait_for(ticket.agent, says("are you there?", stage.customer.name), "what was said meanwhile")
    await ticket.agent.post("we are")
    await wait_for(ticket.customer, says("we are", stage.agent.name), "the answer")
    await here.quiet()
    assert sum("are you there?" in one.text for one in await ticket.agent.see()) == 1
