"""The source's words as the desk's own: priorities, types, teams, categories; and what became of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from chatdesk.domain.organisation import Organisation

_LIKE: Mapping[str, tuple[str, ...]] = {
    "lowest": ("lowest", "low"),
    "medium": ("medium", "normal"),
    "normal": ("normal", "medium"),
    "high": ("high",),
    "highest": ("highest", "urgent"),
    "critical": ("critical", "urgent"),
    "urgent": ("urgent", "critical", "highest"),
    "question": ("question", "inquiry"),
    "task": ("task", "service request"),
}
"""What else a word may be called, the nearest first."""


@dataclass(frozen=True, slots=True)
class Word:
    """What one of the source's words became. ``was_known``: not merely what is used for want of another."""

    kind: str
    theirs: str
    ours: str
    was_known: bool


@dataclass(slots=True)
class Translator:
    """Translates for one desk, and counts."""

    organisation: Organisation
    used: Counter[Word] = field(default_factory=Counter)

    def priority(self, theirs: str | None) -> str:
        organisation = self.organisation
        known = {name: one.key for one in organisation.priorities for name in (one.name, one.key)}
        return self._looked_up("priority", theirs, known, organisation.default_priority)

    def type(self, theirs: str | None) -> str | None:
        known = {one: one for one in self.organisation.types}
        return self._looked_up("type", theirs, known, "") or None

    def team(self, theirs: str | None) -> str:
        teams = self.organisation.teams
        known = {name: one.key for one in teams for name in (one.name, one.key)}
        return self._looked_up("team", theirs, known, teams[0].key)

    def category(self, theirs: str | None) -> str | None:
        known: dict[str, str] = {}
        for one in self.organisation.categories:
            for name in (one.key, one.label, one.names[-1]):
                known.setdefault(name, one.key)
        return self._looked_up("category", theirs, known, "") or None

    def nobody(self, name: str) -> None:
        """Who had a ticket that is not over does not work here."""
        self.used[Word("agent", name, "nobody", was_known=False)] += 1

    def _looked_up(self, kind: str, theirs: str | None, known: Mapping[str, str], otherwise: str) -> str:
        if theirs is None:
            return otherwise
        folded = {name.casefold(): key for name, key in reversed(list(known.items()))}
        word = theirs.strip().casefold()
        found = next((folded[one] for one in _alike(word) if one in folded), None)
        self.used[Word(kind, theirs, found or otherwise or "none", found is not None)] += 1
        return found or otherwise


def _alike(word: str) -> Iterable[str]:
    return dict.fromkeys((word, *_LIKE.get(word, ())))
