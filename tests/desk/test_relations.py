"""Ties between tickets, one update for all children, and likely duplicates."""

from __future__ import annotations

import pytest

from chatdesk.contract.actions import FormKind, RunVerb
from chatdesk.contract.views import Button, Control
from chatdesk.contract.vocabulary import Side
from chatdesk.domain.effects import LineSaid
from chatdesk.domain.lifecycle import Status
from tests.desk.humans import ANA, CLEO, DAN, SAM, Human
from tests.desk.organisation import HELP, PUBLIC
from tests.desk.world import World


@pytest.fixture
async def three(world: World) -> World:
    """Ticket 1 is the incident, 2 and 3 come of it."""
    await world.ticket_from(CLEO, PUBLIC, "The mail server does not answer")
    await world.ticket_from(DAN, PUBLIC, "Outlook hangs")
    await world.ticket_from(SAM, HELP, "I get no invoices")
    return world


def controls_of(world: World, number: int, sentence: str) -> tuple[Control, ...]:
    said = [one for one in world.effects(number, Side.TEAM) if isinstance(one, LineSaid)]
    return next(one.controls for one in said if one.line.sentence == sentence)


async def test_ties_are_shown_at_both_ends_and_removed(three: World) -> None:
    await three.type(ANA, three.team(1), "relate #2 blocks")
    await three.type(ANA, three.team(3), "relate #3 caused by #1")
    await three.give(ANA, "info", ticket="1")
    assert "Linked: blocks #2 · causes #3" in three.accepted
    await three.give(ANA, "info", ticket="2")
    assert "Linked: blocked by #1" in three.accepted
    assert three.lines(2, Side.TEAM) == ["🔗 Ana linked this ticket: blocked by **#1**"]
    await three.give(CLEO, "info", ticket="1")
    assert "Linked" not in three.accepted
    await three.type(ANA, three.team(1), "relate #2 blocks")
    assert "already" in three.refused
    await three.type(ANA, three.team(2), "relate #1 remove")
    await three.type(ANA, three.team(2), "relate #1 remove")
    assert three.refused == "#2 and #1 are not related."


async def test_what_cannot_be_tied(three: World) -> None:
    await three.give(ANA, "relate", ticket="1", other="2", text="devours")
    assert three.refused.startswith("There is no relation “devours”.")
    await three.give(ANA, "relate", ticket="1", other="1")
    assert "name another ticket" in three.refused
    await three.give(ANA, "relate", ticket="1")
    assert "Which other ticket?" in three.refused
    await three.give(CLEO, "relate", ticket="1", other="2")
    assert "You may not relate #1" in three.refused
    await three.give(ANA, "relate", ticket="1", other="2", kind="parent of")
    await three.give(ANA, "relate", ticket="3", other="2", kind="parent of")
    assert "#2 is a child of #1 already" in three.refused
    await three.give(ANA, "relate", ticket="1", other="2", kind="child of")
    assert "can't be its child" in three.refused


async def test_one_update_reaches_every_requester_once(three: World) -> None:
    again = await three.ticket_from(SAM, HELP, "Still nothing at my desk")
    await three.type(ANA, three.team(1), "update-all We restart it at noon")
    assert "has no children" in three.refused
    for child in (2, 3, again):
        await three.give(ANA, "relate", ticket="1", other=str(child), kind="child")
    three.forget()
    await three.type(ANA, three.team(1), "update-all We restart it at noon")
    assert three.accepted == "Sent to 3 requesters, on #1, #2, #3."
    for number in (1, 2, 3):
        assert three.bodies(number, Side.CUSTOMER) == ["We restart it at noon"]
    assert three.bodies(again, Side.CUSTOMER) == []
    await three.type(ANA, three.team(1), "update-all note: not for them")
    assert "internal note" in three.refused
    await three.type(CLEO, three.customer(1), "update-all hello")
    assert "You may not" in three.refused


async def test_resolving_the_parent_offers_to_resolve_its_children(three: World) -> None:
    for child in (2, 3):
        await three.give(ANA, "relate", ticket="1", other=str(child), kind="child")
    three.forget()
    await three.give(ANA, "resolve", ticket="1", text="restarted")
    offered = controls_of(three, 1, "children_wait")
    assert offered[0].label == "Resolve them too"
    await three.press(ANA, offered[0])
    assert [three.ticket(number).status for number in (2, 3)] == [Status.RESOLVED] * 2
    assert "restarted" in three.lines(3, Side.CUSTOMER)[-1]
    await three.press(ANA, offered[0])
    assert "no children to resolve" in three.refused


async def test_a_new_ticket_that_may_be_the_same_is_merged_by_one_click(world: World) -> None:
    await world.ticket_from(CLEO, PUBLIC, "The mail server does not answer")
    await world.ask_ticket(DAN, world.message(DAN, PUBLIC, "mail server: does not answer any more"))
    await world.settle()
    offered = controls_of(world, 2, "may_be_same")
    assert offered == (Button("Merge into #1", RunVerb("merge", 2, "1")),)
    assert "similar words" in world.lines(2, Side.TEAM)[-1]
    assert "may_be_same" not in world.sentences(2, Side.CUSTOMER)
    await world.give(ANA, "merge", ticket="2", into="1")
    assert world.ticket(2).status is Status.CLOSED


@pytest.mark.parametrize(
    ("who", "body", "minutes", "because"),
    [
        (CLEO, "Something quite different", 5, "same requester"),
        (CLEO, "Something quite different", 90, None),
        (DAN, "Something quite different", 5, None),
        (CLEO, "Again the mail server does not answer me", 90, "same requester"),
    ],
)
async def test_what_counts_as_the_same(
    world: World, who: Human, body: str, minutes: int, because: str | None
) -> None:
    await world.ticket_from(CLEO, PUBLIC, "The mail server does not answer")
    world.clock.advance(minutes=minutes)
    await world.ask_ticket(who, world.message(who, PUBLIC, body))
    said = [line for line in world.lines(2, Side.TEAM) if "may be the same" in line]
    assert bool(said) is (because is not None)
    assert because is None or because in said[0]


async def test_the_same_outage(world: World) -> None:
    await world.ticket_from(CLEO, PUBLIC, "Nobody can read anything")
    await world.give(ANA, "service", ticket="1", service="VPN")
    await world.type(ANA, world.team(1), "outage VPN", command="desk")
    form = await world.open_form(SAM, FormKind.TICKET, where=HELP)
    await world.submit(SAM, form, title="Lines", description="It is broken here", service="VPN")
    assert "the same outage" in world.lines(2, Side.TEAM)[-1]


async def test_an_open_incident_of_the_same_service(world: World) -> None:
    await world.ticket_from(CLEO, PUBLIC, "Nobody can read anything")
    await world.give(ANA, "service", ticket="1", service="Mail")
    await world.ticket_from(DAN, PUBLIC, "What a day")
    await world.give(ANA, "relate", ticket="1", other="2", kind="child")
    form = await world.open_form(SAM, FormKind.TICKET, where=HELP)
    await world.submit(SAM, form, title="Letters", description="It is broken here", service="Mail")
    assert "an open incident of the same service" in world.lines(3, Side.TEAM)[-1]
