"""Every metric of docs/metrics.md, reckoned by hand for one week of five tickets.

The week is that of Monday, 16 November 2026. The office is open from Monday to Friday, 9:00 to 17:00.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from chatdesk.domain.calendar import Calendar, Hours, timetable
from chatdesk.domain.life import Spell, life_of
from chatdesk.domain.lifecycle import Status
from chatdesk.domain.metrics import By, Case, Figure, Figures, Metric, Period, Unit
from chatdesk.domain.reckoning import reckon
from chatdesk.domain.sla import Book, clocks
from chatdesk.domain.sla_case import case_of
from chatdesk.domain.sla_policy import Amount, Policy, Targets
from chatdesk.domain.tally import ninetieth
from chatdesk.domain.ticket import HistoryEntry

OFFICE = Calendar("office", "Office", "UTC", ((Hours(540, 1020),),) * 5 + ((), ()))
HOUR = Amount(time=timedelta(hours=1))
PROMISED = Policy(
    "all", "All", (("normal", Targets(HOUR, HOUR, Amount(time=timedelta(hours=8)))),), calendar="office"
)
WEEK = Period(datetime(2026, 11, 16, tzinfo=UTC), datetime(2026, 11, 23, tzinfo=UTC))

ANSWER = {"audience": "everyone", "side": "team"}
QUESTION = {"audience": "everyone", "side": "customer"}


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def entry(when: datetime, kind: str, **data: str) -> HistoryEntry:
    return HistoryEntry("acme", f"{when:%d%H%M}", 1, kind, None, None, "command", when, tuple(data.items()))


def status(when: datetime, before: Status, after: Status) -> HistoryEntry:
    return entry(when, "status", before=before, after=after)


def case(
    *history: HistoryEntry,
    team: str,
    score: int | None = None,
    rated: datetime | None = None,
    asked: datetime | None = None,
) -> Case:
    known = case_of(history, None, frozenset())
    promised = clocks(known, Book((PROMISED,), (OFFICE,)), WEEK.end) if known else ()
    return Case(
        life_of(history, is_draft=False),
        ((By.TEAM, team),),
        promised,
        score,
        rated,
        asked or rated,
        timetable(OFFICE),
    )


def created(when: datetime) -> HistoryEntry:
    return entry(when, "created", priority="normal", team="support")


QUICK = case(
    created(at(16, 10)),
    entry(at(16, 10, 30), "post", **ANSWER),
    entry(at(16, 10, 30), "first_response"),
    status(at(16, 10, 30), Status.NEW, Status.OPEN),
    status(at(16, 10, 30), Status.OPEN, Status.PENDING),
    entry(at(16, 12), "post", **QUESTION),
    status(at(16, 12), Status.PENDING, Status.OPEN),
    status(at(16, 14), Status.OPEN, Status.RESOLVED),
    status(at(16, 14), Status.RESOLVED, Status.CLOSED),
    team="Support",
    score=5,
    rated=at(16, 15),
)
AGAIN = case(
    created(at(16, 16)),
    entry(at(17, 10), "post", **ANSWER),
    entry(at(17, 10), "first_response"),
    status(at(17, 10), Status.NEW, Status.OPEN),
    entry(at(17, 11), "post", **ANSWER),
    status(at(17, 12), Status.OPEN, Status.RESOLVED),
    entry(at(18, 9), "reopened", before="resolved"),
    status(at(18, 10), Status.OPEN, Status.RESOLVED),
    team="Billing",
    score=2,
    rated=at(18, 11),
)
WAITING = case(created(at(20, 15)), team="Support")
OLD = case(
    created(at(10, 9)),
    entry(at(10, 9, 30), "first_response"),
    status(at(10, 9, 30), Status.NEW, Status.OPEN),
    team="Billing",
    asked=at(17, 9),
)
DEFLECTED = case(
    created(at(17, 9)),
    status(at(17, 9, 5), Status.DRAFT, Status.CANCELLED),
    entry(at(17, 9, 5), "deflected"),
    team="Support",
)
ALL = (QUICK, AGAIN, WAITING, OLD, DEFLECTED)

BY_HAND: dict[str, tuple[float | None, int]] = {
    "volume": (3, 3),
    "resolved": (2, 2),
    "backlog": (2, 2),
    # 57 h and 303 h; of the office 2 h and 72 h
    "backlog_age_median": (180, 2),
    "backlog_age_p90": (303, 2),
    "backlog_age_business_median": (37, 2),
    "backlog_age_business_p90": (72, 2),
    "backlog_age_oldest": (303, 2),
    # 0.5 h and 18 h; of the office 0.5 h and 2 h
    "first_response_median": (9.25, 2),
    "first_response_p90": (18, 2),
    "first_response_business_median": (1.25, 2),
    "first_response_business_p90": (2, 2),
    # 4 h and 42 h; of the office 4 h and 10 h
    "resolution_median": (23, 2),
    "resolution_p90": (42, 2),
    "resolution_business_median": (7, 2),
    "resolution_business_p90": (10, 2),
    "time_in_status_new_median": (9.25, 2),
    "time_in_status_new_p90": (18, 2),
    "time_in_status_new_business_median": (1.25, 2),
    "time_in_status_new_business_p90": (2, 2),
    # 2 h and, with the time after it was reopened, 3 h
    "time_in_status_open_median": (2.5, 2),
    "time_in_status_open_p90": (3, 2),
    "time_in_status_open_business_median": (2.5, 2),
    "time_in_status_open_business_p90": (3, 2),
    "time_in_status_pending_median": (1.5, 1),
    "time_in_status_pending_p90": (1.5, 1),
    "time_in_status_pending_business_median": (1.5, 1),
    "time_in_status_pending_business_p90": (1.5, 1),
    "time_in_status_on_hold_median": (None, 0),
    "time_in_status_on_hold_p90": (None, 0),
    "time_in_status_on_hold_business_median": (None, 0),
    "time_in_status_on_hold_business_p90": (None, 0),
    "first_contact": (50, 2),
    "reopened": (50, 2),
    # kept by one; late by one that was answered and one that was not
    "sla_first_response": (100 / 3, 3),
    "sla_next_response": (0, 1),
    "sla_resolution": (100, 2),
    "csat": (50, 2),
    "csat_average": (3.5, 2),
    # one was asked and said nothing
    "csat_response": (200 / 3, 3),
    "deflection": (25, 4),
}
"""By figure: its value, times in hours, and from how many it was reckoned."""


def figures(cases: Sequence[Case], period: Period) -> Figures:
    return reckon(cases, period, ZoneInfo("UTC")).total


def test_every_figure_is_what_it_is_by_hand() -> None:
    reckoned = {one.name: (_plain(one), one.of) for one in figures(ALL, WEEK)}
    assert _rounded(reckoned) == _rounded(BY_HAND)
    assert {one.metric for one in figures(ALL, WEEK)} == set(Metric)


def _plain(one: Figure) -> float | None:
    return one.value / 3600 if one.unit is Unit.SECONDS and one.value is not None else one.value


def _rounded(figures: dict[str, tuple[float | None, int]]) -> dict[str, tuple[float | None, int]]:
    return {name: (None if one is None else round(one, 6), of) for name, (one, of) in figures.items()}


def test_groups_are_reckoned_by_themselves_and_the_busiest_comes_first() -> None:
    found = dict(reckon(ALL, WEEK, ZoneInfo("UTC"), By.TEAM).groups)
    assert list(found) == ["Support", "Billing"]
    volume = {name: (reckoned[0].value, reckoned[1].value) for name, reckoned in found.items()}
    assert volume == {"Support": (2, 1), "Billing": (1, 1)}


def test_days_are_those_of_a_local_clock() -> None:
    days = reckon(ALL, WEEK, ZoneInfo("Europe/Zurich")).days
    told = [(one.date.day, one.volume, one.resolved) for one in days]
    assert told == [
        (16, 2, 1),
        (17, 0, 0),
        (18, 0, 1),
        (19, 0, 0),
        (20, 1, 0),
        *((n, 0, 0) for n in (21, 22, 23)),
    ]


def test_what_is_outside_the_period_counts_only_as_backlog() -> None:
    later = Period(at(21, 0), at(23, 0))
    reckoned = {one.name: one.value for one in figures(ALL, later)}
    assert (reckoned["volume"], reckoned["resolved"], reckoned["backlog"]) == (0, 0, 2)
    assert reckoned["first_response_median"] is reckoned["csat"] is reckoned["deflection"] is None
    assert reckon([QUICK], later, ZoneInfo("UTC"), By.TEAM).groups == ()


def test_each_day_and_week_is_reckoned_as_if_it_were_asked_for_alone() -> None:
    zone = ZoneInfo("Europe/Zurich")
    longer = Period(at(11, 0), at(21, 12))
    for by, count in ((By.DAY, 11), (By.WEEK, 2)):
        parts = reckon(ALL, longer, zone, by).groups
        starts = [datetime.fromisoformat(day).replace(tzinfo=zone).astimezone(UTC) for day, _ in parts]
        assert len(parts) == count and starts == sorted(starts)
        edges = [longer.start, *starts[1:], longer.end]
        for (_, part), start, end in zip(parts, edges, edges[1:], strict=False):
            assert part == figures(ALL, Period(start, end))
        assert sum(part[0].value or 0 for _, part in parts) == figures(ALL, longer)[0].value


def test_nothing_is_reckoned_from_nothing() -> None:
    assert all(not one.value and one.of == 0 for one in figures([], WEEK))


def test_drafts_begin_when_they_are_sent_and_what_was_merged_is_not_solved() -> None:
    sent = life_of([created(at(16, 9)), entry(at(16, 11), "submitted")], is_draft=False)
    assert sent.began_at == at(16, 11)
    assert life_of([created(at(16, 9))], is_draft=True).began_at is None
    merged = life_of([created(at(16, 9)), status(at(16, 10), Status.NEW, Status.CLOSED)], is_draft=False)
    assert merged.resolved_at == ()
    assert merged.spells[-1] == Spell(Status.CLOSED, at(16, 10), None)


def test_nine_of_ten_do_not_exceed_it() -> None:
    hours = [float(hour) for hour in range(10, 0, -1)]
    assert ninetieth(hours) == 9
    assert ninetieth(hours[:1]) == 10
