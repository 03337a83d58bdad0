"""Where asynchronous code meets the synchronous store: threads that write, and a few that read.

On SQLite one thread writes, and what waits together commits together: each piece of work in a savepoint of
its own, one commit, and only then does anybody get an answer. On PostgreSQL a few threads write, a
transaction each, and work that collided with another's is done again. Either way an answer always means that
it is on the disk.
"""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import TypeVar

from sqlalchemy import Connection, Engine

from chatdesk.store.committing import Job, WritersConnection, commit_alone, commit_together
from chatdesk.store.engine import READERS, for_reading, ways
from chatdesk.store.news import News, call

R = TypeVar("R")

_LOOK_EVERY = 1.0


class WriterClosed(RuntimeError):
    """Work came after the writer was closed."""


Timed = Callable[[int, float], None]
"""Is told, in a writer's thread, how much was committed and how many seconds that took."""


def _untimed(jobs: int, seconds: float) -> None:
    return None


class _Turns:
    """Where several threads write: what has the same turn is done by one of them, in the order it came."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._behind: dict[str, deque[Job]] = {}

    def has_to_wait(self, job: Job) -> bool:
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

    def behind(self, job: Job) -> Job | None:
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
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
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
        job = Job(lambda connection: context.run(work, connection), future, turn if several else None)
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
        with WritersConnection(self.engine) as holder:
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
                announced = commit_alone(holder, job) if len(batch) == 1 else commit_together(holder, batch)
                self._done(batch, announced)
                self._timed(len(batch), time.perf_counter() - begun)
                if last:
                    return

    def _one_by_one(self, holder: WritersConnection, first: Job) -> None:
        """A job, and all that waits for the same turn."""
        job: Job | None = first
        while job is not None:
            begun = time.perf_counter()
            self._done([job], commit_alone(holder, job))
            self._timed(1, time.perf_counter() - begun)
            job = self._turns.behind(job)

    def _gather(self, first: Job) -> tuple[list[Job], bool]:
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

    def _done(self, batch: Sequence[Job], announced: bool) -> None:
        """Release the answers, then tell whoever waits for news."""
        for loop in {job.future.get_loop() for job in batch}:
            call(loop, partial(_settle, [job for job in batch if job.future.get_loop() is loop]))
        if announced:
            self._news.announce()


def _settle(jobs: Sequence[Job]) -> None:
    for job in jobs:
        job.settle()
