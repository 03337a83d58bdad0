"""Where asynchronous code meets the synchronous store: threads that write, and a few that read.

On SQLite one thread writes, and what waits together commits together: each piece of work in a savepoint of
its own, one commit, and only then does anybody get an answer. On PostgreSQL a few threads write, a
transaction each, and work that collided with another's is done again. Either way an answer always means that
it is on the disk.
"""

from __future__ import annotations

import asyncio
import queue
import random
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import structlog
from sqlalchemy import Connection, Engine

from chatdesk.store.engine import (
    READERS,
    change_counter,
    for_reading,
    still_in_transaction,
    ways,
    worth_repeating,
)
from chatdesk.store.news import News, call

R = TypeVar("R")

_NEWS = "chatdesk_news"
_LOOK_EVERY = 1.0
_TIMES = 8
"""How often work is done that collides with another's every time."""

log = structlog.get_logger(__name__)


def announce(connection: Connection) -> None:
    """Let the writer's subscribers be called once the transaction of this connection is committed."""
    connection.info[_NEWS] = True


class WriterClosed(RuntimeError):
    """Work came after the writer was closed."""


@dataclass(slots=True)
class _Job:
    """``value`` and ``error`` are set in the writer's thread, read in the loop after the commit."""

    work: Callable[[Connection], Any]
    future: asyncio.Future[Any]
    turn: str | None
    value: Any = None
    error: BaseException | None = None

    def settle(self) -> None:
        if self.future.done():
            return  # whoever waited was cancelled; what was asked is done all the same
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.value)


Timed = Callable[[int, float], None]
"""Is told, in a writer's thread, how much was committed and how many seconds that took."""


def _untimed(jobs: int, seconds: float) -> None:
    return None


