"""When work is done, and arithmetic in that time. Pure.

A calendar says it in local time. A moment is open when the local clock then shows a time within the weekday's
hours and the date is no holiday. So hours over a change of clocks are as long as they really last: what the
clock skips counts nothing, what it shows twice counts twice.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

MINUTES_OF_A_DAY = 24 * 60
YEARS_AHEAD = 12
"""How far ahead time is looked for before a calendar counts as never open."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Hours:
    """From ``start`` until before ``end``, in minutes since local midnight; 1440 is 24:00."""

    start: int
    end: int

    def __str__(self) -> str:
        return f"{self.start // 60:02}:{self.start % 60:02}-{self.end // 60:02}:{self.end % 60:02}"


@dataclass(frozen=True, slots=True)
class Calendar:
    """``week`` has seven days, Monday first. ``regions`` are such as ``DE`` and ``DE-BY``."""

    key: str
    name: str
    zone: str
    week: tuple[tuple[Hours, ...], ...]
    regions: tuple[str, ...] = ()
    dates: tuple[date, ...] = ()
    """Holidays of one's own."""

    @property
    def working_day(self) -> timedelta:
        """As long as the week's longest day."""
        return timedelta(minutes=max(sum(each.end - each.start for each in day) for day in self.week))

    def holiday(self, day: date) -> str | None:
        """What a date is a holiday for, if it is one."""
        for region in self.regions:
            if found := _holidays(region, day.year).get(day):
                return found
        return "a holiday" if day in self.dates else None

    def hours_of(self, day: date) -> tuple[Hours, ...]:
        """When work is done on a date."""
        hours = self.week[day.weekday()]
        return () if hours and self.holiday(day) else hours


ALWAYS = Calendar("always", "around the clock", "UTC", ((Hours(0, MINUTES_OF_A_DAY),),) * 7)


@dataclass(frozen=True, slots=True)
class _Year:
    """A year in UTC: when each open stretch starts and ends, and how long the year was open before it.

    All in microseconds, stretches since 1970.
    """

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    before: tuple[int, ...]
    total: int

    def open_until(self, moment: int) -> int:
        """How much of the year was open until a moment of it."""
        at = bisect_right(self.starts, moment) - 1
        return 0 if at < 0 else self.before[at] + min(moment, self.ends[at]) - self.starts[at]

    def when_open_for(self, amount: int) -> int:
        """The earliest moment until which the year was open for so long; at most ``total``, more than 0."""
        at = bisect_right(self.before, amount - 1) - 1
        return self.starts[at] + amount - self.before[at]


