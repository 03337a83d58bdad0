"""Two desks in one process never see each other."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection

from chatdesk.contract.inbound import Connected
from chatdesk.contract.questions import Choices, ChoicesOf, HomeOf
from chatdesk.contract.vocabulary import (
    IdentityId,
    Installation,
    Means,
    MessageRef,
    Place,
    PlaceKind,
    Side,
    Where,
)
from chatdesk.desk.apart import each_desk
from chatdesk.domain.organisation import Organisation
from chatdesk.store import desks
from tests.desk.humans import ANA, CLEO, SAM, Human
from tests.desk.organisation import ACME, PUBLIC, SERVER, SLACK, SUPPORT, WORKSPACE, channel
from tests.desk.platforms import copy_id
from tests.desk.world import World

ELSEWHERE = Installation(SLACK, "T2")
THEIR_SUPPORT = channel(ELSEWHERE, "C-their-support")
BETA = replace(
    ACME,
    desk="beta",
    name="Beta",
    installations=(ELSEWHERE,),
    teams=(
        replace(
            ACME.teams[0],
            homes=(replace(ACME.teams[0].homes[0], channel="C-their-support"),),
            escalates_to=None,
        ),
    ),
    routes=(),
)
THEIR_ANA = Human("ana", ELSEWHERE)
"""The same account, in another organisation's workspace."""
THEIR_ZOE = Human("zoe", ELSEWHERE)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    acme = replace(ACME, installations=(WORKSPACE, SERVER))
    opened = await World.open(tmp_path, acme, BETA)
    await opened.handle(Connected(ELSEWHERE, "T2", IdentityId(SLACK, "bot2"), opened.clock.now()))
    yield opened
    await opened.close()


async def test_each_counts_its_own_tickets(world: World) -> None:
    await world.ticket_from(CLEO, PUBLIC)
    await world.type(THEIR_ZOE, THEIR_ZOE.dm, "open Something of ours")
    assert "#1" in world.accepted
    assert [ticket.title for ticket in world.tickets()] == ["The printer is on fire"]


async def test_another_desks_ticket_is_not_found_rather_than_forbidden(world: World) -> None:
    await world.ticket_from(CLEO, PUBLIC)
    await world.ticket_from(CLEO, PUBLIC)
    await world.type(THEIR_ZOE, THEIR_ZOE.dm, "open Something of ours")
    for verb in ("info", "claim", "resolve", "note", "move", "escalate", "people"):
        await world.give(THEIR_ANA, verb, where=THEIR_SUPPORT, ticket="2", text="x")
        assert world.refused == "There is no ticket #2."
    assert world.ticket(2).assignee is None


async def test_what_is_written_elsewhere_reaches_nobody_here(world: World) -> None:
    number = await world.ticket_from(CLEO, PUBLIC)
    [team] = world.threads(number, Side.TEAM)
    assert team.place is not None and team.card is not None
    same_id = Where(Place(ELSEWHERE, team.place), PlaceKind.THREAD, Place(ELSEWHERE, team.parent))
    await world.post(THEIR_ANA, same_id, "Hello?")
    card = MessageRef(same_id.place, team.card)
    await world.react(THEIR_ANA, same_id, card, "👀")
    copy = MessageRef(same_id.place, copy_id(world.posts(number)[0].id, team.id))
    await world.react(THEIR_ANA, same_id, copy, "🔥")
    await world.delete(copy)
    assert len(world.posts(number)) == 1
    assert world.ticket(number).assignee is None
    assert world.shown() == []


async def test_people_are_known_to_each_desk_by_itself(world: World) -> None:
    await world.type(ANA, SUPPORT, "list all")
    mine = world.person(ANA)
    await world.type(THEIR_ANA, THEIR_SUPPORT, "list all")
    assert world.accepted == "No tickets there. 🎉"
    assert world.person(ANA) == mine
    await world.type(ANA, SUPPORT, "link", command="desk")
    code = world.accepted.split("**")[1]
    await world.type(THEIR_ZOE, THEIR_ZOE.dm, f"link {code}", command="desk")
    assert "not valid" in world.refused


async def test_questions_are_answered_from_ones_own_desk(world: World) -> None:
    await world.ticket_from(CLEO, PUBLIC)
    for of in ChoicesOf:
        options = await world.desk.ask(Choices(of, "", THEIR_ANA.actor, THEIR_SUPPORT))
        assert not any("printer" in option.label for option in options)
    home = await world.desk.ask(HomeOf(ELSEWHERE, THEIR_ANA.actor))
    assert [ticket for section in home.sections for ticket in section.tickets] == []


async def test_a_place_that_no_desk_names_is_told_so(world: World) -> None:
    stranger = Human("nemo", Installation(SLACK, "T3"))
    await world.type(stranger, stranger.dm, "open help", means=Means.COMMAND)
    assert "not set up for this place" in world.refused
    home = await world.desk.ask(HomeOf(stranger.installation, stranger.actor))
    assert home.sections == ()


async def test_a_workspace_may_change_hands(world: World) -> None:
    """Once another desk names an installation, its next connection is that desk's."""
    given = replace(BETA, installations=(ELSEWHERE, WORKSPACE))
    kept = replace(world.organisation, installations=(SERVER,))
    with world.engine.begin() as connection:
        for organisation in (given, kept):
            desks.apply(connection, organisation, world.clock.now())
    await world.handle(Connected(WORKSPACE, "T1", IdentityId(SLACK, "bot"), world.clock.now()))
    assert world.accepted == ""
    await world.type(THEIR_ZOE, THEIR_ZOE.dm, "open Ours")
    await world.type(SAM, SAM.dm, "open Ours too")
    assert "#2" in world.accepted


async def test_what_time_brings_to_one_desk_holds_up_no_other(world: World) -> None:
    seen: list[str] = []

    def work(connection: Connection, organisation: Organisation, now: datetime) -> int:
        seen.append(organisation.desk)
        if organisation.desk == "acme":
            raise ValueError("this desk cannot be dealt with")
        return 1

    assert await world.tick(partial(each_desk, work=work)) == 1
    assert seen == ["acme", "beta"]
