"""Which places are to be read: found by indexes, however many tickets there ever were."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event

from chatdesk.contract.vocabulary import Installation, PlaceKind, Side
from chatdesk.desk import catching_up
from chatdesk.domain.lifecycle import Status
from chatdesk.domain.ticket import Ticket
from chatdesk.store import catch_ups, hearing, threads, threads_to_read, tickets
from chatdesk.store.threads_to_read import Threads
from chatdesk.store.transaction import Transaction
from tests.store.support import DISCORD, NOW, PLATFORMS, SLACK, database, thread, transaction


def test_open_tickets_threads_and_what_is_due_are_found_by_indexes(tmp_path: Path) -> None:
    engine = database(tmp_path)
    asked: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, text: str, values: Any, *_rest: object) -> None:
        asked.append((text, values))

    event.listen(engine, "before_cursor_execute", note)
    with engine.begin() as connection:
        threads_to_read.want_threads(transaction(connection), SLACK, Threads(NOW, NOW, holds=True), NOW)
        catch_ups.due(connection, PLATFORMS, NOW, 10)
        event.remove(engine, "before_cursor_execute", note)
        plans = [
            [str(row[3]) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values)]
            for text, values in asked
        ]
    engine.dispose()
    steps = [step for plan in plans for step in plan]
    assert "SEARCH thread USING INDEX ix_thread_desk_ticket (desk=? AND ticket=?)" in steps
    assert "SEARCH catch_up USING INDEX ix_catch_up_urgency_active_at (urgency=?)" in steps
    assert not any(step.startswith("SCAN") or "TEMP B-TREE FOR ORDER BY" in step for step in steps), steps


FAR = Installation(DISCORD.platform, "901")


def _thread(tx: Transaction, name: str, at: Installation, place: str, kind: PlaceKind = PlaceKind.DM) -> None:
    number = tickets.next_number(tx)
    tickets.add(tx, Ticket(tx.desk, number, "t", "", "p1", Status.OPEN, "normal", NOW, team="support"))
    threads.add(tx, thread(name, Side.CUSTOMER, at, place, ticket=number, kind=kind))


def _wanted(tx: Transaction) -> dict[str, datetime | None]:
    return {one.place.id: one.since for one in catch_ups.due(tx.connection, PLATFORMS, NOW, 10)}


def test_a_direct_message_that_belongs_to_two_installations_is_read_once(tx: Transaction) -> None:
    """Somebody who has a ticket in each of two servers has one direct message with us."""
    _thread(tx, "one", DISCORD, "D1")
    _thread(tx, "two", FAR, "D1")
    for installation in (DISCORD, FAR):
        catching_up.missed_something(tx, installation, NOW)
    assert _wanted(tx) == {"D1": None}


def test_direct_messages_are_read_whatever_installation_they_belong_to(tx: Transaction) -> None:
    _thread(tx, "near", DISCORD, "D1")
    _thread(tx, "far", FAR, "D2")
    _thread(tx, "public", FAR, "C1", PlaceKind.THREAD)
    hearing.note_heard(tx, FAR, NOW)
    catching_up.missed_something(tx, FAR, NOW)
    missed, hour = NOW - catching_up.OVERLAP, timedelta(hours=1)
    assert _wanted(tx) == {"D2": missed, "C1": missed}
    catching_up.missed_directs(tx, DISCORD.platform, NOW - hour, NOW)
    assert _wanted(tx) == {"D1": missed - hour, "D2": missed - hour, "C1": missed}
    catching_up.missed_directs(tx, DISCORD.platform, None, NOW)
    assert _wanted(tx) == {"D1": None, "D2": None, "C1": missed}
    catching_up.missed_directs(tx, DISCORD.platform, NOW, NOW)
    assert _wanted(tx) == {"D1": None, "D2": None, "C1": missed}
