"""Which replica listens to a platform where only one may: the others stand by and take over."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection

import structlog

from chatdesk.contract.vocabulary import Platform
from chatdesk.store.keeper import LOOK_SECONDS, Leases
from chatdesk.store.leases import listening

AGAIN_SECONDS = 15.0
"""How long after a platform was lost it is tried again; the SDKs themselves reconnect sooner."""

log = structlog.get_logger(__name__)


class Listening:
    """``alone`` are the platforms that only one replica listens to."""

    def __init__(self, held: Leases, alone: Collection[Platform]) -> None:
        self._leases = held
        self._lost = {platform: asyncio.Event() for platform in alone}
        self._standing_by = {platform: asyncio.Event() for platform in alone}
        held.on_loss(self._note_loss)

    def stands_by(self, platform: Platform) -> bool:
        """Whether another replica listens, so that this one is ready without being connected."""
        return platform in self._standing_by and self._standing_by[platform].is_set()

    async def until_standing_by(self, platform: Platform) -> None:
        """Wait until another replica is found to listen; for ever where each may listen."""
        await self._standing_by.get(platform, asyncio.Event()).wait()

    async def in_turn(self, platform: Platform, listen: Callable[[], Awaitable[None]]) -> bool:
        """Listen once it is this replica's turn. False if the turn was lost meanwhile."""
        if platform not in self._lost:
            await listen()
            return True
        await self._turn(platform)
        work, lost = asyncio.ensure_future(listen()), asyncio.create_task(self._lost[platform].wait())
        try:
            await asyncio.wait({work, lost}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            was_lost = lost.done() and not work.done()
            for task in (work, lost):
                task.cancel()
            await asyncio.gather(work, lost, return_exceptions=True)
        if not was_lost:
            work.result()
        return not was_lost

    async def _turn(self, platform: Platform) -> None:
        name = listening(platform)
        while True:
            self._lost[platform].clear()
            try:
                if await self._leases.want([name]):
                    break
                if not self.stands_by(platform):
                    log.info("another replica listens", platform=platform)
                self._standing_by[platform].set()
            except Exception as error:
                log.warning("the database does not say who listens", platform=platform, error=repr(error))
            await asyncio.sleep(LOOK_SECONDS)
        self._standing_by[platform].clear()

    def _note_loss(self, names: Collection[str]) -> None:
        for platform, lost in self._lost.items():
            if listening(platform) in names:
                lost.set()
