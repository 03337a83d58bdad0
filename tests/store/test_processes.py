"""Two processes on one database: what one thread does on SQLite, rows and turns do on PostgreSQL."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import Connection, select, text

from chatdesk.domain.effects import LineSaid
from chatdesk.domain.lifecycle import Status
from chatdesk.domain.lines import Line, words
from chatdesk.domain.ticket import Ticket
from chatdesk.store import deliveries, lanes, memory, outbox, tickets
from chatdesk.store.deliveries import DeliveryRow, TakenOver
from chatdesk.store.engine import open_engine
from chatdesk.store.ids import IdSource, new_id
from chatdesk.store.lanes import LaneRef
from chatdesk.store.tables import tickets as rows
from chatdesk.store.transaction import in_turn
from chatdesk.store.writer import Writer
from tests.store.support import NOW, PLATFORMS, furnished, organisation, thread, transaction

LANE = LaneRef("acme", "thread:t1")


@pytest.fixture
async def processes(database_url: str) -> AsyncIterator[tuple[Writer, Writer]]:
    made = Writer(furnished(open_engine(database_url))), Writer(open_engine(database_url))
    yield made
    for writer in made:
        await writer.close()
        writer.engine.dispose()


def _open(connection: Connection, key: str) -> str | None:
    """A use case as they all are: look, then write what follows. An id made in it, if it was the first."""
    tx = in_turn(connection, organisation())
    if not memory.first_time(tx, key, NOW):
        return None
    tickets.add(
        tx,
        Ticket(
            desk="acme",
            number=tickets.next_number(tx),
            title=key,
            description="",
            requester="p1",
            status=Status.NEW,
            priority="normal",
            created_at=NOW,
            team="support",
            follow_up=new_id(),
        ),
    )
    return key


async def test_an_event_that_both_take_in_is_handled_once(processes: tuple[Writer, Writer]) -> None:
    keys = [f"k{number}" for number in range(30)]
    jobs = [writer.run(partial(_open, key=key)) for key in keys for writer in processes]
    random.Random(1).shuffle(jobs)
    opened = [key for key in await asyncio.gather(*jobs) if key is not None]
    assert sorted(opened) == sorted(keys)
    found = await processes[0].read(
        lambda connection: connection.execute(select(rows.c.number, rows.c.follow_up)).all()
    )
    assert sorted(row.number for row in found) == list(range(1, 31))
    in_order = [row.follow_up for row in sorted(found, key=lambda row: int(row.number))]
    assert in_order == sorted(in_order), "ids sort as the work was done, in whatever process"


async def test_a_change_by_each_is_lost_by_neither(processes: tuple[Writer, Writer]) -> None:
    await processes[0].run(partial(_open, key="k"))

    def count_up(connection: Connection) -> None:
        tx = in_turn(connection, organisation())
        ticket = tickets.load(tx, 1)
        assert ticket is not None
        tickets.save(tx, replace(ticket, reopens=ticket.reopens + 1))

    await asyncio.gather(*(writer.run(count_up) for _ in range(20) for writer in processes))
    saved = await processes[1].read(lambda connection: tickets.load(transaction(connection), 1))
    assert saved is not None and (saved.reopens, saved.version) == (40, 40)


def _say(connection: Connection) -> None:
    line = Line("claimed", (words("actor", "Ana"),))
    outbox.write(in_turn(connection, organisation()), LineSaid(line), [thread("t1")], NOW)


def _claim(connection: Connection) -> DeliveryRow | None:
    return lanes.claim(connection, LANE, PLATFORMS, NOW)


async def test_a_delivery_is_claimed_by_one(processes: tuple[Writer, Writer]) -> None:
    for _ in range(2):
        await processes[0].run(_say)
    claimed = await asyncio.gather(*(writer.run(_claim) for _ in range(6) for writer in processes))
    (row,) = [row for row in claimed if row is not None]
    await processes[0].run(partial(deliveries.finish, row=row, message=None, now=NOW))
    (behind,) = [row for row in [await processes[1].run(_claim)] if row is not None]
    assert behind.id > row.id


async def test_an_attempt_that_was_taken_over_files_nothing(processes: tuple[Writer, Writer]) -> None:
    await processes[0].run(_say)
    first = await processes[0].run(_claim)
    assert first is not None
    await processes[1].run(partial(lanes.recover_lane, lane=LANE))
    second = await processes[1].run(_claim)
    assert second is not None and second.uncertain
    for late in (
        partial(deliveries.finish, row=first, message=None, now=NOW),
        partial(deliveries.fail, row=first, reason="late", now=NOW),
        partial(deliveries.retry_later, row=first, at=NOW, uncertain=True, counted=True),
    ):
        with pytest.raises(TakenOver):
            await processes[0].run(late)
    await processes[1].run(partial(deliveries.finish, row=second, message=None, now=NOW))


async def test_a_character_that_the_database_does_not_keep_is_left_out(
    processes: tuple[Writer, Writer],
) -> None:
    await processes[0].run(partial(_open, key="a\0b"))
    saved = await processes[0].read(lambda connection: tickets.load(transaction(connection), 1))
    assert saved is not None and saved.title.replace("\0", "") == "ab"


async def test_a_database_that_went_away_is_found_again(processes: tuple[Writer, Writer]) -> None:
    """Its connections are cut, as at a restart of the server or a switch to its standby."""
    writer, _ = processes
    if writer.engine.dialect.name == "sqlite":
        pytest.skip("a file does not go away")
    await asyncio.gather(*(writer.run(partial(_open, key=f"k{number}")) for number in range(12)))
    with writer.engine.connect() as connection:
        mine = "pid <> pg_backend_pid() AND datname = current_database()"
        connection.execute(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {mine}"))
    again = [writer.run(partial(_open, key=f"k{number}")) for number in range(24)]
    opened = [key for key in await asyncio.gather(*again) if key is not None]
    assert sorted(opened) == sorted(f"k{number}" for number in range(12, 24))
    assert await writer.read(lambda connection: len(connection.execute(select(rows.c.number)).all())) == 24


def test_ids_follow_a_clock_that_is_behind_or_ahead() -> None:
    source, other = IdSource(), IdSource()
    there = datetime.now(UTC) - timedelta(hours=3)
    source.follow(there)
    first = source.new()
    other.follow(there + timedelta(milliseconds=5))
    assert first < other.new(), "made later by the clock that both follow"
    assert source.new() > first
