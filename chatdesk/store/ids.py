"""Ids for rows: 20 characters that sort by time, so that new rows lie together.

They fit a Discord nonce (25 characters) with a part's name behind them.
"""

from __future__ import annotations

import secrets
import threading
import time

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_RANDOM_BITS = 52


class IdSource:
    """Makes ids that only grow within one process, even when the clock steps back."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0

    def new(self) -> str:
        milliseconds = time.time_ns() // 1_000_000
        candidate = (milliseconds << _RANDOM_BITS) | secrets.randbits(_RANDOM_BITS)
        with self._lock:
            self._last = candidate if candidate > self._last else self._last + 1
            return _encode(self._last)


def _encode(value: int) -> str:
    letters = []
    for _ in range(20):
        value, digit = divmod(value, 32)
        letters.append(_ALPHABET[digit])
    return "".join(reversed(letters))


_source = IdSource()


def new_id() -> str:
    """A new id from the process's own source."""
    return _source.new()
