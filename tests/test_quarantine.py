from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest

from chatdesk.contract.inbound import CommandTyped, Inbound, MessagePosted
from chatdesk.contract.ports import Accepted, Answer
from chatdesk.contract.questions import Question
from chatdesk.quarantine import ATTEMPTS, QuarantiningDesk
from chatdesk.store import quarantine
from chatdesk.store.engine import open_engine
from chatdesk.store.writer import Writer
from tests.contract.test_codec import EVENTS
from tests.engines import sqlite_with_tables

A = TypeVar("A")
NOW = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)
MESSAGE = next(event for event in EVENTS if isinstance(event, MessagePosted))
COMMAND = next(event for event in EVENTS if isinstance(event, CommandTyped))


class FixedClock:
    def now(self) -> datetime:
        return NOW


class FailingDesk:
    """Fails the given number of times, then agrees."""

    def __init__(self, failures: int) -> None:
        self.failures = failures
        self.tried = 0

    async def handle(self, event: Inbound) -> Answer:
        self.tried += 1
        if self.tried <= self.failures:
            raise RuntimeError("broken")
        return Accepted("fine")

    async def ask(self, question: Question[A]) -> A:
        raise NotImplementedError


@pytest.fixture
async def writer(tmp_path: Path) -> AsyncIterator[Writer]:
    engine = open_engine(sqlite_with_tables(tmp_path / "test.sqlite3"))
    writer = Writer(engine)
    yield writer
    await writer.close()
    engine.dispose()


async def test_what_keeps_failing_is_set_aside_and_no_longer_in_the_way(writer: Writer) -> None:
    desk = FailingDesk(failures=ATTEMPTS)
    assert await QuarantiningDesk(desk, writer, FixedClock()).handle(MESSAGE) == Accepted()
    (held,) = await writer.read(quarantine.listed)
    assert (held.event, held.kind, held.at) == (MESSAGE, "MessagePosted", NOW)
    assert "broken" in held.error


async def test_what_fails_once_is_tried_again_at_once(writer: Writer) -> None:
    desk = FailingDesk(failures=1)
    assert await QuarantiningDesk(desk, writer, FixedClock()).handle(MESSAGE) == Accepted("fine")
    assert await writer.read(quarantine.count) == 0


async def test_a_person_who_waits_is_told_instead(writer: Writer) -> None:
    desk = FailingDesk(failures=1)
    with pytest.raises(RuntimeError):
        await QuarantiningDesk(desk, writer, FixedClock()).handle(COMMAND)
    assert await writer.read(quarantine.count) == 0


async def test_what_was_handled_after_all_leaves_the_quarantine(writer: Writer) -> None:
    await QuarantiningDesk(FailingDesk(ATTEMPTS), writer, FixedClock()).handle(MESSAGE)
    (held,) = await writer.read(quarantine.listed)
    await writer.run(lambda connection: quarantine.failed_again(connection, held.id, "still broken"))
    (again,) = await writer.read(quarantine.listed)
    assert (again.attempts, again.error) == (2, "still broken")
    await writer.run(lambda connection: quarantine.release(connection, held.id, NOW))
    assert await writer.read(quarantine.listed) == ()
