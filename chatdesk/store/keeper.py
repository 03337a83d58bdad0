"""Who may do what only one replica at a time may do.

``Sole`` is a process that has its database to itself. ``Keeper`` is one of several: it takes leases when they
are wanted, renews them, and gives up what it could not renew a moment before anybody else can take it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection
from functools import partial
from typing import Protocol

import structlog
from sqlalchemy import Connection

from chatdesk.contract.vocabulary import Platform
from chatdesk.store import leases
from chatdesk.store.engine import many_processes
from chatdesk.store.ids import new_id
from chatdesk.store.leases import Sharing
from chatdesk.store.writer import Writer

RENEW_SECONDS = 2.0
LOOK_SECONDS = 1.0
"""How often somebody looks at what other replicas hold, and may have left."""

_MARGIN_SECONDS = 1.5
"""So long before a lease ends elsewhere it is over here: time to break off what is under way."""

log = structlog.get_logger(__name__)

Taken = Callable[[Connection, Collection[str]], None]
Lost = Callable[[Collection[str]], None]


class Leases(Protocol):
    """What the courier and the application ask."""

    holder: str | None
    """The name under which leases are held; None where there is nobody else."""

    async def want(self, names: Collection[str], taken: Taken | None = None) -> frozenset[str]:
        """Those of the leases that are ours now. ``taken`` is run with each taking of new ones, in its
        transaction."""
        ...

    def holds(self, name: str) -> bool:
        """Whether a lease is ours, as far as is known here."""
        ...

    def is_held(self, connection: Connection, name: str) -> bool:
        """Whether a lease is ours; if it is, until the end of this transaction."""
        ...

    async def give_back(self, names: Collection[str]) -> None:
        """These are not needed any more: somebody else may have them."""
        ...

    async def sharing(self, platform: Platform) -> Sharing:
        """Who listens to which of a platform's shards."""
        ...

    def on_loss(self, lost: Lost) -> None:
        """Call this with the names of leases that were ours and are no longer."""
        ...


class Sole:
    """Everything is ours."""

    holder: str | None = None

    async def want(self, names: Collection[str], taken: Taken | None = None) -> frozenset[str]:
        return frozenset(names)

    def holds(self, name: str) -> bool:
        return True

    def is_held(self, connection: Connection, name: str) -> bool:
        return True

    async def give_back(self, names: Collection[str]) -> None:
        pass

    async def sharing(self, platform: Platform) -> Sharing:
        return Sharing({}, frozenset())

    def on_loss(self, lost: Lost) -> None:
        pass

    async def run(self) -> None:
        await asyncio.Event().wait()


class Keeper:
    """Holds leases while ``run`` runs."""

    def __init__(self, writer: Writer, name: str | None = None) -> None:
        self._writer = writer
        self._name = name or new_id()
        self.holder: str | None = self._name
        self._until: dict[str, float] = {}
        self._lost: list[Lost] = []

    async def want(self, names: Collection[str], taken: Taken | None = None) -> frozenset[str]:
        now = time.monotonic()
        missing = [name for name in names if not self._holds(name, now)]
        if missing:
            got = await self._writer.run(partial(self._take, names=missing, taken=taken))
            self._until |= dict.fromkeys(got, _safe_end(now))
        return frozenset(name for name in names if self._holds(name, now))

    def holds(self, name: str) -> bool:
        return self._holds(name, time.monotonic())

    def is_held(self, connection: Connection, name: str) -> bool:
        return leases.is_held(connection, name, self._name)

    async def sharing(self, platform: Platform) -> Sharing:
        return await self._writer.read(partial(leases.sharing, platform=platform))

    def on_loss(self, lost: Lost) -> None:
        self._lost.append(lost)

    async def run(self) -> None:
        """Renew until cancelled, then give everything back."""
        try:
            while True:
                await asyncio.sleep(self._next_look())
                await self._keep()
        finally:
            await self.give_back(tuple(self._until))

    def _take(self, connection: Connection, names: Collection[str], taken: Taken | None) -> frozenset[str]:
        got = leases.take(connection, names, self._name)
        if taken is not None and got:
            taken(connection, got)
        return got

    def _holds(self, name: str, now: float) -> bool:
        return self._until.get(name, 0.0) > now

    def _next_look(self) -> float:
        first_end = min(self._until.values(), default=float("inf"))
        return max(0.0, min(RENEW_SECONDS, first_end - time.monotonic()))

    async def _keep(self) -> None:
        now = time.monotonic()
        try:
            async with asyncio.timeout(max(0.1, min(self._until.values(), default=now + 1) - now)):
                kept = await self._writer.run(
                    partial(leases.renew, names=tuple(self._until), holder=self._name)
                )
            self._until |= dict.fromkeys(kept & self._until.keys(), _safe_end(now))
            self._drop([name for name in self._until if name not in kept])
        except Exception as error:
            log.warning("leases could not be renewed", error=repr(error))
        now = time.monotonic()
        self._drop([name for name in self._until if not self._holds(name, now)])

    def _drop(self, names: Collection[str]) -> None:
        """These are no longer ours."""
        if not names:
            return
        log.warning("leases were lost", leases=sorted(names))
        for name in names:
            del self._until[name]
        for lost in self._lost:
            lost(names)

    async def give_back(self, names: Collection[str]) -> None:
        for name in names:
            self._until.pop(name, None)
        try:
            await self._writer.run(partial(leases.give_back, names=names, holder=self._name))
        except Exception as error:
            log.warning("leases end by themselves, not given back", error=repr(error))


def _safe_end(asked_at: float) -> float:
    """Until when what was asked for at this time is certainly not another's."""
    return asked_at + leases.LIFETIME.total_seconds() - _MARGIN_SECONDS


def keeper_for(writer: Writer, replica: str | None = None) -> Keeper | Sole:
    """``replica`` is a name that no other process has: one that begins again under it need not wait for the
    leases that it held to end."""
    return Keeper(writer, replica) if many_processes(writer.engine) else Sole()
