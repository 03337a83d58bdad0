"""Statuses set by people."""

from __future__ import annotations

import pytest

from chatdesk.contract.vocabulary import Side
from chatdesk.domain.lifecycle import Status
from tests.desk.humans import ANA, BOB, CLEO, DAN
from tests.desk.organisation import PUBLIC, SUPPORT
from tests.desk.world import World


@pytest.fixture
async def ticket(world: World) -> int:
    return await world.ticket_from(CLEO, PUBLIC)


async def test_resolving(world: World, ticket: int) -> None:
    await world.type(ANA, SUPPORT, "resolve #1 New toner.")
    found = world.ticket(ticket)
    assert (found.status, found.resolution, found.resolved_at) == (
        Status.RESOLVED,
        "New toner.",
        world.clock.now(),
    )
    assert not found.unread
    assert world.lines(ticket, Side.TEAM) == ["✅ Ana resolved this ticket. New toner. "]
    assert world.lines(ticket, Side.CUSTOMER) == [
        "✅ Ana resolved this ticket. New toner. Write here if it is not solved."
    ]
    await world.type(ANA, SUPPORT, "resolve #1")
    assert world.refused == "#1 is resolved, so that is not possible now. It can become: closed, open."


async def test_closing_an_open_ticket_resolves_it_first(world: World, ticket: int) -> None:
    await world.type(ANA, SUPPORT, "close #1 New toner.")
    found = world.ticket(ticket)
    assert (found.status, found.resolution) == (Status.CLOSED, "New toner.")
    assert found.resolved_at == found.closed_at == world.clock.now()
    changes = [dict(entry.data)["after"] for entry in world.history(ticket) if entry.kind == "status"]
    assert changes == ["resolved", "closed"]


async def test_a_requester_may_end_and_reopen_their_own_ticket(world: World, ticket: int) -> None:
    await world.type(CLEO, PUBLIC, "resolve #1 It was not plugged in")
    assert world.ticket(ticket).status is Status.RESOLVED
    await world.type(CLEO, PUBLIC, "reopen #1 it smokes")
    assert world.ticket(ticket).status is Status.OPEN
    assert world.lines(ticket, Side.TEAM)[-1] == "↩️ Cleo reopened this ticket. it smokes"
    await world.type(CLEO, PUBLIC, "close #1")
    assert world.ticket(ticket).status is Status.CLOSED
    await world.type(CLEO, PUBLIC, "reopen #1")
    assert world.refused.startswith("You may not reopen #1.")


@pytest.mark.parametrize("verb", ["close", "resolve", "cancel", "status", "reopen"])
async def test_without_permission_nothing_ends(world: World, ticket: int, verb: str) -> None:
    await world.post(DAN, world.customer(ticket), "me too")
    for who in (BOB, DAN):
        await world.give(who, verb, ticket="1", status="resolved")
        assert "You may not" in world.refused
    assert world.ticket(ticket).status is Status.NEW


async def test_agents_reopen_whatever_is_over(world: World, ticket: int) -> None:
    for verb in ("close", "cancel", "resolve"):
        await world.give(ANA, verb, ticket="1")
        await world.give(ANA, "reopen", ticket="1")
        found = world.ticket(ticket)
        assert (found.status, found.resolved_at, found.closed_at) == (Status.OPEN, None, None)
    assert found.reopens == 3
    await world.give(ANA, "reopen", ticket="1")
    assert "#1 is open" in world.refused


async def test_cancelling(world: World, ticket: int) -> None:
    await world.give(CLEO, "cancel", ticket="1", reason="found it")
    assert world.ticket(ticket).status is Status.CANCELLED
    assert world.lines(ticket, Side.TEAM) == ["🚫 Cleo cancelled this ticket. found it"]
    assert world.lines(ticket, Side.CUSTOMER) == ["🚫 This ticket was cancelled."]


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ("pending", Status.PENDING),
        ("On Hold", Status.ON_HOLD),
        ("on-hold", Status.ON_HOLD),
        ("on_hold", Status.ON_HOLD),
        ("open", Status.OPEN),
        ("RESOLVED", Status.RESOLVED),
        ("closed", Status.CLOSED),
        ("cancelled", Status.CANCELLED),
    ],
)
async def test_setting_a_status(world: World, ticket: int, typed: str, status: Status) -> None:
    await world.give(ANA, "status", ticket="1", status=typed)
    assert world.ticket(ticket).status is status


async def test_a_status_that_does_not_follow_is_refused(world: World, ticket: int) -> None:
    await world.give(ANA, "status", ticket="1", status="new")
    assert world.refused == "#1 is new already."
    await world.give(ANA, "status", ticket="1", status="open")
    await world.give(ANA, "status", ticket="1", status="new")
    assert "It can become: cancelled, on hold, pending, resolved." in world.refused
    await world.give(ANA, "status", ticket="1", status="draft")
    assert "not possible" in world.refused


async def test_reopening_by_status(world: World, ticket: int) -> None:
    await world.give(ANA, "status", ticket="1", status="closed")
    await world.give(ANA, "status", ticket="1", status="open")
    assert world.ticket(ticket).reopens == 1


async def test_an_ended_ticket_is_not_escalated_any_more(world: World, ticket: int) -> None:
    await world.give(ANA, "escalate", ticket="1")
    await world.settle()
    await world.give(ANA, "resolve", ticket="1")
    assert [one.state for one in world.escalations(ticket)] == ["ended"]
    assert world.threads(ticket, Side.ESCALATION) == []
    await world.give(BOB, "acknowledge", ticket="1")
    assert "not escalated (any more)" in world.refused
