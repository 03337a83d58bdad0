"""`/ticket find`: staff find what the desk has, requesters what they may read of their own."""

from __future__ import annotations

import pytest

from chatdesk.contract.links import with_addresses
from chatdesk.contract.vocabulary import Means, Side
from tests.desk.humans import ANA, BOB, CLEO, DAN, EVE, SAM
from tests.desk.organisation import HELP, PUBLIC, SUPPORT
from tests.desk.world import World
from tests.store.test_search import HOSTILE


@pytest.fixture
async def world(world: World) -> World:
    """Ticket 1 is Cleo's, who was answered and about whom a note was written; ticket 2 is Sam's."""
    await world.ticket_from(CLEO, PUBLIC, "The printer is on fire")
    await world.post(ANA, world.team(1), "Please pour *water* over it")
    await world.post(ANA, world.team(1), "note: Cleo is a pyromaniac")
    await world.ticket_from(SAM, HELP, "No mail since nine")
    return world


def told(world: World) -> str:
    """The answer, without where its links lead."""
    return with_addresses(world.accepted, lambda _: None)


async def test_staff_find_tickets_by_titles_posts_and_notes(world: World) -> None:
    await world.type(BOB, SUPPORT, "find printer")
    assert told(world) == "- 🔵 **#1** The printer is on fire · open · Support"
    await world.type(ANA, SUPPORT, "find PYRO")
    assert world.accepted.endswith("Support: “Cleo is a pyromaniac”")
    await world.type(ANA, world.team(2), "find printer wat", means=Means.MENTION)
    assert "**#1**" in told(world) and "pour water over" in told(world)
    await world.give(ANA, "find", words="printer mail")
    assert world.accepted == "No ticket has “printer mail” in it."
    await world.type(ANA, SUPPORT, "find")
    assert "Please write the words" in world.refused


async def test_requesters_find_what_they_may_read_of_their_own(world: World) -> None:
    for words, hit in (("printer", True), ("water", True), ("fire wat", True), ("mail", False)):
        await world.give(CLEO, "find", words=words)
        assert ("**#1**" in told(world)) is hit, words
        assert "**#2**" not in told(world)
    await world.give(DAN, "find", words="printer")
    assert "No ticket" in told(world)


async def test_what_is_found_leads_to_the_thread_of_whoever_asks(world: World) -> None:
    def found_by(side: Side) -> str:
        return with_addresses(world.accepted, lambda place: f"{side}:{place.id}")

    await world.give(ANA, "find", words="printer")
    assert f"[#1](team:{world.team(1).place.id})" in found_by(Side.TEAM)
    await world.give(CLEO, "find", words="printer")
    assert f"[#1](customer:{world.customer(1).place.id})" in found_by(Side.CUSTOMER)


async def test_the_words_of_a_note_find_nothing_for_a_requester(world: World) -> None:
    for words in ("pyromaniac", "Cleo", "printer pyro"):
        await world.give(CLEO, "find", words=words)
        assert world.accepted.startswith("No ticket has"), words


async def test_what_was_deleted_is_not_found(world: World) -> None:
    asked = await world.post(CLEO, world.customer(1), "my password is hunter2")
    for who in (CLEO, ANA):
        await world.give(who, "find", words="hunter2")
        assert "“my password is hunter2”" in told(world)
    await world.delete(asked)
    for who in (CLEO, ANA):
        await world.give(who, "find", words="hunter2")
        assert world.accepted.startswith("No ticket has")


async def test_merged_requesters_find_their_own_words_and_the_public_answers(world: World) -> None:
    await world.type(ANA, world.team(2), "merge #1")
    await world.settle()
    await world.post(ANA, world.team(1), "Everything is repaired")
    found = {
        (SAM, "mail"): "#2", (SAM, "repaired"): "#2", (SAM, "mail repaired"): "#2", (SAM, "printer"): "",
        (SAM, "water"): "", (CLEO, "mail"): "", (CLEO, "repaired"): "#1", (CLEO, "printer"): "#1",
        (ANA, "mail"): "#1", (EVE, "repaired"): "",
    }  # fmt: skip
    for (who, words), number in found.items():
        await world.give(who, "find", words=words)
        there = [one for one in ("#1", "#2") if f"**{one}**" in told(world)]
        assert there == ([number] if number else []), (who.name, words, world.accepted)
    await world.type(ANA, SUPPORT, "unmerge #2")
    for who, words, number in ((ANA, "mail", "#2"), (SAM, "mail", "#2"), (SAM, "repaired", "")):
        await world.give(who, "find", words=words)
        assert (f"**{number}**" in told(world)) is bool(number), (who.name, words, world.accepted)


async def test_whatever_is_typed_it_is_answered(world: World) -> None:
    for who in (ANA, CLEO):
        for words in HOSTILE:
            await world.type(who, PUBLIC if who is CLEO else SUPPORT, f"find {words}")
