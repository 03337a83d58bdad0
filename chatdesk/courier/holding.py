"""Which installations this replica delivers to: those whose leases it holds."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from types import MappingProxyType

import structlog
from sqlalchemy import Connection

from chatdesk.contract.shards import Sharding
from chatdesk.contract.vocabulary import Installation, Platform
from chatdesk.store import lanes, leases
from chatdesk.store.deliveries import DeliveryRow
from chatdesk.store.keeper import LOOK_SECONDS, Leases
from chatdesk.store.lanes import DueLane
from chatdesk.store.parts import Part

UNUSED_SECONDS = 30.0

log = structlog.get_logger(__name__)


class Outbound:
    """Deliveries to an installation are made by one replica at a time.

    ``alone``: platforms that only one replica listens to. That one makes all deliveries, since what is
    delivered elsewhere needs files and names from there. ``divided``: platforms of which several replicas
    listen to a shard each. What is delivered to an installation is then made by who listens to its shard.
    """

    def __init__(
        self,
        held: Leases,
        platforms: Collection[Platform],
        alone: Collection[Platform],
        divided: Mapping[Platform, Sharding] = MappingProxyType({}),
    ) -> None:
        self._leases = held
        self._platforms = tuple(platforms)
        self._used: dict[str, float] = {}
        self._alone = tuple(leases.listening(platform) for platform in alone)
        self._divided = divided
        self._leaving: set[str] = set()

    @property
    def among_others(self) -> bool:
        return self._leases.holder is not None

    @property
    def holder(self) -> str | None:
        return self._leases.holder

    def look_within(self, seconds: float) -> float:
        """How soon to look again: also at what other replicas may have left."""
        return min(seconds, LOOK_SECONDS) if self.among_others else seconds

    def platforms(self) -> Sequence[Platform]:
        """Which platforms this replica delivers to at present."""
        return self._platforms if all(map(self._leases.holds, self._alone)) else ()

    def parts(self) -> Sequence[Part]:
        """Of platforms that are divided, what this replica delivers to at present."""
        return tuple(self._part(platform, sharding) for platform, sharding in self._divided.items())

    def _part(self, platform: Platform, sharding: Sharding) -> Part:
        names = {leases.listening(platform, shard): shard for shard in range(sharding.count)}
        held = [name for name in names if self._leases.holds(name) and name not in self._leaving]
        return Part(platform, sharding, frozenset(names[name] for name in held))

    def leave(self, shard: str) -> None:
        """Begin nothing more in the shard of this lease, which is about to be given back."""
        self._leaving.add(shard)

    def _is_here(self, installation: Installation) -> bool:
        """Where a platform is divided: whether this replica listens to that shard, and stays."""
        shard = self._shard_of(installation)
        return shard is None or (self._leases.holds(shard) and shard not in self._leaving)

    def has_left(self, shard: str) -> None:
        self._leaving.discard(shard)

    async def give_back_in(self, shard: str) -> None:
        """The shard's installations are another replica's from now on."""
        gone = [name for name in self._used if self._shard_of_lease(name) == shard]
        await self._leases.give_back(gone)
        for name in gone:
            del self._used[name]

    def left_behind(self, connection: Connection) -> Sequence[Installation]:
        """Where another replica left deliveries in flight that nobody sees to."""
        if not self.among_others:
            return ()
        return lanes.left_behind(connection, self.platforms(), self.parts())

    async def ours(
        self,
        due: Iterable[DueLane],
        working: Iterable[DueLane] = (),
        left_behind: Iterable[Installation] = (),
    ) -> Sequence[DueLane]:
        """Those lanes that are ours to work. What is worked already stays ours the longer."""
        due = tuple(due)
        wanted = [*(lane.installation for lane in (*due, *working)), *left_behind]
        named = {leases.outbound(one): one for one in wanted if self._is_here(one)}
        await self._give_back_unused(named)
        if not named:
            return ()
        held = await self._leases.want(tuple(named), partial(_look_after, named=named))
        return [lane for lane in due if leases.outbound(lane.installation) in held]

    async def _give_back_unused(self, used: Collection[str]) -> None:
        """So that another replica may have an installation for which this one has had nothing to do."""
        now = time.monotonic()
        self._used |= dict.fromkeys(used, now)
        unused = [name for name, at in self._used.items() if at < now - UNUSED_SECONDS]
        if unused:
            await self._leases.give_back(unused)
        for name in unused:
            del self._used[name]

    def claim(self, connection: Connection, lane: DueLane, now: datetime) -> DeliveryRow | None:
        """Take the lane's head, if the lane is still ours."""
        if not self._leases.is_held(connection, leases.outbound(lane.installation)):
            return None
        return lanes.claim(connection, lane.ref, self.platforms(), now, self.parts())

    def claim_for_trial(self, connection: Connection, lane: DueLane, now: datetime) -> DeliveryRow | None:
        if not self._leases.is_held(connection, leases.outbound(lane.installation)):
            return None
        return lanes.claim_for_trial(connection, lane.ref, now)

    def break_off(self, connection: Connection, lane: DueLane) -> int:
        """What an error left in flight in a lane of ours is uncertain."""
        if not self._leases.is_held(connection, leases.outbound(lane.installation)):
            return 0
        return lanes.recover_lane(connection, lane.ref)

    def concerned(self, lost: Collection[str], lane: DueLane) -> bool:
        """Whether a lane is no longer ours to work when these leases are lost."""
        names = {leases.outbound(lane.installation), self._shard_of(lane.installation), *self._alone}
        return not names.isdisjoint(lost)

    def _shard_of(self, installation: Installation) -> str | None:
        """The lease of the shard that an installation is in, where its platform is divided."""
        sharding = self._divided.get(installation.platform)
        if sharding is None:
            return None
        return leases.listening(installation.platform, sharding.shard_of(installation))

    def _shard_of_lease(self, name: str) -> str | None:
        installation = leases.installation_of(name)
        return None if installation is None else self._shard_of(installation)


def _look_after(connection: Connection, names: Collection[str], named: dict[str, Installation]) -> None:
    """What the last holder left in flight may or may not have arrived."""
    for name in names:
        left = lanes.recover_installation(connection, named[name])
        if left:
            log.info("deliveries were cut off and are looked for", deliveries=left, lease=name)
