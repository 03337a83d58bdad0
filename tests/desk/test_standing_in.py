"""Who is on call now and next, who is instead, and handovers."""

from __future__ import annotations

from datetime import UTC, datetime

from chatdesk.desk.handovers import hand_over
from chatdesk.store import erasing, on_call, people
from chatdesk.store.transaction import Transaction
from tests.desk.duty import (
    BILL,
    LOU,
)
from tests.desk.humans import ADA, ANA, BOB, CLEO, LEA, MIA, SAM, Human
from tests.desk.organisation import PUBLIC, SUPPORT
from tests.desk.world import World


async def test_at_a_handover_both_are_told(on_duty: World) -> None:
    await on_duty.tick(hand_over)
    assert (on_duty.told(BOB), on_duty.told(BILL)) == ([], []), "what was so before is no news"
    on_duty.clock.time = datetime(2026, 11, 23, 9, 1, tzinfo=UTC)
    assert await on_duty.tick(hand_over) == 1
    assert on_duty.told(BILL) == ["📟 You are on call for Billing until 30 Nov 09:00 UTC."]
    assert on_duty.told(BOB) == ["📟 Someone is on call for Billing now, no longer you. Thank you!"]
    assert await on_duty.tick(hand_over, minutes=1) == 0
    await on_duty.type(LOU, SUPPORT, f"oncall {BOB.mention} until 12:00", command="desk")
    on_duty.forget()
    assert await on_duty.tick(hand_over) == 0, "he was told by her"
    await on_duty.tick(hand_over, hours=3)
    assert len(on_duty.told(BILL)) == len(on_duty.told(BOB)) == 1


async def test_who_stands_in_may_turn_out_to_be_somebody_else_or_be_erased(on_duty: World) -> None:
    await on_duty.type(LOU, SUPPORT, f"oncall {BILL.mention} until monday", command="desk")
    await on_duty.type(ANA, SUPPORT, "list", command="ticket")
    bill, ana = on_duty.person(BILL), on_duty.person(ANA)

    def said(tx: Transaction) -> list[str]:
        return [one.who for one in on_call.instead(tx, "billing", on_duty.clock.now())]

    await on_duty.change(lambda tx: people.become_one(tx, ana, bill))
    assert on_duty.look(said) == [ana]
    await on_duty.change(lambda tx: erasing.forget_person(tx, ana, [ANA.identity, BILL.identity]))
    assert on_duty.look(said) == []
    assert on_duty.look(on_call.told) == {}


async def test_who_is_on_call_now_and_next_and_instead(duty_on_each_engine: World) -> None:
    on_duty = duty_on_each_engine

    async def said(who: Human, text: str) -> None:
        await on_duty.type(who, SUPPORT, f"oncall {text}", command="desk")

    await said(BOB, "")
    assert on_duty.accepted == ("📟 On call\n\n- **Billing**: Bob, then slack:bill from 23 Nov 09:00 UTC"), (
        "Bill has not been seen yet"
    )
    await said(BILL, "billing")
    assert "**Billing**: Bob, then Bill from 23 Nov 09:00 UTC" in on_duty.accepted
    await said(SAM, "")
    assert on_duty.refused == "You may not do that. Staff can."
    await said(LEA, f"{BILL.mention} until tomorrow 9:00 billing")
    assert on_duty.refused == "You may not do that. A lead of Billing or an admin can."
    await said(BOB, f"{BILL.mention} until tomorrow")
    assert on_duty.refused == "You may not do that. A lead of Billing or an admin can."
    await said(LOU, f"{BILL.mention} until whenever")
    assert on_duty.refused.startswith("“whenever” is no time. Say it as `until tomorrow 9:00`")
    await said(LOU, f"{MIA.mention} billing")
    assert "is not of Billing; whoever is on call must be." in on_duty.refused
    await said(LOU, f"{BILL.mention} until tomorrow 9:00")
    assert on_duty.accepted == "📟 Bill is on call for Billing from 21 Nov 10:30 UTC until 22 Nov 09:00 UTC."
    assert on_duty.told(BILL)[-1].startswith(
        "📟 Lou says that you are on call for Billing from 21 Nov 10:30 UTC"
    )
    await said(ADA, "")
    assert "- **Billing**: Bill (instead of the rota), then Bob from 22 Nov 09:00 UTC" in on_duty.accepted
    await said(BOB, "me from friday 18:00 until monday 9:00 billing")
    assert on_duty.accepted == "📟 Bob is on call for Billing from 27 Nov 18:00 UTC until 30 Nov 09:00 UTC."
    number = await on_duty.ticket_from(CLEO, PUBLIC)
    await on_duty.type(ANA, SUPPORT, f"escalate #{number}")
    assert (len(on_duty.told(BILL)), on_duty.told(BOB)) == (1, [])
    await said(LOU, "off")
    assert on_duty.accepted == "📟 The rota of Billing holds again: Bob."
    await said(LOU, "off")
    assert on_duty.refused == "The rota of Billing holds already."
    await said(ANA, "me support")
    assert on_duty.refused == "Support has nobody on call. `on_call` of the team in desk.yaml says who is."
    await said(ANA, "me")
    assert on_duty.refused.startswith("No team of yours has anybody on call.")
    await said(LOU, "a from " * 600)
    assert "There is no agent" in on_duty.refused, "and it does not take long"
    await said(ADA, "@nobody at all")
    assert "There is no agent" in on_duty.refused


async def test_who_works_here_is_nothing_for_customers(on_duty: World) -> None:
    await on_duty.type(ANA, SUPPORT, "list")
    for text in ("nobody billing", "anna until tomorrow billing", "off", "off billing", "nobody"):
        await on_duty.type(SAM, SUPPORT, f"oncall {text}", command="desk")
        assert on_duty.refused == "You may not do that. Staff can.", text
