"""The shape of what ``desk.yaml`` says of time: calendars, and what is promised in them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator

from chatdesk.configuration.file_endings import Zone
from chatdesk.configuration.nearest import known_are
from chatdesk.configuration.source import Step
from chatdesk.configuration.values import (
    CalendarKey,
    CategoryPath,
    Channel,
    OneOrMore,
    PriorityKey,
    TeamKey,
    TierKey,
)
from chatdesk.configuration.written import OrAlone, Written
from chatdesk.domain.calendar import ALWAYS, MINUTES_OF_A_DAY, Hours, knows_region
from chatdesk.domain.lifecycle import WORKING, Status
from chatdesk.domain.sla_policy import Amount, EscalateAt, Notice

Week = tuple[tuple[Hours, ...], ...]

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAYS_OF = re.compile(r"([a-z]{3})[a-z]*(?:\s*-\s*([a-z]{3})[a-z]*)?")
_HOURS = re.compile(r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})")
_AMOUNT = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)


def parse_week(value: object) -> Week:
    """``always``, or hours by days: ``mon-fri: [09:00-12:30, 13:30-18:00]``."""
    if value == "always":
        return ALWAYS.week
    if not isinstance(value, Mapping) or not value:
        raise ValueError("must be always, or hours by day, such as mon-fri: 09:00-17:00")
    week: dict[str, tuple[Hours, ...]] = {}
    for written, hours in value.items():
        parsed = _parse_day(hours)
        for day in _parse_days(str(written)):
            if day in week:
                raise ValueError(f"says the hours of {day} twice")
            week[day] = parsed
    if not any(week.values()):
        raise ValueError("is never open")
    return tuple(week.get(day, ()) for day in DAYS)


def _parse_days(written: str) -> Sequence[str]:
    found: list[str] = []
    for part in written.lower().split(","):
        match = _DAYS_OF.fullmatch(part.strip())
        first, last = (match[1], match[2] or match[1]) if match else ("", "")
        if first not in DAYS or last not in DAYS or DAYS.index(last) < DAYS.index(first):
            raise ValueError(f'"{written}" names no days; write them as mon, mon-fri or "sat, sun"')
        found += DAYS[DAYS.index(first) : DAYS.index(last) + 1]
    return found


def _parse_day(value: object) -> tuple[Hours, ...]:
    if value is None:
        return ()
    given = value if isinstance(value, list) else [value]
    parsed = sorted((_parse_hours(one) for one in given), key=lambda hours: hours.start)
    for earlier, later in pairwise(parsed):
        if later.start < earlier.end:
            raise ValueError(f"{earlier} and {later} overlap")
    return tuple(parsed)


def _parse_hours(value: object) -> Hours:
    match = _HOURS.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ValueError(f'"{value}" are no hours; write them as 09:00-17:30')
    start, end = (int(match[at]) * 60 + int(match[at + 1]) for at in (1, 3))
    if max(int(match[2]), int(match[4])) > 59 or end > MINUTES_OF_A_DAY:
        raise ValueError(f'"{value}" are no hours; a day goes from 00:00 to 24:00')
    if start >= end:
        raise ValueError(
            f'"{value}" ends before it begins; over midnight, write 22:00-24:00 and then 00:00-06:00'
        )
    return Hours(start, end)


def parse_holiday(value: object) -> date | str:
    """A region such as ``DE-BY``, or a date."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    text = str(value).strip()
    try:
        return date.fromisoformat(text)
    except ValueError:
        if re.fullmatch(r"[A-Z]{2}(-[A-Z0-9]{1,4})?", text) and knows_region(text):
            return text
    raise ValueError(f'"{value}" is no region with holidays and no date; write DE, US-CA or 2026-12-24')


def _holidays(value: object) -> object:
    return [value] if isinstance(value, str | date) else value


def parse_amount(value: object) -> Amount:
    if isinstance(value, Amount):
        return value
    found = _AMOUNT.fullmatch("".join(value.split())) if isinstance(value, str) else None
    if found is None or not any(found.groups()):
        raise ValueError(f'"{value}" is no time to promise; write it as 15m, 4h, 1h30m or 3d')
    days, hours, minutes, seconds = (int(count or 0) for count in found.groups())
    return Amount(days, timedelta(hours=hours, minutes=minutes, seconds=seconds))


def parse_promise(value: object) -> Amount | None:
    return None if value in (None, "none") else parse_amount(value)


