"""From the file's shape to what chatdesk does by itself."""

from __future__ import annotations

from collections.abc import Iterator

from chatdesk.configuration.file_automation import (
    ConditionFile,
    PriorityRuleFile,
    RoutingFile,
    RuleFile,
    StepsFile,
)
from chatdesk.domain.conditions import Condition
from chatdesk.domain.rules import Happening, RoutingRule, Rule, Since
from chatdesk.domain.steps import WITH_TEXT, Step, StepKind

_RAISES = (Happening.CREATED, Happening.UPDATED, Happening.MESSAGE, Happening.OUTAGE)
"""What a priority can change by."""


def steps(file: StepsFile) -> tuple[Step, ...]:
    """In the order in which they are done."""
    return tuple(step for kind in StepKind for step in _steps(kind, file))


def _steps(kind: StepKind, file: StepsFile) -> Iterator[Step]:
    given = getattr(file, "raise_" if kind is StepKind.RAISE else kind.value)
    if given is None:
        return
    for one in given if isinstance(given, list) else [given]:
        yield Step(kind, text=one) if kind in WITH_TEXT else Step(kind, str(one))


def condition(file: ConditionFile) -> Condition:
    values = {name: getattr(file, name) for name in ConditionFile.model_fields}
    listed = {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
    return Condition(
        **values
        | listed
        | {"channel": tuple(str(one) for one in file.channel), "fields": tuple(file.fields.items())}
    )


def rule(key: str, file: RuleFile) -> Rule:
    return Rule(
        key=key,
        steps=steps(file.then),
        when=tuple(file.when),
        after=file.after,
        since=file.since,
        condition=condition(file.if_),
        unless=condition(file.unless) if file.unless else None,
        once=file.once,
    )


def priority_rule(key: str, file: PriorityRuleFile) -> Rule:
    """Asked whenever a priority can change by it, and when a deadline comes near enough."""
    near = file.if_.due_within
    return Rule(
        key=key,
        steps=steps(StepsFile.model_validate({"raise": file.raise_, "at_least": file.at_least})),
        when=_RAISES,
        after=-near if near is not None else None,
        since=Since.DEADLINE if near is not None else Since.CREATED,
        condition=condition(file.if_),
        unless=condition(file.unless) if file.unless else None,
        once=True,
    )


def routing_rule(key: str, file: RoutingFile) -> RoutingRule:
    return RoutingRule(key, file.team, condition(file.if_), file.category)
