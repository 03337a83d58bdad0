"""Where requests go and who gets them, and that both are told and kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from chatdesk.contract.vocabulary import Side
from chatdesk.desk.turn_sweep import give_what_waits
from chatdesk.domain.assignment import Strategy
from chatdesk.domain.conditions import Condition
from chatdesk.domain.organisation import Agent, Organisation, Tier
from chatdesk.domain.rules import RoutingRule
from chatdesk.store.engine import open_engine
from tests.desk.humans import ADA, ANA, BEN, CLEO, SAM
from tests.desk.organisation import ACME, HELP, PUBLIC, SUPPORT, person
from tests.desk.world import World

ROUTING = (
    RoutingRule("refunds", "billing", Condition(words=("refund", "money back")), "billing"),
    RoutingRule("vips", "managers", Condition(tier=("vip",), channel=("slack:C-help",))),
    RoutingRule("german", "managers", Condition(language=("de",))),
)


def organisation(
    *strategies: Strategy, capacity: int | None = None, agents: tuple[Agent, ...] = ()
) -> Organisation:
    support = replace(ACME.teams[0], assignment=strategies, capacity=capacity)
    return replace(
        ACME,
        teams=(support, *ACME.teams[1:]),
        routing=ROUTING,
        tiers=(Tier("vip", "VIP", (person("sam"),)),),
        agents=agents,
    )


async def opened(folder: Path, made: Organisation) -> World:
    return await known(await World.open(folder, made))


async def known(world: World) -> World:
    """The agents have been seen."""
    for who in (ANA, BEN):
        await world.post(who, SUPPORT, "hello")
    return world


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    usual = organisation(Strategy.PREVIOUS_AGENT, Strategy.LEAST_LOADED, capacity=2)
    made = await known(await World.furnish(open_engine(database_url), usual))
    yield made
    await made.close()


@pytest.mark.parametrize(
    ("body", "team", "why"),
    [
        ("I want my money back", "billing", "Routed: to Billing: rule refunds (words money back)"),
        ("Ich kann nicht drucken, der Drucker ist kaputt", "managers", "rule german (language de)"),
        ("The printer is on fire", "support", "Routed: to Support: channel"),
    ],
)
async def test_rules_come_before_categories_and_channels(
    world: World, body: str, team: str, why: str
) -> None:
    number = await world.ticket_from(CLEO, PUBLIC, body)
    assert world.ticket(number).team == team
    await world.type(ANA, SUPPORT, f"info {number}")
    assert why in world.accepted
    if team == "billing":
        assert world.ticket(number).category == "billing"


async def test_a_tier_in_a_channel(world: World) -> None:
    number = await world.ticket_from(SAM, HELP, "It burns")
    assert world.ticket(number).team == "managers"
    await world.type(CLEO, PUBLIC, f"info {number}")
    assert "no ticket" in world.refused


async def test_a_customer_is_not_told_which_rule_it_was(world: World) -> None:
    number = await world.ticket_from(CLEO, PUBLIC, "I want my money back")
    await world.type(CLEO, PUBLIC, f"info {number}")
    assert "refunds" not in world.accepted


async def test_new_tickets_are_given_to_who_has_least_up_to_their_limit(world: World) -> None:
    agents = [world.ticket(await world.ticket_from(CLEO, PUBLIC, f"Question {n}")).assignee for n in range(4)]
    # The first is Ana's or Ben's; the requester's next ones go to the same agent while there is room.
    first = agents[0]
    assert agents[:2] == [first, first] and agents[2] == agents[3] != first
    await world.ask_ticket(CLEO, world.message(CLEO, PUBLIC, "Question 5"))
    assert world.ticket(5).assignee is None
    assert (
        "🪑 Nobody of Support can take this ticket: 0 away or off work, 2 with as many as they can have."
        in (world.lines(5, Side.TEAM))
    )
    entry = next(one for one in world.history(2) if one.kind == "assigned")
    assert dict(entry.data)["because"] == "previous_agent"
    await world.type(ANA, SUPPORT, "info 2")
    assert "assigned previous agent" in world.accepted


async def test_who_is_away_is_passed_over_until_they_are_back(world: World) -> None:
    await world.type(ANA, SUPPORT, "away", command="desk")
    assert world.accepted.startswith("You are away until you say `/desk back`")
    for n in range(2):
        number = await world.ticket_from(CLEO, PUBLIC, f"Question {n}")
        assert world.ticket(number).assignee == world.person(BEN)
    await world.type(ANA, SUPPORT, "back", command="desk")
    number = await world.ticket_from(CLEO, PUBLIC)
    assert world.ticket(number).assignee == world.person(ANA)


async def test_what_nobody_could_take_is_given_to_who_is_back(world: World) -> None:
    for who in (ANA, BEN):
        await world.type(who, SUPPORT, "away", command="desk")
    number = await world.ticket_from(CLEO, PUBLIC)
    left = await world.ticket_from(CLEO, PUBLIC)
    await world.give(ANA, "claim", ticket=str(left))
    await world.give(ANA, "release", ticket=str(left))
    assert await world.tick(give_what_waits, minutes=1) == 0
    await world.type(BEN, SUPPORT, "back", command="desk")
    assert await world.tick(give_what_waits, minutes=1) == 1
    assert world.ticket(number).assignee == world.person(BEN)
    assert world.ticket(left).assignee is None, "somebody gave it back on purpose"


async def test_away_for_a_time_and_what_cannot_be_understood(world: World) -> None:
    await world.type(ANA, SUPPORT, "away 2h", command="desk")
    world.clock.time += timedelta(hours=3)
    await world.type(ANA, SUPPORT, "back", command="desk")
    assert "not away" in world.refused
    await world.type(ANA, SUPPORT, "away soonish", command="desk")
    assert "2h" in world.refused
    await world.type(CLEO, PUBLIC, "away", command="desk")
    assert "You may not" in world.refused


async def test_skills(tmp_path: Path) -> None:
    agents = (Agent((person("ana"),), ("account",)), Agent((person("ben"),), ("account", "account/password")))
    world = await opened(tmp_path, organisation(Strategy.BY_SKILL, Strategy.ROUND_ROBIN, agents=agents))
    await world.give(CLEO, "open", where=PUBLIC, title="Login", category="account/password")
    assert world.ticket(1).assignee == world.person(BEN)
    assert any("this ticket is yours" in told or "is yours now" in told for told in world.told(BEN))
    await world.close()


async def test_a_moved_ticket_is_given_to_somebody_of_the_new_team(tmp_path: Path) -> None:
    world = await opened(tmp_path, organisation(Strategy.ROUND_ROBIN))
    number = await world.ticket_from(CLEO, PUBLIC, "money back")
    assert world.ticket(number).assignee is None, "Billing gives nothing out"
    await world.give(ADA, "move", ticket=str(number), team="support")
    assert world.ticket(number).assignee in (world.person(ANA), world.person(BEN))
    await world.close()
