"""Ids for rows: 20 characters that sort by time, so that new rows lie together.

They fit a Discord nonce (25 characters) with a part's name behind them.
"""

from __future__ import annotations

import secrets
import threading
import time
from datetime import datetime

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_MICROSECOND_BITS = 10
_RANDOM_BITS = 42


class IdSource:
    """Makes ids that only grow within one process, even when the clock steps back.

    Where several processes make ids that are compared, each follows the clock of their database: an id is
    never ahead of that clock, and never behind what it showed when it was last followed.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0
        self._ahead: int | None = None

    def follow(self, now: datetime) -> None:
        """Go by another clock, which shows ``now`` at this moment or showed it a moment ago."""
        there = int(now.timestamp() * 1_000_000)
        with self._lock:
            self._ahead = there - time.monotonic_ns() // 1000
            self._last = max(self._last, _moment(there))

    def new(self) -> str:
        ahead = self._ahead
        here = time.time_ns() if ahead is None else time.monotonic_ns()
        candidate = _moment(here // 1000 + (ahead or 0)) | secrets.randbits(_RANDOM_BITS)
        with self._lock:
            self._last = candidate if candidate > self._last else self._last + 1
            return _encode(self._last)


def _moment(microseconds: int) -> int:
    """A time's place at the head of an id: milliseconds, then the microseconds among them."""
    milliseconds, rest = divmod(microseconds, 1000)
    return ((milliseconds << _MICROSECOND_BITS) | rest) << _RANDOM_BITS


def _encode(value: int) -> str:
    letters = []
    for _ in range(20):
        value, digit = divmod(value, 32)
        letters.append(_ALPHABET[digit])
    return "".join(reversed(letters))


_source = IdSource()


def follow(now: datetime) -> None:
    """Let the process's own source go by another clock; see ``IdSource.follow``."""
    _source.follow(now)


def new_id() -> str:
    """A new id from the process's own source."""
    return _source.new()
