"""Who takes part besides the requester."""

from __future__ import annotations

import pytest

from chatdesk.contract.vocabulary import Side
from chatdesk.domain.effects import MemberChanged
from tests.desk.humans import ANA, CLEO, DAN, EVE, SAM
from tests.desk.organisation import PRIVATE, PUBLIC
from tests.desk.world import World


@pytest.fixture
async def ticket(world: World) -> int:
    return await world.ticket_from(CLEO, PRIVATE)


async def test_adding_and_removing_a_person(world: World, ticket: int) -> None:
    await world.type(CLEO, world.customer(ticket), f"people add {DAN.mention}")
    assert MemberChanged(DAN.identity, True) in world.effects(ticket, Side.CUSTOMER)
    await world.give(DAN, "info", ticket="1")
    assert "The printer is on fire" in world.accepted
    await world.give(ANA, "people", ticket="1", action="add", person=DAN.mention)
    assert "already" in world.refused
    await world.give(ANA, "people", ticket="1", action="remove", person=DAN.mention)
    assert MemberChanged(DAN.identity, False) in world.effects(ticket, Side.CUSTOMER)
    await world.give(DAN, "info", ticket="1")
    assert world.refused == "There is no ticket #1."


async def test_somebody_on_another_platform_is_told(world: World, ticket: int) -> None:
    await world.post(SAM, SAM.dm, "thanks")
    await world.give(ANA, "people", ticket="1", action="add", person=SAM.mention)
    assert world.told(SAM) == ["➕ Ana added you to ticket **#1**: The printer is on fire."]


async def test_who_was_only_named_is_looked_for_on_their_own_platform(world: World, ticket: int) -> None:
    await world.give(ANA, "people", ticket="1", action="add", person=EVE.mention)
    await world.post(EVE, EVE.dm, "My mouse is gone")
    await world.ask_ticket(ANA, world.message(EVE, PUBLIC, "And my keyboard"))
    assert world.told(EVE) == ["🎫 Ana made ticket **#3** of your message: And my keyboard."]
    addressed = [one for one in world.shown() if one.lane == "person:discord:eve"]
    assert addressed


async def test_who_may_change_it(world: World, ticket: int) -> None:
    await world.give(CLEO, "people", ticket="1", action="add", person=DAN.mention)
    await world.give(DAN, "people", ticket="1", action="add", person=EVE.mention)
    assert "You may not change who takes part in #1" in world.refused
    await world.give(CLEO, "people", ticket="1", action="add")
    assert "people add" in world.refused
    await world.give(CLEO, "people", ticket="1", action="add", person="Nobody")
    assert world.refused.startswith("There is no person “Nobody”.")
