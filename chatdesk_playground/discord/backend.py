"""What every operation of the playground works with: the world and the machinery around it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from chatdesk_playground.discord.buckets import RateLimits
from chatdesk_playground.discord.files import FileStore
from chatdesk_playground.discord.gateway import Sessions
from chatdesk_playground.discord.pending import InteractionBook
from chatdesk_playground.discord.snowflakes import Clock, Snowflakes
from chatdesk_playground.discord.state import World
from chatdesk_playground.faults import Faults


@dataclass(frozen=True, slots=True)
class RecordedRequest:
    """One API request that a bot made and how it was answered.

    `path` is below `/api/v10`; `body` is the JSON body, of a multipart request its `payload_json`. A request
    that a fault answered, or cut off, was never read (`was_read`): it has no body here.
    """

    at: datetime
    application_id: str | None
    method: str
    path: str
    query: dict[str, str]
    body: object
    files: tuple[str, ...]
    status: int
    response: object
    milliseconds: float
    was_read: bool = True


class Changes:
    """Counts changes of the world, so that a reader can wait for the next one instead of polling."""

    def __init__(self) -> None:
        self.version = 0
        self._changed = asyncio.Event()

    def note(self) -> None:
        self.version += 1
        self._changed.set()
        self._changed = asyncio.Event()

    async def after(self, version: int, timeout_seconds: float) -> int:
        """The current version, as soon as it is newer than the given one or the time is over."""
        if self.version <= version:
            try:
                await asyncio.wait_for(self._changed.wait(), timeout_seconds)
            except TimeoutError:
                return self.version
        return self.version

    async def until(self, predicate: Callable[[], bool], timeout_seconds: float) -> bool:
        """Waits until the predicate holds, looking again after each change; False if it never did."""
        deadline = asyncio.get_running_loop().time() + timeout_seconds
        while not predicate():
            remaining = deadline - asyncio.get_running_loop().time()
            if remaining <= 0:
                return False
            await self.after(self.version, remaining)
        return True


@dataclass(slots=True)
class Backend:
    world: World
    clock: Clock
    snowflakes: Snowflakes
    files: FileStore
    gateway: Sessions
    interactions: InteractionBook
    rate_limits: RateLimits
    changes: Changes
    api_url: str = ""
    gateway_url: str = ""
    requests: list[RecordedRequest] = field(default_factory=list)
    in_flight: int = 0


def new_backend() -> Backend:
    world = World()
    clock = Clock()
    return Backend(
        world=world,
        clock=clock,
        snowflakes=Snowflakes(clock.now),
        files=FileStore(clock),
        gateway=Sessions(world, clock, Faults()),
        interactions=InteractionBook(),
        rate_limits=RateLimits(),
        changes=Changes(),
    )
