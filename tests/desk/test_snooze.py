"""Tickets that are put out of sight for a while."""

from __future__ import annotations

import pytest

from chatdesk.contract.actions import FormKind
from chatdesk.contract.ports import Accepted
from chatdesk.contract.questions import HomeOf
from chatdesk.contract.vocabulary import Side
from chatdesk.desk.ending_sweeps import wake
from tests.desk.humans import ANA, BOB, CLEO
from tests.desk.organisation import PUBLIC, SUPPORT, WORKSPACE
from tests.desk.world import World


@pytest.fixture
async def ticket(world: World) -> int:
    number = await world.ticket_from(CLEO, PUBLIC)
    await world.give(ANA, "claim", ticket="1")
    world.forget()
    return number


async def listed(world: World, which: str) -> bool:
    await world.type(ANA, SUPPORT, f"list {which}")
    return "#1" in world.accepted


async def test_out_of_sight_until_its_time(world: World, ticket: int) -> None:
    await world.type(ANA, SUPPORT, "snooze #1 2d")
    assert world.accepted == "Done: #1 is snoozed until 23 Nov 10:30 UTC."
    assert world.lines(ticket, Side.TEAM) == ["💤 Ana snoozed this ticket until 23 Nov 10:30 UTC"]
    assert world.lines(ticket, Side.CUSTOMER) == []
    await world.type(CLEO, PUBLIC, "list")
    assert "#1" in world.accepted and "💤" not in world.accepted, "it is nothing of hers"
    assert [await listed(world, which) for which in ("mine", "team", "all", "snoozed")] == [
        False,
        False,
        False,
        True,
    ]
    home = await world.desk.ask(HomeOf(WORKSPACE, ANA.actor))
    sections = {one.title: [ticket.detail for ticket in one.tickets] for one in home.sections}
    assert sections["Snoozed"] == ["with Ana · 💤 23 Nov 10:30 UTC"]
    assert sections["Assigned to me"] == sections["Support: queue"] == []
    assert world.accepted.endswith("open · Ana · 💤 23 Nov 10:30 UTC")
    assert await world.tick(wake, hours=47) == 0
    assert await world.tick(wake, hours=1) == 1
    assert await listed(world, "team") and not await listed(world, "snoozed")
    assert world.lines(ticket, Side.TEAM)[-1] == "⏰ This ticket is back: its snooze is over"
    assert world.told(ANA) == ["⏰ **#1** The printer is on fire is back: its snooze is over."]
    assert await world.tick(wake, days=9) == 0
    assert [one.kind for one in world.history(ticket)][-2:] == ["snoozed", "woken"]


async def test_a_reply_brings_it_back(world: World, ticket: int) -> None:
    await world.type(ANA, world.team(ticket), "snooze until reply")
    assert "until they write" in world.accepted
    assert await world.tick(wake, days=300) == 0
    await world.post(CLEO, world.customer(ticket), "Here is the log")
    assert world.ticket(ticket).snoozed_at is None
    assert world.told(ANA) == ["⏰ **#1** The printer is on fire is back: its requester has written."]


async def test_by_hand_by_form_and_at_the_end(world: World, ticket: int) -> None:
    form = await world.open_form(ANA, FormKind.SNOOZE, ticket)
    await world.submit(ANA, form, choice="1w")
    assert world.ticket(ticket).snoozed_until is not None
    await world.give(ANA, "snooze", ticket="1", until="off")
    assert world.ticket(ticket).snoozed_at is None
    await world.give(ANA, "snooze", ticket="1", until="off")
    assert world.refused == "#1 is not snoozed."
    await world.give(ANA, "snooze", ticket="1", until="1h")
    await world.give(ANA, "resolve", ticket="1")
    assert world.ticket(ticket).snoozed_at is None
    await world.give(ANA, "snooze", ticket="1", until="1h")
    assert world.refused == "#1 is resolved, so there is nothing to snooze."


async def test_who_may_and_what_is_understood(world: World, ticket: int) -> None:
    for who in (BOB, CLEO):
        await world.give(who, "snooze", ticket="1", until="1h")
        assert world.refused.startswith("You may not snooze #1.")
    await world.give(ANA, "snooze", ticket="1", until="whenever")
    assert "until when: “whenever”" in world.refused
    await world.type(ANA, SUPPORT, "snooze #1")
    assert isinstance(world.answer, Accepted) and world.answer.form is not None
    await world.submit(ANA, world.answer.form, until="", choice="")
    assert "until when" in world.refused
