"""What a ticket's words say of its category, priority and team: a linear model, read in plain Python.

Training it needs scikit-learn (``chatdesk/training``). Reading it is a look-up for each word and its parts: a
fraction of a millisecond, so that it happens where the ticket is made.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz, process

from chatdesk.domain.knowledge import asked_words

LONGEST_TEXT = 4000
"""Characters of a request that are read."""
MOST_REASONS = 3
SHORTEST_WORD = 3
_WORD = "="
"""Before a feature that is a whole word."""
_LIKE = 75
"""How like a known word a mistyped one has to be, of 100."""
_PART = 4
"""Letters of a word's parts, by which mistyped and compound words are known again."""


class Target(StrEnum):
    """What is guessed."""

    CATEGORY = "category"
    PRIORITY = "priority"
    TEAM = "team"


OTHER = ""
"""Stands for every value that too few tickets have; nobody is told it."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Of one target: how much each feature speaks for each value. ``start`` is what speaks for it anyway."""

    values: tuple[str, ...]
    start: tuple[float, ...]
    features: Mapping[str, tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class Model:
    """``rarity``: how much each known feature counts; one that stands everywhere says little."""

    rarity: Mapping[str, float]
    targets: Mapping[Target, Weights]


@dataclass(frozen=True, slots=True)
class Guess:
    """``confidence`` is between 0 and 1. ``reasons`` are the words that spoke for it, the loudest first."""

    target: Target
    value: str
    confidence: float
    reasons: tuple[str, ...]

    @property
    def percent(self) -> int:
        """Never said to be certain."""
        return min(round(self.confidence * 100), 99)


def words_of(text: str) -> Sequence[str]:
    """The words of a request that are read, each once. Numbers are no words: they name one case."""
    return [word for word in asked_words(text[:LONGEST_TEXT]) if not any(map(str.isdigit, word))]


def features_of(word: str) -> Sequence[str]:
    """A word as itself and in parts."""
    bounded = f"<{word}>"
    parts = [bounded[at : at + _PART] for at in range(len(bounded) - _PART + 1)] if len(word) > _PART else []
    return [_WORD + word, *parts]


def features(text: str) -> Sequence[str]:
    """Everything that a text is known by."""
    return list(dict.fromkeys(one for word in words_of(text) for one in features_of(word)))


def guesses(model: Model, text: str) -> Sequence[Guess]:
    """The likeliest value of each target, however likely it is; none where no word is known."""
    known = [
        (word, [one for one in features_of(word) if one in model.rarity])
        for word in words_of(text)
        if len(word) >= SHORTEST_WORD
    ]
    size = math.sqrt(sum(model.rarity[one] ** 2 for one in {part for _, own in known for part in own}))
    if not size:
        return ()
    found = (_guess(model, target, known, size) for target in model.targets)
    return [one for one in found if one is not None]


def _guess(
    model: Model, target: Target, known: Sequence[tuple[str, Sequence[str]]], size: float
) -> Guess | None:
    weights = model.targets[target]
    scores = list(weights.start)
    counted: set[str] = set()
    spoken: list[tuple[str, list[float]]] = []
    for word, own in known:
        said = [0.0] * len(scores)
        for one in own:
            if one in counted or one not in weights.features:
                continue
            counted.add(one)
            loud = model.rarity[one] / size
            said = [before + loud * each for before, each in zip(said, weights.features[one], strict=True)]
        spoken.append((word, said))
        scores = [before + each for before, each in zip(scores, said, strict=True)]
    best = max(range(len(scores)), key=scores.__getitem__)
    reasons = tuple(_reasons(spoken, best))
    if not reasons or weights.values[best] == OTHER:
        return None
    return Guess(target, weights.values[best], _share(scores, best), reasons)


def as_known(model: Model, words: Sequence[str]) -> Sequence[str]:
    """Words as several people wrote them in tickets that were learned from; what is like none is left out.

    So what is kept and shown of a request holds no word that is its requester's alone.
    """
    found: dict[str, None] = {}
    for word in words:
        if _WORD + word in model.rarity:
            found[word] = None
            continue
        known = [one.removeprefix(_WORD) for one in model.rarity if one.startswith(_WORD)]
        like = process.extractOne(word, known, scorer=fuzz.ratio, score_cutoff=_LIKE)
        if like is not None:
            found[str(like[0])] = None
    return list(found)


def _reasons(spoken: Sequence[tuple[str, Sequence[float]]], best: int) -> Iterator[str]:
    ranked = sorted(spoken, key=lambda one: -one[1][best])
    loudest = ranked[0][1][best] if ranked else 0.0
    for word, said in ranked[:MOST_REASONS]:
        if said[best] > 0 and said[best] >= loudest / 4:
            yield word


def _share(scores: Sequence[float], best: int) -> float:
    """How likely the best of these is, as their exponentials share one."""
    return 1 / sum(math.exp(one - scores[best]) for one in scores)
