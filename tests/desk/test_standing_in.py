"""Who is on call now and next, who is instead, and handovers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chatdesk.desk.handovers import hand_over
from chatdesk.store import erasing, on_call, people
from chatdesk.store.engine import open_engine
from chatdesk.store.transaction import Transaction
from tests.desk.duty import (
    BILL,
    LOU,
    ON_CALL,
)
from tests.desk.humans import ADA, ANA, BOB, CLEO, LEA, MIA, SAM, Human
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
    await said(LOU, "a from " * 600)
    assert "There is no agent" in desk.refused, "and it does not take long"
    await said(ADA, "@nobody at all")
    assert "There is no agent" in desk.refused
