"""What a desk's rules make of something that happened: decided before anything is done, so that it ends."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from chatdesk.domain.conditions import ALWAYS, Condition, Facts, holds
from chatdesk.domain.lifecycle import WORKING, Status, may_become
from chatdesk.domain.steps import AUTO, NOBODY, Step, StepKind


class Happening(StrEnum):
    """What sets rules off."""

    CREATED = "created"
    UPDATED = "updated"
    """Its priority, category, service, team, assignee or tags."""
    STATUS = "status"
    MESSAGE = "message"
    """The requester wrote, after the request itself."""
    ANSWER = "answer"
    """The staff answered."""
    REOPENED = "reopened"
    ESCALATED = "escalated"
    OUTAGE = "outage"
    """The affected service went out of order."""
    DUE_SOON = "due_soon"
    """A warning of what is promised was told."""
    LATE = "late"
    """What was promised was not kept."""


class Since(StrEnum):
    """From when on a rule's time is counted."""

    CREATED = "created"
    STATUS = "status"
    """Since the ticket has had its status."""
    MESSAGE = "message"
    """Since the requester wrote last, while nobody has answered."""
    ANSWER = "answer"
    """Since the staff answered last, while the requester has not written."""
    DEADLINE = "deadline"


@dataclass(frozen=True, slots=True)
class Rule:
    """Set off by what happens, or a time ``after`` something. ``once``: for each ticket, for ever."""

    key: str
    steps: tuple[Step, ...]
    when: tuple[Happening, ...] = ()
    after: timedelta | None = None
    since: Since = Since.CREATED
    condition: Condition = ALWAYS
    unless: Condition | None = None
    once: bool = False


@dataclass(frozen=True, slots=True)
class RoutingRule:
    """Where a request goes, before its category and channel are asked. The first that holds counts."""

    key: str
    team: str
    condition: Condition = ALWAYS
    category: str | None = None


@dataclass(frozen=True, slots=True)
class Firing:
    """A rule that does something: those of its steps that change anything, with what they come to."""

    rule: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Planned:
    """``stopped``: rules that would have undone or repeated what followed from themselves."""

    firings: tuple[Firing, ...] = ()
    stopped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Wave:
    """What happened, and which of the firings brought it about (-1: none of them)."""

    happened: frozenset[Happening]
    by: int


def first_routing(rules: Sequence[RoutingRule], facts: Facts, now: datetime) -> RoutingRule | None:
    return next((rule for rule in rules if holds(rule.condition, facts, now)), None)


def applies(rule: Rule, facts: Facts, now: datetime) -> bool:
    if facts.status == Status.DRAFT or (rule.once and rule.key in facts.fired):
        return False
    return holds(rule.condition, facts, now) and not (rule.unless and holds(rule.unless, facts, now))


def plan(
    rules: Sequence[Rule],
    happened: Collection[Happening],
    facts: Facts,
    priorities: Sequence[str],
    now: datetime,
    due: str | None = None,
) -> Planned:
    """Which rules do what, in their order, and what follows from that. ``due``: a rule whose time has come.

    Each rule fires at most once, so this ends. ``priorities`` go from lowest to highest.
    """
    firings: list[Firing] = []
    fired: dict[str, int] = {}
    stopped: dict[str, None] = {}
    waves = deque([_Wave(frozenset(happened), -1)])
    while waves:
        wave = waves.popleft()
        for rule in rules:
            set_off = not wave.happened.isdisjoint(rule.when) or (wave.by < 0 and rule.key == due)
            if not set_off or fired.get(rule.key, -2) >= wave.by > -1 or not applies(rule, facts, now):
                continue
            steps, changed, caused = effect(rule.steps, facts, priorities)
            if not steps:
                continue
            if rule.key in fired:
                if caused:
                    stopped[rule.key] = None
                continue
            fired[rule.key] = len(firings)
            firings.append(Firing(rule.key, steps))
            facts = changed
            if caused:
                waves.append(_Wave(caused, fired[rule.key]))
    return Planned(tuple(firings), tuple(stopped))


