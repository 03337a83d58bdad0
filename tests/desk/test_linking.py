"""One person, two accounts."""

from __future__ import annotations

import re

from chatdesk.contract.vocabulary import Side
from tests.desk.humans import ANA, CLEO, EVE, SAM, Human
from tests.desk.organisation import PUBLIC
from tests.desk.world import World

ANA_ON_DISCORD = Human("ana-discord", CLEO.installation)


async def _code(world: World, who: Human) -> str:
    await world.type(who, who.dm, "link", command="desk")
    found = re.search(r"\*\*([A-Z0-9-]+)\*\*", world.accepted)
    assert found, world.accepted
    return found[1]


async def test_two_accounts_become_one_person(world: World) -> None:
    await world.type(CLEO, PUBLIC, "open My phone")
    await world.type(SAM, SAM.dm, "open My mail")
    code = await _code(world, CLEO)
    await world.type(SAM, SAM.dm, f"link {code.lower()}", command="desk")
    assert world.accepted == "Done: your accounts are one person now."
    assert world.person(CLEO) == world.person(SAM)
    await world.type(SAM, SAM.dm, "list mine")
    assert "My phone" in world.accepted and "My mail" in world.accepted


async def test_an_agent_is_an_agent_from_either_account(world: World) -> None:
    number = await world.ticket_from(CLEO, PUBLIC)
    await world.post(ANA_ON_DISCORD, world.customer(number), "I have it too")
    await world.give(ANA_ON_DISCORD, "claim", ticket="1")
    assert "You may not claim" in world.refused
    code = await _code(world, ANA)
    await world.type(ANA_ON_DISCORD, ANA_ON_DISCORD.dm, f"link {code}", command="desk")
    await world.give(ANA_ON_DISCORD, "claim", ticket="1")
    assert world.ticket(number).assignee == world.person(ANA)
    assert world.posts(number)[-1].author == world.person(ANA)
    assert world.lines(number, Side.TEAM)[-1].endswith("claimed this ticket")


async def test_what_was_done_before_is_still_somebodys(world: World) -> None:
    number = await world.ticket_from(CLEO, PUBLIC)
    await world.post(CLEO, world.customer(number), "It smokes")
    await world.give(CLEO, "resolve", ticket="1")
    code = await _code(world, SAM)
    await world.type(CLEO, CLEO.dm, f"link {code}", command="desk")
    person = world.person(SAM)
    assert world.ticket(number).requester == person
    assert {post.author for post in world.posts(number)} == {person}
    assert {entry.actor for entry in world.history(number)} == {person}


async def test_codes_that_are_not_good(world: World) -> None:
    code = await _code(world, CLEO)
    await world.type(CLEO, CLEO.dm, f"link {code}", command="desk")
    assert "from your account on the other platform" in world.refused
    await world.type(SAM, SAM.dm, "link AAAAA-BBBBB", command="desk")
    assert "not valid" in world.refused
    world.clock.advance(minutes=10)
    await world.type(SAM, SAM.dm, f"link {code}", command="desk")
    assert "not valid" in world.refused


async def test_a_code_is_good_once_and_only_the_newest(world: World) -> None:
    first, second = await _code(world, CLEO), await _code(world, CLEO)
    await world.type(SAM, SAM.dm, f"link {first}", command="desk")
    assert "not valid" in world.refused
    await world.type(SAM, SAM.dm, f"link {second}", command="desk")
    await world.type(EVE, EVE.dm, f"link {second}", command="desk")
    assert "not valid" in world.refused
