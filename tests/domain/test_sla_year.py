"""A year of tickets against an oracle that counts minutes.

The oracle knows nothing of the code: it looks at a local clock minute by minute, once for each calendar, and
goes through each ticket's events with counters of its own. ``-m year`` takes 100,000 tickets.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

import pytest

from chatdesk.domain.calendar import ALWAYS, Calendar, Hours
from chatdesk.domain.lifecycle import WORKING, Status
from chatdesk.domain.sla import Book, Clock, State, clocks
from chatdesk.domain.sla_case import Case, Facts, Step, Wrote
from chatdesk.domain.sla_policy import Amount, Measure, Policy, Targets

YEAR = datetime(2026, 1, 1, tzinfo=UTC)
MINUTES = (365 + 60) * 1440
"""The year, and some time after it for what is due later."""

LUNCH = (Hours(9 * 60, 12 * 60 + 30), Hours(13 * 60 + 30, 18 * 60))
LONG = (Hours(0, 60), Hours(8 * 60, 1440))
CALENDARS = (
    Calendar("zurich", "Zurich", "Europe/Zurich", (LUNCH,) * 4 + ((Hours(540, 900),), (), ()), ("CH-ZH",)),
    Calendar("york", "New York", "America/New_York", (LONG,) * 7, (), (date(2026, 7, 4), date(2026, 12, 25))),
    Calendar("sydney", "Sydney", "Australia/Sydney", ((),) + (LUNCH,) * 6),
)
PRIORITIES = ("low", "normal", "high", "urgent")
TEAMS = ("zurich", "york", "sydney", "night")


def _targets(scale: int) -> tuple[tuple[str, Targets], ...]:
    """In minutes; the lowest priority is promised no next response."""

    def amount(minutes: int) -> Amount:
        return Amount(time=timedelta(minutes=minutes * scale))

    return tuple(
        (key, Targets(amount(first), amount(first) if key != "low" else None, amount(resolution)))
        for key, first, resolution in zip(PRIORITIES, (720, 120, 60, 15), (2400, 1440, 480, 240), strict=True)
    )


POLICIES = (
    Policy("vip", "VIP", _targets(1), tiers=("vip",), pause_in=()),
    Policy(
        "money", "Money", _targets(2), categories=("billing",), calendar="york", pause_in=(Status.ON_HOLD,)
    ),
    *(Policy(key, key, _targets(2), teams=(key,), calendar=key) for key in ("zurich", "york", "sydney")),
    Policy("rest", "Rest", _targets(3), priorities=("high", "urgent")),
)
BOOK = Book(POLICIES, CALENDARS)


@dataclass(frozen=True, slots=True)
class Agent:
    name: str
    team: str


AGENTS = tuple(Agent(f"agent {number}", TEAMS[number % len(TEAMS)]) for number in range(40))


# The tickets: what happened to each, in whole minutes since the year began.


def a_ticket(chance: random.Random) -> tuple[list[tuple[int, Facts, Wrote | None]], str | None, int]:
    """What happened, the requester's tier, and when it is looked at."""
    minute = chance.randrange(360 * 1440)
    agent = chance.choice(AGENTS)
    facts = Facts(
        Status.NEW, chance.choice(PRIORITIES), agent.team, chance.choice((None, "billing/refund", "product"))
    )
    events: list[tuple[int, Facts, Wrote | None]] = [(minute, facts, Wrote.CUSTOMER)]
    for _ in range(chance.randrange(9)):
        minute += int(chance.expovariate(1 / chance.choice((1, 30, 400, 2000))))
        facts, wrote = _next(chance, facts)
        events.append((minute, facts, wrote))
    return events, chance.choice(("vip", None, None, None)), minute + chance.randrange(6000)


def _next(chance: random.Random, facts: Facts) -> tuple[Facts, Wrote | None]:
    if facts.status not in WORKING:
        return (
            (replace(facts, status=Status.OPEN), None) if chance.random() < 0.5 else (facts, Wrote.CUSTOMER)
        )
    match chance.randrange(8):
        case 0 | 1:
            return replace(facts, status=Status.OPEN), Wrote.DESK
        case 2:
            status = Status.OPEN if facts.status is Status.PENDING else facts.status
            return replace(facts, status=status), Wrote.CUSTOMER
        case 3:
            return replace(facts, status=chance.choice((Status.PENDING, Status.ON_HOLD, Status.OPEN))), None
        case 4:
            return replace(facts, priority=chance.choice(PRIORITIES)), None
        case 5:
            return replace(facts, team=chance.choice(AGENTS).team), None
        case 6:
            return replace(facts, category="billing"), None
        case _:
            return replace(facts, status=Status.RESOLVED), None


# The oracle.


