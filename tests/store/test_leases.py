"""Leases: one holder at a time, renewed, given back, taken over when they end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import suppress
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import Connection, Engine, update

from chatdesk.contract.vocabulary import Platform
from chatdesk.store import leases
from chatdesk.store.engine import now_there, open_engine
from chatdesk.store.keeper import Keeper, Sole, keeper_for
from chatdesk.store.tables import leases as rows
from chatdesk.store.writer import Writer

PATIENCE = 15


@pytest.fixture
def engine(database_url: str) -> Engine:
    return open_engine(database_url)


@pytest.fixture
async def writers(engine: Engine, database_url: str) -> AsyncIterator[tuple[Writer, Writer]]:
    """Those of two processes."""
    made = Writer(engine), Writer(open_engine(database_url))
    yield made
    for writer in made:
        await writer.close()
        writer.engine.dispose()


def _end(connection: Connection, name: str) -> None:
    """Nobody has renewed it for as long as it lasts."""
    over = now_there(connection) - timedelta(milliseconds=1)
    connection.execute(update(rows).where(rows.c.name == name).values(until=over))


def test_a_lease_has_one_holder(engine: Engine) -> None:
    with engine.begin() as connection:
        assert leases.take(connection, ["a", "b"], "one") == {"a", "b"}
        assert leases.take(connection, ["b", "c"], "two") == {"c"}
        assert leases.is_held(connection, "b", "one")
        assert not leases.is_held(connection, "b", "two")
        assert not leases.is_held(connection, "unknown", "one")
    engine.dispose()


def test_one_that_ended_is_anybodys_and_one_that_was_given_back_too(engine: Engine) -> None:
    with engine.begin() as connection:
        leases.take(connection, ["a", "b"], "one")
        _end(connection, "a")
        assert not leases.is_held(connection, "a", "one")
        assert leases.take(connection, ["a"], "two") == {"a"}
        assert leases.renew(connection, ["a", "b"], "one") == {"b"}
        leases.give_back(connection, ["a", "b"], "one")
        assert leases.take(connection, ["a", "b"], "three") == {"b"}
    engine.dispose()


def test_one_that_ended_and_that_nobody_took_is_renewed(engine: Engine) -> None:
    with engine.begin() as connection:
        leases.take(connection, ["a"], "one")
        _end(connection, "a")
        assert leases.renew(connection, ["a"], "one") == {"a"}
        assert leases.is_held(connection, "a", "one")
    engine.dispose()


async def test_two_that_want_the_same_at_once_do_not_both_get_it(writers: tuple[Writer, Writer]) -> None:
    keepers = [Keeper(writer) for writer in writers]
    names = [f"n{number}" for number in range(20)]
    wants = [keeper.want([name]) for name in names for keeper in keepers]
    got = await asyncio.gather(*wants)
    assert [len(got[at]) + len(got[at + 1]) for at in range(0, len(got), 2)] == [1] * len(names)


async def test_what_is_taken_is_looked_after_in_the_same_transaction(writers: tuple[Writer, Writer]) -> None:
    keeper = Keeper(writers[0])
    seen: list[str] = []

    def taken(connection: Connection, names: Collection[str]) -> None:
        seen.extend(names)

    assert await keeper.want(["a"], taken) == {"a"}
    assert await keeper.want(["a"], taken) == {"a"}
    assert seen == ["a"]

    def fails(connection: Connection, names: Collection[str]) -> None:
        raise LookupError

    with pytest.raises(LookupError):
        await keeper.want(["b"], fails)
    assert await Keeper(writers[1]).want(["a", "b"]) == {"b"}


async def test_a_keeper_renews_and_gives_back_at_its_end(writers: tuple[Writer, Writer]) -> None:
    one, two = map(Keeper, writers)
    await one.want(["a"])
    running = asyncio.create_task(one.run())
    await writers[0].run(partial(_end, name="a"))
    async with asyncio.timeout(PATIENCE):
        while not await writers[1].read(lambda connection: _is_current(connection, "a")):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    assert await two.want(["a"]) == frozenset()
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    assert not one.holds("a")
    assert await two.want(["a"]) == {"a"}


def _is_current(connection: Connection, name: str) -> bool:
    until = connection.scalar(rows.select().where(rows.c.name == name).with_only_columns(rows.c.until))
    return until is not None and until > now_there(connection)


async def test_a_loss_is_told_when_somebody_else_has_taken_it(writers: tuple[Writer, Writer]) -> None:
    one, two = map(Keeper, writers)
    lost: asyncio.Future[Collection[str]] = asyncio.get_running_loop().create_future()
    one.on_loss(lost.set_result)
    await one.want(["a", "b"])
    await writers[0].run(partial(_end, name="a"))
    assert await two.want(["a"]) == {"a"}
    running = asyncio.create_task(one.run())
    assert list(await asyncio.wait_for(lost, PATIENCE)) == ["a"]
    assert (one.holds("a"), one.holds("b")) == (False, True)
    running.cancel()
    await asyncio.wait({running})


async def test_what_cannot_be_renewed_is_given_up_before_another_can_take_it(
    writers: tuple[Writer, Writer],
) -> None:
    """The database does not answer this process any more, so it stops in time by its own clock."""
    one, two = map(Keeper, writers)
    lost: asyncio.Future[Collection[str]] = asyncio.get_running_loop().create_future()
    one.on_loss(lost.set_result)
    await one.want(["a"])
    await writers[0].close()
    running = asyncio.create_task(one.run())
    try:
        assert list(await asyncio.wait_for(lost, PATIENCE)) == ["a"]
        assert await two.want(["a"]) == frozenset(), "it is still the first one's for a moment"
    finally:
        running.cancel()
        await asyncio.wait({running})


async def test_who_is_alone_holds_everything() -> None:
    sole = Sole()
    assert await sole.want(["a"]) == {"a"}
    assert sole.holds("a")


async def test_there_is_somebody_else_only_on_a_database_that_others_can_reach(
    writers: tuple[Writer, Writer],
) -> None:
    on_a_file = writers[0].engine.dialect.name == "sqlite"
    assert isinstance(keeper_for(writers[0]), Sole if on_a_file else Keeper)


def test_who_listens_to_which_shards_and_who_takes_part(engine: Engine) -> None:
    with engine.begin() as connection:
        pigeon, other = Platform("pigeon"), Platform("other")
        shards = [leases.listening(pigeon, number) for number in range(12)]
        leases.take(connection, [*shards[:11], leases.taking_part(pigeon, "one")], "one")
        leases.take(connection, [shards[11], leases.taking_part(pigeon, "two")], "two")
        leases.take(connection, [leases.listening(other), leases.taking_part(other, "three")], "three")
        _end(connection, shards[3])
        seen = leases.sharing(connection, pigeon)
        assert seen.holders == {number: "one" for number in range(11) if number != 3} | {11: "two"}
        assert seen.replicas == {"one", "two"}
    engine.dispose()
