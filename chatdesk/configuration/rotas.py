"""Who is on call and when, in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from chatdesk.domain.calendar import timetable
from chatdesk.domain.on_call import watches
from chatdesk.domain.organisation import Organisation

NOBODY = "nobody"


def watches_of(organisation: Organisation, start: datetime, end: datetime) -> Iterator[str]:
    """A line for each time in which the same one is on call, by the rota's clock."""
    for team in organisation.teams:
        if team.on_call is None:
            continue
        zone = ZoneInfo(team.on_call.zone)
        calendar = next((one for one in organisation.calendars if one.key == team.on_call.hours), None)
        yield f"team {team.key} ({zone.key}):"
        for watch in watches(team.on_call, start, end, timetable(calendar) if calendar else None):
            begins, ends = (f"{at.astimezone(zone):%a %Y-%m-%d %H:%M}" for at in (watch.start, watch.end))
            yield f"  {begins} – {ends}  {watch.who or NOBODY}"
