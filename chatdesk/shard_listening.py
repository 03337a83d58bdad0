"""Listening to this replica's share of a platform's shards, which changes as replicas come and go."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection
from contextlib import AbstractAsyncContextManager

import structlog

from chatdesk.contract.ports import DeliveryFailed, Desk
from chatdesk.contract.shards import Sharded
from chatdesk.contract.vocabulary import Platform
from chatdesk.errors import ChatdeskError
from chatdesk.health import PlatformState
from chatdesk.listening import AGAIN_SECONDS
from chatdesk.sharing import Division
from chatdesk.store.keeper import LOOK_SECONDS, Leases
from chatdesk.store.leases import listening, taking_part
from chatdesk.turns import Turns

LONG_FREE_SECONDS = 4.0
"""So long a shard that is due to another replica is left to it."""
KEPT_SECONDS = 60.0
"""So long a shard is kept that was taken because the replica to which it was due did not."""

log = structlog.get_logger(__name__)

Leaving = Callable[[str], AbstractAsyncContextManager[None]]
Gone = Callable[[int], None]


class ShardListening:
    """Takes shards, keeps each connected for as long as it is ours, and gives up what is due to others.

    ``leaving``: around giving up a shard's lease; before, what is under way for the shard is finished.
    ``gone``: is told a shard that is not listened to any more.
    """

    def __init__(
        self, platform: Platform, adapter: Sharded, held: Leases, desk: Desk, leaving: Leaving, gone: Gone
    ) -> None:
        self._platform = platform
        self._adapter = adapter
        self._leases = held
        self._me = held.holder or ""
        self._desk = desk
        self._leaving = leaving
        self._gone = gone
        self._turns = Turns(held)
        self._running: dict[int, asyncio.Task[None]] = {}
        self._connected: dict[int, asyncio.Task[str]] = {}
        self._known: set[int] = set()
        self._away: dict[int, str] = {}
        self._elsewhere: frozenset[int] = frozenset()
        self._free_since: dict[int, float] = {}
        self._keep_until = 0.0
        self._settled = asyncio.Event()
        held.on_loss(self._note_loss)

    async def run(self) -> None:
        """Until cancelled. Raises ChatdeskError where a shard is refused before it was ever connected."""
        try:
            while True:
                try:
                    await self._look()
                except ChatdeskError:
                    raise
                except Exception as error:
                    log.warning(
                        "the database does not say who listens", platform=self._platform, error=repr(error)
                    )
                await self._sleep()
        finally:
            await self._end(tuple(self._running))
            await self._turns.close()

    async def ready(self) -> str:
        """Wait until each shard is connected, here or by another replica; one line saying to what."""
        await self._settled.wait()
        count = self._adapter.sharding.count
        said = [
            f"{line.result()} (shard {shard} of {count})"
            for shard, line in sorted(self._connected.items())
            if line.done() and not line.cancelled()
        ]
        if self._elsewhere:
            said.append(f"another replica listens to {_named(self._elsewhere)} of {count}")
        return "; ".join(said)

    def state(self, throttled: int) -> PlatformState:
        """What is taken over later counts as ready, so that it keeps nobody from being served meanwhile."""
        return PlatformState(
            self._platform,
            connected=any(line.done() for line in self._connected.values()),
            stands_by=self._settled.is_set(),
            away="; ".join(f"shard {shard}: {why}" for shard, why in sorted(self._away.items())) or None,
            throttled=throttled,
        )

    async def _look(self) -> None:
        """Take what is due to this replica, and give up what is not."""
        if self._me:
            await self._leases.want([taking_part(self._platform, self._me)])
        seen = await self._leases.sharing(self._platform)
        division = Division(self._adapter.sharding.count, self._me, seen)
        self._elsewhere = division.elsewhere()
        await self._take(division)
        shard = division.to_leave() if time.monotonic() > self._keep_until else None
        if shard in self._running:
            await self._give_up(shard)
        self._note_settled()

    async def _take(self, division: Division) -> None:
        now = time.monotonic()
        free = division.free()
        self._free_since = {shard: self._free_since.get(shard, now) for shard in free}
        long_free = [shard for shard, since in self._free_since.items() if since + LONG_FREE_SECONDS < now]
        # Of what is held in our name we know nothing where we began again under it.
        wanted = {*division.to_take(long_free), *division.mine()} - self._running.keys()
        names = {listening(self._platform, shard): shard for shard in sorted(wanted)}
        if not names:
            return
        if not wanted.isdisjoint(long_free):
            self._keep_until = now + KEPT_SECONDS
        for name in sorted(await self._leases.want(tuple(names))):
            self._begin(names[name])

    def _begin(self, shard: int) -> None:
        log.info("listens to a shard", platform=self._platform, shard=shard)
        connected = asyncio.create_task(self._adapter.shards[shard].ready())
        connected.add_done_callback(lambda _: self._note_settled())
        self._connected[shard] = connected
        self._running[shard] = asyncio.create_task(
            self._listen(shard), name=f"chatdesk {self._platform} shard {shard}"
        )

    async def _listen(self, shard: int) -> None:
        """Keep a shard connected, whatever happens to the platform."""
        while True:
            try:
                await self._adapter.shards[shard].run(self._desk, self._turns.take)
                self._away[shard] = "it ended"
            except DeliveryFailed as failure:
                if failure.permanent and shard not in self._known and not self._connected[shard].done():
                    raise ChatdeskError(f"{self._platform}: {failure.permanent}") from None
                self._away[shard] = str(failure)
            except Exception as error:
                log.exception("an adapter broke", platform=self._platform, shard=shard)
                self._away[shard] = repr(error)
            finally:
                self._gone(shard)
            log.error("a shard is away", platform=self._platform, shard=shard, reason=self._away[shard])
            await asyncio.sleep(AGAIN_SECONDS)
            del self._away[shard]

    async def _give_up(self, shard: int) -> None:
        log.info("gives up a shard to another replica", platform=self._platform, shard=shard)
        lease = listening(self._platform, shard)
        async with self._leaving(lease):
            await self._end([shard])
            await self._leases.give_back([lease])

    async def _end(self, shards: Collection[int]) -> None:
        tasks = [task for shard in shards for task in (self._running[shard], self._connected[shard])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for shard in shards:
            self._forget(shard)

    async def _sleep(self) -> None:
        """Until the next look, or until a shard has ended. Raises what one ended with."""
        waiting = asyncio.create_task(asyncio.sleep(LOOK_SECONDS))
        try:
            await asyncio.wait({*self._running.values(), waiting}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiting.cancel()
        for shard in [shard for shard, task in self._running.items() if task.done()]:
            task = self._running[shard]
            self._forget(shard)
            if not task.cancelled():
                task.result()

    def _forget(self, shard: int) -> None:
        if self._connected[shard].done() and not self._connected[shard].cancelled():
            self._known.add(shard)
        self._connected.pop(shard).cancel()
        del self._running[shard]
        self._away.pop(shard, None)

    def _note_settled(self) -> None:
        here = {shard for shard, line in self._connected.items() if line.done() and not line.cancelled()}
        if len(here | self._elsewhere) == self._adapter.sharding.count:
            self._settled.set()

    def _note_loss(self, names: Collection[str]) -> None:
        for shard, task in self._running.items():
            if listening(self._platform, shard) in names:
                task.cancel()


def _named(shards: Collection[int]) -> str:
    return ("shard " if len(shards) == 1 else "shards ") + ", ".join(map(str, sorted(shards)))
