"""What people look up."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial

import pytest

from chatdesk.contract.ports import Accepted
from chatdesk.contract.questions import Choices, ChoicesOf, HomeOf
from chatdesk.domain.macros import Macro
from chatdesk.domain.steps import Step, StepKind
from chatdesk.store import desks, parties
from chatdesk.store.transaction import Transaction
from tests.desk.humans import ADA, ANA, BOB, CLEO, DAN, EVE, LEA
from tests.desk.organisation import ACME, PUBLIC, SERVER, SUPPORT, WORKSPACE
from tests.desk.world import World


@pytest.fixture
async def ticket(world: World) -> int:
    return await world.ticket_from(CLEO, PUBLIC)


async def _options(world: World, of: ChoicesOf, typed: str = "", who: object = ANA) -> list[str]:
    human = ANA if who is ANA else CLEO
    where = SUPPORT if who is ANA else PUBLIC
    found = await world.desk.ask(Choices(of, typed, human.actor, where))
    return [option.label for option in found]


async def test_the_lists_of_tickets(world: World, ticket: int) -> None:
    await world.ticket_from(DAN, PUBLIC, "No sound")
    await world.type(ANA, SUPPORT, "claim #1")
    await world.type(ANA, SUPPORT, "list")
    assert world.accepted == ("- 🔵 **#1** The printer is on fire · open · Ana\n- 🔵 **#2** No sound · new")
    await world.type(ANA, SUPPORT, "list unassigned")
    assert world.accepted == "- 🔵 **#2** No sound · new"
    await world.type(ANA, SUPPORT, "list mine")
    assert "#1" in world.accepted and "#2" not in world.accepted
    await world.type(BOB, SUPPORT, "list team")
    assert world.accepted == "No tickets there. 🎉"
    await world.type(BOB, SUPPORT, "list all")
    assert "#1" in world.accepted and "#2" in world.accepted
    await world.type(ANA, SUPPORT, "list everything")
    assert "There are: mine, team, unassigned, snoozed, all." in world.refused


async def test_customers_list_their_own(world: World, ticket: int) -> None:
    await world.type(CLEO, PUBLIC, "list")
    assert "#1" in world.accepted
    await world.type(DAN, PUBLIC, "list")
    assert "#1" not in world.accepted
    await world.type(DAN, PUBLIC, "list all")
    assert world.refused == "There is no list “all”. There are: mine."


async def test_info_tells_customers_less(world: World, ticket: int) -> None:
    await world.give(ANA, "tag", ticket="1", tag="liar")
    await world.give(ANA, "info", ticket="1")
    assert "Tags: liar" in world.accepted and "History" in world.accepted
    await world.give(CLEO, "info", ticket="1")
    assert "Status: new" in world.accepted
    assert "liar" not in world.accepted and "History" not in world.accepted


async def test_options_that_fit_what_was_typed(world: World, ticket: int) -> None:
    assert await _options(world, ChoicesOf.PRIORITY, "ur") == ["Urgent"]
    assert await _options(world, ChoicesOf.TEAM) == ["Support", "Billing", "The Managers"]
    assert await _options(world, ChoicesOf.CATEGORY, "pass") == ["Account › Password"]
    assert await _options(world, ChoicesOf.STATUS, "on") == ["on hold"]
    assert await _options(world, ChoicesOf.TICKET, "print") == ["#1 The printer is on fire"]
    assert await _options(world, ChoicesOf.AGENT, "an") == ["Ana"]
    assert await _options(world, ChoicesOf.TAG, "new-one") == ["new-one"]
    assert await _options(world, ChoicesOf.TICKET, "", who=CLEO) == ["#1 The printer is on fire"]


async def test_customers_are_offered_neither_agents_nor_tags_nor_macros(world: World, ticket: int) -> None:
    wordy = replace(ACME, macros=(Macro("liar", "Refuse a liar", (Step(StepKind.TAG, "liar"),)),))
    await world.writer.run(lambda connection: desks.apply(connection, wordy, world.clock.now()))
    assert await _options(world, ChoicesOf.MACRO) == ["Refuse a liar"]
    assert await _options(world, ChoicesOf.MACRO, "", who=CLEO) == []
    await world.give(ANA, "tag", ticket="1", tag="liar")
    assert await _options(world, ChoicesOf.TAG) == ["liar"]
    assert await _options(world, ChoicesOf.TAG, "", who=CLEO) == []
    assert await _options(world, ChoicesOf.AGENT, "", who=CLEO) == []


async def test_a_party_is_not_told_who_is_in_another(world: World, ticket: int) -> None:
    for number, who in enumerate((DAN, EVE), start=1):
        await world.post(who, who.dm, "thanks")
        person = world.person(who)
        await world.change(partial(_join, ticket=ticket, person=person, party=number, now=world.clock.now()))
    await world.give(ANA, "info", ticket="1")
    assert "Takes part: Dan, Eve" in world.accepted
    await world.give(CLEO, "info", ticket="1")
    assert "Takes part: Dan\n" in world.accepted
    await world.give(EVE, "info", ticket="1")
    assert "Takes part: Eve\n" in world.accepted
    await world.give(CLEO, "people", ticket="1", action="remove", person=EVE.mention)
    assert "without Eve already" in world.refused
    await world.give(CLEO, "people", ticket="1", action="add", person="Nobody")
    assert "Dan" in world.refused and "Eve" not in world.refused


def _join(tx: Transaction, ticket: int, person: str, party: int, now: datetime) -> bool:
    return parties.add(tx, ticket, person, party, now)


async def test_at_most_twenty_five_options(world: World) -> None:
    for number in range(30):
        await world.type(CLEO, PUBLIC, f"open Number {number}")
    assert len(await _options(world, ChoicesOf.TICKET)) == 25


async def test_homes(world: World, ticket: int) -> None:
    home = await world.desk.ask(HomeOf(SERVER, CLEO.actor))
    assert [(section.title, [one.number for one in section.tickets]) for section in home.sections] == [
        ("My tickets", [1])
    ]
    await world.give(ANA, "claim", ticket="1")
    home = await world.desk.ask(HomeOf(WORKSPACE, ANA.actor))
    assert [(section.title, [one.number for one in section.tickets]) for section in home.sections] == [
        ("My tickets", []),
        ("Assigned to me", [1]),
        ("Support: queue", [1]),
    ]


async def test_a_panel_is_for_leads_and_admins(world: World) -> None:
    await world.type(ANA, SUPPORT, "panel", command="desk")
    assert world.refused == "You may not do that. A lead or an admin can."
    for who in (LEA, ADA):
        answer = await world.type(who, SUPPORT, "panel Need help?", command="desk")
        assert isinstance(answer, Accepted) and answer.panel is not None
        assert (answer.panel.title, answer.panel.text) == ("Acme", "Need help?")
