"""Who is on call: by turns, by shifts of their own, or by word instead of both. Pure.

A rota is said in local time: a handover at nine is at nine on both sides of a change of clocks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from chatdesk.domain.calendar import Timetable
from chatdesk.domain.weekly import WEEKDAYS

LOOKS_AHEAD = timedelta(days=92)
"""How far ahead the next one is looked for."""

_WRITTEN = re.compile(r"(?:([a-z]{3,9})\s+)?(\d{1,2}):(\d{2})")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Handover:
    """When one takes over from another: ``minute`` counts from midnight. Without a weekday, on any day."""

    weekday: int | None = 0
    minute: int = 9 * 60

    def __str__(self) -> str:
        clock = f"{self.minute // 60}:{self.minute % 60:02}"
        return clock if self.weekday is None else f"{WEEKDAYS[self.weekday]} {clock}"


def read_handover(written: str) -> Handover | None:
    """``monday 9:00`` or ``9:00``; None for anything else."""
    found = _WRITTEN.fullmatch(" ".join(written.casefold().split()))
    if found is None:
        return None
    weekday = None
    if found[1] is not None:
        weekday = next((at for at, name in enumerate(WEEKDAYS) if name.startswith(found[1])), None)
        if weekday is None:
            return None
    hour, minute = int(found[2]), int(found[3])
    return None if hour > 23 or minute > 59 else Handover(weekday, hour * 60 + minute)


@dataclass(frozen=True, slots=True)
class Shift:
    """Somebody is on call from ``start`` until before ``end``; until further notice without one."""

    who: str
    start: datetime
    end: datetime | None = None

    def holds(self, when: datetime) -> bool:
        return self.start <= when and (self.end is None or when < self.end)


@dataclass(frozen=True, slots=True)
class Rota:
    """Who is on call for a team. People are written as ``desk.yaml`` does, or known by their ids.

    Of several shifts at once the first counts, and all of them before the turns of the rotation.
    """

    zone: str
    rotation: tuple[str, ...] = ()
    handover: Handover = Handover()
    every: int = 7
    """How many days a turn has."""
    first: date | None = None
    """The first of the rotation begins at the first handover of this day or after it."""
    last: date | None = None
    """The day with which the rotation ends."""
    hours: str | None = None
    """The calendar outside of whose hours nobody has a turn; shifts hold at any time."""
    shifts: tuple[Shift, ...] = ()


@dataclass(frozen=True, slots=True)
class Watch:
    """Time in which the same one is on call, or nobody is."""

    who: str | None
    start: datetime
    end: datetime


def on_call_at(rota: Rota, when: datetime, table: Timetable | None) -> str | None:
    """Who is on call at a moment. ``table``: the calendar that the rota names, worked out."""
    shift = next((one for one in rota.shifts if one.holds(when)), None)
    if shift is not None:
        return shift.who
    if table is not None and table.next_open(when) != when:
        return None
    turn = _turn_at(rota, when)
    return None if turn is None else rota.rotation[turn % len(rota.rotation)]


def order_at(rota: Rota, when: datetime, table: Timetable | None) -> tuple[str, ...]:
    """Who is on call, and then whose turns come next, each once. Nobody where nobody is on call."""
    now = on_call_at(rota, when, table)
    if now is None:
        return ()
    people = rota.rotation
    turn = _turn_at(rota, when) if people else None
    at = 0 if turn is None else turn % len(people) + 1
    return tuple(dict.fromkeys((now, *people[at:], *people[:at])))


def watches(rota: Rota, start: datetime, end: datetime, table: Timetable | None) -> Iterator[Watch]:
    """The time from ``start`` to ``end`` by who is on call, in order and without holes."""
    begin, who = start, on_call_at(rota, start, table)
    for moment in sorted(set(_changes(rota, start, end, table))):
        following = on_call_at(rota, moment, table)
        if following != who:
            yield Watch(who, begin, moment)
            begin, who = moment, following
    yield Watch(who, begin, end)


def now_and_next(rota: Rota, when: datetime, table: Timetable | None) -> tuple[Watch, Watch | None]:
    """Who is on call, and who is next; None where nobody is, as far as is looked ahead."""
    now, *ahead = watches(rota, when, when + LOOKS_AHEAD, table)
    return now, next((one for one in ahead if one.who is not None), None)


def _changes(rota: Rota, start: datetime, end: datetime, table: Timetable | None) -> Iterator[datetime]:
    """Every moment after ``start`` and before ``end`` at which somebody else may be on call."""
    bounds = [one for shift in rota.shifts for one in (shift.start, shift.end) if one is not None]
    over = _rotation_ends(rota)
    if over is not None:
        bounds.append(over)
    if table is not None:
        bounds += [bound for piece in table.pieces(start, end) for bound in piece]
    yield from (one for one in bounds if start < one < end)
    if not rota.rotation or rota.first is None or (over is not None and over <= start):
        return
    turn = _turn_at(rota, start) or 0
    while (moment := _begins(rota, turn)) < end:
        if start < moment:
            yield moment
        turn += 1


def _turn_at(rota: Rota, when: datetime) -> int | None:
    """The number of the turn that goes on, from 0; None before the first and after the last."""
    if not rota.rotation or rota.first is None:
        return None
    over = _rotation_ends(rota)
    if over is not None and when >= over:
        return None
    local = when.astimezone(ZoneInfo(rota.zone))
    turn = max((local.date() - rota.first).days // rota.every + 1, 0)
    while turn >= 0 and _begins(rota, turn) > when:
        turn -= 1
    return turn if turn >= 0 else None


def _begins(rota: Rota, turn: int) -> datetime:
    """When a turn begins. Where clocks skip that time, when they have gone on as much."""
    assert rota.first is not None
    weekday = rota.handover.weekday
    wait = 0 if weekday is None else (weekday - rota.first.weekday()) % 7
    return _moment(rota, rota.first + (wait + turn * rota.every) * _DAY, rota.handover.minute)


def _rotation_ends(rota: Rota) -> datetime | None:
    return None if rota.last is None else _moment(rota, rota.last + _DAY, 0)


def _moment(rota: Rota, day: date, minute: int) -> datetime:
    clock = time(minute // 60, minute % 60)
    return datetime.combine(day, clock, ZoneInfo(rota.zone)).astimezone(UTC)
