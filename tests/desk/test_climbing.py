"""Tickets reach the next level without anybody asking."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chatdesk.contract.vocabulary import Side
from chatdesk.domain.on_call import Rota, Shift
from chatdesk.store.engine import open_engine
from tests.desk.duty import (
    BILLING_TEAM,
    ON_CALL,
    SUPPORT_TEAM,
    decided,
    later,
)
from tests.desk.humans import ADA, ANA, BOB, CLEO, MIA
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
    await decided(desk, replace(SUPPORT_TEAM, escalate_after_reopens=2))
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


async def test_without_anybody_on_call_deadlines_count_in_the_teams_hours(desk: World) -> None:
    await decided(desk, replace(BILLING_TEAM, on_call=None, hours="office"))
    number = await desk.ticket_from(CLEO, PUBLIC)
    await desk.type(ANA, SUPPORT, f"escalate #{number}")
    [escalation] = desk.escalations(number)
    assert escalation.due_at == datetime(2026, 11, 23, 9, 10, tzinfo=UTC)
    assert desk.lines(number, Side.CUSTOMER) == [
        "🚨 We have asked Billing to look at this. Expect an answer by 23 Nov 11:00 UTC."
    ]
    shift = Shift("slack:bob", escalation.asked_at, escalation.asked_at + timedelta(hours=1))
    await decided(desk, replace(BILLING_TEAM, on_call=Rota("UTC", shifts=(shift,)), hours="office"))
    await desk.give(BOB, "sendback", ticket="1")
    await desk.type(ADA, SUPPORT, f"escalate #{number} billing")
    assert desk.escalations(number)[-1].due_at == escalation.asked_at + timedelta(minutes=10)
