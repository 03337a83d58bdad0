"""The clockwork ticks. What is due is asked of the store at each tick, so nothing is lost while it stands."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler  # type: ignore[import-untyped]
from sqlalchemy import Connection

from chatdesk.contract.ports import Clock
from chatdesk.store.writer import Writer, WriterClosed

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Sweep:
    """Something to look after now and then. ``work`` does what is due and says how much that was."""

    name: str
    every: timedelta
    work: Callable[[Connection, datetime], int]


Ticked = Callable[[str, str, int], None]
"""Is told of each tick: the sweep's name, ``done`` or ``failed``, and how much was done."""


def _unnoted(sweep: str, outcome: str, done: int) -> None:
    return None


class Clockwork:
    """Runs each sweep at once when it starts and then regularly, one at a time, until it is stopped."""

    def __init__(
        self, writer: Writer, sweeps: Sequence[Sweep], clock: Clock, ticked: Ticked = _unnoted
    ) -> None:
        self._writer = writer
        self._sweeps = tuple(sweeps)
        self._clock = clock
        self._ticked = ticked
        self._scheduler = AsyncIOScheduler(timezone=UTC)

    async def start(self) -> None:
        for sweep in self._sweeps:
            self._scheduler.add_job(
                partial(self._tick, sweep),
                "interval",
                seconds=sweep.every.total_seconds(),
                name=sweep.name,
                next_run_time=datetime.now(UTC),
                coalesce=True,
                max_instances=1,
                misfire_grace_time=None,
            )
        self._scheduler.start()

    async def stop(self) -> None:
        """No more ticks. A sweep that runs is a transaction of the writer's, which finishes it."""
        self._scheduler.shutdown(wait=False)
        await asyncio.sleep(0)  # the scheduler does it in the loop's next turn

    async def _tick(self, sweep: Sweep) -> None:
        try:
            now = self._clock.now()
            done = await self._writer.run(lambda connection: sweep.work(connection, now))
        except WriterClosed:
            return
        except Exception:
            log.exception("a sweep failed and is repeated at its next turn", sweep=sweep.name)
            self._ticked(sweep.name, "failed", 0)
            return
        self._ticked(sweep.name, "done", done)
        if done:
            log.info("sweep", sweep=sweep.name, done=done)
