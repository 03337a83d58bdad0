"""How replicas divide shards among themselves: each decides for itself, by what all of them see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from chatdesk.store.leases import Sharing


@dataclass(frozen=True, slots=True)
class Division:
    """The shards as one replica, ``me``, sees them.

    Whoever has the fewest is given the next free one, the first by name among equals. So replicas that see
    the same decide the same, and do not reach for each other's.
    """

    count: int
    me: str
    seen: Sharing

    def free(self) -> list[int]:
        return [shard for shard in range(self.count) if shard not in self.seen.holders]

    def mine(self) -> frozenset[int]:
        return frozenset(shard for shard in range(self.count) if self.seen.holders.get(shard) == self.me)

    def elsewhere(self) -> frozenset[int]:
        """What others hold."""
        return frozenset(range(self.count)) - self.mine() - frozenset(self.free())

    def to_take(self, long_free: Collection[int]) -> list[int]:
        """What is due to me, and what those to whom it was due have left for too long."""
        loads = self._loads()
        mine = []
        for shard in self.free():
            holder = min(loads, key=lambda name: (loads[name], name))
            loads[holder] += 1
            if holder == self.me or shard in long_free:
                mine.append(shard)
        return mine

    def to_leave(self) -> int | None:
        """The shard to give up, if somebody has two fewer than me. One at a time, one replica at a time."""
        loads = self._loads()
        fewest, most = min(loads.values()), max(loads.values())
        giver = min(name for name in loads if loads[name] == most)
        if self.free() or giver != self.me or most - fewest < 2:
            return None
        return max(self.mine())

    def _loads(self) -> Counter[str]:
        loads = Counter(dict.fromkeys([*self.seen.replicas, self.me], 0))
        loads.update(self.seen.holders[shard] for shard in range(self.count) if shard in self.seen.holders)
        return loads
