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

    @property
    def is_sound(self) -> bool:
        """Whether every value has a weight everywhere."""
        return all(
            len(one) == len(weights.values) > 0
            for weights in self.targets.values()
            for one in (weights.start, *weights.features.values())
        )


NO_MODEL = Model({}, {})
"""Guesses nothing."""


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


def guesses(model: Model, text: str, threshold: float) -> Sequence[Guess]:
    """For each target the value that is at least so likely, more than half; none where no word is known."""
    known = [(word, [one for one in features_of(word) if one in model.rarity]) for word in words_of(text)]
    size = math.sqrt(sum(model.rarity[one] ** 2 for one in {part for _, own in known for part in own}))
    if not size:
        return ()
    loud = {one: model.rarity[one] / size for _, own in known for one in own}
    found = (_guess(target, weights, known, loud, threshold) for target, weights in model.targets.items())
    return [one for one in found if one is not None]


def _guess(
    target: Target, weights: Weights, known: _Known, loud: Mapping[str, float], threshold: float
) -> Guess | None:
    spoken = list(_spoken(weights, known, loud))
    scores = [sum(each) for each in zip(weights.start, *(said for _, said in spoken), strict=True)]
    shares = _shares(scores)
    likely = _likely(weights.values, shares, threshold)
    if likely is None:
        return None
    value, members = likely
    confidence = sum(shares[at] for at in members)
    for_it = [(word, sum(said[at] * shares[at] for at in members)) for word, said in spoken]
    reasons = tuple(_reasons(for_it))
    return Guess(target, value, confidence, reasons) if reasons else None


_Known = Sequence[tuple[str, Sequence[str]]]
"""Words with those of their features that are known."""


def _spoken(
    weights: Weights, known: _Known, loud: Mapping[str, float]
) -> Iterator[tuple[str, Sequence[float]]]:
    """How much each word speaks for each value. What two words have in common speaks once."""
    counted: set[str] = set()
    for word, own in known:
        said = [0.0] * len(weights.values)
        for one in own:
            if one not in counted and one in weights.features:
                counted.add(one)
                volume = loud[one]
                said = [
                    before + volume * each for before, each in zip(said, weights.features[one], strict=True)
                ]
        yield word, said


def _shares(scores: Sequence[float]) -> Sequence[float]:
    """How likely each is, as their exponentials share one."""
    top = max(scores)
    exponentials = [math.exp(one - top) for one in scores]
    total = sum(exponentials)
    return [one / total for one in exponentials]


def _likely(
    values: Sequence[str], shares: Sequence[float], threshold: float
) -> tuple[str, Sequence[int]] | None:
    """The deepest value that is likely enough, with all that stand for it: itself and those below it."""
    members: dict[str, list[int]] = {}
    for at, value in enumerate(values):
        for above in _upwards(value):
            members.setdefault(above, []).append(at)
    enough = [value for value, own in members.items() if value and sum(shares[at] for at in own) >= threshold]
    if not enough:
        return None
    deepest = max(enough, key=lambda value: value.count("/"))
    return deepest, members[deepest]


def _upwards(value: str) -> Iterator[str]:
    """A category's path, and those of the ones that it is below: ``billing/refund``, ``billing``."""
    yield value
    while "/" in value:
        value = value.rpartition("/")[0]
        yield value


def is_at_or_below(value: str, guessed: str) -> bool:
    """Whether a guess was right of a ticket that was left as this value."""
    return guessed in _upwards(value)


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


def _reasons(for_it: Sequence[tuple[str, float]]) -> Iterator[str]:
    ranked = sorted(for_it, key=lambda one: -one[1])
    for word, said in ranked[:MOST_REASONS]:
        if said > 0 and said >= ranked[0][1] / 4:
            yield word