@dataclass(slots=True)
class Timetable:
    """A calendar worked out, a year at a time and only those years that somebody asked for."""

    calendar: Calendar
    _zone: ZoneInfo
    _years: dict[int, _Year] = field(default_factory=dict)

    def open_between(self, start: datetime, end: datetime) -> timedelta:
        """How much of the time from ``start`` to ``end`` is open. Nothing where the end comes first."""
        start, end = start.astimezone(UTC), end.astimezone(UTC)
        if end <= start:
            return timedelta()
        count = self._year(end.year).open_until(_ticks(end)) - self._year(start.year).open_until(
            _ticks(start)
        )
        for year in range(start.year, end.year):
            count += self._year(year).total
        return timedelta(microseconds=count)

    def after(self, start: datetime, amount: timedelta) -> datetime | None:
        """The earliest moment until which so much was open since ``start``; None if there is none soon."""
        start = start.astimezone(UTC)
        if amount <= timedelta():
            return start
        left = amount // _TICK + self._year(start.year).open_until(_ticks(start))
        for year in range(start.year, start.year + YEARS_AHEAD):
            known = self._year(year)
            if left <= known.total:
                return _moment(known.when_open_for(left))
            left -= known.total
        return None

    def next_open(self, when: datetime) -> datetime | None:
        """This moment if it is open, else the next that is."""
        when = when.astimezone(UTC)
        moment = _ticks(when)
        for year in range(when.year, when.year + YEARS_AHEAD):
            known = self._year(year)
            at = max(bisect_right(known.starts, moment) - 1, 0)
            for start, end in zip(known.starts[at:], known.ends[at:], strict=True):
                if moment < end:
                    return _moment(max(start, moment))
        return None

    def pieces(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The open stretches between two moments, oldest first."""
        first, last = _ticks(start), _ticks(end)
        held: tuple[int, int] | None = None
        for year in range(start.astimezone(UTC).year, end.astimezone(UTC).year + 1):
            known = self._year(year)
            for opens, closes in zip(known.starts, known.ends, strict=True):
                begin, finish = max(opens, first), min(closes, last)
                if begin >= finish:
                    continue
                if held is not None and held[1] == begin:
                    held = (held[0], finish)
                    continue
                if held is not None:
                    yield _moment(held[0]), _moment(held[1])
                held = (begin, finish)
        if held is not None:
            yield _moment(held[0]), _moment(held[1])

    def local(self, when: datetime) -> datetime:
        """The moment as a clock in the calendar's zone shows it."""
        return when.astimezone(self._zone)

    def _year(self, year: int) -> _Year:
        known = self._years.get(year)
        if known is None:
            known = self._years[year] = _worked_out(self.calendar, self._zone, year)
        return known


@lru_cache(maxsize=256)
def timetable(calendar: Calendar) -> Timetable:
    """Cached by the calendar itself: working out a year takes as long as thousands of answers."""
    return Timetable(calendar, ZoneInfo(calendar.zone))


def business_time(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """How much of the time from ``start`` to ``end`` is open in a calendar."""
    return timetable(calendar).open_between(start, end)


def after(calendar: Calendar, start: datetime, amount: timedelta) -> datetime | None:
    """The earliest moment until which so much time was open in a calendar since ``start``."""
    return timetable(calendar).after(start, amount)


def knows_region(region: str) -> bool:
    """Whether there are holidays by this name, such as ``DE`` or ``US-CA``."""
    try:
        _holidays(region, 2024)
    except NotImplementedError:
        return False
    return True


@lru_cache(maxsize=1024)
def _holidays(region: str, year: int) -> Mapping[date, str]:
    country, _, part = region.partition("-")
    found = holidays.country_holidays(country, subdiv=part or None, years=year, language="en_US")
    return dict(found.items())


def _ticks(when: datetime) -> int:
    return (when - _EPOCH) // _TICK


def _moment(ticks: int) -> datetime:
    return _EPOCH + timedelta(microseconds=ticks)


def _worked_out(calendar: Calendar, zone: ZoneInfo, year: int) -> _Year:
    starts: list[int] = []
    ends: list[int] = []
    for begin, finish in _open_stretches(calendar, zone, year):
        if ends and ends[-1] == begin:
            ends[-1] = finish
        else:
            starts.append(begin)
            ends.append(finish)
    before, total = [], 0
    for begin, finish in zip(starts, ends, strict=True):
        before.append(total)
        total += finish - begin
    return _Year(tuple(starts), tuple(ends), tuple(before), total)


def _open_stretches(calendar: Calendar, zone: ZoneInfo, year: int) -> Iterator[tuple[int, int]]:
    """In order. Each stretch of one offset from UTC is looked at by itself, so that clocks may change."""
    new_year, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    for begin, finish, offset in _offsets(zone, new_year, end):
        first, last = begin.replace(tzinfo=None) + offset, finish.replace(tzinfo=None) + offset
        midnight = datetime(first.year, first.month, first.day)  # noqa: DTZ001 - a local clock, without its zone
        while midnight < last:
            for hours in calendar.hours_of(midnight.date()):
                opens = max(midnight + timedelta(minutes=hours.start), first)
                closes = min(midnight + timedelta(minutes=hours.end), last)
                if opens < closes:
                    yield (
                        _ticks((opens - offset).replace(tzinfo=UTC)),
                        _ticks((closes - offset).replace(tzinfo=UTC)),
                    )
            midnight += _DAY


def _offsets(
    zone: ZoneInfo, first: datetime, last: datetime
) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """The time from ``first`` to ``last`` in stretches that have one offset from UTC each."""
    begin, offset = first, _offset(zone, first)
    here = first
    while here < last:
        following = min(here + _DAY, last)
        if _offset(zone, following) == offset:
            here = following
            continue
        here = _change(zone, here, following)
        yield begin, here, offset
        begin, offset = here, _offset(zone, here)
    if begin < last:
        yield begin, last, offset


def _change(zone: ZoneInfo, before: datetime, behind: datetime) -> datetime:
    """The second in which the offset changes, between a moment that has the old one and one that has not."""
    old = _offset(zone, before)
    span = int((behind - before).total_seconds())
    low, high = 0, span
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(zone, before + timedelta(seconds=middle)) == old:
            low = middle
        else:
            high = middle
    return before + timedelta(seconds=high)


def _offset(zone: ZoneInfo, when: datetime) -> timedelta:
    return when.astimezone(zone).utcoffset() or timedelta()
