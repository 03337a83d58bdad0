"""Calendars and service levels: from the file's shape to the domain, and back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from chatdesk.configuration.file_sla import DAYS, CalendarFile, SlaFile, TargetsFile
from chatdesk.domain.calendar import ALWAYS, Calendar
from chatdesk.domain.sla_policy import USUAL_TARGETS, Amount, EscalateAt, Policy, Targets

Written = dict[str, object]


def calendar(key: str, name: str, file: CalendarFile, zone: str) -> Calendar:
    return Calendar(
        key=key,
        name=file.name or name,
        zone=file.zone or zone,
        week=file.hours,
        regions=tuple(one for one in file.holidays if isinstance(one, str)),
        dates=tuple(one for one in file.holidays if isinstance(one, date)),
    )


def policy(key: str, name: str, file: SlaFile, priorities: Sequence[str]) -> Policy:
    """``priorities``: all of the desk's, from lowest to highest."""
    return Policy(
        key=key,
        name=file.name or name,
        targets=tuple(
            (priority, _targets(file, priority, len(priorities) - 1 - rank))
            for rank, priority in enumerate(priorities)
        ),
        priorities=tuple(file.priority),
        categories=tuple(file.category),
        teams=tuple(file.team),
        tiers=tuple(file.tier),
        channels=tuple(file.channel),
        calendar=file.calendar,
        pause_in=tuple(file.pause),
        warn_at=tuple(file.warn),
        tell_in=file.tell_in,
        escalate=file.escalate,
    )


def _targets(file: SlaFile, priority: str, from_the_top: int) -> Targets:
    """What is said of the priority, else what is said of all, else the usual."""
    usual = USUAL_TARGETS[min(from_the_top, len(USUAL_TARGETS) - 1)]
    said = (file.by_priority.get(priority, TargetsFile()), file.targets)

    def of(name: str, otherwise: Amount | None) -> Amount | None:
        for one in said:
            if name in one.model_fields_set:
                found: Amount | None = getattr(one, name)
                return found
        return otherwise

    first = of("first_response", usual.first_response)
    return Targets(first, of("next_response", first), of("resolution", usual.resolution))


def written_calendar(one: Calendar) -> Written:
    written: Written = {"name": one.name, "zone": one.zone}
    hours = {day: [str(each) for each in one.week[at]] for at, day in enumerate(DAYS) if one.week[at]}
    written["hours"] = "always" if one.week == ALWAYS.week else hours
    closed = [*one.regions, *(day.isoformat() for day in one.dates)]
    if closed:
        written["holidays"] = closed
    return written


def written_policy(one: Policy) -> Written:
    written: Written = {
        "name": one.name,
        "priority": list(one.priorities),
        "category": list(one.categories),
        "team": list(one.teams),
        "tier": list(one.tiers),
        "channel": [str(each) for each in one.channels],
    }
    written = {name: value for name, value in written.items() if value}
    written["by_priority"] = {priority: _written_targets(targets) for priority, targets in one.targets}
    if one.calendar is not None:
        written["calendar"] = one.calendar
    written["pause"] = [status.value for status in one.pause_in]
    written["warn"] = [str(notice) for notice in one.warn_at]
    if one.tell_in is not None:
        written["tell_in"] = one.tell_in
    if one.escalate is not EscalateAt.NEVER:
        written["escalate"] = one.escalate.value
    return written


def _written_targets(targets: Targets) -> Written:
    return {
        "first_response": _written_promise(targets.first_response),
        "next_response": _written_promise(targets.next_response),
        "resolution": _written_promise(targets.resolution),
    }


def _written_promise(amount: Amount | None) -> str:
    return "none" if amount is None else str(amount)
