"""Files that are too many, empty or too large: the text arrives, and whoever misses a file is told which."""

from __future__ import annotations

import pytest

from chatdesk.demo.seats import SlackSeat, says, wait_for
from chatdesk.demo.world import World
from tests.scenarios.stage import PAIRS, Stage

MOST = "max_file: 1KiB\n"
"""What the desk of these stories takes."""


@pytest.mark.parametrize("stage", PAIRS, indirect=True)
async def test_as_many_files_as_a_person_can_send(stage: Stage) -> None:
    """Slack's people can send eleven; a message in Discord holds ten."""
    ticket = await stage.open_ticket("It does not work", "Broken")
    count = 11 if isinstance(stage.customer, SlackSeat) else 10
    files = [(f"log-{number:02}.txt", b"line\n") for number in range(count)]
    await ticket.customer.post("all my logs", files)
    await wait_for(ticket.agent, says("all my logs", stage.customer.name), "the text")
    await wait_for(ticket.agent, lambda one: files[-1][0] in one.files, "the last file")
    shown = [name for one in await ticket.agent.see() for name in one.files]
    assert shown == [name for name, _ in files]


@pytest.mark.parametrize("stage", PAIRS, indirect=True)
async def test_an_empty_file_is_named_to_both_sides(stage: Stage) -> None:
    ticket = await stage.open_ticket("It does not work", "Broken")
    await ticket.customer.post("my log", [("empty.txt", b""), ("full.txt", b"words")])
    arrived = await wait_for(ticket.agent, says("my log", stage.customer.name), "the text")
    await wait_for(ticket.agent, says("empty.txt"), "what is missing")
    await wait_for(ticket.agent, lambda one: "full.txt" in one.files, "the other file")
    assert "empty.txt" not in arrived.files
    told = await wait_for(ticket.customer, says("empty.txt could not be"), "a word about it")
    assert "it is empty" in told.text


@pytest.mark.parametrize("stage", PAIRS, indirect=True)
async def test_a_file_over_the_desks_limit_is_named_to_both_sides(here: World, stage: Stage) -> None:
    await _restarted_with(here, MOST)
    ticket = await stage.open_ticket("It does not work", "Broken")
    large = ("large.bin", b"x" * 2000)
    await ticket.customer.post("see this", [large, ("small.txt", b"words")])
    await wait_for(ticket.agent, says("see this", stage.customer.name), "the text")
    await wait_for(ticket.agent, says("large.bin"), "what is missing")
    await wait_for(ticket.agent, lambda one: "small.txt" in one.files, "the other file")
    told = await wait_for(ticket.customer, says("large.bin could not be"), "a word about it")
    assert "1 KiB" in told.text
    await ticket.agent.post("try this", [large])
    await wait_for(ticket.customer, says("try this", stage.agent.name), "the answer")
    await wait_for(ticket.customer, says("large.bin", stage.agent.name), "what is missing of it")
    await wait_for(ticket.agent, says("large.bin could not be"), "a word about it to the agent")


async def test_nothing_but_a_file_that_is_too_large(here: World, stage: Stage) -> None:
    """Even then something arrives: whose file it was, and that it is missing."""
    await _restarted_with(here, MOST)
    ticket = await stage.open_ticket("It does not work", "Broken")
    await ticket.customer.post("", [("large.bin", b"x" * 2000)])
    await wait_for(ticket.agent, says("large.bin", stage.customer.name), "what is missing")
    await wait_for(ticket.customer, says("large.bin could not be"), "a word about it")


async def _restarted_with(here: World, line: str) -> None:
    await here.stop_bot()
    written = here.settings.desk_file.read_text(encoding="utf-8")
    here.settings.desk_file.write_text(written + line, encoding="utf-8")
    await here.start_bot()
