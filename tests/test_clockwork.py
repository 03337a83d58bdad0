"""The clockwork ticks: at once, regularly, each sweep by itself, and what fails comes again."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from chatdesk.clockwork import Clockwork, Sweep
from chatdesk.store.engine import open_engine
from chatdesk.store.writer import Writer

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
PATIENCE = 10


class StandingClock:
    def now(self) -> datetime:
        return NOW


@pytest.fixture
async def writer(tmp_path: Path) -> AsyncIterator[Writer]:
    writer = Writer(open_engine(f"sqlite:///{tmp_path / 'chatdesk.db'}"))
    yield writer
    await writer.close()


async def reaches(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.005)


async def test_a_sweep_runs_at_once_and_again_with_the_desks_time(writer: Writer) -> None:
    times: list[datetime] = []

    def sweep(connection: Connection, now: datetime) -> int:
        times.append(now)
        return 1

    clockwork = Clockwork(writer, [Sweep("test", timedelta(milliseconds=30), sweep)], StandingClock())
    await clockwork.start()
    await reaches(lambda: len(times) >= 3)
    await clockwork.stop()
    assert set(times) == {NOW}


async def test_a_sweep_that_fails_comes_again_and_disturbs_no_other(writer: Writer) -> None:
    failures: list[int] = []
    others: list[int] = []

    def fails(connection: Connection, now: datetime) -> int:
        failures.append(1)
        raise LookupError("not this time")

    def works(connection: Connection, now: datetime) -> int:
        others.append(1)
        return 0

    every = timedelta(milliseconds=20)
    clockwork = Clockwork(
        writer, [Sweep("fails", every, fails), Sweep("works", every, works)], StandingClock()
    )
    await clockwork.start()
    await reaches(lambda: len(failures) >= 2 and len(others) >= 2)
    await clockwork.stop()


async def test_a_sweep_is_never_run_twice_at_the_same_time(writer: Writer) -> None:
    release, running, most = threading.Event(), [], []

    def slow(connection: Connection, now: datetime) -> int:
        running.append(1)
        most.append(len(running))
        assert release.wait(PATIENCE)
        running.pop()
        return 0

    clockwork = Clockwork(writer, [Sweep("slow", timedelta(milliseconds=10), slow)], StandingClock())
    await clockwork.start()
    await reaches(lambda: len(most) == 1)
    release.set()
    await reaches(lambda: len(most) >= 3)
    await clockwork.stop()
    assert set(most) == {1}


async def test_after_it_was_stopped_nothing_ticks(writer: Writer) -> None:
    ticks: list[int] = []

    def sweep(connection: Connection, now: datetime) -> int:
        ticks.append(1)
        return 0

    clockwork = Clockwork(writer, [Sweep("test", timedelta(milliseconds=10), sweep)], StandingClock())
    await clockwork.start()
    await reaches(lambda: len(ticks) >= 1)
    await clockwork.stop()
    await writer.run(lambda connection: None)
    seen = len(ticks)
    await writer.run(lambda connection: None)
    assert len(ticks) <= seen + 1
