"""What platforms say about themselves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from chatdesk.contract.inbound import ChannelSeen, ChannelsSeen, MemberSeen, MembersSeen, PlaceGone
from chatdesk.contract.questions import Wanted
from chatdesk.contract.vocabulary import Place, PlaceKind, Profile, Side
from chatdesk.domain.organisation import ChannelReference, Route, StaffSource, StaffSourceKind
from tests.desk.humans import ANA, CLEO, EVE, SAM
from tests.desk.organisation import ACME, DISCORD, PUBLIC, SERVER, SLACK, WORKSPACE
from tests.desk.world import World

BY_NAME = replace(
    ACME,
    teams=(
        replace(
            ACME.teams[0],
            homes=(ChannelReference(SLACK, "#support"),),
            members=(
                StaffSource(SLACK, StaffSourceKind.GROUP, "S1"),
                StaffSource(DISCORD, StaffSourceKind.GROUP, "R1"),
            ),
        ),
        *ACME.teams[1:],
    ),
    routes=(Route(ChannelReference(DISCORD, "#help"), "support"),),
)


@pytest.fixture
async def named(tmp_path: Path) -> AsyncIterator[World]:
    world = await World.open(tmp_path, BY_NAME)
    yield world
    await world.close()


def _channels(world: World, *seen: tuple[str, str]) -> ChannelsSeen:
    channels = tuple(ChannelSeen(Place(WORKSPACE, one), name, PlaceKind.CHANNEL) for one, name in seen)
    return ChannelsSeen(WORKSPACE, channels, world.clock.now())


async def test_what_the_configuration_wants_to_know(named: World) -> None:
    wants = await named.desk.ask(Wanted(WORKSPACE))
    assert wants.channel_names == ("support",)
    assert wants.channel_ids == ("C-billing", "C-managers")
    assert wants.staff_groups == ("S1",)
    assert (await named.desk.ask(Wanted(SERVER))).channel_names == ("help",)


async def test_a_ticket_waits_for_its_teams_channel_to_be_found(named: World) -> None:
    await named.type(CLEO, PUBLIC, "open Help me")
    assert named.threads(1, Side.TEAM) == []
    await named.handle(_channels(named, ("C7", "support"), ("C8", "other")))
    [team] = named.threads(1, Side.TEAM)
    assert team.parent == "C7"
    assert named.bodies(1, Side.TEAM) == ["Help me"]
    await named.again()
    assert len(named.threads(1, Side.TEAM)) == 1


async def test_a_ticket_that_was_moved_there_waits_too(named: World) -> None:
    await named.type(CLEO, PUBLIC, "open Help me")
    await named.give(SAM, "move", ticket="1", team="billing")
    assert "There is no ticket" in named.refused
    members = (MemberSeen(ANA.identity, Profile("Ana")),)
    await named.handle(MembersSeen(WORKSPACE, "group:S1", members, named.clock.now()))
    await named.give(ANA, "move", ticket="1", team="billing")
    [team] = named.threads(1, Side.TEAM)
    assert team.team == "billing"
    await named.handle(_channels(named, ("C7", "support")))
    assert [one.team for one in named.threads(1, Side.TEAM)] == ["billing"]


async def test_channels_may_be_renamed(named: World) -> None:
    await named.handle(_channels(named, ("C7", "support")))
    await named.handle(_channels(named, ("C7", "old-support"), ("C9", "support")))
    await named.type(CLEO, PUBLIC, "open Help me")
    assert [one.parent for one in named.threads(1, Side.TEAM)] == ["C9"]


async def test_staff_come_from_groups_and_leave_with_them(named: World) -> None:
    await named.type(CLEO, PUBLIC, "open Help me")
    await named.give(ANA, "claim", ticket="1")
    assert "There is no ticket" in named.refused
    members = (MemberSeen(ANA.identity, Profile("Ana")), MemberSeen(SAM.identity, None))
    await named.handle(MembersSeen(WORKSPACE, "group:S1", members, named.clock.now()))
    await named.handle(MembersSeen(SERVER, "group:R1", (MemberSeen(EVE.identity, None),), named.clock.now()))
    await named.give(ANA, "claim", ticket="1")
    assert named.ticket(1).assignee == named.person(ANA)
    await named.give(EVE, "priority", ticket="1", priority="high")
    assert named.ticket(1).priority == "high"
    await named.handle(MembersSeen(WORKSPACE, "group:S1", members[1:], named.clock.now()))
    await named.give(ANA, "release", ticket="1")
    assert "There is no ticket" in named.refused


async def test_a_customers_place_that_is_gone_is_dead_and_the_team_is_told(world: World) -> None:
    number = await world.ticket_from(CLEO, PUBLIC)
    where = world.customer(number)
    await world.handle(PlaceGone(where.place, world.clock.now()))
    assert world.threads(number, Side.CUSTOMER) == []
    assert "customer_thread_gone" in world.sentences(number, Side.TEAM)
    await world.post(ANA, world.team(number), "Hello?")
    assert world.bodies(number, Side.CUSTOMER) == ["Hello?"], "it fails there, and Ana is told"
    assert "place_gone" in world.kinds(number)
