"""Whoever is on call is told, one after another, until somebody sees to it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import update

from chatdesk.contract.vocabulary import Side
from chatdesk.domain.rules import Happening, Rule
from chatdesk.domain.steps import Step, StepKind
from chatdesk.domain.ticket import EscalationState
from chatdesk.store.engine import open_engine
from chatdesk.store.tables_on_call import calls
from tests.desk.duty import (
    BILL,
    LOU,
    ON_CALL,
    OWN_ROTA,
    PROMISE,
    ROTA,
    SUPPORT_TEAM,
    decided,
    later,
)
from tests.desk.humans import ANA, BEN, BOB, CLEO, LEA
from tests.desk.organisation import PUBLIC, SUPPORT
from tests.desk.world import World


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[World]:
    world = await World.open(tmp_path, ON_CALL)
    yield world
    await world.close()


@pytest.fixture
async def on_each_engine(database_url: str) -> AsyncIterator[World]:
    world = await World.furnish(open_engine(database_url), ON_CALL)
    yield world
    await world.close()


async def test_an_escalation_goes_through_the_rota_to_the_leads_and_then_to_the_next_level(
    desk: World,
) -> None:
    number = await desk.ticket_from(CLEO, PUBLIC)
    await desk.type(ANA, SUPPORT, f"escalate #{number} is it paid?")
    await desk.settle()
    assert desk.told(BOB) == [
        "📟 **#1** The printer is on fire: it was escalated to Billing. "
        "You are on call; please acknowledge by **21 Nov 10:40 UTC**."
    ], "though he has never done anything here"
    assert desk.told(BILL) == []
    assert "📟 Someone is on call and was told" in desk.lines(number, Side.ESCALATION)[-1]
    desk.forget()
    await later(desk, minutes=10)
    assert len(desk.told(BILL)) == 1, "whose turn is next"
    assert desk.told(BOB) == []
    desk.forget()
    await later(desk, minutes=9)
    assert desk.told(LOU) == []
    await later(desk, minutes=1)
    assert "Nobody acknowledged; please see to it by **21 Nov 11:00 UTC**" in desk.told(LOU)[0]
    assert [one.to_team for one in desk.escalations(number)] == ["billing"]
    await later(desk, minutes=10)
    assert [one.to_team for one in desk.escalations(number)] == ["billing", "managers"]
    assert desk.escalations(number)[-1].because == "silence"
    assert {one.actor for one in desk.history(number) if one.kind == "called"} == {None}, "nobody does it"
    told = [dict(one.data) for one in desk.history(number) if one.kind == "escalated"]
    assert [one["because"] for one in told] == ["person", "silence"]
    assert desk.lines(number, Side.CUSTOMER)[-1] == (
        "🚨 We have asked The Managers to look at this. Expect an answer by 21 Nov 15:00 UTC."
    )


async def test_a_rule_tells_whoever_is_on_call(desk: World) -> None:
    rule = Rule("night", (Step(StepKind.NOTIFY, "on_call"),), (Happening.CREATED,))
    await decided(desk, replace(SUPPORT_TEAM, on_call=replace(ROTA, rotation=("slack:ben",))), rules=(rule,))
    await desk.ask_ticket(CLEO, desk.message(CLEO, PUBLIC, "The printer is on fire"))
    assert len(desk.told(BEN)) == 1


async def test_what_cannot_be_dealt_with_holds_up_no_other(desk: World) -> None:
    await decided(desk, replace(SUPPORT_TEAM, on_call=OWN_ROTA), slas=(PROMISE,))
    broken, number = await desk.ticket_from(CLEO, PUBLIC), await desk.ticket_from(CLEO, PUBLIC)
    await later(desk, minutes=60)
    spoil = update(calls).where(calls.c.ticket == broken).values(because="nonsense", due_at=desk.clock.now())
    await desk.writer.run(lambda connection: connection.execute(spoil))
    desk.forget()
    await later(desk, minutes=30)
    assert [one.split(":")[0] for one in desk.told(BEN)] == [f"📟 **#{number}** The printer is on fire"]


async def test_who_is_away_is_not_called(desk: World) -> None:
    number = await desk.ticket_from(CLEO, PUBLIC)
    await desk.type(BOB, SUPPORT, "away until monday 9:00", command="desk")
    await desk.type(ANA, SUPPORT, f"escalate #{number}")
    assert (desk.told(BOB), len(desk.told(BILL))) == ([], 1)


async def test_a_ticket_that_ends_calls_nobody_any_more(desk: World) -> None:
    await decided(desk, replace(SUPPORT_TEAM, on_call=OWN_ROTA), slas=(PROMISE,))
    number = await desk.ticket_from(CLEO, PUBLIC)
    await later(desk, minutes=60)
    await desk.give(CLEO, "resolve", ticket="1")
    desk.forget()
    await later(desk, hours=2)
    assert desk.told(BEN) == []
    assert desk.escalations(number) == []


async def test_acknowledged_by_the_next_one_it_goes_no_further(desk: World) -> None:
    number = await desk.ticket_from(CLEO, PUBLIC)
    await desk.type(ANA, SUPPORT, f"escalate #{number}")
    await desk.settle()
    await later(desk, minutes=10)
    await desk.give(BILL, "acknowledge", ticket="1")
    desk.forget()
    await later(desk, minutes=50)
    assert [one.state for one in desk.escalations(number)] == [EscalationState.ACKNOWLEDGED]
    assert desk.told(LOU) == []


async def test_a_breach_calls_whoever_is_on_call_until_somebody_sees_to_it(on_each_engine: World) -> None:
    desk = on_each_engine
    await decided(desk, replace(SUPPORT_TEAM, on_call=OWN_ROTA), slas=(PROMISE,))
    number = await desk.ticket_from(CLEO, PUBLIC)
    await later(desk, minutes=30)
    assert desk.told(ANA) == [], "nobody is known to be off work"
    await later(desk, minutes=30)
    assert desk.told(ANA)[-1].startswith(
        "📟 **#1** The printer is on fire: a limit was passed. You are on call"
    )
    await later(desk, minutes=30)
    assert len(desk.told(BEN)) == 1
    told = len(desk.told(LEA))
    await later(desk, minutes=30)
    assert len(desk.told(LEA)) == told + 1
    await desk.give(BOB, "acknowledge", ticket="1")
    assert "You may not acknowledge #1." in desk.refused
    await later(desk, minutes=30)
    [escalation] = desk.escalations(number)
    assert (escalation.to_team, escalation.because) == ("billing", "silence")
    assert escalation.question == "Nobody of Support who is on call has acknowledged this; please help."


@pytest.mark.parametrize("seen", ["acknowledge", "claim", "note"])
async def test_whoever_does_anything_with_it_has_acknowledged(desk: World, seen: str) -> None:
    await decided(desk, replace(SUPPORT_TEAM, on_call=OWN_ROTA), slas=(PROMISE,))
    number = await desk.ticket_from(CLEO, PUBLIC)
    await later(desk, minutes=60)
    await desk.post(CLEO, desk.customer(number), "Hello?")
    await desk.give(ANA, seen, ticket="1", text="on it")
    desk.forget()
    await later(desk, hours=2)
    assert desk.told(BEN) == []
    assert desk.escalations(number) == []


async def test_at_night_whoever_is_on_call_hears_of_it_and_all_others_in_the_morning(desk: World) -> None:
    """It is Saturday, and nobody else may be told before Monday."""
    rota = replace(ROTA, rotation=("slack:ben",))
    patient = replace(PROMISE, tell_in="office")
    await decided(desk, replace(SUPPORT_TEAM, on_call=rota), slas=(patient,))
    number = await desk.ticket_from(CLEO, PUBLIC)
    await desk.give(ANA, "claim", ticket="1")
    desk.forget()
    await later(desk, minutes=30)
    assert len(desk.told(BEN)) == 1
    assert (desk.told(ANA), desk.told(LEA)) == ([], [])
    await later(desk, minutes=1)
    await desk.give(BEN, "acknowledge", ticket="1")
    await later(desk, minutes=29)
    assert len(desk.told(BEN)) == 2, "of the breach, too"
    await desk.give(BEN, "acknowledge", ticket="1")
    desk.clock.time = datetime(2026, 11, 23, 9, tzinfo=UTC)
    await later(desk)
    assert len(desk.told(BEN)) == 2, "he knows already"
    assert (len(desk.told(ANA)), len(desk.told(LEA))) == (1, 1)
    assert desk.kinds(number).count("sla_called") == 2
