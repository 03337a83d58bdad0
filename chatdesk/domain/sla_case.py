"""A ticket's history as stretches of time, each with the promises that were open in it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chatdesk.contract.vocabulary import AudienceKind, Side
from chatdesk.domain.lifecycle import WORKING, Status
from chatdesk.domain.references import ChannelReference
from chatdesk.domain.sla_policy import Measure
from chatdesk.domain.ticket import HistoryEntry

Running = tuple[tuple[Measure, int], ...]
"""The clocks that stand or run, each with its cycle."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What may change about a ticket and decides what is promised and whether it is counted."""

    status: Status
    priority: str
    team: str | None
    category: str | None


class Wrote(StrEnum):
    CUSTOMER = "customer"
    DESK = "desk"


@dataclass(frozen=True, slots=True)
class Step:
    """What the ticket is from a moment on, and who spoke to whom then, if somebody did."""

    at: datetime
    facts: Facts
    wrote: Wrote | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """``steps`` come oldest first; with the first one the clocks start."""

    steps: tuple[Step, ...]
    tier: str | None = None
    channels: frozenset[ChannelReference] = frozenset()


@dataclass(frozen=True, slots=True)
class Stretch:
    """Time in which nothing changed. ``last``: it goes on, and ``end`` is now."""

    start: datetime
    end: datetime
    facts: Facts
    running: Running
    last: bool


@dataclass(slots=True)
class _Promises:
    """Which promises are open while the steps are gone through."""

    first: bool = True
    next: bool = False
    cycle: int = 0
    asked: bool = False
    """The customer wrote last, though the ticket was not worked on then."""

    def take(self, step: Step) -> None:
        works = step.facts.status in WORKING
        if step.wrote is Wrote.DESK:
            self.first = self.next = self.asked = False
        elif step.wrote is Wrote.CUSTOMER:
            self.asked = True
        if not works:
            self.first = self.next = False
            self.asked = step.wrote is Wrote.CUSTOMER
        elif self.asked and not self.first and not self.next:
            self.next, self.cycle, self.asked = True, self.cycle + 1, False

    def running(self, status: Status) -> Running:
        if status not in WORKING:
            return ()
        found: list[tuple[Measure, int]] = [(Measure.RESOLUTION, 1)]
        if self.first:
            found.insert(0, (Measure.FIRST_RESPONSE, 1))
        if self.next:
            found.append((Measure.NEXT_RESPONSE, self.cycle))
        return tuple(found)


def stretches(case: Case, now: datetime) -> list[Stretch]:
    """The ticket's time from its first step to ``now``."""
    found: list[Stretch] = []
    promises = _Promises()
    for index, step in enumerate(case.steps):
        promises.take(step)
        last = index == len(case.steps) - 1
        end = max(now, step.at) if last else case.steps[index + 1].at
        found.append(Stretch(step.at, end, step.facts, promises.running(step.facts.status), last))
    return found


def case_of(
    history: Iterable[HistoryEntry],
    tier: str | None,
    channels: frozenset[ChannelReference],
    begins: datetime | None = None,
) -> Case | None:
    """What a ticket's history says of it; None while it is a draft.

    ``begins``: nothing was promised before, because others worked on it then.
    """
    facts: Facts | None = None
    steps: list[Step] = []
    for entry in history:
        values = dict(entry.data)
        said = datetime.fromisoformat(values["said"]) if "said" in values else entry.at
        # A clock that stepped back does not make time count twice.
        at = max(said, steps[-1].at) if steps else entry.at
        if entry.kind == "created":
            facts = Facts(Status.NEW, values.get("priority", ""), values.get("team"), values.get("category"))
            steps = [Step(at, facts)]
        elif facts is not None:
            changed = _changed(facts, entry.kind, values)
            wrote = who_wrote(entry.kind, values)
            was_draft = entry.kind == "submitted" or values.get("before") == Status.DRAFT
            if was_draft:
                steps.clear()
            if changed != facts or wrote is not None or was_draft:
                facts = changed
                steps.append(Step(at, facts, wrote))
    if begins is not None:
        steps = _since(steps, begins)
    return Case(tuple(steps), tier, channels) if steps else None


def _since(steps: list[Step], begins: datetime) -> list[Step]:
    """The steps from a moment on, the first of which is what the ticket was by then."""
    before = [step for step in steps if step.at <= begins]
    return [*(replace(step, at=begins, wrote=None) for step in before[-1:]), *steps[len(before) :]]


def _changed(facts: Facts, kind: str, values: dict[str, str]) -> Facts:
    match kind:
        case "status":
            return replace(facts, status=Status(values["after"]))
        case "reopened":
            return replace(facts, status=Status.OPEN)
        case "submitted":
            return replace(facts, status=Status.NEW, team=values.get("team", facts.team))
        case "priority":
            return replace(facts, priority=values["after"])
        case "moved":
            return replace(facts, team=values["after"])
        case "category":
            return replace(facts, category=values["after"])
    return facts


def who_wrote(kind: str, values: dict[str, str]) -> Wrote | None:
    """Who spoke to the other side with an entry; what a rule says by itself answers nobody.

    The first response may be known only by its own entry.
    """
    if "rule" in values:
        return None
    if kind == "first_response":
        return Wrote.DESK
    if kind != "post" or values.get("audience") == AudienceKind.INTERNAL:
        return None
    if values.get("side") == Side.CUSTOMER and values.get("by") != Wrote.DESK:
        return Wrote.CUSTOMER
    return Wrote.DESK


MOVES_CLOCKS = frozenset(
    {"created", "submitted", "status", "reopened", "priority", "moved", "category", "post", "first_response"}
)
"""Kinds of history entries after which a limit may come at another time."""