def _open_minutes(calendar: Calendar) -> list[int]:
    """How many minutes were open since the year began, for every minute. Clocks change at full half hours."""
    zone = ZoneInfo(calendar.zone)
    hours = {day: _open_on(calendar, day) for day in (YEAR.date() + timedelta(n - 1) for n in range(428))}

    def looked_at() -> Iterator[int]:
        for half_hour in range(MINUTES // 30):
            local = (YEAR + timedelta(minutes=30 * half_hour)).astimezone(zone)
            opened, first = hours[local.date()], local.hour * 60 + local.minute
            yield from (int(first + minute in opened) for minute in range(30))

    return list(accumulate(looked_at(), initial=0))


def _open_on(calendar: Calendar, day: date) -> frozenset[int]:
    if calendar.holiday(day):
        return frozenset()
    return frozenset(minute for one in calendar.week[day.weekday()] for minute in range(one.start, one.end))


@dataclass(slots=True)
class Counter:
    """One promise as the oracle sees it, all in minutes."""

    begun: int
    used: int = 0
    late: int | None = None
    ended: int | None = None
    due: int | None = None
    target: int | None = None


@dataclass(slots=True)
class Oracle:
    counted: dict[str, list[int]]
    found: dict[tuple[Measure, int], Counter] = field(default_factory=dict)

    def figures(
        self, events: list[tuple[int, Facts, Wrote | None]], tier: str | None, now: int
    ) -> dict[tuple[Measure, int], Counter]:
        self.found = {}
        answered, waits, cycle = False, False, 0
        ends = [*(minute for minute, _, _ in events[1:]), now]
        for (minute, facts, wrote), until in zip(events, ends, strict=True):
            working = facts.status in WORKING
            if wrote is Wrote.DESK or not working:
                answered, waits = True, wrote is Wrote.CUSTOMER
                self._end(Measure.FIRST_RESPONSE, 1, minute)
                self._end(Measure.NEXT_RESPONSE, cycle, minute)
            elif wrote is Wrote.CUSTOMER:
                waits = True
            if not working:
                self._end(Measure.RESOLUTION, 1, minute)
                continue
            open_next = self.found.get((Measure.NEXT_RESPONSE, cycle))
            if answered and waits and (open_next is None or open_next.ended is not None):
                cycle, waits = cycle + 1, False
                self.found[Measure.NEXT_RESPONSE, cycle] = Counter(minute)
            if not answered:
                self.found.setdefault((Measure.FIRST_RESPONSE, 1), Counter(minute))
            self.found.setdefault((Measure.RESOLUTION, 1), Counter(minute)).ended = None
            for (measure, _), counter in self.found.items():
                if counter.ended is None:
                    self._count(counter, measure, facts, tier, minute, until, until == now)
        return self.found

    def _end(self, measure: Measure, cycle: int, minute: int) -> None:
        counter = self.found.get((measure, cycle))
        if counter is not None and counter.ended is None:
            counter.ended = minute

    def _count(
        self,
        counter: Counter,
        measure: Measure,
        facts: Facts,
        tier: str | None,
        start: int,
        end: int,
        last: bool,
    ) -> None:
        policy = _policy(facts, tier)
        counter.target = counter.due = None
        if policy is None:
            return
        amount = dict(policy.targets)[facts.priority].of(measure)
        counter.target = int(amount.time.total_seconds()) // 60 if amount else None
        if facts.status in policy.pause_in:
            return
        table = self.counted[policy.calendar or "always"]
        if counter.target is not None:
            missing = max(counter.target - counter.used, 0)
            counter.due = _reaches(table, start, missing)
            in_time = end > start and counter.due < end
            if counter.late is None and (in_time or (last and counter.due <= end)):
                counter.late = counter.due
        counter.used += table[end] - table[start]


def _reaches(table: list[int], start: int, missing: int) -> int:
    """The first minute at which so many more were open."""
    low, high = start, len(table) - 1
    while low < high:
        middle = (low + high) // 2
        if table[middle] - table[start] >= missing:
            high = middle
        else:
            low = middle + 1
    return low


def _policy(facts: Facts, tier: str | None) -> Policy | None:
    if tier == "vip":
        return POLICIES[0]
    if facts.category in ("billing", "billing/refund"):
        return POLICIES[1]
    if facts.team in ("zurich", "york", "sydney"):
        return next(one for one in POLICIES if one.key == facts.team)
    return POLICIES[5] if facts.priority in ("high", "urgent") else None


def at(minute: int) -> datetime:
    return YEAR + timedelta(minutes=minute)


def _minute(when: datetime | None) -> int | None:
    return None if when is None else (when - YEAR) // timedelta(minutes=1)


def _same(clock: Clock, oracle: Counter) -> bool:
    target = None if clock.target is None else clock.target // timedelta(minutes=1)
    ended = clock.state is State.ENDED
    due = oracle.late if oracle.late is not None else oracle.due
    return (
        _minute(clock.started_at) == oracle.begun
        and clock.used == timedelta(minutes=oracle.used)
        and _minute(clock.breached_at) == oracle.late
        and ended == (oracle.ended is not None)
        and (_minute(clock.ended_at) == oracle.ended)
        and target == oracle.target
        and (ended or clock.state is State.PAUSED or _minute(clock.due_at) == due)
    )


@pytest.mark.parametrize("count", [2_000, pytest.param(100_000, marks=pytest.mark.year)])
def test_a_year_of_tickets_is_reckoned_as_minutes_are_counted(
    count: int, capsys: pytest.CaptureFixture[str]
) -> None:
    chance = random.Random(2026)
    tickets = [a_ticket(chance) for _ in range(count)]
    cases = [
        (
            Case(
                tuple(Step(YEAR + timedelta(minutes=at), facts, wrote) for at, facts, wrote in events), tier
            ),
            YEAR + timedelta(minutes=now),
        )
        for events, tier, now in tickets
    ]
    began = time.perf_counter()
    reckoned = [clocks(case, BOOK, now) for case, now in cases]
    took = time.perf_counter() - began
    oracle = Oracle(
        {one.key: _open_minutes(one) for one in CALENDARS} | {ALWAYS.key: list(range(MINUTES + 1))}
    )
    late = 0
    for (events, tier, now), found in zip(tickets, reckoned, strict=True):
        expected = oracle.figures(events, tier, now)
        assert {(one.measure, one.cycle) for one in found} == set(expected), events
        for clock in found:
            late += clock.breached_at is not None
            assert _same(clock, expected[clock.measure, clock.cycle]), (clock, events, now)
    figures = sum(len(found) for found in reckoned)
    with capsys.disabled():
        print(f"\n{count} tickets, {figures} clocks, {late} late: reckoned in {took:.2f} s")
    assert late > count / 10
