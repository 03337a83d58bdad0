"""What is promised, and how a ticket's history uses it up."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from chatdesk.contract.vocabulary import Platform
from chatdesk.domain.calendar import Calendar, Hours
from chatdesk.domain.lifecycle import Status
from chatdesk.domain.references import ChannelReference
from chatdesk.domain.sla import Book, Clock, State, clocks
from chatdesk.domain.sla_case import Case, Facts, Step, Wrote, case_of
from chatdesk.domain.sla_intervals import Why, intervals
from chatdesk.domain.sla_policy import Amount, Measure, Notice, Policy, Targets
from chatdesk.domain.ticket import HistoryEntry
from tests.domain import test_sla_year as year

FIRST, NEXT, RESOLUTION = Measure
WORKDAY = (Hours(9 * 60, 12 * 60), Hours(13 * 60, 18 * 60))
OFFICE = Calendar(
    "office", "Office", "UTC", (WORKDAY,) * 5 + ((), ()), dates=(date(2026, 11, 25),)
)  # Wednesday
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)


def at(clock: str, day: int = 0) -> datetime:
    hours, minutes = clock.split(":")
    return MONDAY + timedelta(days=day, hours=int(hours), minutes=int(minutes))


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


def promising(first: float, resolution: float) -> Targets:
    return Targets(Amount(time=hours(first)), Amount(time=hours(first)), Amount(time=hours(resolution)))


LOW = ("low", promising(4, 16))
URGENT = ("urgent", promising(1, 4))
STANDARD = Policy("standard", "Standard", (LOW, URGENT), calendar="office")
NIGHT = Policy("night", "Night", (LOW, URGENT), teams=("night",), pause_in=(Status.ON_HOLD,))
BOOK = Book((NIGHT, STANDARD), (OFFICE,))
NEW = Facts(Status.NEW, "low", "support", None)
OPEN, PENDING = replace(NEW, status=Status.OPEN), replace(NEW, status=Status.PENDING)
RESOLVED = replace(NEW, status=Status.RESOLVED)


def case(*steps: Step) -> Case:
    return Case(steps)


def clock(found: tuple[Clock, ...], measure: Measure) -> Clock:
    return [one for one in found if one.measure is measure][-1]


def test_lunch_nights_and_holidays_do_not_count() -> None:
    made = case(Step(at("11:00"), NEW))
    first, resolution = clocks(made, BOOK, at("14:00"))
    assert (first.used, first.left, first.due_at) == (hours(2), hours(2), at("16:00"))
    assert resolution.due_at == at("11:00", 3), "seven on Monday and eight on Tuesday, none on Wednesday"
    assert [one.why for one in intervals(made, BOOK, FIRST, 1, at("14:00"))] == [
        Why.COUNTED,
        Why.CLOSED,
        Why.COUNTED,
    ]
    [*_, holiday, last] = intervals(made, BOOK, RESOLUTION, 1, at("10:00", 3))
    assert (holiday.why, holiday.start, holiday.end) == (Why.HOLIDAY, at("18:00", 1), at("09:00", 3))
    assert (last.why, last.length) == (Why.COUNTED, hours(1))


def test_an_answer_keeps_the_promise_and_the_next_question_begins_another() -> None:
    asked = case(
        Step(at("09:00"), NEW, Wrote.CUSTOMER),
        Step(at("10:00"), OPEN, Wrote.DESK),
        Step(at("10:30"), OPEN, Wrote.CUSTOMER),
        Step(at("10:45"), OPEN, Wrote.CUSTOMER),
        Step(at("11:30"), OPEN, Wrote.DESK),
        Step(at("14:00"), OPEN, Wrote.CUSTOMER),
    )
    found = clocks(asked, BOOK, at("15:00"))
    first = clock(found, FIRST)
    assert (first.state, first.used, first.breached_at) == (State.ENDED, hours(1), None)
    nexts = [(one.cycle, one.used, one.state) for one in found if one.measure is NEXT]
    assert nexts == [(1, hours(1), State.ENDED), (2, hours(1), State.RUNNING)]


@pytest.mark.parametrize(("answered", "late"), [("12:00", False), ("13:00", True)])
def test_what_is_done_in_the_last_moment_is_kept(answered: str, late: bool) -> None:
    made = case(Step(at("08:00"), NEW), Step(at(answered), OPEN, Wrote.DESK))
    book = Book((replace(STANDARD, targets=(("low", promising(3, 16)),)),), (OFFICE,))
    found = clock(clocks(made, book, at("17:00")), FIRST)
    assert found.breached_at == (at("12:00") if late else None), "three hours end where lunch begins"


def test_waiting_for_the_requester_pauses() -> None:
    made = case(
        Step(at("09:00"), NEW),
        Step(at("10:00"), PENDING, Wrote.DESK),
        Step(at("11:00"), PENDING),
        Step(at("15:00"), OPEN, Wrote.CUSTOMER),
    )
    paused = clock(clocks(case(*made.steps[:2]), BOOK, at("17:00")), RESOLUTION)
    assert (paused.state, paused.used, paused.due_at, paused.limits) == (State.PAUSED, hours(1), None, ())
    assert clock(clocks(made, BOOK, at("16:00")), RESOLUTION).used == hours(2)
    [_, waited, _] = intervals(made, BOOK, RESOLUTION, 1, at("16:00"))
    assert (waited.why, waited.detail, waited.length) == (Why.PAUSED, "pending", hours(5))


def test_what_was_used_stays_used_when_the_priority_changes() -> None:
    raised = replace(NEW, priority="urgent")
    made = case(Step(at("09:00"), NEW), Step(at("09:30"), raised))
    assert clock(clocks(made, BOOK, at("09:45")), FIRST).due_at == at("10:00")
    late = case(Step(at("09:00"), NEW), Step(at("11:00"), raised), Step(at("14:00"), NEW))
    found = clock(clocks(late, BOOK, at("14:30")), FIRST)
    assert found.breached_at == at("11:00"), "with two hours used of one, it is late when it is raised"
    assert clock(clocks(late, BOOK, at("14:30")), FIRST).target == hours(4), "and stays late"


def test_another_team_counts_in_its_own_time() -> None:
    theirs = replace(OPEN, team="night")
    made = case(Step(at("17:00"), NEW), Step(at("18:30"), theirs), Step(at("20:30"), replace(theirs)))
    resolution = clock(clocks(made, BOOK, at("23:00")), RESOLUTION)
    assert resolution.used == hours(1) + hours(4.5)
    assert resolution.promise is not None and resolution.promise.policy is NIGHT


def test_what_is_resolved_counts_nothing_and_goes_on_when_it_is_reopened() -> None:
    made = case(
        Step(at("09:00"), NEW, Wrote.CUSTOMER),
        Step(at("11:00"), RESOLVED),
        Step(at("13:30"), RESOLVED, Wrote.CUSTOMER),
        Step(at("13:30"), OPEN),
    )
    found = clocks(made, BOOK, at("14:00"))
    assert clock(found, FIRST).ended_at == at("11:00"), "the resolution answered it"
    assert clock(found, RESOLUTION).used == hours(2.5)
    assert (clock(found, NEXT).started_at, clock(found, NEXT).used) == (at("13:30"), hours(0.5))
    thanked = case(*made.steps[:3], Step(at("15:00"), replace(NEW, status=Status.CLOSED)))
    assert all(one.measure is not NEXT for one in clocks(thanked, BOOK, at("16:00")))


def test_warnings_come_at_shares_and_at_times() -> None:
    notices = (Notice(share=50), Notice(before=Amount(time=hours(0.5))))
    book = Book((replace(STANDARD, warn_at=notices),), (OFFICE,))
    found = clock(clocks(case(Step(at("11:00"), NEW)), book, at("11:00")), FIRST)
    assert [(limit.at, str(limit.notice)) for limit in found.limits] == [
        (at("14:00"), "50%"),
        (at("15:30"), "30m"),
        (at("16:00"), "None"),
    ]


def test_what_is_promised_at_once_is_not_warned_of_at_once() -> None:
    """Half an hour before the end of a quarter of an hour is no moment to warn at."""
    notices = (Notice(share=80), Notice(before=Amount(time=hours(0.5))))
    quick = replace(STANDARD, warn_at=notices, targets=(("low", promising(0.25, 16)),))
    found = clock(clocks(case(Step(at("11:00"), NEW)), Book((quick,), (OFFICE,)), at("11:00")), FIRST)
    assert [(limit.at, str(limit.notice)) for limit in found.limits] == [
        (at("11:12"), "80%"),
        (at("11:15"), "None"),
    ]


def test_a_day_is_a_working_day() -> None:
    days = Policy("d", "D", (("low", Targets(None, None, Amount(3))),), calendar="office")
    found = clock(clocks(case(Step(at("09:00"), NEW)), Book((days,), (OFFICE,)), at("09:00")), RESOLUTION)
    assert found.target == hours(24)
    assert found.due_at == at("18:00", 3)
    around = Book((replace(days, calendar=None),), (OFFICE,))
    assert clock(clocks(case(Step(at("09:00"), NEW)), around, at("09:00")), RESOLUTION).due_at == at(
        "09:00", 3
    )


def test_the_first_policy_that_fits() -> None:
    slack = ChannelReference(Platform("slack"), "#help")
    policies = (
        replace(STANDARD, key="vip", tiers=("vip",)),
        replace(STANDARD, key="money", categories=("billing",), priorities=("low",)),
        replace(STANDARD, key="help", channels=(slack,)),
    )
    book = Book(policies, (OFFICE,))

    def chosen(facts: Facts, tier: str | None = None, *channels: ChannelReference) -> str | None:
        promise = book.promise(Case((), tier, frozenset(channels)), facts)
        return promise.policy.key if promise else None

    assert chosen(NEW, "vip", slack) == "vip"
    assert chosen(replace(NEW, category="billing/refund"), None, slack) == "money"
    assert chosen(replace(NEW, category="billing", priority="urgent"), None, slack) == "help"
    assert chosen(replace(NEW, category="billings")) is None
    nothing = clocks(case(Step(at("09:00"), NEW)), book, at("17:00"))
    assert {one.state for one in nothing} == {State.PAUSED}
    assert {one.target for one in nothing} == {None}


def test_what_is_announced_comes_if_nothing_changes() -> None:
    chance = Random(7)
    announced = 0
    for _ in range(300):
        events, tier, now = year.a_ticket(chance)
        told = Case(tuple(Step(year.at(minute), facts, wrote) for minute, facts, wrote in events), tier)
        for one in clocks(told, year.BOOK, year.at(now)):
            if one.state is not State.RUNNING or one.due_at is None or one.breached_at is not None:
                continue
            announced += 1
            before = clock_of(one, clocks(told, year.BOOK, one.due_at - timedelta(minutes=1)))
            then = clock_of(one, clocks(told, year.BOOK, one.due_at))
            assert (before.breached_at, then.breached_at) == (None, one.due_at)
            assert one.left is not None and then.used == one.target
            assert [limit.at for limit in one.limits] == sorted(limit.at for limit in one.limits)
    assert announced > 30


def clock_of(wanted: Clock, found: tuple[Clock, ...]) -> Clock:
    return next(one for one in found if (one.measure, one.cycle) == (wanted.measure, wanted.cycle))


def entry(kind: str, when: datetime, **data: str) -> HistoryEntry:
    return HistoryEntry("acme", "", 1, kind, None, None, "clock", when, tuple(data.items()))


def test_a_history_is_read() -> None:
    found = case_of(
        (
            entry("created", at("08:00"), priority="low", team="support"),
            entry("post", at("08:00"), audience="party", side="customer"),
            entry("submitted", at("09:00"), team="support"),
            entry("claimed", at("09:10")),
            entry("status", at("09:10"), before="new", after="open"),
            entry("post", at("09:15"), audience="internal", side="team"),
            entry("post", at("09:20"), audience="party", side="customer", by="desk"),
            entry("post", at("09:25"), audience="everyone", side="team", rule="thanks"),
            entry(
                "post",
                at("09:30"),
                audience="party",
                side="customer",
                said=at("09:26").isoformat(),
            ),
            entry("moved", at("09:30"), before="support", after="night"),
            entry("priority", at("09:20"), before="low", after="urgent"),
            entry("category", at("09:50"), after="billing"),
            entry("status", at("10:00"), before="open", after="resolved"),
            entry("reopened", at("11:00"), before="resolved"),
        ),
        "vip",
        frozenset(),
    )
    assert found is not None
    open_ = Facts(Status.OPEN, "low", "support", None)
    theirs = replace(open_, team="night")
    urgent = replace(theirs, priority="urgent")
    about = replace(urgent, category="billing")
    assert found.steps == (
        Step(at("09:00"), NEW),
        Step(at("09:10"), open_),
        Step(at("09:20"), open_, Wrote.DESK),
        Step(at("09:26"), open_, Wrote.CUSTOMER),  # read only later
        Step(at("09:30"), theirs),
        Step(at("09:30"), urgent),  # a clock that stepped back
        Step(at("09:50"), about),
        Step(at("10:00"), replace(about, status=Status.RESOLVED)),
        Step(at("11:00"), about),
    )
    assert case_of((), None, frozenset()) is None
