"""Whether a running desk is well: what it lacks to be ready, and its metrics."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

from chatdesk.contract.ports import Clock
from chatdesk.contract.vocabulary import Platform
from chatdesk.metrics import Held, Metrics
from chatdesk.store import desks, overview, quarantine
from chatdesk.store.writer import Writer

DATABASE_SECONDS = 2.0
"""How long the database may take to answer before we are not ready."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class PlatformState:
    """How it stands with one platform in this process."""

    platform: Platform
    connected: bool
    """Was, at least once."""
    stands_by: bool
    """Another replica listens to it."""
    away: str | None
    """Why it was lost, where it was."""
    throttled: int


class Health:
    """What is asked of us over HTTP."""

    def __init__(
        self,
        writer: Writer,
        metrics: Metrics,
        clock: Clock,
        platforms: Callable[[], Sequence[PlatformState]],
    ) -> None:
        self._writer = writer
        self._metrics = metrics
        self._clock = clock
        self._platforms = platforms

    async def unready(self) -> Sequence[str]:
        """What is missing, a line each."""
        lines = await self._silent_database()
        for state in self._platforms():
            if state.away is not None:
                lines.append(f"{state.platform} is away: {state.away}")
            elif not state.connected and not state.stands_by:
                lines.append(f"{state.platform} is not connected yet")
        return lines

    async def page(self) -> bytes:
        """Our metrics as Prometheus reads them."""
        states = self._platforms()
        return self._metrics.page(
            await self._held(),
            {state.platform: state.connected and state.away is None for state in states},
            {state.platform: state.throttled for state in states},
            self._clock.now(),
        )

    async def _silent_database(self) -> list[str]:
        try:
            async with asyncio.timeout(DATABASE_SECONDS):
                await self._writer.read(desks.generations)
        except Exception as error:
            log.warning("the database does not answer", error=repr(error))
            return ["the database does not answer"]
        return []

    async def _held(self) -> Held | None:
        """None where the database does not answer, which is no reason to show nothing."""
        try:
            async with asyncio.timeout(DATABASE_SECONDS):
                return Held(
                    await self._writer.read(overview.backlogs), await self._writer.read(quarantine.count)
                )
        except Exception as error:
            log.warning("the database does not answer", error=repr(error))
            return None
