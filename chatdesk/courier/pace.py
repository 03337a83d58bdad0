"""How fast, how often and how long the courier tries."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Pace:
    """Times are in seconds."""

    first_wait: float = 1.0
    longest_wait: float = 60.0
    lanes_at_once: int = 128
    """In all installations together; what one of them and a channel may take is the adapter's to say."""
    turns: int = 10
    """After so many deliveries a lane lets those go first that have waited longer."""
    trial_every: float = 60.0
    """How often it is tried whether a paused installation works again."""
    refresh_after: float = 0.02
    """Drawing a card anew lets words go first, which people wait for; what changes meanwhile it shows too."""
    attempt_within: float = 120.0
    """After this an attempt is given up as uncertain, so that a dead connection does not hold its lane."""
    look_every: float = 5.0
    """How long at most nothing is looked at: what became due without any of our own commits."""
    errors_of_ours: int = 10
    """After so many attempts that failed through an error of ours a delivery has failed."""
    fetches: int = 5
    """After so many attempts a file that could not be fetched is given up, and the post goes without it,"""
    fetch_for: timedelta = timedelta(minutes=5)
    """though not before so long: its platform may be away, or we were."""
    merge_after: timedelta = timedelta(seconds=30)
    """A post that has waited so long in its lane may share a message with those behind it,"""
    merge_from: int = 10
    """where so many can."""
    chance: Callable[[], float] = random.random

    def wait(self, attempts: int) -> timedelta:
        """How long to wait after so many attempts: doubling, and spread so that lanes keep no step."""
        longest = min(self.longest_wait, self.first_wait * 2 ** min(attempts - 1, 20))
        return timedelta(seconds=longest * (0.5 + self.chance() / 2))
