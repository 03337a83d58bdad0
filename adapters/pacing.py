"""Keeping to a platform's rate limits: each request takes its turn before it leaves.

A limit is a rate with an allowance for bursts. Turns are given in the order in which they were asked for,
by the narrowest limit first, so that a full channel keeps nobody from another one.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

_FORGET_ABOVE = 5000
"""So many limits are remembered before those that are at rest are forgotten."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many requests in so many seconds, evenly spread but for a burst of ``burst`` after a pause."""

    requests: float
    seconds: float
    burst: int = 1

    @property
    def interval(self) -> float:
        return self.seconds / self.requests


@dataclass(frozen=True, slots=True)
class Limit:
    """A rate, and what it is counted for, such as a method or a channel."""

    subject: str
    rate: Rate


@dataclass(slots=True)
class _Gate:
    """One limit's state. ``due`` is when the next turn would be if there were no bursts."""

    interval: float
    burst: int
    due: float = 0.0
    held_until: float = 0.0
    waiting: asyncio.Lock = field(default_factory=asyncio.Lock)

    def open_at(self) -> float:
        return max(self.due - (self.burst - 1) * self.interval, self.held_until)

    def pass_at(self, now: float) -> None:
        """A turn that is late by less than an interval does not put off those after it.

        Else timers, and work between two requests, would eat up the allowance.
        """
        is_little_late = now - self.due < self.interval
        self.due = (self.due if is_little_late else now) + self.interval

    def is_at_rest(self, now: float) -> bool:
        return not self.waiting.locked() and max(self.due, self.held_until) < now


class Turnstile:
    """Gives turns. ``speed`` is how many times faster than published a platform's limits run."""

    def __init__(self, speed: float = 1.0, seconds: Callable[[], float] = time.monotonic) -> None:
        self._speed = speed
        self._seconds = seconds
        self._gates: dict[str, _Gate] = {}
        self.refusals = 0
        """How often the platform answered 429 all the same."""

    async def turn(self, limits: Sequence[Limit]) -> None:
        """Wait until a request may leave. ``limits`` are those that it falls under, narrowest first."""
        async with AsyncExitStack() as stack:
            gates = [self._gate(limit) for limit in limits]
            for gate in gates:
                await stack.enter_async_context(gate.waiting)
                while (wait := gate.open_at() - self._seconds()) > 0:  # noqa: ASYNC110
                    await asyncio.sleep(wait)
            now = self._seconds()
            for gate in gates:
                gate.pass_at(now)

    def hold(self, limit: Limit, seconds: float) -> None:
        """The platform said to wait, so somebody else uses up the allowance too."""
        gate = self._gate(limit)
        gate.held_until = max(gate.held_until, self._seconds() + seconds)

    def _gate(self, limit: Limit) -> _Gate:
        gate = self._gates.get(limit.subject)
        if gate is None:
            self._forget_those_at_rest()
            gate = _Gate(limit.rate.interval / self._speed, limit.rate.burst)
            self._gates[limit.subject] = gate
        return gate

    def _forget_those_at_rest(self) -> None:
        if len(self._gates) < _FORGET_ABOVE:
            return
        now = self._seconds()
        self._gates = {subject: gate for subject, gate in self._gates.items() if not gate.is_at_rest(now)}
