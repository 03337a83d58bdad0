"""What a desk does with guesses of its classifier."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from chatdesk.domain.classifier import Target


class Mode(StrEnum):
    SUGGEST = "suggest"
    """Tell the team of a new ticket, with a button for each."""
    APPLY = "apply"
    """Set the category and the priority that nobody gave, too."""
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Triage:
    """``threshold``: how sure a guess has to be before anybody is told."""

    mode: Mode = Mode.SUGGEST
    threshold: float = 0.8
    targets: tuple[Target, ...] = tuple(Target)

    def __str__(self) -> str:
        return f"{self.mode} from {self.threshold:.0%} on: {', '.join(self.targets) or 'nothing'}"
