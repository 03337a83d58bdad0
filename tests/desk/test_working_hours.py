"""Who is off work is passed over, and somebody else is told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chatdesk.desk.turn_sweep import give_what_waits
from chatdesk.domain.assignment import Strategy
from chatdesk.domain.organisation import Agent
from tests.desk.duty import (
    ON_CALL,
    PROMISE,
    ROTA,
    SUPPORT_TEAM,
    decided,
    later,
)
from tests.desk.humans import ANA, BEN, CLEO, LEA
from tests.desk.organisation import PUBLIC, SUPPORT, person
from tests.desk.world import World


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[World]:
    world = await World.open(tmp_path, ON_CALL)
    yield world
    await world.close()


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
    await decided(desk, replace(SUPPORT_TEAM, on_call=rota), agents=agents, slas=(PROMISE,))
    await desk.ticket_from(CLEO, PUBLIC)
    await desk.give(ANA, "claim", ticket="2")
    await later(desk, minutes=30)
    assert any("**#2** The printer is on fire: a limit comes near. You" in one for one in desk.told(BEN))


async def test_who_is_off_work_is_given_nothing_until_they_are_back(desk: World) -> None:
    agents = (Agent((person("ana"),), hours="office"), Agent((person("ben"),), hours="office"))
    await decided(desk, replace(SUPPORT_TEAM, assignment=(Strategy.LEAST_LOADED,)), agents=agents)
    number = await desk.ticket_from(CLEO, PUBLIC)
    assert desk.ticket(number).assignee is None
    await desk.type(LEA, SUPPORT, "away who", command="desk")
    assert "- slack:ana: off work until 23 Nov 09:00 UTC" in desk.accepted
    desk.clock.time = datetime(2026, 11, 23, 8, 59, tzinfo=UTC)
    await desk.tick(give_what_waits)
    assert desk.ticket(number).assignee is None
    await desk.tick(give_what_waits, minutes=1)
    assert desk.ticket(number).assignee in (desk.person(ANA), desk.person(BEN))
