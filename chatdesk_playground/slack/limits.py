"""Rate limits of the Web API, off until somebody switches them on.

Tiers: https://docs.slack.dev/apis/web-api/rate-limits
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field

PER_MINUTE = {1: 1, 2: 20, 3: 50, 4: 100}
POST_BURST = 5
WORKSPACE_POSTS_PER_MINUTE = 300


@dataclass(slots=True)
class _Bucket:
    capacity: float
    per_second: float
    level: float
    filled: float

    def take(self, now: float) -> float:
        """Zero when there was room, else the seconds until there will be."""
        self.level = min(self.capacity, self.level + (now - self.filled) * self.per_second)
        self.filled = now
        if self.level >= 1:
            self.level -= 1
            return 0.0
        return (1 - self.level) / self.per_second


@dataclass(slots=True)
class RateLimits:
    """Token buckets per workspace and method, and per channel for posting. `speed` refills them faster."""

    enabled: bool = False
    speed: float = 1.0
    _buckets: dict[tuple[str, ...], _Bucket] = field(default_factory=dict)

    def switch(self, enabled: bool, speed: float) -> None:
        """Turn the limits on or off; the buckets start full."""
        self.enabled = enabled
        self.speed = speed
        self._buckets.clear()

    def wait_for_method(self, team_id: str, method: str, tier: int) -> int:
        """Zero when the call may go on, else what to say in Retry-After."""
        per_minute = PER_MINUTE[tier]
        return self._take((team_id, method), per_minute, per_minute / 60)

    def wait_for_post(self, team_id: str, channel_id: str) -> int:
        """The special limit of chat.postMessage: one a second in a channel, and a sum per workspace."""
        wait = self._take((team_id, "post", channel_id), POST_BURST, 1.0)
        if wait:
            return wait
        return self._take((team_id, "post"), WORKSPACE_POSTS_PER_MINUTE / 10, WORKSPACE_POSTS_PER_MINUTE / 60)

    def _take(self, key: tuple[str, ...], capacity: float, per_second: float) -> int:
        if not self.enabled:
            return 0
        now = time.monotonic()
        rate = per_second * self.speed
        bucket = self._buckets.setdefault(key, _Bucket(capacity, rate, capacity, now))
        wait = bucket.take(now)
        return math.ceil(wait) if wait else 0
