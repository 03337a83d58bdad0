"""Promises: reckoned from the history, told in time and once, explained to staff."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import update

from chatdesk.contract.inbound import MessagePosted
from chatdesk.contract.vocabulary import MessageRef, Side
from chatdesk.desk.sla_sweep import watch_promises
from chatdesk.domain.calendar import Calendar, Hours
from chatdesk.domain.organisation import Organisation
from chatdesk.domain.rules import Happening, Rule
from chatdesk.domain.sla_policy import Amount, EscalateAt, Notice, Policy, Targets
from chatdesk.domain.steps import Step, StepKind
from chatdesk.store import desks
from chatdesk.store.engine import open_engine
from chatdesk.store.tables import history
from tests.desk.humans import ANA, BEN, CLEO, LEA
from tests.desk.organisation import ACME, PUBLIC, SUPPORT
from tests.desk.world import World

OFFICE = Calendar("office", "Office", "Europe/Berlin", ((Hours(540, 720), Hours(780, 1020)),) * 5 + ((), ()))


def promising(first: int, resolution: int) -> Targets:
    """In minutes."""
    amount = Amount(time=timedelta(minutes=first))
    return Targets(amount, amount, Amount(time=timedelta(minutes=resolution)))


STANDARD = Policy(
    "standard",
    "Standard",
    (("normal", promising(60, 480)), ("urgent", promising(15, 240))),
    warn_at=(Notice(share=50), Notice(before=Amount(time=timedelta(minutes=10)))),
)
PROMISING = replace(ACME, calendars=(OFFICE,), slas=(STANDARD,))


@pytest.fixture
async def desk(database_url: str) -> AsyncIterator[World]:
    """At half past ten on a Saturday, everything promised around the clock."""
    world = await World.furnish(open_engine(database_url), PROMISING)
    yield world
    await world.close()


async def decided(world: World, organisation: Organisation) -> None:
    """Another configuration is applied."""
    await world.writer.run(lambda connection: desks.apply(connection, organisation, world.clock.now()))


async def later(world: World, **time: float) -> None:
    await world.tick(watch_promises, **time)


async def test_limits_are_told_in_time_and_once(desk: World) -> None:
    number = await desk.ticket_from(CLEO, PUBLIC)
    await desk.give(ANA, "claim", ticket="1")
    desk.forget()
    await later(desk)
    await later(desk, minutes=29)
    assert desk.lines(number, Side.TEAM) == []
    await later(desk, minutes=1)
    assert desk.lines(number, Side.TEAM) == ["⏳ First reply is due 21 Nov 11:30 UTC (Standard)"]
    assert desk.told(ANA) == [
        "⏳ **#1** The printer is on fire: First reply is due 21 Nov 11:30 UTC (Standard)"
    ]
    desk.clock.advance(minutes=30)
    other = desk.another()
    work = partial(watch_promises, now=desk.clock.now())
    await asyncio.gather(*(one.writer.run(work) for one in (desk, other, desk, other)))
    await other.close()
    assert desk.lines(number, Side.TEAM)[1:] == [
        "🔴 First reply is late: it was due 21 Nov 11:30 UTC (Standard)"
    ]
    assert len(desk.told(ANA)) == 2
    assert len(desk.told(LEA)) == 1, "leads are told of breaches, though she has never done anything here"
    await later(desk, minutes=1)
    assert len(desk.lines(number, Side.TEAM)) == 2, "neither twice nor by two"
    assert desk.lines(number, Side.CUSTOMER) == [], "the requester is told nothing of it"
    kinds = [entry.kind for entry in desk.history(number) if entry.kind.startswith("sla")]
    assert kinds == ["sla_warning", "sla_breach"]


async def test_an_answer_ends_it_and_the_next_question_begins_another(desk: World) -> None:
    number = await desk.ticket_from(CLEO, PUBLIC)
    await later(desk, minutes=20)
    await desk.post(ANA, desk.team(number), "Turn it off")
    await later(desk, minutes=120)
    assert desk.sentences(number, Side.TEAM) == []
    await desk.post(CLEO, desk.customer(number), "It still burns")
    await later(desk, minutes=70)
    assert desk.lines(number, Side.TEAM) == [
        "🔴 Next reply is late: it was due 21 Nov 13:50 UTC (Standard)"
    ], "what comes late is told by its gravest limit"
    await desk.type(ANA, SUPPORT, "list team")
    assert "🔴 Next reply late · Resolution due 21 Nov 18:30 UTC" in desk.accepted


async def test_what_was_answered_while_we_were_away_is_not_late(desk: World) -> None:
    number = await desk.ticket_from(CLEO, PUBLIC)
    where = desk.team(number)
    answer = MessagePosted(
        MessageRef(where.place, "m9"),
        where,
        ANA.actor,
        "Turn it off",
        (),
        desk.clock.now() + timedelta(minutes=5),
    )
    desk.clock.advance(minutes=90)
    await desk.desk.catch_up(answer)
    await later(desk)
    assert "sla_breach" not in desk.kinds(number)
    await desk.give(ANA, "sla", ticket="1")
    assert "**First reply**: ✅ kept\n5 min of 1 h used" in desk.accepted


async def test_a_raised_priority_shortens_what_is_left(desk: World) -> None:
    number = await desk.ticket_from(CLEO, PUBLIC)
    await later(desk, minutes=10)
    await desk.give(ANA, "priority", ticket="1", priority="urgent")
    await desk.type(ANA, SUPPORT, "info #1")
    assert "SLA: First reply due 21 Nov 10:45 UTC" in desk.accepted
    await later(desk)
    await later(desk, minutes=5)
    assert desk.sentences(number, Side.TEAM)[-1] == "sla_breach"


async def test_nobody_is_told_at_night(desk: World) -> None:
    await decided(desk, replace(PROMISING, slas=(replace(STANDARD, tell_in="office"),)))
    number = await desk.ticket_from(CLEO, PUBLIC)
    await later(desk, minutes=61)
    assert desk.sentences(number, Side.TEAM) == [], "it is Saturday"
    desk.clock.time = datetime(2026, 11, 23, 7, 59, tzinfo=UTC)
    await later(desk)
    assert desk.sentences(number, Side.TEAM) == []
    await later(desk, minutes=1)
    assert "🔴 First reply is late: it was due 21 Nov 11:30 UTC (Standard)" in desk.lines(number, Side.TEAM)


async def test_a_breach_may_escalate_by_itself(desk: World) -> None:
    await decided(desk, replace(PROMISING, slas=(replace(STANDARD, escalate=EscalateAt.BREACH),)))
    number = await desk.ticket_from(CLEO, PUBLIC)
    await later(desk, minutes=55)
    assert not desk.escalations(number)
    await later(desk, minutes=6)
    [escalation] = desk.escalations(number)
    assert (escalation.to_team, escalation.question) == ("billing", "The first reply is late; please help.")


async def test_rules_follow_what_is_due_and_what_is_late(desk: World) -> None:
    rules = (
        Rule("soon", (Step(StepKind.TAG, "hurry"),), (Happening.DUE_SOON,), once=True),
        Rule("late", (Step(StepKind.AT_LEAST, "high"),), (Happening.LATE,)),
    )
    await decided(desk, replace(PROMISING, rules=rules))
    number = await desk.ticket_from(CLEO, PUBLIC)
    await later(desk, minutes=31)
    assert (desk.ticket(number).tags, desk.ticket(number).priority) == (("hurry",), "normal")
    await later(desk, minutes=30)
    assert desk.ticket(number).priority == "high"


async def test_what_is_promised_later_holds_for_what_there_is(desk: World) -> None:
    await decided(desk, ACME)
    number = await desk.ticket_from(CLEO, PUBLIC)
    await later(desk, minutes=61)
    assert desk.sentences(number, Side.TEAM) == []
    await desk.give(ANA, "sla", ticket="1")
    assert desk.accepted == "Nothing is promised for #1: no service level of desk.yaml fits it."
    await decided(desk, PROMISING)
    await later(desk)
    assert desk.sentences(number, Side.TEAM) == ["sla_breach"]


async def test_a_ticket_that_cannot_be_reckoned_holds_up_no_other(desk: World) -> None:
    broken = await desk.ticket_from(CLEO, PUBLIC)
    number = await desk.ticket_from(CLEO, PUBLIC)
    spoil = (
        update(history)
        .where(history.c.ticket == broken, history.c.kind == "post")
        .values(kind="status", data={"after": "lost"})
    )
    await desk.writer.run(lambda connection: connection.execute(spoil))
    await later(desk, minutes=61)
    assert desk.sentences(number, Side.TEAM) == ["sla_breach"]


async def test_it_is_explained_interval_by_interval_to_staff(desk: World) -> None:
    held = replace(STANDARD, calendar="office", targets=(("normal", promising(60, 480)),))
    await decided(desk, replace(PROMISING, slas=(held,)))
    desk.clock.time = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)  # Friday, 11:30 in Berlin
    number = await desk.ticket_from(CLEO, PUBLIC)
    desk.clock.advance(minutes=20)
    await desk.post(ANA, desk.team(number), "Turn it off")
    await desk.give(BEN, "status", ticket="1", status="pending")
    desk.clock.advance(hours=2)
    await desk.post(CLEO, desk.customer(number), "Done")
    desk.clock.time = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
    await desk.give(ANA, "sla", ticket="1")
    assert desk.accepted.splitlines() == [
        "**#1** The printer is on fire",
        "",
        "**Next limit**: warning (10m) of the resolution, Mon 23 Nov 14:20 CET.",
        "",
        "**First reply**: ✅ kept",
        "20 min of 1 h used · Standard (Office, Europe/Berlin)",
        "",
        "- Fri 20 Nov 11:30 CET – 11:50: 20 min counted",
        "",
        "**Resolution**: 🟢 due Mon 23 Nov 14:30 CET, 4 h left",
        "4 h of 8 h used · Standard (Office, Europe/Berlin)",
        "",
        "- Fri 20 Nov 11:30 CET – 11:50: 20 min counted",
        "- Fri 20 Nov 11:50 CET – 13:50: 2 h not counted, paused while pending",
        "- Fri 20 Nov 13:50 CET – 17:00: 3 h 10 min counted",
        "- Fri 20 Nov 17:00 CET – Mon 23 Nov 09:00 CET: 64 h not counted, outside Office",
        "- Mon 23 Nov 09:00 CET – 09:30: 30 min counted",
        "",
        "**Next reply**: 🔴 late, was due Fri 20 Nov 14:50 CET",
        "3 h 40 min of 1 h used · Standard (Office, Europe/Berlin)",
        "",
        "- Fri 20 Nov 13:50 CET – 17:00: 3 h 10 min counted",
        "- Fri 20 Nov 17:00 CET – Mon 23 Nov 09:00 CET: 64 h not counted, outside Office",
        "- Mon 23 Nov 09:00 CET – 09:30: 30 min counted",
    ]
    await desk.give(CLEO, "sla", ticket="1")
    assert desk.refused.startswith("You may not see what is promised for #1.")
