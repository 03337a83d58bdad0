"""Which finished tickets were about the same, by the rare words that they share."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from chatdesk.domain.knowledge import asked_words

FEWEST_SHARED = 2
"""Words that two requests have to share."""
ALIKE = 0.3
"""How much of what they say they have to share, of 1; rare words weigh more."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A ticket that was solved; ``text`` is what was asked."""

    number: int
    text: str


def most_alike(text: str, known: Sequence[Finished], most: int) -> Sequence[int]:
    """The numbers of the few that are most alike, the likest first; of two, the newer."""
    mine = frozenset(asked_words(text))
    theirs = {one.number: frozenset(asked_words(one.text)) for one in known}
    times = Counter(word for words in theirs.values() for word in words)
    rarity = {word: math.log1p(len(known) / times[word]) for word in times}
    found = {
        number: _share(mine, words, rarity)
        for number, words in theirs.items()
        if len(mine & words) >= FEWEST_SHARED
    }
    enough = [number for number, share in found.items() if share >= ALIKE]
    return sorted(enough, key=lambda number: (-found[number], -number))[:most]


def _share(mine: Collection[str], theirs: Collection[str], rarity: dict[str, float]) -> float:
    """The cosine of two requests. A word that no known request has is as rare as the rarest."""
    rarest = max(rarity.values())

    def size(words: Collection[str]) -> float:
        return math.sqrt(sum(rarity.get(word, rarest) ** 2 for word in words))

    shared = sum(rarity[word] ** 2 for word in mine if word in theirs)
    return shared / (size(mine) * size(theirs))
