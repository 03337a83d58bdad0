"""Who is at work, as far as the desk knows: hours of people and teams, and who said that they are away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from chatdesk.desk import standing
from chatdesk.desk.act import Act
from chatdesk.domain.calendar import Timetable, timetable
from chatdesk.domain.organisation import Agent, Organisation, StaffSource, StaffSourceKind, Team
from chatdesk.domain.staff import written_staff
from chatdesk.store import turns


def table_of(organisation: Organisation, key: str | None) -> Timetable | None:
    """A calendar worked out; None where none is named."""
    named = next((one for one in organisation.calendars if one.key == key), None)
    return timetable(named) if named else None


def agent_of(act: Act, who: str) -> Agent | None:
    """What is known of somebody, by any of their accounts."""

    def is_of(source: StaffSource) -> bool:
        return standing.is_among(act.tx, who, [source])

    return next((one for one in act.tx.organisation.agents if any(map(is_of, one.who))), None)


def is_off_work(act: Act, agent: Agent | None, team: Team | None) -> bool:
    """Whether it is out of somebody's hours, which are their own or else their team's."""
    key = agent.hours if agent and agent.hours else team.hours if team else None
    table = table_of(act.tx.organisation, key)
    return table is not None and table.next_open(act.now) != act.now


def off_now(act: Act) -> Iterator[tuple[str, datetime]]:
    """People whose hours it is out of, as ``desk.yaml`` writes them, and until when."""
    organisation = act.tx.organisation
    for agent in organisation.agents:
        opens = _opens(organisation, agent.hours, act.now)
        first = next((one for one in agent.who if one.kind is StaffSourceKind.PERSON), None)
        if opens is not None and first is not None:
            yield written_staff(first), opens


def teams_off_now(act: Act) -> Iterator[tuple[Team, datetime]]:
    """Teams whose hours it is out of, and until when."""
    for team in act.tx.organisation.teams:
        opens = _opens(act.tx.organisation, team.hours, act.now)
        if opens is not None:
            yield team, opens


def _opens(organisation: Organisation, key: str | None, now: datetime) -> datetime | None:
    """When a calendar opens; None where it is open, or not known to."""
    table = table_of(organisation, key)
    opens = table.next_open(now) if table else None
    return None if opens == now else opens


def is_there(act: Act, who: str, team: Team | None) -> bool:
    """Whether somebody works now, as far as we know."""
    return who not in turns.away_now(act.tx, act.now) and not is_off_work(act, agent_of(act, who), team)


def in_hours(organisation: Organisation, team: Team, now: datetime, time: timedelta) -> datetime:
    """The moment until which a team has had so much time, in its hours where it has any."""
    table = table_of(organisation, team.hours)
    found = table.after(now, time) if table else None
    return found or now + time
