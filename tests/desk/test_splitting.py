"""A message of a ticket becomes a ticket of its own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chatdesk.contract.actions import FormKind
from chatdesk.contract.vocabulary import MessageRef, PlaceKind, Side
from chatdesk.domain.relations import Relation, Tie
from chatdesk.store import relations
from tests.desk.humans import ANA, BOB, CLEO, DAN
from tests.desk.organisation import PUBLIC
from tests.desk.world import World


@pytest.fixture
async def second(world: World) -> MessageRef:
    """Cleo's second request in the thread of ticket 1."""
    await world.ticket_from(CLEO, PUBLIC, "The printer is on fire")
    asked = await world.post(CLEO, world.customer(1), "And may I have a second screen?")
    await world.post(CLEO, world.customer(1), "The fire is out, by the way")
    await world.settle()
    world.forget()
    return asked


async def test_by_replying_to_the_message(world: World, second: MessageRef) -> None:
    await world.type(ANA, world.team(1), "split A second screen", reply_to=second)
    assert "**#2** is a ticket of its own" in world.accepted
    made = world.ticket(2)
    assert (made.title, made.requester) == ("A second screen", world.ticket(1).requester)
    await world.settle()
    assert [post.body for post in world.posts(2)] == ["And may I have a second screen?"]
    assert world.bodies(2, Side.TEAM) == ["And may I have a second screen?"]
    assert "**#2** now" in world.lines(1, Side.CUSTOMER)[-1]
    assert "Ana made **#2** of a message of Cleo" in world.lines(1, Side.TEAM)[-1]
    assert world.look(lambda tx: relations.of_ticket(tx, 1)) == (Relation(2, Tie.SPLIT_FROM, 1),)
    await world.give(ANA, "info", ticket="2")
    assert "Linked: split from #1" in world.accepted
    world.forget()
    await world.post(ANA, world.team(2), "It is ordered")
    assert world.bodies(2, Side.CUSTOMER) == ["It is ordered"]
    assert world.effects(1) == []


async def test_without_a_message_it_is_the_last(world: World, second: MessageRef) -> None:
    await world.give(ANA, "relate", ticket="1", action="split")
    assert world.ticket(2).title == "The fire is out, by the way"


async def test_by_the_message_menu(world: World, second: MessageRef) -> None:
    source = world.message(CLEO, world.customer(1), "And may I have a second screen?")
    form = await world.open_form(ANA, FormKind.SPLIT, 1, source=replace(source, ref=second))
    assert form.fields[0].name == "title"
    await world.submit(ANA, form, title="")
    assert world.ticket(2).description == "And may I have a second screen?"


async def test_of_a_direct_message(world: World) -> None:
    await world.post(CLEO, CLEO.dm, "My mouse is gone")
    await world.post(CLEO, CLEO.dm, "And the keyboard")
    await world.settle()
    await world.give(ANA, "split", ticket="1")
    assert world.ticket(2).description == "And the keyboard"
    assert world.threads(2, Side.CUSTOMER)[0].kind is PlaceKind.DM


async def test_what_cannot_be_split(world: World, second: MessageRef) -> None:
    note = await world.post(ANA, world.team(1), "note: she always does")
    await world.type(ANA, world.team(1), "split", reply_to=note)
    assert world.refused == "Only what a requester wrote can become a ticket of its own."
    await world.type(BOB, world.team(1), "split", reply_to=second)
    assert "You may not" in world.refused
    await world.give(CLEO, "split", ticket="1")
    assert "You may not" in world.refused
    await world.ticket_from(DAN, PUBLIC, "One thing alone")
    await world.give(ANA, "split", ticket="2")
    assert "nothing to split" in world.refused
