"""Rate limits: the headers that Discord always sends, and real refusals when they are switched on.

The figures are what bot authors see in the headers and report; Discord documents none but the global 50/s.
"""

from __future__ import annotations

import hashlib
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Rule:
    """So many requests in so many seconds."""

    limit: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Quota:
    """What is left of a bucket after a request; `retry_after` is set when the request is refused."""

    bucket: str
    rule: Rule
    remaining: int
    reset_after: float
    retry_after: float | None = None
    scope: str = "user"

    def headers(self) -> dict[str, str]:
        values = {
            "X-RateLimit-Limit": str(self.rule.limit),
            "X-RateLimit-Remaining": str(self.remaining),
            "X-RateLimit-Reset": f"{time.time() + self.reset_after:.3f}",
            "X-RateLimit-Reset-After": f"{self.reset_after:.3f}",
            "X-RateLimit-Bucket": self.bucket,
            "Via": "1.1 google",
        }
        if self.retry_after is not None:
            values |= {"Retry-After": f"{self.retry_after:.3f}", "X-RateLimit-Scope": self.scope}
            if self.scope == "global":
                values["X-RateLimit-Global"] = "true"
        return values


UNLIMITED = Rule(10_000, 1.0)
ORDINARY = Rule(10, 1.0)
GLOBAL = Rule(50, 1.0)
RENAME = Rule(2, 600.0)
IDENTIFY = Rule(1, 5.0)
"""With a `max_concurrency` of 1."""

RULES: Mapping[tuple[str, str], Rule] = {
    ("POST", "/channels/{channel_id}/messages"): Rule(5, 5.0),
    ("PATCH", "/channels/{channel_id}/messages/{message_id}"): Rule(5, 5.0),
    ("DELETE", "/channels/{channel_id}/messages/{message_id}"): Rule(5, 1.0),
    ("PUT", "/channels/{channel_id}/messages/{message_id}/reactions/{emoji}/@me"): Rule(1, 0.25),
    ("POST", "/webhooks/{webhook_id}/{webhook_token}"): Rule(5, 2.0),
    ("PATCH", "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}"): Rule(5, 2.0),
}
"""Buckets that are tighter than the ordinary one, per route and channel, server or webhook."""


@dataclass(slots=True)
class RateLimits:
    """Counts requests in sliding windows. Off by default: then the headers show a quota that never ends."""

    enabled: bool = False
    speed: float = 1.0
    _windows: dict[str, deque[float]] = field(default_factory=dict)

    def switch(self, enabled: bool, speed: float = 1.0) -> None:
        """`speed` shortens every window: at 10 a window of five seconds lasts half a second."""
        self.enabled = enabled
        self.speed = speed
        self._windows.clear()

    def take(self, method: str, route: str, major: str, caller: str, exempt: bool) -> Quota:
        """Counts one request; `major` is the channel, server or webhook; interactions are `exempt`."""
        bucket = hashlib.sha256(f"{method} {route}".encode()).hexdigest()[:32]
        if not self.enabled or exempt:
            return Quota(bucket, UNLIMITED, UNLIMITED.limit - 1, UNLIMITED.seconds)
        overall = self._count("global " + caller, GLOBAL)
        if overall > 0:
            return Quota(bucket, ORDINARY, 1, overall, retry_after=overall, scope="global")
        rule = RULES.get((method, route), ORDINARY)
        key = f"{bucket} {major}"
        wait = self._count(key, rule)
        if wait > 0:
            return Quota(bucket, rule, 0, wait, retry_after=wait)
        window = self._windows[key]
        return Quota(bucket, rule, rule.limit - len(window), self._until_free(window, rule))

    def take_rename(self, channel_id: str) -> float:
        """The hidden limit on renaming: seconds to wait, 0 if the rename may go ahead."""
        return self._count(f"rename {channel_id}", RENAME) if self.enabled else 0.0

    def take_identify(self, application_id: str) -> float:
        """Seconds until another shard of a bot may introduce itself, 0 if this one may."""
        return self._count(f"identify {application_id}", IDENTIFY) if self.enabled else 0.0

    def _count(self, key: str, rule: Rule) -> float:
        window = self._windows.setdefault(key, deque())
        now = time.monotonic()
        while window and now - window[0] >= rule.seconds / self.speed:
            window.popleft()
        if len(window) >= rule.limit:
            return self._until_free(window, rule)
        window.append(now)
        return 0.0

    def _until_free(self, window: deque[float], rule: Rule) -> float:
        return max(0.001, window[0] + rule.seconds / self.speed - time.monotonic())
