"""The writer: answers after the commit, one savepoint each, nothing lost by cancelling or closing."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, event, text

from chatdesk.store.committing import announce
from chatdesk.store.engine import open_engine
from chatdesk.store.writer import Writer, WriterClosed

PATIENCE = 10


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE thing (name TEXT)"))
    yield engine
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE thing"))
    engine.dispose()


@pytest.fixture
def on_a_file(tmp_path: Path) -> Iterator[Engine]:
    """SQLite, where one thread writes."""
    engine = open_engine(f"sqlite:///{tmp_path / 'one.db'}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE thing (name TEXT)"))
    yield engine
    engine.dispose()


@pytest.fixture
async def writer(engine: Engine) -> AsyncIterator[Writer]:
    writer = Writer(engine)
    yield writer
    await writer.close()


def add(connection: Connection, name: str) -> str:
    connection.execute(text("INSERT INTO thing VALUES (:name)"), {"name": name})
    return name


def names(connection: Connection) -> list[str]:
    return list(connection.execute(text("SELECT name FROM thing ORDER BY name")).scalars())


async def test_what_is_answered_can_be_read(writer: Writer) -> None:
    assert await writer.run(lambda connection: add(connection, "one")) == "one"
    assert await writer.read(names) == ["one"]


async def test_an_error_undoes_its_own_work_alone(writer: Writer) -> None:
    def fails(connection: Connection) -> None:
        add(connection, "undone")
        raise LookupError("no such thing")

    before, failure, after = await asyncio.gather(
        writer.run(lambda connection: add(connection, "before")),
        writer.run(fails),
        writer.run(lambda connection: add(connection, "behind")),
        return_exceptions=True,
    )
    assert (before, after) == ("before", "behind")
    assert isinstance(failure, LookupError)
    assert await writer.read(names) == ["before", "behind"]


async def test_what_waits_together_commits_together(on_a_file: Engine) -> None:
    writer = Writer(on_a_file)
    commits: list[int] = []
    event.listen(on_a_file, "commit", lambda connection: commits.append(1))
    started, go_on = threading.Event(), threading.Event()

    def slow(connection: Connection) -> None:
        started.set()
        assert go_on.wait(PATIENCE)

    first = asyncio.create_task(writer.run(slow))
    await asyncio.to_thread(started.wait, PATIENCE)
    rest = [asyncio.create_task(writer.run(partial(add, name=f"{n:02}"))) for n in range(50)]
    await asyncio.sleep(0)
    go_on.set()
    await asyncio.gather(first, *rest)
    assert len(commits) == 2
    assert len(await writer.read(names)) == 50
    await writer.close()


async def test_a_cancelled_caller_loses_the_answer_and_not_the_work(writer: Writer) -> None:
    started, go_on = threading.Event(), threading.Event()

    def slow(connection: Connection) -> None:
        started.set()
        assert go_on.wait(PATIENCE)
        add(connection, "done all the same")

    caller = asyncio.create_task(writer.run(slow))
    await asyncio.to_thread(started.wait, PATIENCE)
    caller.cancel()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert await writer.run(lambda connection: add(connection, "next")) == "next"
    assert await writer.read(names) == ["done all the same", "next"]


async def test_subscribers_hear_of_announced_commits_only(writer: Writer) -> None:
    heard = asyncio.Event()
    calls: list[str] = []

    def hear() -> None:
        calls.append((asyncio.current_task() is not None and "task") or "loop")
        heard.set()

    end = writer.subscribe(hear)
    await writer.run(lambda connection: add(connection, "quiet"))
    assert calls == []
    await writer.run(lambda connection: announce(connection))
    await asyncio.wait_for(heard.wait(), PATIENCE)
    assert calls == ["loop"]
    end()
    await writer.run(lambda connection: announce(connection))
    await writer.run(lambda connection: add(connection, "later"))
    assert calls == ["loop"]


async def test_writes_of_another_process_are_noticed(writer: Writer, database_url: str) -> None:
    heard = asyncio.Event()
    writer.subscribe(heard.set)
    await writer.run(names)
    other = Writer(open_engine(database_url))

    def write(connection: Connection) -> None:
        add(connection, "from elsewhere")
        announce(connection)

    async def write_until_heard() -> None:
        while not heard.is_set():
            await other.run(write)
            await asyncio.wait({asyncio.create_task(heard.wait())}, timeout=0.2)

    await asyncio.wait_for(write_until_heard(), PATIENCE)
    await other.close()
    other.engine.dispose()


async def test_closing_finishes_what_was_handed_in(engine: Engine) -> None:
    writer = Writer(engine)
    tasks = [asyncio.create_task(writer.run(partial(add, name=str(n)))) for n in range(5)]
    await asyncio.sleep(0)
    await writer.close()
    assert sorted(await asyncio.gather(*tasks)) == ["0", "1", "2", "3", "4"]
    with pytest.raises(WriterClosed):
        await writer.run(names)


async def test_a_failed_commit_is_told_to_everybody_and_the_writer_goes_on(
    writer: Writer, engine: Engine
) -> None:
    failures = iter([OSError("the disk is full")])

    def refuse(connection: Connection) -> None:
        for failure in failures:
            raise failure

    event.listen(engine, "commit", refuse)
    with pytest.raises(OSError, match="disk is full"):
        await writer.run(lambda connection: add(connection, "lost"))
    assert await writer.run(lambda connection: add(connection, "kept")) == "kept"
    assert await writer.read(names) == ["kept"]


async def test_what_has_the_same_turn_is_done_in_its_order_and_nothing_else_waits_for_it(
    writer: Writer,
) -> None:
    many = 60
    waits = [writer.run(partial(add, name=f"{n:02}"), turn=f"turn {n % 3}") for n in range(many)]
    alone = writer.run(partial(add, name="alone"))
    await asyncio.gather(*waits, alone)

    def in_order(connection: Connection) -> list[str]:
        return list(connection.execute(text("SELECT name FROM thing")).scalars())

    done = [name for name in await writer.read(in_order) if name != "alone"]
    for turn in range(3):
        assert [name for name in done if int(name) % 3 == turn] == [f"{n:02}" for n in range(turn, many, 3)]


async def test_closing_finishes_what_waits_for_its_turn(engine: Engine) -> None:
    writer = Writer(engine)
    tasks = [asyncio.create_task(writer.run(partial(add, name=str(n)), turn="one")) for n in range(20)]
    await asyncio.sleep(0)
    await writer.close()
    assert len(await asyncio.gather(*tasks)) == 20
