"""Which installations this replica delivers to: those whose leases it holds."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import partial

import structlog
from sqlalchemy import Connection

from chatdesk.contract.vocabulary import Installation, Platform
from chatdesk.store import deliveries, leases
from chatdesk.store.deliveries import DeliveryRow, DueLane
from chatdesk.store.keeper import LOOK_SECONDS, Leases

UNUSED_SECONDS = 30.0

log = structlog.get_logger(__name__)


class Outbound:
    """Deliveries to an installation are made by one replica at a time.

    ``alone``: platforms that only one replica listens to. That one makes all deliveries, since what is
    delivered elsewhere needs files and names from there.
    """

    def __init__(self, held: Leases, platforms: Collection[Platform], alone: Collection[Platform]) -> None:
        self._leases = held
        self._platforms = tuple(platforms)
        self._used: dict[str, float] = {}
        self._alone = tuple(leases.listening(platform) for platform in alone)

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

    def left_behind(self, connection: Connection) -> Sequence[Installation]:
        """Where another replica left deliveries in flight that nobody sees to."""
        return deliveries.left_behind(connection, self.platforms()) if self.among_others else ()

    async def ours(
        self,
        due: Iterable[DueLane],
        working: Iterable[DueLane] = (),
        left_behind: Iterable[Installation] = (),
    ) -> Sequence[DueLane]:
        """Those lanes that are ours to work. What is worked already stays ours the longer."""
        due = tuple(due)
        named = {leases.outbound(lane.installation): lane.installation for lane in (*due, *working)}
        named |= {leases.outbound(one): one for one in left_behind}
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
        return deliveries.claim(connection, lane.ref, self.platforms(), now)

    def claim_for_trial(self, connection: Connection, lane: DueLane, now: datetime) -> DeliveryRow | None:
        if not self._leases.is_held(connection, leases.outbound(lane.installation)):
            return None
        return deliveries.claim_for_trial(connection, lane.ref, now)

    def break_off(self, connection: Connection, lane: DueLane) -> int:
        """What an error left in flight in a lane of ours is uncertain."""
        if not self._leases.is_held(connection, leases.outbound(lane.installation)):
            return 0
        return deliveries.recover_lane(connection, lane.ref)

    def concerned(self, lost: Collection[str], lane: DueLane) -> bool:
        """Whether a lane is no longer ours to work when these leases are lost."""
        return leases.outbound(lane.installation) in lost or not set(lost).isdisjoint(self._alone)


def _look_after(connection: Connection, names: Collection[str], named: dict[str, Installation]) -> None:
    """What the last holder left in flight may or may not have arrived."""
    for name in names:
        left = deliveries.recover_installation(connection, named[name])
        if left:
            log.info("deliveries were cut off and are looked for", deliveries=left, lease=name)
