"""The queries of docs/metrics.md say what reports say, on both databases."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import bindparam, text

from chatdesk.desk.numbers import report
from chatdesk.desk.sla_sweep import watch_promises
from chatdesk.domain.metrics import By, Figure, Metric, Period
from chatdesk.store import article_uses
from chatdesk.store.article_uses import Opinion, Way
from chatdesk.store.columns import Instant
from chatdesk.store.engine import open_engine
from tests.desk.humans import ANA, CLEO, SAM
from tests.desk.organisation import HELP, PUBLIC
from tests.desk.test_numbers import COUNTED
from tests.desk.world import World

PAGE = (Path(__file__).parents[2] / "docs" / "metrics.md").read_text("utf-8")
[BEGINNING] = re.findall(r"```sql\n(WITH .*?)```", PAGE, re.DOTALL)
QUERIES: dict[str, str] = dict(re.findall(r"### `(\w+)`\n[^#]*?```sql\n(SELECT .*?)```", PAGE, re.DOTALL))
[OF_ARTICLES] = re.findall(r"Of each article:\n\n```sql\n(.*?)```", PAGE, re.DOTALL)
_TIMES = ("_median", "_p90")


@pytest.fixture
async def desk(database_url: str) -> AsyncIterator[World]:
    world = await World.furnish(open_engine(database_url), COUNTED)
    yield world
    await world.close()


async def solved(world: World, answered: int, waited: int, worked: int, rating: str) -> int:
    """A ticket that was answered, waited for its requester, and was resolved, each after so many minutes."""
    number = await world.ticket_from(CLEO, PUBLIC, f"Number {answered}")
    ticket = str(number)
    world.clock.advance(minutes=2)
    await world.give(ANA, "claim", ticket=ticket)
    await world.tick(watch_promises, minutes=answered)
    await world.post(ANA, world.team(number), "Try it now")
    await world.give(ANA, "status", ticket=ticket, status="pending")
    await world.tick(watch_promises, minutes=waited)
    await world.post(CLEO, world.customer(number), "Not yet")
    if answered % 2:
        await world.post(ANA, world.team(number), "And now?")
    await world.tick(watch_promises, minutes=worked)
    await world.give(ANA, "close", ticket=ticket)
    if rating:
        await world.give(CLEO, "rate", ticket=ticket, value=rating)
    return number


async def a_week(world: World) -> Period:
    """Some before the period, some in it, one that came back, one that waits; articles that helped."""
    await solved(world, 3, 4, 5, "1")
    early = await world.ticket_from(SAM, HELP, "It has been slow for long")
    await world.tick(watch_promises, minutes=20)
    world.clock.advance(hours=2)
    start = world.clock.now()
    await solved(world, 5, 60, 70, "5")
    again = await solved(world, 20, 30, 240, "2")
    await solved(world, 41, 10, 10, "")
    await solved(world, 8, 90, 15, "4")
    world.clock.advance(minutes=11)
    await world.give(ANA, "reopen", ticket=str(again))
    world.clock.advance(minutes=13)
    await world.give(ANA, "resolve", ticket=str(again))
    await world.post(ANA, world.team(early), "Since when?")
    await world.ticket_from(CLEO, PUBLIC, "Another matter")
    cleo, now = world.person(CLEO), world.clock.now()
    for article, opinion in (("vpn", Opinion.SOLVED), ("vpn", Opinion.ANYWAY), ("mail", Opinion.SOLVED)):
        note = partial(
            article_uses.note_view, way=Way.FORM, article=article, person=cleo, now=now, opinion=opinion
        )
        await world.change(note)
    await world.tick(watch_promises, hours=1)
    return Period(start, world.clock.now() + timedelta(seconds=1))


def asked(world: World, query: str, period: Period, beginning: str = BEGINNING) -> list[tuple[object, ...]]:
    sql = f"{beginning}{query}"
    if world.engine.dialect.name == "postgresql":
        sql = re.sub(r"julianday\(([^()]+)\) \* 86400", r"extract(epoch FROM \1)", sql)
    given = {"desk": "acme", "start": period.start, "end": period.end}
    known = [bindparam(name, type_=Instant) for name in ("start", "end") if f":{name}" in sql]
    with world.engine.connect() as connection:
        found = connection.execute(
            text(sql).bindparams(*known), {name: each for name, each in given.items() if f":{name}" in sql}
        )
        return [tuple(row) for row in found]


async def test_they_say_the_same(desk: World) -> None:
    period = await a_week(desk)
    assert set(QUERIES) == set(Metric)
    told = desk.look(lambda tx: report(tx, period))
    figures = {one.name: one for one in told.total}
    empty = {one.name for one in told.total if not one.of and "on_hold" not in one.name}
    assert empty == {"sla_next_response"}

    def same(row: tuple[object, ...], *names: str) -> None:
        assert [round(float(str(each)), 2) for each in row] == [_value(figures[name]) for name in names]

    for name in ("volume", "resolved", "backlog", "first_contact", "reopened", "deflection"):
        [row] = asked(desk, QUERIES[name], period)
        same(row, name)
    for name in ("first_response", "resolution"):
        [row] = asked(desk, QUERIES[name], period)
        same(row, *(name + ending for ending in _TIMES))
    [row] = asked(desk, QUERIES["backlog_age"], period)
    same(row, *(f"backlog_age{ending}" for ending in (*_TIMES, "_oldest")))
    for status, *spent in asked(desk, QUERIES["time_in_status"], period):
        same(tuple(spent), *(f"time_in_status_{status}{ending}" for ending in _TIMES))
    for measure, share in asked(desk, QUERIES["sla"], period):
        same((share,), f"sla_{measure}")
    [row] = asked(desk, QUERIES["csat"], period)
    same(row, "csat", "csat_average", "csat_response")
    by_article = desk.look(lambda tx: report(tx, period, By.ARTICLE)).groups
    solved_by = {name: [one.value for one in group if one.name == "deflection"] for name, group in by_article}
    assert solved_by == {"no article": [0], "vpn": [100], "mail": [100]}
    assert asked(desk, OF_ARTICLES, period, beginning="") == [("vpn", 2, 1), ("mail", 1, 1)]


def _value(figure: Figure) -> float:
    assert figure.value is not None, figure.name
    return round(figure.value, 2)
