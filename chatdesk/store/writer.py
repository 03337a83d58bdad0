"""Where asynchronous code meets the synchronous store: one thread that writes, a few that read.

What waits together commits together: each piece of work in a savepoint of its own, one commit, and only then
does anybody get an answer. So an answer always means that it is on the disk, and a burst costs few commits.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import structlog
from sqlalchemy import Connection, Engine

from chatdesk.store.engine import change_counter, for_reading, still_in_transaction

R = TypeVar("R")

LARGEST_COMMIT = 200
"""How much work shares one commit at most, so that the first of a flood does not wait for the last."""

_NEWS = "chatdesk_news"
_LOOK_EVERY = 1.0
_READERS = 4

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
    value: Any = None
    error: BaseException | None = None

    def settle(self) -> None:
        if self.future.done():
            return  # whoever waited was cancelled; what was asked is done all the same
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.value)


@dataclass(frozen=True, slots=True)
class _Subscription:
    loop: asyncio.AbstractEventLoop
    callback: Callable[[], None]


class Writer:
    """Runs synchronous work on the database for asynchronous callers."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._reading = for_reading(engine)
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._subscriptions: list[_Subscription] = []
        self._readers = ThreadPoolExecutor(max_workers=_READERS, thread_name_prefix="chatdesk-reader")
        self._thread: threading.Thread | None = None
        self._closed = False

    async def run(self, work: Callable[[Connection], R]) -> R:
        """Run ``work`` in a transaction. When this returns it is committed.

        What ``work`` raises undoes its own changes and nobody else's, and is raised here. A caller that is
        cancelled meanwhile loses the answer, not the work. Raises WriterClosed after ``close``.
        """
        if self._closed:
            raise WriterClosed("the store is closed")
        if self._thread is None:
            self._thread = threading.Thread(target=self._write, name="chatdesk-writer", daemon=True)
            self._thread.start()
        future: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._jobs.put(_Job(work, future))
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
        subscription = _Subscription(asyncio.get_running_loop(), callback)
        self._subscriptions = [*self._subscriptions, subscription]

        def unsubscribe() -> None:
            self._subscriptions = [other for other in self._subscriptions if other is not subscription]

        return unsubscribe

    async def close(self) -> None:
        """Finish what was handed in, then stop the threads. The engine stays the caller's."""
        if self._closed:
            return
        self._closed = True
        self._jobs.put(None)
        if self._thread is not None:
            await asyncio.to_thread(self._thread.join)
        await asyncio.to_thread(self._readers.shutdown)

    def _read(self, work: Callable[[Connection], R]) -> R:
        with self._reading.connect() as connection, connection.begin():
            return work(connection)

    def _write(self) -> None:
        """The writer's thread: from its start until it meets None in the queue.

        It keeps one connection, because another process's writes are noticed as a change between two looks
        of the same connection.
        """
        with _Connection(self.engine) as holder:
            while True:
                try:
                    job = self._jobs.get(timeout=_LOOK_EVERY)
                except queue.Empty:
                    if holder.others_wrote():
                        self._notify()
                    continue
                if job is None:
                    return
                batch, last = self._gather(job)
                self._commit(holder, batch)
                if last:
                    return

    def _gather(self, first: _Job) -> tuple[list[_Job], bool]:
        """What waits right now, and whether the end of all work came with it."""
        batch = [first]
        while len(batch) < LARGEST_COMMIT:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                break
            if job is None:
                return batch, True
            batch.append(job)
        return batch, False

    def _commit(self, holder: _Connection, batch: Sequence[_Job]) -> None:
        news = False
        try:
            connection = holder.get()
            connection.info.pop(_NEWS, None)
            with connection.begin():
                for job in batch:
                    _run_in_savepoint(connection, job)
            news = bool(connection.info.pop(_NEWS, False))
        except Exception as error:
            log.exception("commit failed", jobs=len(batch))
            for job in batch:
                job.error = job.error or error
            holder.drop()
        for loop in {job.future.get_loop() for job in batch}:
            _call(loop, partial(_settle, [job for job in batch if job.future.get_loop() is loop]))
        if news:
            self._notify()

    def _notify(self) -> None:
        for subscription in self._subscriptions:
            _call(subscription.loop, subscription.callback)


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


def _call(loop: asyncio.AbstractEventLoop, callback: Callable[[], object]) -> None:
    try:
        loop.call_soon_threadsafe(callback)
    except RuntimeError:  # the loop is closed: nobody is left who could be told
        log.debug("an answer came after its event loop was closed")
