"""A desk's numbers, reckoned from what happened. Reads much and changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from chatdesk.contract.vocabulary import Place
from chatdesk.desk import facts
from chatdesk.domain.calendar import Timetable, timetable
from chatdesk.domain.life import life_of
from chatdesk.domain.lifecycle import Status
from chatdesk.domain.local_time import zone_of
from chatdesk.domain.metrics import By, Case, Day, Figure, Period, by_day, by_group, figures
from chatdesk.domain.references import ChannelReference
from chatdesk.domain.sla import Book, Clock, clocks
from chatdesk.domain.sla_case import case_of
from chatdesk.store import channels, people
from chatdesk.store.numbers import Row, Told, channel_names, told_since
from chatdesk.store.transaction import Transaction

K = TypeVar("K")
V = TypeVar("V")

NOBODY = "nobody"
NO_CATEGORY = "no category"
NO_TEAM = "no team"
ELSEWHERE = "elsewhere"
DIRECT = "direct messages"


@dataclass(frozen=True, slots=True)
class Report:
    """All figures together and, where it was asked for, of each group by its name."""

    period: Period
    total: tuple[Figure, ...]
    days: tuple[Day, ...] = ()
    by: By | None = None
    groups: tuple[tuple[str, tuple[Figure, ...]], ...] = ()


def report(
    tx: Transaction, period: Period, by: By | None = None, teams: Collection[str] | None = None
) -> Report:
    """The figures of a period; of these teams' tickets alone, if any are named."""
    gathering = _Gathering(tx, period)
    cases = [gathering.case(one) for one in told_since(tx, period.start, teams)]
    groups = by_group(cases, by, period) if by is not None else {}
    named = tuple((gathering.label(by, key), group) for key, group in groups.items() if by is not None)
    days = by_day(cases, period, zone_of(tx.organisation))
    return Report(period, figures(cases, period), days, by, named)


@dataclass(slots=True)
class _Gathering:
    """Looks up what many tickets have in common once."""

    tx: Transaction
    period: Period
    _book: Book = field(init=False)
    _office: Timetable | None = field(init=False)
    _channels: Mapping[tuple[str, str], str] = field(init=False)
    _tiers: dict[str, str | None] = field(default_factory=dict)
    _named: dict[Place, frozenset[ChannelReference]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        organisation = self.tx.organisation
        self._book = Book(organisation.slas, organisation.calendars)
        self._office = timetable(organisation.calendars[0]) if organisation.calendars else None
        self._channels = channel_names(self.tx)

    def case(self, told: Told) -> Case:
        promised = self._clocks(told)
        tables = [clock.promise.table for clock in promised if clock.promise is not None]
        row = told.row
        return Case(
            life=life_of(told.history, is_draft=row.status is Status.DRAFT),
            groups=_groups(row),
            clocks=promised,
            score=row.score,
            rated_at=row.rated_at,
            office=tables[0] if tables else self._office,
        )

    def _clocks(self, told: Told) -> tuple[Clock, ...]:
        if not self._book.policies or told.row.status is Status.DRAFT:
            return ()
        case = case_of(told.history, self._tier(told.row.requester), self._asked_at(told.row.asked_at))
        return clocks(case, self._book, self.period.end) if case is not None else ()

    def _tier(self, requester: str) -> str | None:
        if not any(policy.tiers for policy in self._book.policies):
            return None

        def look() -> str | None:
            tier = facts.tier_of(self.tx, requester)
            return tier.key if tier else None

        return _once(self._tiers, requester, look)

    def _asked_at(self, place: Place | None) -> frozenset[ChannelReference]:
        named = {reference for policy in self._book.policies for reference in policy.channels}
        if place is None or not named:
            return frozenset()
        return _once(
            self._named,
            place,
            lambda: frozenset(one for one in named if channels.matches(self.tx, one, place)),
        )

    def label(self, by: By, key: str) -> str:
        """A group as people call it."""
        organisation, known = self.tx.organisation, bool(key)
        match by:
            case By.TEAM:
                team = organisation.team(key)
                return team.name if team else key or NO_TEAM
            case By.CATEGORY:
                category = organisation.category(key)
                return category.label if category else key or NO_CATEGORY
            case By.PRIORITY:
                priority = organisation.priority(key)
                return priority.name if priority else key
            case By.CHANNEL:
                return self._channel(key) if known else ELSEWHERE
            case By.AGENT:
                return people.name_of(self.tx, key) if known else NOBODY

    def _channel(self, key: str) -> str:
        platform, _, place = key.partition(":")
        if not place:
            return f"{platform}: {DIRECT}"
        name = self._channels.get((platform, place))
        return f"{platform}:#{name}" if name else key


def _groups(row: Row) -> tuple[tuple[By, str], ...]:
    """By keys: two agents may have one name."""
    place = row.asked_at
    channel = f"{place.platform}:{'' if row.by_dm else place.id}" if place else ""
    return (
        (By.TEAM, row.team or ""),
        (By.CATEGORY, row.category or ""),
        (By.CHANNEL, channel),
        (By.PRIORITY, row.priority),
        (By.AGENT, row.assignee or ""),
    )


def _once(known: dict[K, V], key: K, look: Callable[[], V]) -> V:
    if key not in known:
        known[key] = look()
    return known[key]
