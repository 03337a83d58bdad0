"""Taking turns with other replicas at what a platform allows once in so many seconds."""

from __future__ import annotations

import asyncio
from collections import defaultdict

from chatdesk.store.keeper import LOOK_SECONDS, Leases
from chatdesk.store.leases import in_turn


class Turns:
    """A turn is a lease that is held for as long as nobody else may have it."""

    def __init__(self, held: Leases) -> None:
        self._leases = held
        self._one_at_a_time: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._over: set[asyncio.Task[None]] = set()

    async def take(self, name: str, seconds: float) -> None:
        """Wait until nobody, here or in another replica, has had this turn for so many seconds."""
        lock, lease = self._one_at_a_time[name], in_turn(name)
        await lock.acquire()
        try:
            while not await self._leases.want([lease]):  # noqa: ASYNC110
                await asyncio.sleep(LOOK_SECONDS)
        except BaseException:
            lock.release()
            raise
        over = asyncio.create_task(self._end(lock, lease, seconds))
        self._over.add(over)
        over.add_done_callback(self._over.discard)

    async def close(self) -> None:
        """Whatever is held ends with our other leases."""
        for over in tuple(self._over):
            over.cancel()
        await asyncio.gather(*self._over, return_exceptions=True)

    async def _end(self, lock: asyncio.Lock, lease: str, seconds: float) -> None:
        try:
            await asyncio.sleep(seconds)
            await self._leases.give_back([lease])
        finally:
            lock.release()
