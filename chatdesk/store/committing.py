"""Work and its commit: alone, or together with other work in one."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import Connection, Engine

from chatdesk.store.engine import change_counter, still_in_transaction, worth_repeating

log = structlog.get_logger(__name__)

_NEWS = "chatdesk_news"
_TIMES = 8
"""How often work is done that collides with another's every time."""


def announce(connection: Connection) -> None:
    """Let the writer's subscribers be called once the transaction of this connection is committed."""
    connection.info[_NEWS] = True


@dataclass(slots=True)
class Job:
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


def commit_together(holder: WritersConnection, batch: Sequence[Job]) -> bool:
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


def commit_alone(holder: WritersConnection, job: Job) -> bool:
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


class WritersConnection:
    """The writer's own connection, made anew after the database failed."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None
        self._counter: int | None = None

    def __enter__(self) -> WritersConnection:
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


def _run_in_savepoint(connection: Connection, job: Job) -> None:
    try:
        with connection.begin_nested():
            job.value = job.work(connection)
    except Exception as error:
        job.error = error
        if not still_in_transaction(connection):
            raise