def effect(
    steps: Sequence[Step], facts: Facts, priorities: Sequence[str]
) -> tuple[tuple[Step, ...], Facts, frozenset[Happening]]:
    """The steps that change something, the ticket after them, and what else happens by that."""
    taken: list[Step] = []
    caused: set[Happening] = set()
    for step in steps:
        for concrete, changed, happening in _step(step, facts, priorities):
            taken.append(concrete)
            if changed.status != facts.status:
                caused.add(Happening.STATUS)
            caused.update({happening} if happening else ())
            facts = changed
    return tuple(taken), facts, frozenset(caused)


_Effect = tuple[Step, Facts, Happening | None]


def _step(step: Step, facts: Facts, priorities: Sequence[str]) -> Iterator[_Effect]:
    """The step as it comes out for this ticket; nothing where it changes nothing or is not possible."""
    is_working = facts.status in WORKING
    match step.kind:
        case StepKind.NOTE | StepKind.REPLY | StepKind.NOTIFY | StepKind.WEBHOOK:
            yield step, facts, None
        case StepKind.TAG if step.value not in facts.tags:
            yield step, replace(facts, tags=(*facts.tags, step.value)), Happening.UPDATED
        case StepKind.UNTAG if step.value in facts.tags:
            kept = tuple(tag for tag in facts.tags if tag != step.value)
            yield step, replace(facts, tags=kept), Happening.UPDATED
        case StepKind.CLOSE if is_working or facts.status == Status.RESOLVED:
            yield step, replace(facts, status=Status.CLOSED), None
        case StepKind.RESOLVE if may_become(Status(facts.status), Status.RESOLVED):
            yield step, replace(facts, status=Status.RESOLVED), None
        case StepKind.STATUS if may_become(Status(facts.status), Status(step.value)):
            yield step, replace(facts, status=step.value), None
        case _ if is_working:
            yield from _while_working(step, facts, priorities)


def _while_working(step: Step, facts: Facts, priorities: Sequence[str]) -> Iterator[_Effect]:
    opened = Status.OPEN if facts.status == Status.NEW else facts.status
    match step.kind:
        case StepKind.PRIORITY | StepKind.AT_LEAST | StepKind.RAISE:
            wanted = _priority(step, facts.priority, priorities)
            if wanted != facts.priority:
                concrete = Step(StepKind.PRIORITY, wanted)
                yield concrete, replace(facts, priority=wanted), Happening.UPDATED
        case StepKind.CATEGORY if step.value != facts.category:
            yield step, replace(facts, category=step.value), Happening.UPDATED
        case StepKind.TEAM if step.value != facts.team:
            moved = replace(facts, team=step.value, assigned=False, assignee=frozenset())
            yield step, moved, Happening.UPDATED
        case StepKind.ASSIGN if step.value == NOBODY and facts.assigned:
            yield step, replace(facts, assigned=False, assignee=frozenset()), Happening.UPDATED
        case StepKind.ASSIGN if _is_somebody_else(step.value, facts):
            given = replace(facts, assigned=True, assignee=frozenset({step.value}), status=opened)
            yield step, given, Happening.UPDATED
        case StepKind.ESCALATE if not facts.escalated:
            yield step, replace(facts, escalated=True, status=opened), Happening.ESCALATED


def _is_somebody_else(wanted: str, facts: Facts) -> bool:
    """A person takes a ticket over from another; whose turn it is gets one that nobody has."""
    if wanted == AUTO:
        return not facts.assigned
    return wanted != NOBODY and wanted not in facts.assignee


def _priority(step: Step, now: str, priorities: Sequence[str]) -> str:
    """The priority that a step comes to. One that is not known ranks lowest."""
    rank = priorities.index(now) if now in priorities else 0
    match step.kind:
        case StepKind.RAISE:
            return priorities[min(rank + int(step.value), len(priorities) - 1)]
        case StepKind.AT_LEAST:
            return step.value if priorities.index(step.value) > rank else now
    return step.value
