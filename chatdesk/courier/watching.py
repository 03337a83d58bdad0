"""Who is told how attempts at deliveries go: metrics, logs and traces, of which the courier knows nothing."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from chatdesk.contract.ports import DeliveryFailed
from chatdesk.store.deliveries import DeliveryRow


class Outcome(StrEnum):
    """What became of one attempt."""

    DONE = "done"
    """Shown, or there was nothing to show."""
    TOLD_TO_WAIT = "told_to_wait"
    """The platform named a time to wait, such as by a 429."""
    AGAIN = "again"
    UNCERTAIN = "uncertain"
    REFUSED = "refused"
    """For good."""
    REVOKED = "revoked"
    BROKE = "broke"
    """An error of ours."""


def outcome_of(failure: DeliveryFailed) -> Outcome:
    if failure.revoked:
        return Outcome.REVOKED
    if failure.permanent is not None:
        return Outcome.REFUSED
    if failure.uncertain:
        return Outcome.UNCERTAIN
    return Outcome.AGAIN if failure.retry_after is None else Outcome.TOLD_TO_WAIT


@dataclass(slots=True)
class Noted:
    """Filled in while the attempt lasts; what is left as it is broke."""

    outcome: Outcome = Outcome.BROKE


class Watch(Protocol):
    """Sees every attempt."""

    def attempt(self, row: DeliveryRow) -> AbstractContextManager[Noted]:
        """Around one attempt, whose outcome is noted before it ends."""
        ...


class Unwatched:
    """A Watch that sees nothing."""

    def attempt(self, row: DeliveryRow) -> AbstractContextManager[Noted]:
        return nullcontext(Noted())
