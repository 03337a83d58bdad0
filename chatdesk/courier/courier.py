"""The courier: delivers what the outbox holds, lane by lane, and files what became of it.

Each lane that has something due is worked by a task of its own, one delivery after the other, so a place
that is slow, full or dead holds up nobody else. That a delivery is being tried is on the disk before the
platform is asked, so a crash leaves it uncertain and never forgotten.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy import Connection

from chatdesk.contract.ports import Adapter, Clock
from chatdesk.contract.vocabulary import Installation, Platform
from chatdesk.courier.attempts import Attempts
from chatdesk.courier.catching_up import Past, Reader
from chatdesk.courier.choosing import Holds, chosen
from chatdesk.courier.fetching import Files, Profiles
from chatdesk.courier.files import FileStore
from chatdesk.courier.holding import Outbound
from chatdesk.courier.pace import Pace
from chatdesk.courier.pictures import Pictures
from chatdesk.courier.reports import Reports
from chatdesk.courier.watching import Unwatched, Watch
from chatdesk.store import lanes
from chatdesk.store.keeper import Sole
from chatdesk.store.lanes import DueLane, DueLanes, LaneRef
from chatdesk.store.writer import Writer

LEAVING_SECONDS = 5.0
"""How long giving up a shard waits for what is being delivered there."""

log = structlog.get_logger(__name__)


class Courier:
    """Delivers for all desks to the platforms that have an adapter."""

    def __init__(
        self,
        writer: Writer,
        past: Past,
        adapters: Mapping[Platform, Adapter],
        files: FileStore,
        clock: Clock,
        reports: Reports,
        pace: Pace | None = None,
        watch: Watch | None = None,
        outbound: Outbound | None = None,
    ) -> None:
        self._writer = writer
        self._outbound = outbound or Outbound(Sole(), adapters, alone=())
        self._clock = clock
        self._pace = pace or Pace()
        self._holds = Holds()
        self._files = Files(writer, adapters, files, clock, reports.file_failed)
        self._attempts = Attempts(
            writer=writer,
            adapters=adapters,
            store=files,
            files=self._files,
            pictures=Pictures(files),
            profiles=Profiles(writer, adapters, clock),
            reader=Reader(writer, past, clock),
            clock=clock,
            reports=reports,
            pace=self._pace,
            holds=self._holds,
            watch=watch or Unwatched(),
        )
        self._adapters = adapters
        self._working: dict[LaneRef, DueLane] = {}
        self._tasks: dict[LaneRef, asyncio.Task[None]] = {}
        self._wake = asyncio.Event()
        self._quiet = asyncio.Event()

    async def run(self) -> None:
        """Deliver until cancelled. What an earlier process left in flight comes first, as uncertain."""
        await self._recover()
        unsubscribe = self._writer.subscribe(self._wake.set)
        try:
            async with asyncio.TaskGroup() as lanes:
                lanes.create_task(self._try_paused(), name="paused installations")
                while True:
                    self._wake.clear()
                    await self._sleep(await self._start_lanes(lanes))
        finally:
            unsubscribe()
            await self._files.close()

    async def _recover(self) -> None:
        """Where there are other replicas, this is done for each installation as it is taken over."""
        if self._outbound.among_others:
            return
        recovered = await self._writer.run(lanes.recover)
        if recovered:
            log.info("deliveries were cut off and are looked for", deliveries=recovered)

    def lost(self, leases: Collection[str]) -> None:
        """Break off what is no longer ours to deliver, before another replica begins it."""
        for task in self._working_under(leases):
            task.cancel()

    def _working_under(self, leases: Collection[str]) -> Sequence[asyncio.Task[None]]:
        lanes = [lane for lane in self._working.values() if self._outbound.concerned(leases, lane)]
        return [self._tasks[lane.ref] for lane in lanes]

    @asynccontextmanager
    async def leaving(self, shard: str) -> AsyncIterator[None]:
        """Around giving back the lease of a shard: what is under way is finished, and nothing begun."""
        self._outbound.leave(shard)
        try:
            working = self._working_under([shard])
            if working:
                await asyncio.wait(working, timeout=LEAVING_SECONDS)
            self.lost([shard])
            await asyncio.gather(*working, return_exceptions=True)
            await self._outbound.give_back_in(shard)
            yield
        finally:
            self._outbound.has_left(shard)

    @property
    def working(self) -> Sequence[str]:
        """The lanes in which something is being delivered now."""
        return [lane.lane for lane in self._working.values()]

    async def drain(self, timeout: float) -> None:
        """Wait until nothing is due and nothing in flight, while ``run`` runs. Raises TimeoutError."""
        async with asyncio.timeout(timeout):
            self._quiet.clear()
            self._wake.set()
            await self._quiet.wait()

    async def _start_lanes(self, group: asyncio.TaskGroup) -> datetime | None:
        """Begin to work the lanes that have something due; when to look again at the latest."""
        try:
            due, left_behind = await self._writer.read(self._look)
            ours = await self._outbound.ours(due.now, self._working.values(), left_behind)
        except Exception:
            log.exception("the outbox could not be read")
            return None
        now = self._clock.now()
        free = [lane for lane in ours if not self._holds.holds(lane.installation, now)]
        room = self._pace.lanes_at_once - len(self._working)
        limits = {platform: adapter.limits for platform, adapter in self._adapters.items()}
        for lane in chosen(free, self._working.values(), limits)[: max(room, 0)]:
            task = group.create_task(self._work(lane), name=f"lane {lane.lane}")
            self._working[lane.ref], self._tasks[lane.ref] = lane, task
            task.add_done_callback(partial(self._lane_done, lane.ref))
        if not self._working and not due.now and not self._wake.is_set():
            self._quiet.set()
        return min((at for at in (due.next_at, self._holds.next_end(now)) if at is not None), default=None)

    def _look(self, connection: Connection) -> tuple[DueLanes, Sequence[Installation]]:
        return self._due(connection), self._outbound.left_behind(connection)

    def _due(self, connection: Connection) -> DueLanes:
        limit = 2 * self._pace.lanes_at_once
        widest = max((adapter.limits.lanes_per_channel for adapter in self._adapters.values()), default=1)
        outbound, now = self._outbound, self._clock.now()
        platforms, parts = outbound.platforms(), outbound.parts()
        return lanes.due(connection, platforms, now, limit, 2 * widest, outbound.holder, parts)

    def _lane_done(self, lane: LaneRef, task: asyncio.Task[None]) -> None:
        """Room for another, and perhaps something came into this lane at the very end."""
        del self._working[lane], self._tasks[lane]
        self._wake.set()

    async def _work(self, lane: DueLane) -> None:
        """Deliver what is due in a lane, in order, some at a time."""
        try:
            if lane.refreshes:
                await asyncio.sleep(self._pace.refresh_after)
            for _ in range(self._pace.turns):
                now = self._clock.now()
                if self._holds.holds(lane.installation, now):
                    return
                row = await self._writer.run(partial(self._outbound.claim, lane=lane, now=now))
                if row is None:
                    return
                await self._attempts.make(row)
        except Exception:
            log.exception("a lane came to a stop", lane=lane.lane, desk=lane.desk)
            await asyncio.sleep(self._pace.look_every)
            await self._begin_again(lane)

    async def _begin_again(self, lane: DueLane) -> None:
        """What could not be filed is looked for at the next attempt."""
        try:
            await self._writer.run(partial(self._outbound.break_off, lane=lane))
        except Exception:
            log.exception("a lane could not be taken up again", lane=lane.lane, desk=lane.desk)

    async def _try_paused(self) -> None:
        """Now and then, see whether a paused installation's credentials work again: by one delivery to it."""
        while True:
            await asyncio.sleep(self._pace.trial_every)
            try:
                platforms, parts = self._outbound.platforms(), self._outbound.parts()
                look = partial(lanes.of_paused, platforms=platforms, parts=parts)
                paused = await self._writer.read(look)
                for lane in await self._outbound.ours(paused):
                    await self._try_one(lane)
            except Exception:
                log.exception("paused installations could not be looked after")

    async def _try_one(self, lane: DueLane) -> None:
        claim = partial(self._outbound.claim_for_trial, lane=lane, now=self._clock.now())
        row = await self._writer.run(claim) if lane.ref not in self._working else None
        if row is not None:
            await self._attempts.try_out(row)

    async def _sleep(self, until: datetime | None) -> None:
        longest = timedelta(seconds=self._outbound.look_within(self._pace.look_every))
        wait = longest if until is None else min(until - self._clock.now(), longest)
        with suppress(TimeoutError):
            async with asyncio.timeout(max(wait.total_seconds(), 0)):
                await self._wake.wait()
