"""Who is on call is told, one after another; who is off work is passed over; tickets climb by themselves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from chatdesk.contract.vocabulary import Side
from chatdesk.desk.handovers import hand_over
from chatdesk.desk.on_call_sweeps import call_next, escalate_unanswered
from chatdesk.desk.sla_sweep import watch_promises
from chatdesk.desk.sweeps import escalate_silence
from chatdesk.desk.turn_sweep import give_what_waits
from chatdesk.domain.assignment import Strategy
from chatdesk.domain.calendar import Calendar, Hours
from chatdesk.domain.on_call import Handover, Rota, Shift
from chatdesk.domain.organisation import Agent, Organisation, Team
from chatdesk.domain.rules import Happening, Rule
from chatdesk.domain.sla_policy import Amount, Notice, Policy, Targets
from chatdesk.domain.steps import Step, StepKind
from chatdesk.domain.ticket import EscalationState
from chatdesk.store import desks, erasing, on_call, people
from chatdesk.store.engine import open_engine
from chatdesk.store.tables_on_call import calls
from chatdesk.store.transaction import Transaction
from tests.desk.humans import ADA, ANA, BEN, BOB, CLEO, LEA, MIA, SAM, Human
from tests.desk.organisation import ACME, PUBLIC, SUPPORT, person
from tests.desk.world import World

WEEKDAYS = Calendar("office", "Office", "UTC", ((Hours(540, 1020),),) * 5 + ((), ()))
BILL = Human("bill")
ROTA = Rota("UTC", ("slack:bob", "slack:bill"), Handover(0, 540), 7, date(2026, 11, 16))
"""Bob is on call on Saturday the 21st, when these stories begin at half past ten, and Bill from Monday on."""

_support, _billing, _managers = ACME.teams
PLATFORM = replace(
    _billing,
    members=(person("bob"), person("bill")),
    leads=(person("lou"),),
    on_call=ROTA,
    acknowledge_within=timedelta(minutes=10),
    answer_within=timedelta(hours=2),
)
ON_CALL = replace(ACME, teams=(_support, PLATFORM, _managers), calendars=(WEEKDAYS,))
LOU = Human("lou")


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


async def decided(world: World, *teams: Team, **others: object) -> Organisation:
    """Another configuration is applied."""
    named = {team.key: team for team in teams}
    decided = replace(ON_CALL, teams=tuple(named.get(one.key, one) for one in ON_CALL.teams), **others)  # type: ignore[arg-type]
    await world.writer.run(lambda connection: desks.apply(connection, decided, world.clock.now()))
    return decided


async def later(world: World, **time: float) -> None:
    world.clock.advance(**time)
    for sweep in (watch_promises, escalate_silence, call_next, escalate_unanswered):
        await world.tick(sweep)


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
    told = [dict(one.data) for one in desk.history(number) if one.kind == "escalated"]
    assert [one["because"] for one in told] == ["person", "silence"]
    assert desk.lines(number, Side.CUSTOMER)[-1] == (
        "🚨 We have asked The Managers to look at this. Expect an answer by 21 Nov 15:00 UTC."
    )


async def test_a_rule_tells_whoever_is_on_call(desk: World) -> None:
    rule = Rule("night", (Step(StepKind.NOTIFY, "on_call"),), (Happening.CREATED,))
    await decided(desk, replace(_support, on_call=replace(ROTA, rotation=("slack:ben",))), rules=(rule,))
    await desk.ask_ticket(CLEO, desk.message(CLEO, PUBLIC, "The printer is on fire"))
    assert len(desk.told(BEN)) == 1


async def test_at_a_handover_both_are_told(desk: World) -> None:
    await desk.tick(hand_over)
    assert (desk.told(BOB), desk.told(BILL)) == ([], []), "what was so before is no news"
    desk.clock.time = datetime(2026, 11, 23, 9, 1, tzinfo=UTC)
    assert await desk.tick(hand_over) == 1
    assert desk.told(BILL) == ["📟 You are on call for Billing until 30 Nov 09:00 UTC."]
    assert desk.told(BOB) == ["📟 Someone is on call for Billing now, no longer you. Thank you!"]
    assert await desk.tick(hand_over, minutes=1) == 0
    await desk.type(LOU, SUPPORT, f"oncall {BOB.mention} until 12:00", command="desk")
    desk.forget()
    assert await desk.tick(hand_over) == 0, "he was told by her"
    await desk.tick(hand_over, hours=3)
    assert len(desk.told(BILL)) == len(desk.told(BOB)) == 1


async def test_who_stands_in_may_turn_out_to_be_somebody_else_or_be_erased(desk: World) -> None:
    await desk.type(LOU, SUPPORT, f"oncall {BILL.mention} until monday", command="desk")
    await desk.type(ANA, SUPPORT, "list", command="ticket")
    bill, ana = desk.person(BILL), desk.person(ANA)

    def said(tx: Transaction) -> list[str]:
        return [one.who for one in on_call.instead(tx, "billing", desk.clock.now())]

    await desk.change(lambda tx: people.become_one(tx, ana, bill))
    assert desk.look(said) == [ana]
    await desk.change(lambda tx: erasing.forget_person(tx, ana, [ANA.identity, BILL.identity]))
    assert desk.look(said) == []
    assert desk.look(on_call.told) == {}


async def test_what_cannot_be_dealt_with_holds_up_no_other(desk: World) -> None:
    await decided(
        desk, replace(_support, on_call=replace(ROTA, rotation=("slack:ana", "slack:ben"))), slas=(PROMISE,)
    )
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
    rota = replace(ROTA, rotation=("slack:ana", "slack:ben"))
    await decided(desk, replace(_support, on_call=rota), slas=(PROMISE,))
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


async def test_acknowledged_without_an_answer_climbs_after_the_time_the_requester_was_told(
    on_each_engine: World,
) -> None:
    desk = on_each_engine
    number = await desk.ticket_from(CLEO, PUBLIC)
    await desk.type(ANA, SUPPORT, f"escalate #{number}")
    await desk.give(BOB, "acknowledge", ticket="1")
    await desk.settle()
    await later(desk, hours=1, minutes=59)
    assert len(desk.escalations(number)) == 1
    desk.forget()
    await later(desk, minutes=1)
    assert [one.because for one in desk.escalations(number)] == ["person", "unanswered"]
    assert desk.lines(number, Side.TEAM)[0] == (
        "⏰ Billing acknowledged but has not answered in time; The Managers is asked now."
    )
    await desk.give(MIA, "acknowledge", ticket="1")
    desk.forget()
    await later(desk, hours=4)
    assert desk.lines(number, Side.CUSTOMER) == [
        "⏳ This takes longer than we said. Expect an answer by 21 Nov 20:30 UTC."
    ], "there is nobody above"
    desk.forget()
    await later(desk, hours=5)
    assert desk.lines(number, Side.CUSTOMER) == []


async def test_who_answered_in_time_is_left_alone(desk: World) -> None:
    number = await desk.ticket_from(CLEO, PUBLIC)
    await desk.type(ANA, SUPPORT, f"escalate #{number}")
    await desk.give(BOB, "acknowledge", ticket="1")
    await desk.settle()
    await desk.post(ANA, desk.team(number), "It is paid")
    await later(desk, hours=3)
    assert len(desk.escalations(number)) == 1


async def test_reopened_too_often(desk: World) -> None:
    await decided(desk, replace(_support, escalate_after_reopens=2))
    number = await desk.ticket_from(CLEO, PUBLIC)
    for _ in range(2):
        assert desk.escalations(number) == []
        await desk.give(ANA, "resolve", ticket="1", text="Turned it off")
        await desk.post(CLEO, desk.customer(number), "It still burns")
    [escalation] = desk.escalations(number)
    assert (escalation.because, escalation.question) == (
        "reopened",
        "It was reopened (2×); please help.",
    )
    assert desk.lines(number, Side.CUSTOMER)[-1].startswith("🚨 We have asked Billing to look at this.")
    assert len(desk.told(BOB)) == 1


FIRST = Targets(Amount(time=timedelta(minutes=60)), None, None)
PROMISE = Policy("standard", "Standard", (("normal", FIRST),), warn_at=(Notice(share=50),))


async def test_a_breach_calls_whoever_is_on_call_until_somebody_sees_to_it(on_each_engine: World) -> None:
    desk = on_each_engine
    await decided(
        desk, replace(_support, on_call=replace(ROTA, rotation=("slack:ana", "slack:ben"))), slas=(PROMISE,)
    )
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
    rota = replace(ROTA, rotation=("slack:ana", "slack:ben"))
    await decided(desk, replace(_support, on_call=rota), slas=(PROMISE,))
    number = await desk.ticket_from(CLEO, PUBLIC)
    await later(desk, minutes=60)
    await desk.post(CLEO, desk.customer(number), "Hello?")
    await desk.give(ANA, seen, ticket="1", text="on it")
    desk.forget()
    await later(desk, hours=2)
    assert desk.told(BEN) == []
    assert desk.escalations(number) == []


async def test_a_warning_reaches_somebody_else_while_the_assignee_is_off_work(desk: World) -> None:
    """It is Saturday."""
    agents = (Agent((person("ana"),), hours="office"),)
    await decided(desk, agents=agents, slas=(PROMISE,))
    await desk.ticket_from(CLEO, PUBLIC)
    await desk.give(ANA, "claim", ticket="1")
    await later(desk, minutes=30)
    expected = "⏳ **#1** The printer is on fire: First reply is due 21 Nov 11:30 UTC (Standard)"
    assert (desk.told(ANA), desk.told(LEA)) == ([expected], [expected]), (
        "nobody is on call, so the lead is told"
    )
    rota = replace(ROTA, rotation=("slack:ben",))
    await decided(desk, replace(_support, on_call=rota), agents=agents, slas=(PROMISE,))
    await desk.ticket_from(CLEO, PUBLIC)
    await desk.give(ANA, "claim", ticket="2")
    await later(desk, minutes=30)
    assert any("**#2** The printer is on fire: a limit comes near. You" in one for one in desk.told(BEN))


async def test_at_night_whoever_is_on_call_hears_of_it_and_all_others_in_the_morning(desk: World) -> None:
    """It is Saturday, and nobody else may be told before Monday."""
    rota = replace(ROTA, rotation=("slack:ben",))
    patient = replace(PROMISE, tell_in="office")
    await decided(desk, replace(_support, on_call=rota), slas=(patient,))
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


async def test_who_is_off_work_is_given_nothing_until_they_are_back(desk: World) -> None:
    agents = (Agent((person("ana"),), hours="office"), Agent((person("ben"),), hours="office"))
    await decided(desk, replace(_support, assignment=(Strategy.LEAST_LOADED,)), agents=agents)
    number = await desk.ticket_from(CLEO, PUBLIC)
    assert desk.ticket(number).assignee is None
    await desk.type(LEA, SUPPORT, "away who", command="desk")
    assert "- slack:ana: off work until 23 Nov 09:00 UTC" in desk.accepted
    desk.clock.time = datetime(2026, 11, 23, 8, 59, tzinfo=UTC)
    await desk.tick(give_what_waits)
    assert desk.ticket(number).assignee is None
    await desk.tick(give_what_waits, minutes=1)
    assert desk.ticket(number).assignee in (desk.person(ANA), desk.person(BEN))


async def test_without_anybody_on_call_deadlines_count_in_the_teams_hours(desk: World) -> None:
    await decided(desk, replace(PLATFORM, on_call=None, hours="office"))
    number = await desk.ticket_from(CLEO, PUBLIC)
    await desk.type(ANA, SUPPORT, f"escalate #{number}")
    [escalation] = desk.escalations(number)
    assert escalation.due_at == datetime(2026, 11, 23, 9, 10, tzinfo=UTC)
    assert desk.lines(number, Side.CUSTOMER) == [
        "🚨 We have asked Billing to look at this. Expect an answer by 23 Nov 11:00 UTC."
    ]
    shift = Shift("slack:bob", escalation.asked_at, escalation.asked_at + timedelta(hours=1))
    await decided(desk, replace(PLATFORM, on_call=Rota("UTC", shifts=(shift,)), hours="office"))
    await desk.give(BOB, "sendback", ticket="1")
    await desk.type(ADA, SUPPORT, f"escalate #{number} billing")
    assert desk.escalations(number)[-1].due_at == escalation.asked_at + timedelta(minutes=10)


async def test_who_is_on_call_now_and_next_and_instead(on_each_engine: World) -> None:
    desk = on_each_engine

    async def said(who: Human, text: str) -> None:
        await desk.type(who, SUPPORT, f"oncall {text}", command="desk")

    await said(BOB, "")
    assert desk.accepted == ("📟 On call\n\n- **Billing**: Bob, then slack:bill from 23 Nov 09:00 UTC"), (
        "Bill has not been seen yet"
    )
    await said(BILL, "billing")
    assert "**Billing**: Bob, then Bill from 23 Nov 09:00 UTC" in desk.accepted
    await said(SAM, "")
    assert desk.refused == "You may not do that. Staff can."
    await said(LEA, f"{BILL.mention} until tomorrow 9:00 billing")
    assert desk.refused == "You may not do that. A lead of Billing or an admin can."
    await said(BOB, f"{BILL.mention} until tomorrow")
    assert desk.refused == "You may not do that. A lead of Billing or an admin can."
    await said(LOU, f"{BILL.mention} until whenever")
    assert desk.refused.startswith("“whenever” is no time. Say it as `until tomorrow 9:00`")
    await said(LOU, f"{MIA.mention} billing")
    assert "is not of Billing; whoever is on call must be." in desk.refused
    await said(LOU, f"{BILL.mention} until tomorrow 9:00")
    assert desk.accepted == "📟 Bill is on call for Billing from 21 Nov 10:30 UTC until 22 Nov 09:00 UTC."
    assert desk.told(BILL)[-1].startswith(
        "📟 Lou says that you are on call for Billing from 21 Nov 10:30 UTC"
    )
    await said(ADA, "")
    assert "- **Billing**: Bill (instead of the rota), then Bob from 22 Nov 09:00 UTC" in desk.accepted
    await said(BOB, "me from friday 18:00 until monday 9:00 billing")
    assert desk.accepted == "📟 Bob is on call for Billing from 27 Nov 18:00 UTC until 30 Nov 09:00 UTC."
    number = await desk.ticket_from(CLEO, PUBLIC)
    await desk.type(ANA, SUPPORT, f"escalate #{number}")
    assert (len(desk.told(BILL)), desk.told(BOB)) == (1, [])
    await said(LOU, "off")
    assert desk.accepted == "📟 The rota of Billing holds again: Bob."
    await said(LOU, "off")
    assert desk.refused == "The rota of Billing holds already."
    await said(ANA, "me support")
    assert desk.refused == "Support has nobody on call. `on_call` of the team in desk.yaml says who is."
    await said(ANA, "me")
    assert desk.refused.startswith("No team of yours has anybody on call.")
    await said(ADA, "@nobody at all")
    assert "There is no agent" in desk.refused
