"""A platform that is listened to over several connections, each of which hears some installations."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from chatdesk.contract.ports import Adapter, Desk
from chatdesk.contract.vocabulary import Installation

Turn = Callable[[str, float], Awaitable[None]]
"""Wait for the turn of this name. Nobody else has it, in this process or in another, before so many seconds
are over."""


@dataclass(frozen=True, slots=True)
class Sharding:
    """How installations are divided: one is in shard ``(number >> shift) % count``, by the number that its id
    is. What belongs to no installation, such as direct messages, is heard in shard 0."""

    count: int
    shift: int

    def shard_of(self, installation: Installation) -> int:
        return (int(installation.id) >> self.shift) % self.count if installation.id.isdecimal() else 0


class Shard(Protocol):
    """One of the connections."""

    async def run(self, desk: Desk, turn: Turn) -> None:
        """Connect and listen until cancelled. Sends ``Connected`` for each of its installations first."""
        ...

    async def ready(self) -> str:
        """Wait until connected; one line saying to what."""
        ...

    def heard_until(self) -> datetime | None:
        """Until when it has been connected without a break; None if it has not been yet."""
        ...


@runtime_checkable
class Sharded(Protocol):
    """What an adapter is besides whose installations can be divided. Its ``run`` listens to all of them."""

    @property
    def sharding(self) -> Sharding: ...

    @property
    def shards(self) -> Sequence[Shard]:
        """By their numbers."""
        ...


def shards_of(adapter: Adapter) -> Sharded | None:
    """The adapter as one of several shards; None where one connection hears everything."""
    return adapter if isinstance(adapter, Sharded) and adapter.sharding.count > 1 else None


def heard_until(adapter: Adapter, installation: Installation) -> datetime | None:
    """Until when what happened in an installation was heard without a break; None if it was not yet."""
    sharded = shards_of(adapter)
    if sharded is None:
        return adapter.heard_until()
    return sharded.shards[sharded.sharding.shard_of(installation)].heard_until()