class _Turns:
    """Where several threads write: what has the same turn is done by one of them, in the order it came."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._behind: dict[str, deque[_Job]] = {}

    def has_to_wait(self, job: _Job) -> bool:
        """Whether somebody does the one before, and will do this one behind it."""
        if job.turn is None:
            return False
        with self._lock:
            behind = self._behind.get(job.turn)
            if behind is None:
                self._behind[job.turn] = deque()
                return False
            behind.append(job)
            return True

    def behind(self, job: _Job) -> _Job | None:
        """What is to be done after this one, by whoever did it."""
        if job.turn is None:
            return None
        with self._lock:
            behind = self._behind[job.turn]
            if behind:
                return behind.popleft()
            del self._behind[job.turn]
            return None


class Writer:
    """Runs synchronous work on the database for asynchronous callers."""

    def __init__(self, engine: Engine, timed: Timed = _untimed) -> None:
        self.engine = engine
        self._timed = timed
        self._reading = for_reading(engine)
        self._ways = ways(engine)
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._turns = _Turns()
        self._news = News(engine)
        self._readers = ThreadPoolExecutor(max_workers=READERS, thread_name_prefix="chatdesk-reader")
        self._threads: tuple[threading.Thread, ...] = ()
        self._closed = False

    async def run(self, work: Callable[[Connection], R], turn: str | None = None) -> R:
        """Run ``work`` in a transaction. When this returns it is committed.

        What has the same ``turn`` is done in the order in which it was handed in here.
        What ``work`` raises undoes its own changes and nobody else's, and is raised here. A caller that is
        cancelled meanwhile loses the answer, not the work. Raises WriterClosed after ``close``.
        """
        if self._closed:
            raise WriterClosed("the store is closed")
        if not self._threads:
            self._threads = tuple(
                threading.Thread(target=self._write, name=f"chatdesk-writer-{number}", daemon=True)
                for number in range(self._ways.writers)
            )
            for thread in self._threads:
                thread.start()
        future: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        context = copy_context()
        several = self._ways.writers > 1  # one thread does everything in its order
        job = _Job(lambda connection: context.run(work, connection), future, turn if several else None)
        if not self._turns.has_to_wait(job):
            self._jobs.put(job)
        return await future

    async def read(self, work: Callable[[Connection], R]) -> R:
        """Run ``work`` in a reader's thread, on one consistent snapshot of what is committed."""
        if self._closed:
            raise WriterClosed("the store is closed")
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, work)

    def subscribe(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call ``callback`` in the running loop after each commit that was announced (see ``announce``).

        Also after another process has written. Returns what ends the subscription.
        """
        return self._news.subscribe(callback)

    async def close(self) -> None:
        """Finish what was handed in, then stop the threads. The engine stays the caller's."""
        if self._closed:
            return
        self._closed = True
        for _ in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            await asyncio.to_thread(thread.join)
        await asyncio.to_thread(self._readers.shutdown)
        await asyncio.to_thread(self._news.close)

    def _read(self, work: Callable[[Connection], R]) -> R:
        with self._reading.connect() as connection, connection.begin():
            return work(connection)

    def _write(self) -> None:
        """A writer's thread: from its start until it meets None in the queue.

        It keeps one connection, because another process's writes are noticed as a change between two looks
        of the same connection.
        """
        with _Connection(self.engine) as holder:
            while True:
                try:
                    job = self._jobs.get(timeout=_LOOK_EVERY)
                except queue.Empty:
                    if holder.others_wrote():
                        self._news.tell_here()
                    continue
                if job is None:
                    return
                if self._ways.largest_commit == 1:
                    self._one_by_one(holder, job)
                    continue
                batch, last = self._gather(job)
                begun = time.perf_counter()
                announced = _commit_alone(holder, job) if len(batch) == 1 else _commit_together(holder, batch)
                self._done(batch, announced)
                self._timed(len(batch), time.perf_counter() - begun)
                if last:
                    return

    def _one_by_one(self, holder: _Connection, first: _Job) -> None:
        """A job, and all that waits for the same turn."""
        job: _Job | None = first
        while job is not None:
            begun = time.perf_counter()
            self._done([job], _commit_alone(holder, job))
            self._timed(1, time.perf_counter() - begun)
            job = self._turns.behind(job)

    def _gather(self, first: _Job) -> tuple[list[_Job], bool]:
        """What waits right now and may share a commit, and whether the end of all work came with it."""
        batch = [first]
        while len(batch) < self._ways.largest_commit:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                break
            if job is None:
                return batch, True
            batch.append(job)
        return batch, False

    def _done(self, batch: Sequence[_Job], announced: bool) -> None:
        """Release the answers, then tell whoever waits for news."""
        for loop in {job.future.get_loop() for job in batch}:
            call(loop, partial(_settle, [job for job in batch if job.future.get_loop() is loop]))
        if announced:
            self._news.announce()


def _commit_together(holder: _Connection, batch: Sequence[_Job]) -> bool:
    """Each job in a savepoint, all in one commit. Whether any of them announced something."""
    try:
        connection = holder.get()
        connection.info.pop(_NEWS, None)
        with connection.begin():
            for job in batch:
                _run_in_savepoint(connection, job)
        return bool(connection.info.pop(_NEWS, False))
    except Exception as error:
        log.exception("commit failed", jobs=len(batch))
        for job in batch:
            job.error = job.error or error
        holder.drop()
        return False


def _commit_alone(holder: _Connection, job: _Job) -> bool:
    """A job in a transaction of its own, done again where it collided with another's. As above."""
    for time_left in range(_TIMES - 1, -1, -1):
        committing = False
        try:
            connection = holder.get()
            connection.info.pop(_NEWS, None)
            with connection.begin():
                job.value = job.work(connection)
                committing = True
            return bool(connection.info.pop(_NEWS, False))
        except Exception as error:
            lost = getattr(error, "connection_invalidated", False)
            if lost or committing:  # after a commit that failed it is not known how the connection stands
                holder.drop()
            # A commit that got no answer may have happened: only who asked for it knows what to do.
            if time_left and worth_repeating(error) and not (lost and committing):
                time.sleep(random.uniform(0, 0.01 * 2 ** (_TIMES - time_left)))
                continue
            job.error = error
            return False
    return False


class _Connection:
    """The writer's own connection, made anew after the database failed."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None
        self._counter: int | None = None

    def __enter__(self) -> _Connection:
        return self

    def __exit__(self, *problem: object) -> None:
        self.drop()

    def get(self) -> Connection:
        if self._connection is None:
            self._connection = self._engine.connect()
        return self._connection

    def drop(self) -> None:
        connection, self._connection, self._counter = self._connection, None, None
        if connection is not None:
            connection.close()

    def others_wrote(self) -> bool:
        """Whether another process has committed since this was last asked."""
        before = self._counter
        try:
            self._counter = change_counter(self.get())
        except Exception:
            log.warning("the database did not answer", exc_info=True)
            self.drop()
        return before is not None and self._counter is not None and before != self._counter


def _run_in_savepoint(connection: Connection, job: _Job) -> None:
    try:
        with connection.begin_nested():
            job.value = job.work(connection)
    except Exception as error:
        job.error = error
        if not still_in_transaction(connection):
            raise


def _settle(jobs: Sequence[_Job]) -> None:
    for job in jobs:
        job.settle()
