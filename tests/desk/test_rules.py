"""Rules at work: set off by what happens and by time, told to the team, never going round in circles."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from chatdesk.contract.vocabulary import Side
from chatdesk.desk.rule_sweep import time_for_rules
from chatdesk.domain.calendar import Calendar, Hours
from chatdesk.domain.conditions import Condition
from chatdesk.domain.lifecycle import Status
from chatdesk.domain.organisation import Organisation, Tier
from chatdesk.domain.rules import Happening, Rule, Since
from chatdesk.domain.steps import Step, StepKind
from chatdesk.store import desks
from chatdesk.store.engine import open_engine
from tests.desk.humans import ANA, CLEO, LEA, SAM
from tests.desk.organisation import ACME, HELP, PUBLIC, person
from tests.desk.world import World


def step(kind: str, value: str = "", text: str = "") -> Step:
    return Step(StepKind(kind), value, text)


VIP = Rule(
    "vip",
    (
        step("priority", "high"),
        step("tag", "vip"),
        step("note", text="{requester} is a VIP"),
        step("notify", "leads"),
    ),
    (Happening.CREATED,),
    condition=Condition(tier=("vip",)),
)
GREET = Rule(
    "greet", (step("reply", text="Hello {requester}!"),), (Happening.CREATED,), unless=Condition(tag=("vip",))
)
CHASE = Rule(
    "chase",
    (step("reply", text="Any news?"), step("tag", "chased")),
    after=timedelta(days=2),
    since=Since.ANSWER,
    condition=Condition(status=("pending",)),
)
REFUND = Rule(
    "refund", (step("team", "billing"),), (Happening.MESSAGE,), condition=Condition(words=("refund",))
)


def organisation(*rules: Rule) -> Organisation:
    return replace(ACME, rules=rules, tiers=(Tier("vip", "VIP", (person("sam"),)),))


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    opened = await World.furnish(open_engine(database_url), organisation(VIP, GREET, CHASE, REFUND))
    yield opened
    await opened.close()


async def test_a_rule_does_its_steps_and_says_so_to_the_team_alone(world: World) -> None:
    await world.post(LEA, HELP, "hello")
    await world.ask_ticket(SAM, world.message(SAM, HELP, "It burns"))
    ticket = world.ticket(1)
    assert (ticket.priority, ticket.tags) == ("high", ("vip",))
    assert "⚙️ Rule **vip**:" in world.lines(1, Side.TEAM)
    assert "📝 Sam is a VIP" in world.lines(1, Side.TEAM)
    assert not any("vip" in line.casefold() for line in world.lines(1, Side.CUSTOMER))
    entry = next(one for one in world.history(1) if one.kind == "priority")
    assert (entry.actor, entry.means, dict(entry.data)["rule"]) == (None, "rule", "vip")
    assert any("Please look at **#1**: It burns. Rule vip asks" in told for told in world.told(LEA))
    await world.type(ANA, HELP, "info 1")
    assert "rule vip: priority normal → high" in world.accepted


async def test_a_reply_of_a_rule_reaches_the_requester(world: World) -> None:
    number = 1
    await world.ask_ticket(CLEO, world.message(CLEO, PUBLIC, "It burns"))
    assert "Hello Cleo!" in world.lines(number, Side.CUSTOMER)
    assert "💬 The requester was told: Hello Cleo!" in world.lines(number, Side.TEAM)
    assert world.ticket(number).first_response_at is None


async def test_words_in_a_message_move_the_ticket(world: World) -> None:
    number = await world.ticket_from(CLEO, PUBLIC, "It burns")
    await world.post(CLEO, world.customer(number), "I want a refund")
    assert world.ticket(number).team == "billing"
    await world.settle()
    await world.post(CLEO, world.customer(number), "A refund, please")
    assert world.kinds(number).count("rule_fired") == 2, "greet, and refund once"


async def test_a_rule_fires_when_its_time_has_come_and_once(world: World) -> None:
    number = await world.ticket_from(CLEO, PUBLIC)
    await world.post(ANA, world.team(number), "Which printer?")
    await world.give(ANA, "status", ticket=str(number), status="pending")
    world.forget()
    assert await world.tick(time_for_rules, days=1) == 0
    assert await world.tick(time_for_rules, days=1, minutes=1) == 1
    assert "Any news?" in world.lines(number, Side.CUSTOMER)
    assert world.ticket(number).tags == ("chased",)
    assert await world.tick(time_for_rules, days=30) == 0
    await world.post(CLEO, world.customer(number), "The red one")
    await world.post(ANA, world.team(number), "How red?")
    await world.give(ANA, "status", ticket=str(number), status="pending")
    world.forget()
    await world.tick(time_for_rules, days=2, minutes=1)
    assert "Any news?" in world.lines(number, Side.CUSTOMER)


async def test_a_time_that_came_while_the_rule_did_not_hold_is_made_up_for(world: World) -> None:
    number = await world.ticket_from(CLEO, PUBLIC)
    await world.post(ANA, world.team(number), "Which printer?")
    await world.tick(time_for_rules, days=3)
    assert world.ticket(number).tags == ()
    assert await world.tick(time_for_rules, minutes=1) == 0
    await world.give(ANA, "status", ticket=str(number), status="pending")
    await world.tick(time_for_rules, minutes=1)
    assert world.ticket(number).tags == ("chased",)


async def test_rules_that_were_added_concern_the_tickets_that_there_are(tmp_path: Path) -> None:
    world = await World.open(tmp_path)
    number = await world.ticket_from(CLEO, PUBLIC)
    late = Rule("late", (step("tag", "late"),), after=timedelta(hours=1))
    with world.engine.begin() as connection:
        desks.apply(connection, organisation(late), world.clock.now())
    await world.tick(time_for_rules, minutes=5)
    await world.tick(time_for_rules, hours=1)
    assert world.ticket(number).tags == ("late",)
    await world.close()


async def test_rules_against_each_other_are_stopped_and_the_team_is_told(tmp_path: Path) -> None:
    up = Rule("up", (step("priority", "high"),), (Happening.CREATED, Happening.UPDATED))
    down = Rule("down", (step("priority", "low"),), (Happening.UPDATED,))
    world = await World.open(tmp_path, organisation(up, down))
    await world.ask_ticket(CLEO, world.message(CLEO, PUBLIC, "It burns"))
    assert world.ticket(1).priority == "low"
    assert "rule_stopped" in world.kinds(1)
    assert any("Rule **up** would have run again" in line for line in world.lines(1, Side.TEAM))
    await world.close()


async def test_a_step_that_is_refused_is_told_and_the_rest_goes_on(tmp_path: Path) -> None:
    rule = Rule("r", (step("escalate", "next"), step("tag", "x")), (Happening.CREATED,))
    lonely = replace(organisation(rule), teams=tuple(replace(one, escalates_to=None) for one in ACME.teams))
    world = await World.open(tmp_path, lonely)
    await world.ask_ticket(CLEO, world.message(CLEO, PUBLIC, "It burns"))
    assert world.ticket(1).tags == ("x",)
    assert "rule_refused" in world.kinds(1) and "escalated" not in world.kinds(1)
    assert any("could not do everything" in line for line in world.lines(1, Side.TEAM))
    await world.close()


async def test_rules_that_take_turns_for_ever_are_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatdesk.desk.ruling.MOST_FIRINGS", 3)

    def after_an_hour(key: str, status: str, then: str) -> Rule:
        held = Condition(status=(status,))
        return Rule(
            key, (step("status", then),), after=timedelta(hours=1), since=Since.STATUS, condition=held
        )

    circle = organisation(after_an_hour("wait", "open", "pending"), after_an_hour("go", "pending", "open"))
    world = await World.open(tmp_path, circle)
    number = await world.ticket_from(CLEO, PUBLIC)
    await world.give(ANA, "claim", ticket=str(number))
    for _ in range(12):
        await world.tick(time_for_rules, hours=1, minutes=1)
    assert world.kinds(number).count("rule_fired") == 6
    assert world.kinds(number).count("rule_worn_out") == 1
    assert any("goes round in circles" in line for line in world.lines(number, Side.TEAM))
    await world.close()


async def test_a_rule_for_the_night(tmp_path: Path) -> None:
    office = Calendar("office", "Office", "UTC", ((Hours(9 * 60, 17 * 60),),) * 7)
    rule = Rule(
        "night", (step("tag", "night"),), (Happening.CREATED,), condition=Condition(closed=("office",))
    )
    world = await World.open(tmp_path, replace(organisation(rule), calendars=(office,)))
    await world.ask_ticket(CLEO, world.message(CLEO, PUBLIC, "By day"))
    world.clock.advance(hours=10)
    await world.ask_ticket(CLEO, world.message(CLEO, PUBLIC, "By night"))
    assert [one.tags for one in world.tickets()] == [(), ("night",)]
    await world.close()


async def test_a_rule_whose_time_came_at_night_waits_for_the_morning(tmp_path: Path) -> None:
    office = Calendar("office", "Office", "UTC", ((Hours(9 * 60, 17 * 60),),) * 7)
    rule = Rule(
        "late", (step("tag", "late"),), after=timedelta(hours=10), condition=Condition(open=("office",))
    )
    world = await World.open(tmp_path, replace(organisation(rule), calendars=(office,)))
    await world.ask_ticket(CLEO, world.message(CLEO, PUBLIC, "It burns"))
    await world.tick(time_for_rules, hours=10, minutes=1)
    assert world.ticket(1).tags == ()
    await world.tick(time_for_rules, hours=12, minutes=30)
    assert world.ticket(1).tags == ("late",)
    await world.close()


async def test_what_follows_by_itself_undoes_nothing_if_it_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    world = await World.open(tmp_path, organisation(GREET))
    monkeypatch.setattr("chatdesk.desk.ruling.follow", broken)
    await world.ask_ticket(CLEO, world.message(CLEO, PUBLIC, "It burns"))
    assert world.ticket(1).title == "It burns"
    await world.close()


async def test_a_rule_resolves_and_closes(tmp_path: Path) -> None:
    rule = Rule("r", (step("close", text="we no longer do {title}"),), (Happening.CREATED,))
    world = await World.open(tmp_path, organisation(rule))
    await world.ask_ticket(CLEO, world.message(CLEO, PUBLIC, "Faxes"))
    assert world.ticket(1).status is Status.CLOSED
    assert any("we no longer do Faxes" in line for line in world.lines(1, Side.CUSTOMER))
    await world.close()
