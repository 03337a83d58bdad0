"""A desk's numbers, reckoned from what happened. Reads much and changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import TypeVar

from chatdesk.contract.vocabulary import Place
from chatdesk.desk import facts
from chatdesk.domain.calendar import Timetable, timetable
from chatdesk.domain.life import Life, life_of
from chatdesk.domain.lifecycle import Status
from chatdesk.domain.local_time import zone_of
from chatdesk.domain.metrics import By, Case, Day, Figures, Period
from chatdesk.domain.reckoning import reckon
from chatdesk.domain.references import ChannelReference
from chatdesk.domain.sla import Book, Clock, clocks
from chatdesk.domain.sla_case import case_of
from chatdesk.store import article_uses, articles, channels, imports, people
from chatdesk.store.numbers import (
    Asked,
    Row,
    Told,
    asked_in,
    channel_names,
    told_since,
)
from chatdesk.store.transaction import Transaction

K = TypeVar("K")
V = TypeVar("V")

NOBODY = "nobody"
NO_CATEGORY = "no category"
NO_TEAM = "no team"
NO_TIER = "no tier"
NO_SERVICE = "no service"
NO_ARTICLE = "no article"
ELSEWHERE = "elsewhere"
DIRECT = "direct messages"


@dataclass(frozen=True, slots=True)
class Report:
    """All figures together and, where it was asked for, of each group by its name.

    A day is named by its date, a week by that of its first day.
    """

    period: Period
    total: Figures
    days: tuple[Day, ...] = ()
    by: By | None = None
    groups: tuple[tuple[str, Figures], ...] = ()


def report(
    tx: Transaction, period: Period, by: By | None = None, teams: Collection[str] | None = None
) -> Report:
    """The figures of a period; of these teams' tickets alone, if any are named."""
    gathering = _Gathering(tx, period, by, teams)
    cases = (gathering.case(one) for one in told_since(tx, period.start, teams))
    never_tickets = _solved_in_forms(tx, period) if teams is None else ()
    found = reckon(chain(cases, never_tickets), period, zone_of(tx.organisation), by)
    groups = tuple((gathering.label(key), figures) for key, figures in found.groups)
    return Report(period, found.total, found.days, by, groups)


def _solved_in_forms(tx: Transaction, period: Period) -> Iterator[Case]:
    """Requests that an article answered before they were anything; no team's."""
    for article, at in article_uses.solved_in_forms(tx, period.start):
        yield Case(Life(None, deflected_at=at), ((By.ARTICLE, article),))


@dataclass(slots=True)
class _Gathering:
    """Looks up what many tickets have in common once."""

    tx: Transaction
    period: Period
    by: By | None
    teams: Collection[str] | None
    _book: Book = field(init=False)
    _office: Timetable | None = field(init=False)
    _promised_in: frozenset[ChannelReference] = field(init=False)
    _asked: Mapping[int, Asked] = field(init=False)
    _articles: Mapping[int, str] = field(init=False)
    _imported: Mapping[int, datetime | None] = field(init=False)
    _tiers: dict[str, str | None] = field(default_factory=dict)
    _named: dict[Place, frozenset[ChannelReference]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        organisation, since = self.tx.organisation, self.period.start
        self._book = Book(organisation.slas, organisation.calendars)
        self._office = timetable(organisation.calendars[0]) if organisation.calendars else None
        self._promised_in = frozenset(one for policy in organisation.slas for one in policy.channels)
        wants_places = self.by is By.CHANNEL or bool(self._promised_in)
        self._imported = imports.since_when(self.tx) if organisation.slas else {}
        self._asked = asked_in(self.tx, since, self.teams) if wants_places else {}
        self._articles = article_uses.shown_with_tickets(self.tx, since) if self.by is By.ARTICLE else {}

    def case(self, told: Told) -> Case:
        promised = self._clocks(told)
        tables = [clock.promise.table for clock in promised if clock.promise is not None]
        row = told.row
        return Case(
            life=life_of(told.history, is_draft=row.status is Status.DRAFT),
            groups=() if self.by is None or self.by.is_time else ((self.by, self._key(self.by, row)),),
            clocks=promised,
            score=row.score,
            rated_at=row.rated_at,
            asked_at=row.asked_at,
            office=tables[0] if tables else self._office,
        )

    def _clocks(self, told: Told) -> tuple[Clock, ...]:
        if not self._book.policies or told.row.status is Status.DRAFT:
            return ()
        by_tier = any(policy.tiers for policy in self._book.policies)
        tier = self._tier(told.row.requester) if by_tier else None
        begins = self._imported.get(told.row.number)
        if begins is None and told.row.number in self._imported:
            return ()
        case = case_of(told.history, tier, self._channels_of(told.row.number), begins)
        return clocks(case, self._book, self.period.end) if case is not None else ()

    def _key(self, by: By, row: Row) -> str:
        """What a ticket is told apart by; keys, since two agents may have one name."""
        match by:
            case By.TEAM:
                return row.team or ""
            case By.CATEGORY:
                return row.category or ""
            case By.PRIORITY:
                return row.priority
            case By.SERVICE:
                return row.service or ""
            case By.AGENT:
                return row.assignee or ""
            case By.TIER:
                return self._tier(row.requester) or ""
            case By.ARTICLE:
                return self._articles.get(row.number, "")
            case By.CHANNEL:
                asked = self._asked.get(row.number)
                return f"{asked.place.platform}:{'' if asked.by_dm else asked.place.id}" if asked else ""
        return ""

    def _tier(self, requester: str) -> str | None:
        def look() -> str | None:
            tier = facts.tier_of(self.tx, requester)
            return tier.key if tier else None

        return _once(self._tiers, requester, look)

    def _channels_of(self, ticket: int) -> frozenset[ChannelReference]:
        """Those that promises name and the ticket was asked in."""
        asked = self._asked.get(ticket)
        if asked is None or not self._promised_in:
            return frozenset()
        place = asked.place
        return _once(
            self._named,
            place,
            lambda: frozenset(one for one in self._promised_in if channels.matches(self.tx, one, place)),
        )

    def label(self, key: str) -> str:
        """A group as people call it."""
        organisation = self.tx.organisation
        match self.by:
            case By.TEAM:
                team = organisation.team(key)
                return team.name if team else key or NO_TEAM
            case By.CATEGORY:
                category = organisation.category(key)
                return category.label if category else key or NO_CATEGORY
            case By.PRIORITY:
                priority = organisation.priority(key)
                return priority.name if priority else key
            case By.TIER:
                return next((tier.name for tier in organisation.tiers if tier.key == key), key or NO_TIER)
            case By.SERVICE:
                return key or NO_SERVICE
            case By.CHANNEL:
                return self._channel(key) if key else ELSEWHERE
            case By.AGENT:
                return people.name_of(self.tx, key) if key else NOBODY
            case By.ARTICLE:
                article = articles.load(self.tx, key)
                return article.title if article else key or NO_ARTICLE
        return key

    def _channel(self, key: str) -> str:
        platform, _, place = key.partition(":")
        if not place:
            return f"{platform}: {DIRECT}"
        name = channel_names(self.tx).get((platform, place))
        return f"{platform}:#{name}" if name else key


def _once(known: dict[K, V], key: K, look: Callable[[], V]) -> V:
    if key not in known:
        known[key] = look()
    return known[key]
