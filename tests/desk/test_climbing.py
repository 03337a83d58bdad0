"""Tickets reach the next level without anybody asking."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from chatdesk.contract.vocabulary import Side
from chatdesk.domain.on_call import Rota, Shift
from tests.desk.duty import (
    BILLING_TEAM,
    SUPPORT_TEAM,
    decided,
    later,
)
from tests.desk.humans import ADA, ANA, BOB, CLEO, MIA
from tests.desk.organisation import PUBLIC, SUPPORT
from tests.desk.world import World


async def test_acknowledged_without_an_answer_climbs_after_the_time_the_requester_was_told(
    duty_on_each_engine: World,
) -> None:
    on_duty = duty_on_each_engine
    number = await on_duty.ticket_from(CLEO, PUBLIC)
    await on_duty.type(ANA, SUPPORT, f"escalate #{number}")
    await on_duty.give(BOB, "acknowledge", ticket="1")
    await on_duty.settle()
    await later(on_duty, hours=1, minutes=59)
    assert len(on_duty.escalations(number)) == 1
    on_duty.forget()
    await later(on_duty, minutes=1)
    assert [one.because for one in on_duty.escalations(number)] == ["person", "unanswered"]
    assert on_duty.lines(number, Side.TEAM)[0] == (
        "⏰ Billing acknowledged but has not answered in time; The Managers is asked now."
    )
    await on_duty.give(MIA, "acknowledge", ticket="1")
    on_duty.forget()
    await later(on_duty, hours=4)
    assert on_duty.lines(number, Side.CUSTOMER) == [
        "⏳ This takes longer than we said. Expect an answer by 21 Nov 20:30 UTC."
    ], "there is nobody above"
    on_duty.forget()
    await later(on_duty, hours=5)
    assert on_duty.lines(number, Side.CUSTOMER) == []


async def test_who_answered_in_time_is_left_alone(on_duty: World) -> None:
    number = await on_duty.ticket_from(CLEO, PUBLIC)
    await on_duty.type(ANA, SUPPORT, f"escalate #{number}")
    await on_duty.give(BOB, "acknowledge", ticket="1")
    await on_duty.settle()
    await on_duty.post(ANA, on_duty.team(number), "It is paid")
    await later(on_duty, hours=3)
    assert len(on_duty.escalations(number)) == 1


async def test_reopened_too_often(on_duty: World) -> None:
    await decided(on_duty, replace(SUPPORT_TEAM, escalate_after_reopens=2))
    number = await on_duty.ticket_from(CLEO, PUBLIC)
    for _ in range(2):
        assert on_duty.escalations(number) == []
        await on_duty.give(ANA, "resolve", ticket="1", text="Turned it off")
        await on_duty.post(CLEO, on_duty.customer(number), "It still burns")
    [escalation] = on_duty.escalations(number)
    assert (escalation.because, escalation.question) == (
        "reopened",
        "It was reopened (2×); please help.",
    )
    assert on_duty.lines(number, Side.CUSTOMER)[-1].startswith("🚨 We have asked Billing to look at this.")
    assert len(on_duty.told(BOB)) == 1


async def test_without_anybody_on_call_deadlines_count_in_the_teams_hours(on_duty: World) -> None:
    await decided(on_duty, replace(BILLING_TEAM, on_call=None, hours="office"))
    number = await on_duty.ticket_from(CLEO, PUBLIC)
    await on_duty.type(ANA, SUPPORT, f"escalate #{number}")
    [escalation] = on_duty.escalations(number)
    assert escalation.due_at == datetime(2026, 11, 23, 9, 10, tzinfo=UTC)
    assert on_duty.lines(number, Side.CUSTOMER) == [
        "🚨 We have asked Billing to look at this. Expect an answer by 23 Nov 11:00 UTC."
    ]
    shift = Shift("slack:bob", escalation.asked_at, escalation.asked_at + timedelta(hours=1))
    await decided(on_duty, replace(BILLING_TEAM, on_call=Rota("UTC", shifts=(shift,)), hours="office"))
    await on_duty.give(BOB, "sendback", ticket="1")
    await on_duty.type(ADA, SUPPORT, f"escalate #{number} billing")
    assert on_duty.escalations(number)[-1].due_at == escalation.asked_at + timedelta(minutes=10)
