"""What one ticket adds to the numbers of a period. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from chatdesk.domain.life import Life
from chatdesk.domain.lifecycle import WORKING, Status
from chatdesk.domain.metrics import Case, Period
from chatdesk.domain.sla import Clock, State
from chatdesk.domain.sla_policy import Measure


@dataclass(frozen=True, slots=True)
class Span:
    """A time in seconds, by the clock on the wall and of the office."""

    wall: float
    business: float


@dataclass(frozen=True, slots=True)
class Solved:
    """A ticket that was resolved in the period, until it was for the last time in it."""

    at: datetime
    took: Span
    spent: tuple[tuple[Status, Span], ...]
    """How long in each status, of those that it was in."""
    at_once: bool
    """With one answer at most, and for good."""
    in_vain: bool
    """It was reopened afterwards."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Whatever is None or empty did not happen in the period."""

    began_at: datetime | None = None
    deflected: bool = False
    age: Span | None = None
    """Of one that is still worked on at the end."""
    first_response: Span | None = None
    solved: Solved | None = None
    kept: tuple[tuple[Measure, bool], ...] = ()
    """Promises that were decided."""
    score: int | None = None
    answered: bool | None = None
    """Whether somebody who was asked for a rating gave one."""


def measured(case: Case, period: Period) -> Measured:
    """What a ticket, or a draft that an article ended, adds."""
    life = case.life
    if life.began_at is None:
        return Measured(deflected=life.deflected_at in period)
    answered_at = life.first_response_at
    return Measured(
        began_at=life.began_at if life.began_at in period else None,
        age=_span(case, life.began_at, period.end) if _is_worked_on(life, period.end) else None,
        first_response=_span(case, life.began_at, answered_at)
        if answered_at is not None and answered_at in period
        else None,
        solved=_solved(case, life.began_at, period),
        kept=tuple(_decided(case, period)),
        score=case.score if case.rated_at in period else None,
        answered=case.score is not None if case.asked_at in period else None,
    )


def _span(case: Case, start: datetime, end: datetime) -> Span:
    return Span((end - start).total_seconds(), case.business(start, end))


def _is_worked_on(life: Life, moment: datetime) -> bool:
    return any(
        spell.status in WORKING and spell.start < moment and (spell.end is None or spell.end >= moment)
        for spell in life.spells
    )


def _solved(case: Case, began_at: datetime, period: Period) -> Solved | None:
    times = [at for at in case.life.resolved_at if at in period]
    if not times:
        return None
    first, last = times[0], times[-1]
    return Solved(
        at=last,
        took=_span(case, began_at, last),
        spent=tuple(_spent(case, last)),
        at_once=sum(at <= last for at in case.life.answers) <= 1 and not case.life.reopened_at,
        in_vain=any(at >= first for at in case.life.reopened_at),
    )


def _spent(case: Case, until: datetime) -> Iterator[tuple[Status, Span]]:
    found: dict[Status, Span] = {}
    for spell in case.life.spells:
        end = min(spell.end or until, until)
        if spell.status in WORKING and spell.start < end:
            more, before = _span(case, spell.start, end), found.get(spell.status, Span(0, 0))
            found[spell.status] = Span(before.wall + more.wall, before.business + more.business)
    yield from found.items()


def _decided(case: Case, period: Period) -> Iterator[tuple[Measure, bool]]:
    for clock in case.clocks:
        if clock.target is not None and _decided_at(clock) in period:
            yield clock.measure, clock.breached_at is None


def _decided_at(clock: Clock) -> datetime | None:
    """When it was late, else when it ended."""
    return clock.breached_at or (clock.ended_at if clock.state is State.ENDED else None)