def parse_notice(value: object) -> Notice:
    if isinstance(value, Notice):
        return value
    text = str(value).strip()
    if re.fullmatch(r"\d{1,2}\s?%", text) and int(text.rstrip("% ")) > 0:
        return Notice(share=int(text.rstrip("% ")))
    try:
        return Notice(before=parse_amount(text))
    except ValueError:
        raise ValueError(
            f'"{value}" is no moment to warn at; write a share, 75%, or the time that is left, 30m'
        ) from None


Promise = Annotated[
    Amount | None,
    PlainValidator(parse_promise, json_schema_input_type=str | None),
    Written("time or none", ("15m", "4h", "3d", "none")),
]
Warned = Annotated[
    Notice,
    PlainValidator(parse_notice, json_schema_input_type=str),
    Written("share or time left", ("75%", "30m")),
]
Holiday = Annotated[
    date | str,
    PlainValidator(parse_holiday, json_schema_input_type=str),
    Written("region or date", ("DE-BY", "2026-12-24")),
]
WeekHours = Annotated[
    Week,
    PlainValidator(parse_week, json_schema_input_type=str | dict[str, str | list[str] | None]),
    Written("always, or hours by day"),
]


def _written(default: object, description: str) -> Any:
    """A default as the file would say it; what the field holds is what it means."""
    return Field(default=default, description=description)


class CalendarFile(_Section):
    """When work is done."""

    name: str | None = Field(default=None, description="As people read it; else made of its key")
    zone: Zone | None = Field(default=None, description="The clock that is meant; else the desk's time_zone")
    hours: WeekHours = Field(description="mon-fri: [09:00-12:30, 13:30-18:00]")
    holidays: Annotated[list[Holiday], BeforeValidator(_holidays), OrAlone()] = Field(
        default=[], description="Countries, parts of them, and dates of your own, when nothing counts"
    )


class TargetsFile(_Section):
    """What is promised; a day is a working day of the calendar."""

    first_response: Promise = Field(default=None, description="Until the first answer; none for no promise")
    next_response: Promise = Field(default=None, description="Until each further answer")
    resolution: Promise = Field(default=None, description="Until it is solved")


class SlaFile(_Section):
    """Whom it is for, what is promised, and how the time is counted. The first that fits counts."""

    name: str | None = Field(default=None, description="As people read it; else made of its key")
    priority: OneOrMore[PriorityKey] = Field(default=[], description="For tickets of these; else of all")
    category: OneOrMore[CategoryPath] = Field(
        default=[], description="For tickets of these, and of what is below"
    )
    team: OneOrMore[TeamKey] = Field(default=[], description="For tickets of these")
    tier: OneOrMore[TierKey] = Field(default=[], description="For requesters of these")
    channel: OneOrMore[Channel] = Field(default=[], description="For what was asked there")
    targets: TargetsFile = Field(default=TargetsFile(), description="What is promised; else the usual")
    by_priority: dict[PriorityKey, TargetsFile] = Field(
        default={}, description="What is promised for each priority, instead of targets"
    )
    calendar: CalendarKey | None = Field(
        default=None, description="What is counted; without it, all the time"
    )
    pause: OneOrMore[Status] = Field(
        default=[Status.PENDING, Status.ON_HOLD], description="Statuses that do not count"
    )
    warn: OneOrMore[Warned] = _written(["75%"], "Shares of the target, or the time left")
    tell_in: CalendarKey | None = Field(
        default=None, description="The calendar in whose hours warnings are told; without it, at once"
    )
    escalate: EscalateAt = Field(default=EscalateAt.NEVER, description="Ask the next level by itself")


def section_at(path: Sequence[Step]) -> type[BaseModel] | None:
    """The section whose settings a path is about, if it is one of these."""
    match path:
        case ["calendars", _, _]:
            return CalendarFile
        case ["slas", _, _]:
            return SlaFile
        case ["slas", _, "targets", _] | ["slas", _, "by_priority", _, _]:
            return TargetsFile
    return None


def paused_that_never_run(pause: Sequence[Status]) -> Sequence[str]:
    """Statuses in which nothing is counted anyway, with what is allowed instead."""
    allowed = sorted(WORKING)
    return [
        f'"{one}" cannot pause; {known_are("statuses that can", one, allowed)}'
        for one in pause
        if one not in WORKING
    ]
