"""Priorities that follow from what is known: tier, deadline, outage, mood; each change says its rule."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from chatdesk.contract.actions import FormKind
from chatdesk.contract.vocabulary import Side
from chatdesk.desk.rule_sweep import time_for_rules
from chatdesk.domain.conditions import Condition
from chatdesk.domain.organisation import Category, CategoryField, Tier
from chatdesk.domain.rules import Happening, Rule, Since
from chatdesk.domain.steps import Step, StepKind
from chatdesk.store.engine import open_engine
from tests.desk.humans import ANA, CLEO, SAM
from tests.desk.organisation import ACME, HELP, PUBLIC, SUPPORT, person
from tests.desk.world import World

_WHEN = (Happening.CREATED, Happening.UPDATED, Happening.MESSAGE, Happening.OUTAGE)


def raises(key: str, condition: Condition, step: Step, near: timedelta | None = None) -> Rule:
    since = Since.DEADLINE if near else Since.CREATED
    after = -near if near else None
    return Rule(key, (step,), _WHEN, after, since, condition, once=True)


DAY = timedelta(days=1)
ORGANISATION = replace(
    ACME,
    tiers=(Tier("vip", "VIP", (person("sam"),)),),
    categories=(
        *ACME.categories,
        Category("move", ("Moves",), fields=(CategoryField("deadline", "By when?"),)),
    ),
    priority_rules=(
        raises("vip", Condition(tier=("vip",)), Step(StepKind.AT_LEAST, "high")),
        raises("angry", Condition(unhappy=True), Step(StepKind.RAISE, "1")),
        raises("outage", Condition(outage=True), Step(StepKind.AT_LEAST, "urgent")),
        raises("soon", Condition(due_within=DAY), Step(StepKind.AT_LEAST, "urgent"), DAY),
    ),
)


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    opened = await World.furnish(open_engine(database_url), ORGANISATION)
    yield opened
    await opened.close()


async def test_vips_and_the_unhappy_come_first_and_it_is_said_why(world: World) -> None:
    await world.ask_ticket(SAM, world.message(SAM, HELP, "This is unacceptable!"))
    await world.type(ANA, SUPPORT, "info 1")
    assert "- Tier: VIP" in world.accepted
    assert world.ticket(1).priority == "urgent"
    rules = [dict(entry.data)["rule"] for entry in world.history(1) if entry.kind == "priority"]
    assert rules == ["vip", "angry"]
    assert [line for line in world.lines(1, Side.TEAM) if "Rule" in line] == [
        "⚙️ Rule **vip**:",
        "⚙️ Rule **angry**:",
    ]
    assert not any("Rule" in line for line in world.lines(1, Side.CUSTOMER))


async def test_a_later_message_raises_once_and_an_agents_choice_stands(world: World) -> None:
    number = await world.ticket_from(CLEO, PUBLIC, "It burns")
    await world.post(CLEO, world.customer(number), "I am still waiting!")
    assert world.ticket(number).priority == "high"
    await world.give(ANA, "priority", ticket=str(number), priority="low")
    await world.post(CLEO, world.customer(number), "I am still waiting!!!")
    assert world.ticket(number).priority == "low"


async def test_an_outage_raises_what_is_affected(world: World) -> None:
    await world.give(CLEO, "open", where=PUBLIC, title="No mail")
    await world.give(ANA, "service", ticket="1", service="Mail")
    await world.type(ANA, SUPPORT, "outage Mail on", command="desk")
    assert world.accepted == "🔥 Mail is out of order; 1 open tickets are about it."
    assert world.ticket(1).priority == "urgent"
    await world.type(ANA, SUPPORT, "outage mail on", command="desk")
    assert "known" in world.refused
    await world.type(ANA, SUPPORT, "outage", command="desk")
    assert "Mail: 21 Nov" in world.accepted
    await world.type(ANA, SUPPORT, "outage mail off", command="desk")
    await world.type(ANA, SUPPORT, "outage Meil on", command="desk")
    assert "Mail, VPN" in world.refused
    await world.type(CLEO, PUBLIC, "outage Mail on", command="desk")
    assert "You may not" in world.refused


async def test_a_deadline_that_comes_near_raises_in_time(world: World) -> None:
    form = await world.open_form(CLEO, FormKind.TICKET, where=PUBLIC)
    await world.submit(
        CLEO, form, title="New office", description="We move", category="move", field_deadline="2026-11-25"
    )
    assert world.ticket(1).priority == "normal"
    await world.tick(time_for_rules, days=2)
    assert world.ticket(1).priority == "normal"
    await world.tick(time_for_rules, hours=14)
    assert world.ticket(1).priority == "urgent"
    assert dict(world.history(1)[-1].data)["rule"] == "soon"
