"""A period's numbers from its tickets, in one pass: all together, of each group, and by date. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from chatdesk.domain.lifecycle import WORKING
from chatdesk.domain.measured import Measured, measured
from chatdesk.domain.metrics import By, Case, Day, Figures, Period
from chatdesk.domain.tally import Tally

_ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Reckoned:
    """``groups`` are told by their keys: dates oldest first, others with the largest volume first."""

    total: Figures
    groups: tuple[tuple[str, Figures], ...]
    days: tuple[Day, ...]


def reckon(cases: Iterable[Case], period: Period, zone: ZoneInfo, by: By | None = None) -> Reckoned:
    """``zone`` is the clock by which days begin."""
    total, dates = Tally(), _Dates(zone)
    groups: defaultdict[str, Tally] = defaultdict(Tally)
    slices = _Slices(list(_slices(period, by, zone)), zone) if by is not None and by.is_time else None
    for case in cases:
        one = measured(case, period)
        total.add(one)
        dates.add(one)
        if slices is not None:
            slices.add(case)
        elif by is not None and (group := case.group(by)) is not None:
            groups[group].add(one)
    parts = slices.figures() if slices is not None else _busiest_first(groups)
    return Reckoned(total.figures(), tuple(parts), tuple(dates.days(period)))


def _busiest_first(groups: defaultdict[str, Tally]) -> Iterator[tuple[str, Figures]]:
    """Those in which anything is not nought."""
    reckoned = ((name, tally.figures()) for name, tally in groups.items())
    busy = [(name, found) for name, found in reckoned if any(one.of for one in found)]
    yield from sorted(busy, key=lambda item: (-(item[1][0].value or 0), item[0]))


class _Slices:
    """The days or weeks of a period, each with its own numbers."""

    def __init__(self, periods: Sequence[Period], zone: ZoneInfo) -> None:
        self._periods = periods
        self._starts = [one.start for one in periods]
        self._zone = zone
        self._tallies = [Tally() for _ in periods]

    def add(self, case: Case) -> None:
        """To those alone that it can say anything about."""
        first = case.life.began_at or case.life.deflected_at
        if first is None:
            return
        begin = max(bisect_right(self._starts, first) - 1, 0)
        for at in range(begin, bisect_right(self._starts, _last_of(case, self._periods[-1].end))):
            self._tallies[at].add(measured(case, self._periods[at]))

    def figures(self) -> Iterator[tuple[str, Figures]]:
        for period, tally in zip(self._periods, self._tallies, strict=True):
            yield period.start.astimezone(self._zone).date().isoformat(), tally.figures()


def _last_of(case: Case, end: datetime) -> datetime:
    """When the last happened to it that counts; one that is worked on counts until the end."""
    spells = case.life.spells
    if spells and spells[-1].status in WORKING:
        return end
    happened = (case.life.deflected_at, case.life.first_response_at, case.rated_at, case.asked_at)
    return max((*(spell.start for spell in spells), *(at for at in happened if at is not None)))


def _slices(period: Period, by: By | None, zone: ZoneInfo) -> Iterator[Period]:
    """By a local clock; weeks begin on Monday. The first and the last may be cut short."""
    start = period.start
    while start < period.end:
        today = start.astimezone(zone).date()
        days = 7 - today.weekday() if by is By.WEEK else 1
        end = min(_midnight(today + timedelta(days=days), zone), period.end)
        yield Period(start, end)
        start = end


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


class _Dates:
    """What began and was resolved on each date; the latter when it was for the last time."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._began: Counter[date] = Counter()
        self._ended: Counter[date] = Counter()

    def add(self, one: Measured) -> None:
        if one.began_at is not None:
            self._began[one.began_at.astimezone(self._zone).date()] += 1
        if one.solved is not None:
            self._ended[one.solved.at.astimezone(self._zone).date()] += 1

    def days(self, period: Period) -> Iterator[Day]:
        first = period.start.astimezone(self._zone).date()
        last = period.end.astimezone(self._zone).date()
        for count in range((last - first).days + 1):
            day = first + _ONE * count
            yield Day(day, self._began[day], self._ended[day])
