"""Imported tickets in a desk: found, counted, at rest; taken up; nothing twice; nothing of the erased."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chatdesk.contract.inbound import ChannelSeen, ChannelsSeen
from chatdesk.contract.ports import Accepted
from chatdesk.contract.vocabulary import AudienceKind, IdentityId, PlaceKind, Platform, Side
from chatdesk.desk import numbers, sla
from chatdesk.desk.ending_sweeps import begin_waiting, forget_words, remind_and_close
from chatdesk.desk.rule_sweep import time_for_rules
from chatdesk.desk.sla_sweep import watch_promises
from chatdesk.domain.lifecycle import Status
from chatdesk.domain.metrics import Metric, Period
from chatdesk.domain.organisation import Organisation
from chatdesk.importing import modmail, zendesk
from chatdesk.importing.records import NotTaken, Source
from chatdesk.store import desks, erasing, imports, people, ratings
from tests.desk.humans import ANA, CLEO
from tests.desk.organisation import ACME, DISCORD, SUPPORT
from tests.desk.test_sla import PROMISING
from tests.desk.world import World
from tests.importing.samples import lines, modmail_log, zendesk_ticket
from tests.importing.support import into, stopping, take


def of_zendesk(folder: Path, *found: dict[str, object]) -> Source:
    return zendesk.read(lines(folder / "tickets.json", found))


async def test_what_is_over_stays_over_and_is_found(world: World, tmp_path: Path) -> None:
    await world.ticket_from(CLEO, SUPPORT)
    world.forget()
    report = await asyncio.to_thread(into, world, of_zendesk(tmp_path, zendesk_ticket(12)))
    assert (report.taken, report.posts, report.open) == (1, 3, 0)
    ticket = world.ticket(2)
    assert (ticket.status, ticket.team, ticket.priority, ticket.type) == (
        Status.CLOSED, "billing", "high", "inquiry",
    )  # fmt: skip
    assert ticket.created_at == datetime(2025, 3, 1, 9, tzinfo=UTC)
    assert ticket.first_response_at == datetime(2025, 3, 1, 10, tzinfo=UTC)
    assert [post.audience.kind for post in world.posts(2)] == [
        AudienceKind.PARTY, AudienceKind.INTERNAL, AudienceKind.EVERYONE,
    ]  # fmt: skip
    kinds = ["created", "post", "post", "post", "first_response", "status", "status", "status"]
    assert world.kinds(2) == kinds
    rating = world.look(lambda tx: ratings.of_ticket(tx, 2))
    assert rating is not None and (rating.score, rating.comment) == (5, "quick")
    await world.type(ANA, SUPPORT, "find teapot lid")
    assert "**#2**" in world.accepted and "A new lid is on its way" in world.accepted
    await world.type(ANA, SUPPORT, "find dropped")
    assert "He dropped it" in world.accepted
    await world.type(ANA, SUPPORT, "info #2")
    assert "- Origin: imported from zendesk #12" in world.accepted
    assert not world.threads(2) and not world.effects(2)
    assert len(report.lost) == 1 and report.lost[0].what == "file leak.txt"


async def test_reports_count_it_by_its_own_times(world: World, tmp_path: Path) -> None:
    await asyncio.to_thread(into, world, of_zendesk(tmp_path, zendesk_ticket(12)))
    period = Period(datetime(2025, 3, 1, tzinfo=UTC), datetime(2025, 3, 3, tzinfo=UTC))
    figures = {one.name: one for one in world.look(lambda tx: numbers.report(tx, period)).total}
    assert (figures["volume"].value, figures["resolved"].value) == (1, 1)
    assert figures["first_response_median"].value == 3600
    assert figures["resolution_median"].value == 25 * 3600
    assert figures["csat_average"].value == 5
    assert not any(one.of for one in figures.values() if one.metric is Metric.SLA)


async def test_promises_begin_when_it_is_taken_up(world: World, tmp_path: Path) -> None:
    await world.change(lambda tx: desks.apply(tx.connection, PROMISING, world.clock.now()))
    world.organisation = PROMISING
    found = [modmail_log("beef", open=True, closed_at=None), modmail_log("cafe")]
    await asyncio.to_thread(into, world, modmail.read(lines(tmp_path / "logs.json", found)))
    assert await world.tick(watch_promises, days=9) <= 1
    assert not world.history(1)[-1].kind.startswith("sla")
    await world.type(ANA, SUPPORT, "sla #1")
    assert "late" not in world.accepted
    await world.type(ANA, SUPPORT, "take-up #1")
    begun = world.clock.now()
    standing = world.look(lambda tx: sla.standing_of(tx, world.ticket(1), begun))
    assert standing is not None
    assert standing.case.steps[0].at == begun
    assert not any(clock.breached_at for clock in standing.clocks)
    period = Period(datetime(2025, 3, 1, tzinfo=UTC), begun)
    figures = world.look(lambda tx: numbers.report(tx, period)).total
    assert not any(one.of for one in figures if one.metric is Metric.SLA)


def eager(organisation: Organisation) -> Organisation:
    """Everything that time may bring, soon."""
    hour = timedelta(hours=1)
    return replace(
        organisation, remind_pending_after=hour, close_pending_after=2 * hour, close_resolved_after=hour
    )


async def test_what_is_not_over_rests_until_somebody_takes_it_up(
    on_each_engine: World, tmp_path: Path
) -> None:
    world = on_each_engine
    world.organisation = eager(world.organisation)
    logs = [modmail_log("beef", open=True, closed_at=None), modmail_log("cafe", open=True, closed_at=None)]
    await asyncio.to_thread(into, world, modmail.read(lines(tmp_path / "logs.json", logs)))
    await asyncio.to_thread(into, world, of_zendesk(tmp_path, zendesk_ticket(3, status="pending")))
    channel = ChannelSeen(SUPPORT.place, "support", PlaceKind.CHANNEL)
    seen = ChannelsSeen(SUPPORT.place.installation, (channel,), world.clock.now())
    await world.handle(seen)
    for sweep in (begin_waiting, remind_and_close, time_for_rules, forget_words):
        await world.tick(sweep, days=9)
    assert [world.ticket(number).status for number in (1, 2, 3)] == [Status.OPEN, Status.OPEN, Status.PENDING]
    assert not any(world.threads(number) or world.effects(number) for number in (1, 2, 3))
    await world.type(ANA, SUPPORT, "list team")
    assert "#1" in world.accepted and "#2" in world.accepted

    await world.type(ANA, SUPPORT, "info #1")
    assert "it rests until somebody takes it up" in world.accepted
    assert isinstance(world.answer, Accepted)
    await world.press(ANA, world.answer.controls[0], where=SUPPORT)
    assert "You took up" in world.accepted
    await world.settle()
    assert [one.body for one in world.posts(1)] == world.bodies(1, Side.TEAM)
    assert "imported from modmail #beef" in world.lines(1, Side.TEAM)[-1]
    [customer] = world.threads(1, Side.CUSTOMER)
    assert customer.kind is PlaceKind.DM and world.cards(1) == 1
    await world.post(ANA, world.team(1), "Here we go on")
    assert "Here we go on" in world.bodies(1, Side.CUSTOMER)
    assert "ban evader, perhaps" not in world.bodies(1, Side.CUSTOMER)

    assert world.ticket(2).assignee is None  # dora does not work here
    await world.type(ANA, SUPPORT, "priority #2 high")
    assert not world.threads(2)
    await world.type(ANA, SUPPORT, "note #2 still of interest?")
    assert world.threads(2, Side.TEAM)
    await world.type(ANA, SUPPORT, "take-up #2")
    assert "does not rest" in world.refused


async def test_who_has_no_account_here_is_answered_by_nobody(world: World, tmp_path: Path) -> None:
    found = zendesk_ticket(3, status="open", group={"id": 1, "name": "Support"})
    await asyncio.to_thread(into, world, of_zendesk(tmp_path, found))
    await world.type(ANA, SUPPORT, "reply #1 Are you there?")
    assert "nobody would read it" in world.refused and not world.threads(1)
    await world.type(ANA, SUPPORT, "note #1 phone them")
    await world.settle()
    assert world.threads(1, Side.TEAM) and not world.threads(1, Side.CUSTOMER)
    assert any("has no account here" in line for line in world.lines(1, Side.TEAM))
    await world.post(ANA, world.team(1), "only we read this")
    assert world.posts(1)[-1].audience.kind is AudienceKind.INTERNAL


async def test_a_table_says_who_they_are_here(world: World, tmp_path: Path) -> None:
    named = {"ana@acme.example": ANA.identity, "901": CLEO.identity}
    await world.ticket_from(CLEO, SUPPORT)
    await asyncio.to_thread(into, world, of_zendesk(tmp_path, zendesk_ticket(12)), named=named)
    assert world.ticket(2).requester == world.person(CLEO)
    assert world.ticket(2).assignee == world.person(ANA)
    assert world.look(lambda tx: people.name_of(tx, world.person(CLEO))) == "Cleo"


async def test_the_table_may_come_later(world: World, tmp_path: Path) -> None:
    await world.ticket_from(CLEO, SUPPORT)
    await asyncio.to_thread(into, world, of_zendesk(tmp_path, zendesk_ticket(12)))
    assert world.ticket(2).requester != world.person(CLEO)
    named = {"cleo@customer.example": CLEO.identity}
    report = await asyncio.to_thread(into, world, of_zendesk(tmp_path, zendesk_ticket(12)), named=named)
    assert (report.taken, report.known, report.united) == (0, 1, 1)
    assert world.ticket(2).requester == world.person(CLEO) == world.posts(2)[0].author
    report = await asyncio.to_thread(into, world, of_zendesk(tmp_path, zendesk_ticket(12)), named=named)
    assert report.united == 0


async def test_it_goes_on_where_it_was_stopped(on_each_engine: World, tmp_path: Path) -> None:
    world = on_each_engine

    def source() -> Source:
        return of_zendesk(tmp_path, *(zendesk_ticket(number) for number in range(1, 14)))

    async def run(found: Source, *, is_trial: bool = False) -> tuple[int, int]:
        now = world.clock.now()
        report = await asyncio.to_thread(
            take, world.engine, world.organisation, found, now, is_trial=is_trial, at_once=5
        )
        return report.taken, report.known

    with pytest.raises(KeyboardInterrupt):
        await run(stopping(source(), 7))
    assert len(world.tickets()) == 5
    assert await run(source(), is_trial=True) == (8, 5)
    assert len(world.tickets()) == 5
    assert await run(source()) == (8, 5)
    assert await run(source()) == (0, 13)
    assert len({one.title for one in world.tickets()}) == 13
    assert sorted(one.number for one in world.tickets()) == list(range(1, 14))


async def test_the_erased_do_not_come_in_again(world: World, tmp_path: Path) -> None:
    gone = [IdentityId(DISCORD, "501")]
    await world.change(lambda tx: erasing.note(tx, gone, world.clock.now()))
    logs = [modmail_log("beef")]
    report = await asyncio.to_thread(into, world, modmail.read(lines(tmp_path / "logs.json", logs)))
    assert report.lost == [NotTaken("ticket beef", "ticket", "its requester was erased here")]
    staff = [IdentityId(Platform("email"), "ana@acme.example")]
    await world.change(lambda tx: erasing.note(tx, staff, world.clock.now()))
    report = await asyncio.to_thread(into, world, of_zendesk(tmp_path, zendesk_ticket(1)))
    assert [one.body for one in world.posts(1)] == ["Since Monday it leaks"] and world.ticket(
        1
    ).assignee is None


async def test_what_one_record_has_wrong_stops_no_other(world: World, tmp_path: Path) -> None:
    long = {"id": "9" * 90, "name": "too long", "mod": False}
    logs = [
        modmail_log("beef", recipient=long),
        modmail_log("cafe\x00", title="Nothing\x00 \ud800 here"),
        modmail_log("k" * 200),
        modmail_log("feed"),
    ]
    report = await asyncio.to_thread(into, world, modmail.read(lines(tmp_path / "logs.json", logs)))
    assert [one.record for one in report.lost] == ["log beef", f"log {'k' * 140}"]
    assert report.taken == 2
    assert "Title: Nothing ? here" in [post.body for post in world.posts(1)]


async def test_files_beside_the_export_are_kept(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "4711-leak.txt").write_bytes(b"data")
    source = of_zendesk(tmp_path, zendesk_ticket(1))
    report = await asyncio.to_thread(
        take, world.engine, world.organisation, source, world.clock.now(), files=folder
    )
    [attachment] = world.posts(1)[0].attachments
    assert (report.files, report.lost, attachment.ref.name) == (1, [], "leak.txt")
    assert attachment.digest is not None
    stored = tmp_path / "data" / "files" / attachment.digest[:2] / attachment.digest[2:]
    assert stored.read_bytes() == b"data"


async def test_words_that_the_desk_does_not_have_are_counted(world: World, tmp_path: Path) -> None:
    found = zendesk_ticket(1, priority="hopeless", type="riddle", group={"id": 3, "name": "Kitchen"})
    report = await asyncio.to_thread(into, world, of_zendesk(tmp_path, found))
    told = {(one.kind, one.theirs, one.ours, one.was_known) for one in report.words}
    assert told == {
        ("priority", "hopeless", "normal", False),
        ("type", "riddle", "none", False),
        ("team", "Kitchen", "support", False),
    }
    assert world.ticket(1).type is None and ACME.default_priority == world.ticket(1).priority
    assert world.look(lambda tx: imports.rests(tx, 1))


async def test_what_was_over_is_taken_up_when_it_is_reopened(world: World, tmp_path: Path) -> None:
    logs = [modmail_log("beef"), modmail_log("cafe", open=True, closed_at=None)]
    await asyncio.to_thread(into, world, modmail.read(lines(tmp_path / "logs.json", logs)))
    await world.type(ANA, SUPPORT, "take-up #1")
    assert "reopen #1" in world.refused
    await world.type(ANA, SUPPORT, "reopen #1 it is back")
    await world.settle()
    assert world.threads(1, Side.CUSTOMER) and world.cards(1) == 1
    assert "It was a mistake, sorry" in world.bodies(1, Side.TEAM)
    assert not world.look(lambda tx: imports.rests(tx, 1))
    await world.type(ANA, SUPPORT, "close #2 cleared away")
    assert world.ticket(2).status is Status.CLOSED and not world.threads(2) and not world.effects(2)


async def test_a_merge_takes_up_both(world: World, tmp_path: Path) -> None:
    logs = [modmail_log(key, open=True, closed_at=None) for key in ("beef", "cafe")]
    await asyncio.to_thread(into, world, modmail.read(lines(tmp_path / "logs.json", logs)))
    await world.type(ANA, SUPPORT, "merge #2 #1")
    await world.settle()
    assert "merged" in world.accepted and world.threads(1, Side.TEAM)
    assert len(world.threads(1, Side.CUSTOMER)) == 2
    await world.type(ANA, SUPPORT, "unmerge #2")
    assert world.ticket(2).status is Status.OPEN


async def test_words_that_the_desk_would_soon_forget_are_counted(world: World, tmp_path: Path) -> None:
    kept = replace(world.organisation, forget_closed_after=timedelta(days=30))
    await world.change(lambda tx: desks.apply(tx.connection, kept, world.clock.now()))
    source = of_zendesk(tmp_path, zendesk_ticket(1), zendesk_ticket(2, status="open"))
    report = await asyncio.to_thread(take, world.engine, kept, source, world.clock.now())
    assert (report.taken, report.forgotten) == (2, 1)


async def test_a_trial_looks_for_files_and_keeps_none(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "4711").write_bytes(b"data")
    now, source = world.clock.now(), of_zendesk(tmp_path, zendesk_ticket(1))
    report = await asyncio.to_thread(
        take, world.engine, world.organisation, source, now, files=folder, is_trial=True
    )
    assert (report.taken, report.files, report.lost) == (1, 1, [])
    assert not world.tickets() and not (tmp_path / "data").exists()
