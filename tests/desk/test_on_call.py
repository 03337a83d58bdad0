"""Whoever is on call is told, one after another, until somebody sees to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from chatdesk.contract.vocabulary import Side
from chatdesk.domain.rules import Happening, Rule
from chatdesk.domain.steps import Step, StepKind
from chatdesk.domain.ticket import EscalationState
from chatdesk.store.tables_on_call import calls
from tests.desk.duty import (
    BILL,
    LOU,
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


async def test_an_escalation_goes_through_the_rota_to_the_leads_and_then_to_the_next_level(
    on_duty: World,
) -> None:
    number = await on_duty.ticket_from(CLEO, PUBLIC)
    await on_duty.type(ANA, SUPPORT, f"escalate #{number} is it paid?")
    await on_duty.settle()
    assert on_duty.told(BOB) == [
        "📟 **#1** The printer is on fire: it was escalated to Billing. "
        "You are on call; please acknowledge by **21 Nov 10:40 UTC**."
    ], "though he has never done anything here"
    assert on_duty.told(BILL) == []
    assert "📟 Someone is on call and was told" in on_duty.lines(number, Side.ESCALATION)[-1]
    on_duty.forget()
    await later(on_duty, minutes=10)
    assert len(on_duty.told(BILL)) == 1, "whose turn is next"
    assert on_duty.told(BOB) == []
    on_duty.forget()
    await later(on_duty, minutes=9)
    assert on_duty.told(LOU) == []
    await later(on_duty, minutes=1)
    assert "Nobody acknowledged; please see to it by **21 Nov 11:00 UTC**" in on_duty.told(LOU)[0]
    assert [one.to_team for one in on_duty.escalations(number)] == ["billing"]
    await later(on_duty, minutes=10)
    assert [one.to_team for one in on_duty.escalations(number)] == ["billing", "managers"]
    assert on_duty.escalations(number)[-1].because == "silence"
    assert {one.actor for one in on_duty.history(number) if one.kind == "called"} == {None}, "nobody does it"
    told = [dict(one.data) for one in on_duty.history(number) if one.kind == "escalated"]
    assert [one["because"] for one in told] == ["person", "silence"]
    assert on_duty.lines(number, Side.CUSTOMER)[-1] == (
        "🚨 We have asked The Managers to look at this. Expect an answer by 21 Nov 15:00 UTC."
    )


async def test_a_rule_tells_whoever_is_on_call(on_duty: World) -> None:
    rule = Rule("night", (Step(StepKind.NOTIFY, "on_call"),), (Happening.CREATED,))
    await decided(
        on_duty, replace(SUPPORT_TEAM, on_call=replace(ROTA, rotation=("slack:ben",))), rules=(rule,)
    )
    await on_duty.ask_ticket(CLEO, on_duty.message(CLEO, PUBLIC, "The printer is on fire"))
    assert len(on_duty.told(BEN)) == 1


async def test_what_cannot_be_dealt_with_holds_up_no_other(on_duty: World) -> None:
    await decided(on_duty, replace(SUPPORT_TEAM, on_call=OWN_ROTA), slas=(PROMISE,))
    broken, number = await on_duty.ticket_from(CLEO, PUBLIC), await on_duty.ticket_from(CLEO, PUBLIC)
    await later(on_duty, minutes=60)
    spoil = (
        update(calls).where(calls.c.ticket == broken).values(because="nonsense", due_at=on_duty.clock.now())
    )
    await on_duty.writer.run(lambda connection: connection.execute(spoil))
    on_duty.forget()
    await later(on_duty, minutes=30)
    assert [one.split(":")[0] for one in on_duty.told(BEN)] == [f"📟 **#{number}** The printer is on fire"]


async def test_who_is_away_is_not_called(on_duty: World) -> None:
    number = await on_duty.ticket_from(CLEO, PUBLIC)
    await on_duty.type(BOB, SUPPORT, "away until monday 9:00", command="desk")
    await on_duty.type(ANA, SUPPORT, f"escalate #{number}")
    assert (on_duty.told(BOB), len(on_duty.told(BILL))) == ([], 1)


async def test_a_ticket_that_ends_calls_nobody_any_more(on_duty: World) -> None:
    await decided(on_duty, replace(SUPPORT_TEAM, on_call=OWN_ROTA), slas=(PROMISE,))
    number = await on_duty.ticket_from(CLEO, PUBLIC)
    await later(on_duty, minutes=60)
    await on_duty.give(CLEO, "resolve", ticket="1")
    on_duty.forget()
    await later(on_duty, hours=2)
    assert on_duty.told(BEN) == []
    assert on_duty.escalations(number) == []


async def test_acknowledged_by_the_next_one_it_goes_no_further(on_duty: World) -> None:
    number = await on_duty.ticket_from(CLEO, PUBLIC)
    await on_duty.type(ANA, SUPPORT, f"escalate #{number}")
    await on_duty.settle()
    await later(on_duty, minutes=10)
    await on_duty.give(BILL, "acknowledge", ticket="1")
    on_duty.forget()
    await later(on_duty, minutes=50)
    assert [one.state for one in on_duty.escalations(number)] == [EscalationState.ACKNOWLEDGED]
    assert on_duty.told(LOU) == []


async def test_a_breach_calls_whoever_is_on_call_until_somebody_sees_to_it(
    duty_on_each_engine: World,
) -> None:
    on_duty = duty_on_each_engine
    await decided(on_duty, replace(SUPPORT_TEAM, on_call=OWN_ROTA), slas=(PROMISE,))
    number = await on_duty.ticket_from(CLEO, PUBLIC)
    await later(on_duty, minutes=30)
    assert on_duty.told(ANA) == [], "nobody is known to be off work"
    await later(on_duty, minutes=30)
    assert on_duty.told(ANA)[-1].startswith(
        "📟 **#1** The printer is on fire: a limit was passed. You are on call"
    )
    await later(on_duty, minutes=30)
    assert len(on_duty.told(BEN)) == 1
    told = len(on_duty.told(LEA))
    await later(on_duty, minutes=30)
    assert len(on_duty.told(LEA)) == told + 1
    await on_duty.give(BOB, "acknowledge", ticket="1")
    assert "You may not acknowledge #1." in on_duty.refused
    await later(on_duty, minutes=30)
    [escalation] = on_duty.escalations(number)
    assert (escalation.to_team, escalation.because) == ("billing", "silence")
    assert escalation.question == "Nobody of Support who is on call has acknowledged this; please help."


@pytest.mark.parametrize("seen", ["acknowledge", "claim", "note"])
async def test_whoever_does_anything_with_it_has_acknowledged(on_duty: World, seen: str) -> None:
    await decided(on_duty, replace(SUPPORT_TEAM, on_call=OWN_ROTA), slas=(PROMISE,))
    number = await on_duty.ticket_from(CLEO, PUBLIC)
    await later(on_duty, minutes=60)
    await on_duty.post(CLEO, on_duty.customer(number), "Hello?")
    await on_duty.give(ANA, seen, ticket="1", text="on it")
    on_duty.forget()
    await later(on_duty, hours=2)
    assert on_duty.told(BEN) == []
    assert on_duty.escalations(number) == []


async def test_at_night_whoever_is_on_call_hears_of_it_and_all_others_in_the_morning(on_duty: World) -> None:
    """It is Saturday, and nobody else may be told before Monday."""
    rota = replace(ROTA, rotation=("slack:ben",))
    patient = replace(PROMISE, tell_in="office")
    await decided(on_duty, replace(SUPPORT_TEAM, on_call=rota), slas=(patient,))
    number = await on_duty.ticket_from(CLEO, PUBLIC)
    await on_duty.give(ANA, "claim", ticket="1")
    on_duty.forget()
    await later(on_duty, minutes=30)
    assert len(on_duty.told(BEN)) == 1
    assert (on_duty.told(ANA), on_duty.told(LEA)) == ([], [])
    await later(on_duty, minutes=1)
    await on_duty.give(BEN, "acknowledge", ticket="1")
    await later(on_duty, minutes=29)
    assert len(on_duty.told(BEN)) == 2, "of the breach, too"
    await on_duty.give(BEN, "acknowledge", ticket="1")
    on_duty.clock.time = datetime(2026, 11, 23, 9, tzinfo=UTC)
    await later(on_duty)
    assert len(on_duty.told(BEN)) == 2, "he knows already"
    assert (len(on_duty.told(ANA)), len(on_duty.told(LEA))) == (1, 1)
    assert on_duty.kinds(number).count("sla_called") == 2
