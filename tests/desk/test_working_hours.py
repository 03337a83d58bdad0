"""Who is off work is passed over, and somebody else is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from chatdesk.desk.turn_sweep import give_what_waits
from chatdesk.domain.assignment import Strategy
from chatdesk.domain.organisation import Agent
from tests.desk.duty import (
    PROMISE,
    ROTA,
    SUPPORT_TEAM,
    decided,
    later,
)
from tests.desk.humans import ANA, BEN, CLEO, LEA
from tests.desk.organisation import PUBLIC, SUPPORT, person
from tests.desk.world import World


async def test_a_warning_reaches_somebody_else_while_the_assignee_is_off_work(on_duty: World) -> None:
    """It is Saturday."""
    agents = (Agent((person("ana"),), hours="office"),)
    await decided(on_duty, agents=agents, slas=(PROMISE,))
    await on_duty.ticket_from(CLEO, PUBLIC)
    await on_duty.give(ANA, "claim", ticket="1")
    await later(on_duty, minutes=30)
    expected = "⏳ **#1** The printer is on fire: First reply is due 21 Nov 11:30 UTC (Standard)"
    assert (on_duty.told(ANA), on_duty.told(LEA)) == ([expected], [expected]), (
        "nobody is on call, so the lead is told"
    )
    rota = replace(ROTA, rotation=("slack:ben",))
    await decided(on_duty, replace(SUPPORT_TEAM, on_call=rota), agents=agents, slas=(PROMISE,))
    await on_duty.ticket_from(CLEO, PUBLIC)
    await on_duty.give(ANA, "claim", ticket="2")
    await later(on_duty, minutes=30)
    assert any("**#2** The printer is on fire: a limit comes near. You" in one for one in on_duty.told(BEN))


async def test_who_is_off_work_is_given_nothing_until_they_are_back(on_duty: World) -> None:
    agents = (Agent((person("ana"),), hours="office"), Agent((person("ben"),), hours="office"))
    await decided(on_duty, replace(SUPPORT_TEAM, assignment=(Strategy.LEAST_LOADED,)), agents=agents)
    number = await on_duty.ticket_from(CLEO, PUBLIC)
    assert on_duty.ticket(number).assignee is None
    await on_duty.type(LEA, SUPPORT, "away who", command="desk")
    assert "- slack:ana: off work until 23 Nov 09:00 UTC" in on_duty.accepted
    on_duty.clock.time = datetime(2026, 11, 23, 8, 59, tzinfo=UTC)
    await on_duty.tick(give_what_waits)
    assert on_duty.ticket(number).assignee is None
    await on_duty.tick(give_what_waits, minutes=1)
    assert on_duty.ticket(number).assignee in (on_duty.person(ANA), on_duty.person(BEN))
