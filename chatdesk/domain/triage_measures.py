"""How well a classifier does on tickets that it was not trained on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chatdesk.domain.classifier import Guess, Target, is_at_or_below

FEWEST_TICKETS = 60
"""So many tickets have to have a value before it is guessed at all."""
FEWEST_OF_A_VALUE = 10
"""A value that fewer tickets have is not told from others."""
LEAST_PRECISION = 0.6
"""A target whose guesses are right less often than this is not guessed."""


@dataclass(frozen=True, slots=True)
class Example:
    """A ticket that is over, as far as it is learned from. ``value`` of a target may be missing."""

    number: int
    requester: str
    text: str
    category: str | None
    priority: str
    team: str | None

    def value(self, target: Target) -> str | None:
        return {Target.CATEGORY: self.category, Target.PRIORITY: self.priority, Target.TEAM: self.team}[
            target
        ]


@dataclass(frozen=True, slots=True)
class Count:
    """``value``: one of a target's, or None for all together.

    ``held_out`` tickets were left as it; it was said of ``said``, and of ``right`` of these rightly.
    """

    value: str | None
    held_out: int
    said: int
    right: int

    @property
    def precision(self) -> float | None:
        """Of what was said, how much was right."""
        return self.right / self.said if self.said else None

    @property
    def coverage(self) -> float:
        """Of how many tickets something was said, right or not; of use for all values together."""
        return self.said / self.held_out if self.held_out else 0.0


@dataclass(frozen=True, slots=True)
class Measured:
    """One target. ``usual``: the share of the value that most held-out tickets have.

    ``unsaid``: the value that a ticket has anyway; it is never said, and counts for nothing here.
    ``refused``: why it is not guessed; "" where it is.
    """

    target: Target
    trained_on: int
    usual: float
    all: Count
    values: tuple[Count, ...]
    unsaid: str | None = None
    refused: str = ""


def measured(
    target: Target,
    trained_on: int,
    held_out: Sequence[Example],
    guessed: Callable[[str], Guess | None],
    unsaid: str | None = None,
) -> Measured:
    """Let tickets be guessed that were held out, and count. A category above the right one is right, too."""
    wanted, said, right = Counter[str](), Counter[str](), Counter[str]()
    for one in held_out:
        value = one.value(target)
        if value is None:
            continue
        wanted[value] += 1
        guess = guessed(one.text)
        if guess is not None and guess.value != unsaid:
            said[guess.value] += 1
            right[guess.value] += is_at_or_below(value, guess.value)
    values = tuple(
        Count(value, wanted[value], said[value], right[value])
        for value, _ in (wanted | said).most_common()
        if value != unsaid
    )
    total = Count(None, wanted.total(), said.total(), right.total())
    usual = max(wanted.values(), default=0) / (wanted.total() or 1)
    return Measured(target, trained_on, usual, total, values, unsaid, _refused(total))


def _refused(total: Count) -> str:
    if not total.said:
        return "it was never sure enough of the held-out tickets"
    if total.precision is not None and total.precision < LEAST_PRECISION:
        return f"only {total.precision:.0%} of what it said of the held-out tickets was right"
    return ""


def not_measured(target: Target, trained_on: int, refused: str) -> Measured:
    return Measured(target, trained_on, 0.0, Count(None, 0, 0, 0), (), refused=refused)
