"""How the desk works, in numbers: what they are called and made of. ``docs/metrics.md`` defines each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from chatdesk.domain.calendar import ALWAYS, Timetable, timetable
from chatdesk.domain.life import Life
from chatdesk.domain.sla import Clock

CONTENT = 4
"""Who gives at least so much of five is satisfied."""


class Metric(StrEnum):
    """What is reckoned. One may be several figures: a median, a share of ten."""

    VOLUME = "volume"
    RESOLVED = "resolved"
    BACKLOG = "backlog"
    BACKLOG_AGE = "backlog_age"
    FIRST_RESPONSE = "first_response"
    RESOLUTION = "resolution"
    TIME_IN_STATUS = "time_in_status"
    FIRST_CONTACT = "first_contact"
    REOPENED = "reopened"
    SLA = "sla"
    CSAT = "csat"
    DEFLECTION = "deflection"


class By(StrEnum):
    """What tickets are told apart by; for a day and a week, the time is."""

    TEAM = "team"
    CATEGORY = "category"
    CHANNEL = "channel"
    PRIORITY = "priority"
    TIER = "tier"
    SERVICE = "service"
    AGENT = "agent"
    ARTICLE = "article"
    """The one that the requester was shown before it was a ticket."""
    DAY = "day"
    WEEK = "week"

    @property
    def is_time(self) -> bool:
        return self in (By.DAY, By.WEEK)


class Unit(StrEnum):
    COUNT = "count"
    SECONDS = "seconds"
    PERCENT = "percent"
    SCORE = "score"


@dataclass(frozen=True, slots=True)
class Case:
    """A ticket, what it is told apart by, and all that its numbers are made of."""

    life: Life
    groups: tuple[tuple[By, str], ...] = ()
    clocks: tuple[Clock, ...] = ()
    """What was promised."""
    score: int | None = None
    rated_at: datetime | None = None
    asked_at: datetime | None = None
    """When the requester was asked for a rating, or gave one unasked."""
    office: Timetable | None = None
    """Business time; None: all the time."""

    def group(self, by: By) -> str | None:
        """None of what such a group cannot tell apart."""
        return dict(self.groups).get(by)

    def business(self, start: datetime, end: datetime) -> float:
        """In seconds."""
        return (self.office or timetable(ALWAYS)).open_between(start, end).total_seconds()


@dataclass(frozen=True, slots=True)
class Period:
    """From ``start`` until before ``end``."""

    start: datetime
    end: datetime

    def __contains__(self, moment: datetime | None) -> bool:
        return moment is not None and self.start <= moment < self.end


@dataclass(frozen=True, slots=True)
class Figure:
    """One number; None where there is nothing to reckon it from. ``of``: from how many it was."""

    metric: Metric
    name: str
    unit: Unit
    value: float | None
    of: int


Figures = tuple[Figure, ...]
"""Always the same ones in the same order."""


@dataclass(frozen=True, slots=True)
class Day:
    """How many tickets began and were resolved on a date."""

    date: date
    volume: int
    resolved: int
