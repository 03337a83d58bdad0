"""A linear model of each target, fitted to tickets, with confidences that mean what they say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from chatdesk.domain.classifier import NO_MODEL, OTHER, Guess, Model, Target, Weights, features, guesses
from chatdesk.domain.triage_measures import (
    FEWEST_OF_A_VALUE,
    FEWEST_TICKETS,
    Example,
    Measured,
    measured,
    not_measured,
)
from chatdesk.errors import ChatdeskError

HELD_OUT = 0.2
"""The share of tickets, the newest, that a model is measured with."""
MOST_FEATURES = 4000
RAREST = 3
"""Tickets of at least two people that a feature has to stand in: no name of one person is learned."""
_FOLDS = 3
_SOFTEST, _HARDEST = 0.05, 3.0
_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Trained:
    """``model`` is fitted to all tickets; what it was measured at, on those held out from an earlier one."""

    model: Model
    measured: tuple[Measured, ...]
    held_out: int


def trained(examples: Sequence[Example], threshold: float, default_priority: str) -> Trained:
    """Learn from tickets, oldest first. Raises ChatdeskError where scikit-learn is missing."""
    if find_spec("sklearn") is None:
        raise ChatdeskError("training needs scikit-learn: pip install 'chatdesk[triage]'")
    from threadpoolctl import threadpool_limits

    # One thread: what is multiplied is small, and waiting for each other costs threads more than they save.
    with threadpool_limits(limits=1):
        return _trained(examples, threshold, default_priority)


def _trained(examples: Sequence[Example], threshold: float, default_priority: str) -> Trained:
    newest = round(len(examples) * HELD_OUT)
    older, held_out = examples[: len(examples) - newest], examples[len(examples) - newest :]
    earlier = _fitted(older, list(Target)) if len(examples) >= FEWEST_TICKETS else NO_MODEL
    anyway = {Target.PRIORITY: default_priority}
    found = tuple(
        _measured(earlier, target, older, held_out, threshold, anyway.get(target)) for target in Target
    )
    wanted = [one.target for one in found if not one.refused]
    return Trained(_fitted(examples, wanted) if wanted else NO_MODEL, found, len(held_out))


def _measured(
    model: Model,
    target: Target,
    older: Sequence[Example],
    held_out: Sequence[Example],
    threshold: float,
    unsaid: str | None,
) -> Measured:
    labelled = sum(one.value(target) is not None for one in older)
    if target not in model.targets:
        return not_measured(target, labelled, _too_few(target, older))

    def guessed(text: str) -> Guess | None:
        return next((one for one in guesses(model, text, threshold) if one.target is target), None)

    return measured(target, labelled, held_out, guessed, unsaid)


def _too_few(target: Target, examples: Sequence[Example]) -> str:
    """Why nothing is learned from these, which are not held out."""
    labelled = [value for one in examples if (value := one.value(target)) is not None]
    often = sum(times >= FEWEST_OF_A_VALUE for times in Counter(labelled).values())
    if len(labelled) < FEWEST_TICKETS:
        return f"{len(labelled)} of the older tickets have one, and {FEWEST_TICKETS} are the fewest"
    return f"{often} of its values are on {FEWEST_OF_A_VALUE} older tickets or more, and two are the fewest"


def _fitted(examples: Sequence[Example], targets: Sequence[Target]) -> Model:
    """Targets with too few tickets, or with one value, are left out."""
    from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer

    shared = _shared_features(examples)
    if not shared:
        return NO_MODEL
    counter = CountVectorizer(analyzer=features, vocabulary=shared, binary=True)
    weigher = TfidfTransformer()
    rows = weigher.fit_transform(counter.transform(one.text for one in examples))
    weights = {}
    for target in targets:
        labels = _labels([one.value(target) for one in examples])
        if labels is not None:
            kept = [at for at, label in enumerate(labels) if label is not None]
            weights[target] = _weights(rows[kept], [str(labels[at]) for at in kept], shared)
    rarity = {one: round(float(value), _DIGITS) for one, value in zip(shared, weigher.idf_, strict=True)}
    return Model(rarity, weights)


def _shared_features(examples: Sequence[Example]) -> Sequence[str]:
    """Those that stand in enough tickets, of more than one person; the most frequent."""
    times = Counter[str]()
    people: dict[str, set[str]] = {}
    for one in examples:
        for feature in features(one.text):
            times[feature] += 1
            seen = people.setdefault(feature, set())
            if len(seen) < 2:
                seen.add(one.requester)
    enough = [one for one, count in times.most_common() if count >= RAREST and len(people[one]) > 1]
    return sorted(enough[:MOST_FEATURES])


def _labels(values: Sequence[str | None]) -> Sequence[str | None] | None:
    """Values that few tickets have as one, OTHER; None where there is not enough to learn from."""
    often = {
        value for value, times in Counter(values).items() if value is not None and times >= FEWEST_OF_A_VALUE
    }
    if len(often) < 2 or sum(value is not None for value in values) < FEWEST_TICKETS:
        return None
    labels = [value if value is None or value in often else OTHER for value in values]
    rest = labels.count(OTHER)
    return labels if rest >= _FOLDS else [None if one == OTHER else one for one in labels]


def _weights(rows: Any, labels: Sequence[str], names: Sequence[str]) -> Weights:
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import cross_val_predict

    def learner() -> Any:
        return LogisticRegression(C=10.0, max_iter=1000)

    scores = cross_val_predict(learner(), rows, labels, cv=_FOLDS, method="decision_function")
    fitted = learner().fit(rows, labels)
    hardness = _hardness(_columns(scores), labels, list(fitted.classes_))
    columns = _columns(fitted.coef_.T) * hardness
    start = _columns(fitted.intercept_.reshape(1, -1))[0] * hardness
    return Weights(
        values=tuple(str(one) for one in fitted.classes_),
        start=tuple(round(float(one), _DIGITS) for one in start),
        features={
            name: tuple(round(float(one), _DIGITS) for one in row)
            for name, row in zip(names, columns, strict=True)
            if abs(row).max() >= 10**-_DIGITS
        },
    )


def _columns(scores: Any) -> Any:
    """Of two values scikit-learn scores the second alone; here each has its own."""
    import numpy

    both = scores.reshape(len(scores), -1)
    return numpy.hstack([-both / 2, both / 2]) if both.shape[1] == 1 else both


def _hardness(scores: Any, labels: Sequence[str], values: Sequence[str]) -> float:
    """What scores are multiplied by, so that of what is 80 % sure on tickets not seen 80 % are right."""
    import numpy

    right = scores[range(len(labels)), [values.index(one) for one in labels]]

    def loss(hardness: float) -> float:
        hard = scores * hardness
        top = hard.max(axis=1, keepdims=True)
        return float(numpy.mean(numpy.log(numpy.exp(hard - top).sum(axis=1)) + top[:, 0] - right * hardness))

    return float(min(numpy.geomspace(_SOFTEST, _HARDEST, 60), key=loss))
