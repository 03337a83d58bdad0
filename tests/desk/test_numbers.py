"""Numbers of what happened at a desk: asked for by leads, told once a week, kept from everybody else."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import select

from chatdesk.contract.ports import Accepted
from chatdesk.contract.vocabulary import IdentityId
from chatdesk.desk import erasing, reporting
from chatdesk.desk.digests import send_digests
from chatdesk.desk.numbers import Report, report
from chatdesk.desk.report_said import told
from chatdesk.desk.reports import delivery_failed
from chatdesk.domain.calendar import Calendar, Hours
from chatdesk.domain.effects import ReportSaid, Whispered
from chatdesk.domain.metrics import By, Period
from chatdesk.domain.organisation import Organisation, Tier
from chatdesk.domain.satisfaction import Satisfaction
from chatdesk.domain.sla_policy import Amount, Policy, Targets
from chatdesk.domain.weekly import Weekly
from chatdesk.store import deliveries, desks, tables_outbox, tickets
from chatdesk.store.engine import open_engine
from chatdesk.store.transaction import Transaction
from tests.desk.humans import ADA, ANA, BOB, CLEO, LEA, Human
from tests.desk.organisation import ACME, DISCORD, HELP, PUBLIC, SERVER, SUPPORT, person
from tests.desk.world import World

OFFICE = Calendar("office", "Office", "UTC", ((Hours(540, 1020),),) * 7)
IN_TIME = Targets(Amount(time=timedelta(minutes=15)), None, Amount(time=timedelta(hours=8)))
MONDAYS = Weekly(0, 9 * 60)
COUNTED = replace(
    ACME,
    teams=(replace(ACME.teams[0], digest=MONDAYS), *ACME.teams[1:]),
    calendars=(OFFICE,),
    slas=(Policy("all", "All", (("normal", IN_TIME),), calendar="office"),),
    tiers=(Tier("gold", "Gold", (person("cleo", DISCORD),)),),
    satisfaction=Satisfaction(share=100, cool_down=timedelta(), low=2),
)


@pytest.fixture
async def desk(database_url: str) -> AsyncIterator[World]:
    """At half past ten on a Saturday."""
    world = await World.furnish(open_engine(database_url), COUNTED)
    yield world
    await world.close()


async def a_day_of_work(world: World) -> None:
    """One is answered after half an hour, solved after an hour and rated; one goes to Billing and waits."""
    first = await world.ticket_from(CLEO, PUBLIC)
    await world.give(ANA, "claim", ticket=str(first))
    world.clock.advance(minutes=30)
    await world.post(ANA, world.team(first), "A new toner")
    world.clock.advance(minutes=30)
    await world.give(ANA, "close", ticket=str(first))
    await world.give(CLEO, "rate", ticket=str(first), value="5 Quick and\nkind")
    second = await world.ticket_from(CLEO, PUBLIC, "The invoice is wrong")
    await world.give(ANA, "move", ticket=str(second), team="billing")
    world.clock.advance(hours=2)
    world.forget()


def reckoned(world: World, by: By | None = None, days: int = 7) -> Report:
    now = world.clock.now()
    return world.look(lambda tx: report(tx, Period(now - timedelta(days=days), now), by))


async def test_figures_come_from_what_happened(desk: World) -> None:
    await a_day_of_work(desk)
    found = {one.name: one.value for one in reckoned(desk).total}
    assert {name: found[name] for name in ("volume", "resolved", "backlog", "csat_average")} == {
        "volume": 2,
        "resolved": 1,
        "backlog": 1,
        "csat_average": 5,
    }
    minutes = {name: (value or 0) / 60 for name, value in found.items() if "_median" in name}
    assert minutes["first_response_median"] == minutes["first_response_business_median"] == 30
    assert (minutes["resolution_median"], minutes["backlog_age_median"]) == (60, 120)
    assert (found["first_contact"], found["reopened"], found["sla_resolution"]) == (100, 0, 100)
    assert found["sla_first_response"] == 0, "one was answered late, the other not yet though it was due"


@pytest.mark.parametrize(
    ("by", "volumes"),
    [
        (By.TEAM, {"Support": 1, "Billing": 1}),
        (By.CHANNEL, {"discord:public-help": 2}),
        (By.AGENT, {"Ana": 1, "nobody": 1}),
        (By.PRIORITY, {"Normal": 2}),
        (By.CATEGORY, {"no category": 2}),
        (By.SERVICE, {"no service": 2}),
        (By.TIER, {"Gold": 2}),
        (By.ARTICLE, {"no article": 2}),
        (By.WEEK, {"2026-11-14": 0, "2026-11-16": 2}),
    ],
)
async def test_tickets_are_told_apart(desk: World, by: By, volumes: dict[str, int]) -> None:
    await a_day_of_work(desk)
    assert {name: figures[0].value for name, figures in reckoned(desk, by).groups} == volumes


async def test_two_agents_of_one_name_are_two(desk: World) -> None:
    await a_day_of_work(desk)
    namesake = Human("ana", SERVER)
    await desk.post(namesake, PUBLIC, "Hello")
    hers = replace(desk.ticket(2), assignee=desk.person(namesake))
    await desk.change(lambda tx: tickets.save(tx, hers))
    groups = [(name, figures[0].value) for name, figures in reckoned(desk, By.AGENT).groups]
    assert groups == [("Ana", 1), ("Ana", 1)]


async def test_too_many_tickets_are_not_reckoned_while_somebody_waits(
    desk: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await a_day_of_work(desk)
    monkeypatch.setattr(reporting, "MOST_TICKETS", 1)
    await desk.type(ADA, SUPPORT, "report", command="desk")
    assert desk.accepted.startswith("📊 Those are 2 tickets.")
    [(line, to)] = reports_told(desk)
    assert line.startswith("📊 **Acme**, 22 Oct 2026 – 21 Nov 2026") and to == ADA.identity
    desk.forget()
    await desk.type(ADA, SUPPORT, "report support", command="desk")
    assert desk.accepted.startswith("📊 **Support**")


async def test_leads_see_their_teams_and_admins_all(desk: World) -> None:
    await a_day_of_work(desk)
    await desk.type(LEA, SUPPORT, "report 7d", command="desk")
    lines = desk.accepted.splitlines()
    assert lines[0] == "📊 **Support**, 14 Nov 2026 – 21 Nov 2026"
    await desk.type(LEA, SUPPORT, "report 7d by day", command="desk")
    assert (
        "Sat 21 Nov                    1        1        0      30m    1h00m      0 %    100 %"
        in desk.accepted
    )
    assert "Came in                       1" in lines and "Satisfied                 100 % of 1" in lines
    assert "First reply                 30m      30m      30m      30m" in lines
    assert "- 5 of 5, #1: Quick and kind" in lines and "Rated when asked          100 % of 1" in lines
    await desk.type(ADA, SUPPORT, "report by team", command="desk")
    assert desk.accepted.startswith("📊 **Acme**, 22 Oct 2026 – 21 Nov 2026")
    assert [line.split()[:4] for line in desk.accepted.splitlines()[4:7]] == [
        ["Billing", "1", "0", "1"],
        ["Support", "1", "1", "0"],
        ["all", "2", "1", "1"],
    ]
    assert {to for _, to in reports_told(desk)} == {LEA.identity, ADA.identity}, "nobody else is told"


async def test_agents_see_their_team_and_nobody_alone(desk: World) -> None:
    await a_day_of_work(desk)
    await desk.type(BOB, SUPPORT, "report 7d", command="desk")
    assert desk.accepted.startswith("📊 **Billing**")
    await desk.type(ANA, SUPPORT, "report 7d", command="desk")
    assert desk.accepted.startswith("📊 **Support**") and "Quick" not in desk.accepted
    for typed in ("report by agent", "report by agent here"):
        await desk.type(ANA, SUPPORT, typed, command="desk")
        assert desk.refused == "You may not do that. A lead or an admin can."
    await desk.type(CLEO, PUBLIC, "report", command="desk")
    assert desk.refused == "You may not do that. Staff can."


async def test_numbers_are_posted_where_staff_alone_read(desk: World) -> None:
    await a_day_of_work(desk)
    for where in (SUPPORT, desk.team(1)):
        await desk.type(LEA, where, "report 7d by category here", command="desk")
        assert desk.accepted.startswith("📊 It comes here")
    assert [to for _, to in reports_told(desk)] == [None, None]
    await desk.type(LEA, SUPPORT, "report 7d support by category", command="desk")
    assert isinstance(desk.answer, Accepted)
    [button] = desk.answer.controls
    desk.forget()
    await desk.press(LEA, button, where=SUPPORT)
    [(line, to)] = reports_told(desk)
    assert line.startswith("📊 **Support**, 14 Nov 2026") and "no category" in line and to is None
    await desk.press(CLEO, button, where=PUBLIC)
    assert desk.refused == "You may not do that. Staff can."
    for where in (HELP, LEA.dm):
        await desk.type(LEA, where, "report here", command="desk")
        assert desk.refused.startswith("Numbers are for staff")
    await desk.type(ADA, SUPPORT, "report by agent here", command="desk")
    assert desk.refused.startswith("Numbers of single agents")


async def test_without_matplotlib_the_table_comes_alone(desk: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    await desk.type(ADA, SUPPORT, "report", command="desk")
    assert desk.accepted.endswith("because the desk runs without `chatdesk[report]`.")
    assert desk.shown() == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("report 30d billing", "You may not do that. A lead of Billing or an admin can."),
        ("report suport", "There is no team “suport”. Did you mean **support**? There are: support."),
        ("report 900d", "“900d” is no time to look back. Say it as `24h`, `30d` or `8w`, a year at most."),
        ("report 0d", "“0d” is no time to look back. Say it as `24h`, `30d` or `8w`, a year at most."),
    ],
)
async def test_what_cannot_be_answered_is_said(desk: World, typed: str, said: str) -> None:
    await desk.type(LEA, SUPPORT, typed, command="desk")
    assert desk.refused == said


def reports_told(world: World) -> list[tuple[str, IdentityId | None]]:
    """What is said of numbers, and to whom alone."""
    effects = [one.effect for one in world.shown() if isinstance(one.effect, ReportSaid)]
    return [(world.said(world.look(partial(told, effect=one)).line), one.to) for one in effects]


def digests(world: World) -> list[str]:
    return [line for line, _ in reports_told(world)]


async def decided(world: World, organisation: Organisation) -> None:
    await world.writer.run(lambda connection: desks.apply(connection, organisation, world.clock.now()))


async def test_a_team_is_told_its_week_once(desk: World) -> None:
    assert await desk.tick(send_digests) == 0, "the last Monday was before anybody asked for it"
    await a_day_of_work(desk)
    desk.clock.time = datetime(2026, 11, 23, 8, 59, tzinfo=UTC)
    assert await desk.tick(send_digests) == 0
    assert await desk.tick(send_digests, minutes=1) == 1
    other = desk.another()
    other.clock = desk.clock
    assert await other.tick(send_digests, minutes=1) == 0
    await other.close()
    [said] = digests(desk)
    assert said.startswith("📊 The week of **Support**, 16 Nov 2026 – 23 Nov 2026\n\n```\nCame in")
    assert await desk.tick(send_digests, days=23) == 1, "what was missed comes late, and once"
    assert len(digests(desk)) == 2


async def test_a_team_that_was_told_nothing_for_a_while_begins_anew(desk: World) -> None:
    await desk.tick(send_digests)
    await decided(desk, ACME)
    await desk.tick(send_digests)
    await decided(desk, COUNTED)
    assert await desk.tick(send_digests, days=30) == 0
    assert await desk.tick(send_digests, days=7) == 1


async def test_who_takes_no_direct_messages_is_told_where_they_asked(desk: World) -> None:
    await desk.type(LEA, SUPPORT, "report", command="desk")

    def failed(tx: Transaction) -> None:
        [row] = [
            found
            for one in tx.connection.scalars(select(tables_outbox.deliveries.c.id))
            if (found := deliveries.load(tx.connection, tx.desk, one))
            and isinstance(found.effect, ReportSaid)
        ]
        deliveries.fail(tx.connection, row, "they take none", desk.clock.now())
        filed = deliveries.load(tx.connection, tx.desk, row.id)
        assert filed is not None
        delivery_failed(tx.connection, filed, desk.clock.now())

    await desk.change(failed)
    [whisper] = [one.effect for one in desk.shown() if isinstance(one.effect, Whispered)]
    assert whisper.to == LEA.identity and "did not reach you" in desk.said(whisper.line)


async def test_numbers_are_told_once_however_often_they_are_asked_for_in_the_same_breath(desk: World) -> None:
    await desk.type(LEA, SUPPORT, "report", command="desk")
    first = desk.accepted
    await desk.again()
    assert len(reports_told(desk)) == 1
    assert desk.accepted in ("", first)


async def test_numbers_told_to_somebody_who_is_erased_are_forgotten(desk: World) -> None:
    for who in (LEA, ADA):
        await desk.type(who, SUPPORT, "report", command="desk")

    def erased(tx: Transaction) -> None:
        known = erasing.find(tx, LEA.identity)
        assert known is not None
        erasing.erase(tx, known, desk.clock.now())

    await desk.change(erased)
    assert [to for _, to in reports_told(desk)] == [ADA.identity]
