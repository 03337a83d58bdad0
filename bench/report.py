"""report: a month's numbers of a desk to which 100,000 tickets came in it, by team, promises and all.

The baseline reads the same rows with the bare driver and does nothing with them.
"""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, insert, text

from bench.measuring import median, workplace
from bench.rows import Row, compared, value_at_most
from chatdesk.desk.numbers import report
from chatdesk.domain.calendar import Calendar, Hours
from chatdesk.domain.metrics import By, Period
from chatdesk.domain.organisation import Organisation, Team
from chatdesk.domain.sla_policy import Amount, Policy, Targets
from chatdesk.store import desks
from chatdesk.store.engine import for_reading, open_engine
from chatdesk.store.ids import new_id
from chatdesk.store.tables import history, metadata, tickets
from chatdesk.store.tables_closing import ratings
from chatdesk.store.transaction import Transaction

TICKETS = 100_000
MOST_SECONDS = 60.0
TIMES = 2
MONTH = Period(datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC))
OFFICE = Calendar("office", "Office", "Europe/Berlin", ((Hours(540, 720), Hours(780, 1080)),) * 5 + ((), ()))
TEAMS = ("support", "billing", "returns")
_PROMISED = Targets(*(Amount(time=timedelta(hours=hours)) for hours in (1, 2, 16)))
DESK = Organisation(
    desk="bench",
    name="Bench",
    teams=tuple(Team(key, key.capitalize(), ()) for key in TEAMS),
    calendars=(OFFICE,),
    slas=(Policy("all", "All", (("normal", _PROMISED),), calendar="office"),),
)

_TICKET: dict[str, object] = {column.name: None for column in tickets.c} | {
    "desk": "bench", "title": "A printer", "description": "It is on fire", "requester": "p1",
    "priority": "normal", "tags": [], "fields": [], "escalation_level": 0, "mode": "reply", "reopens": 0,
    "unread": False, "version": 3,
}  # fmt: skip


def measure() -> Iterator[Row]:
    with workplace("report") as folder:
        file = folder / "report.db"
        engine = open_engine(f"sqlite:///{file}")
        metadata.create_all(engine)
        with engine.begin() as connection:
            _fill(connection)
        with for_reading(engine).connect() as connection:
            ours = median([_seconds(connection) for _ in range(TIMES)])
        engine.dispose()
        bare = median([_seconds_of_reading(file) for _ in range(TIMES)])
    yield value_at_most(compared("report", TICKETS, "sqlite", ours, "s", bare), MOST_SECONDS)


def _seconds(connection: Connection) -> float:
    begun = time.perf_counter()
    found = report(Transaction(connection, DESK.desk, DESK), MONTH, By.TEAM)
    seconds = time.perf_counter() - begun
    assert found.total[0].value == TICKETS, found.total[0]
    return seconds


def _seconds_of_reading(file: Path) -> float:
    begun = time.perf_counter()
    with sqlite3.connect(file) as connection:
        for query in ("SELECT * FROM ticket", "SELECT * FROM history ORDER BY desk, ticket, id"):
            for _ in connection.execute(query):
                pass
    return time.perf_counter() - begun


def _fill(connection: Connection) -> None:
    """A ticket's life is a question, an answer within hours, a wait, and for nine of ten an end."""
    desks.apply(connection, DESK, MONTH.end)
    chance = random.Random(2026)
    batch = 5_000
    for first in range(1, TICKETS + 1, batch):
        lives = [_life(number, chance) for number in range(first, first + batch)]
        connection.execute(insert(tickets), [ticket for ticket, _, _ in lives])
        connection.execute(insert(history), [entry for _, told, _ in lives for entry in told])
        connection.execute(insert(ratings), [rating for _, _, rating in lives if rating is not None])
    connection.execute(text("ANALYZE"))


def _life(
    number: int, chance: random.Random
) -> tuple[dict[str, object], list[dict[str, object]], dict[str, object] | None]:
    began = MONTH.start + timedelta(seconds=chance.randrange(28 * 86_400))
    team, answered = TEAMS[number % 3], began + timedelta(seconds=chance.randrange(60, 7_200))
    again, ended = (
        answered + timedelta(hours=3),
        answered + timedelta(seconds=chance.randrange(14_400, 200_000)),
    )
    happened: list[tuple[str, datetime, dict[str, str]]] = [
        ("created", began, {"priority": "normal", "team": team}),
        ("post", began, {"audience": "party", "side": "customer"}),
        ("post", answered, {"audience": "party", "side": "team"}),
        ("first_response", answered, {}),
        ("status", answered, {"before": "new", "after": "pending"}),
        ("post", again, {"audience": "party", "side": "customer"}),
        ("status", again, {"before": "pending", "after": "open"}),
    ]
    is_over = number % 10 != 0
    if is_over:
        happened.append(("status", ended, {"before": "open", "after": "resolved"}))
    times = {"created_at": began, "first_response_at": answered, "resolved_at": ended if is_over else None}
    ticket = _TICKET | {"number": number, "team": team, "status": "resolved" if is_over else "open"} | times
    told = [
        {"desk": "bench", "id": new_id(), "ticket": number, "kind": kind, "means": "message", "at": at,
         "data": data}
        for kind, at, data in happened
    ]  # fmt: skip
    rating = {"desk": "bench", "ticket": number, "person": "p1", "asked_at": ended, "score": 1 + number % 5,
              "rated_at": ended}  # fmt: skip
    return ticket, told, rating if is_over and number % 3 == 0 else None
