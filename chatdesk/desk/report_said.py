"""The numbers of a period as they are told: reckoned when they are delivered, not when they are asked for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from chatdesk.desk.numbers import Report, report
from chatdesk.desk.numbers_shown import code_block, shown
from chatdesk.domain.effects import ReportSaid
from chatdesk.domain.lines import Line, markup, words
from chatdesk.domain.local_time import zone_of
from chatdesk.domain.metrics import Period
from chatdesk.domain.organisation import Organisation
from chatdesk.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Told:
    """``title`` is what stands above a picture of it."""

    line: Line
    title: str
    report: Report


def told(tx: Transaction, effect: ReportSaid) -> Told:
    """What an effect says, as things are now."""
    reckoned = report(tx, Period(effect.start, effect.end), effect.by, effect.teams)
    whose = whose_of(tx.organisation, effect.teams)
    gaps = (
        words("team", whose),
        words("start", day(tx.organisation, effect.start)),
        words("end", day(tx.organisation, effect.end)),
        markup("table", code_block(shown(reckoned))),
    )
    return Told(Line(effect.sentence, gaps), f"{whose}, {days(tx.organisation, reckoned.period)}", reckoned)


def whose_of(organisation: Organisation, teams: Collection[str] | None) -> str:
    """The teams' names, or the organisation's."""
    if teams is None:
        return organisation.name
    known = {team.key: team.name for team in organisation.teams}
    return ", ".join(known.get(key, key) for key in teams)


def days(organisation: Organisation, period: Period) -> str:
    return f"{day(organisation, period.start)} – {day(organisation, period.end)}"


def day(organisation: Organisation, when: datetime) -> str:
    return when.astimezone(zone_of(organisation)).strftime("%d %b %Y")
