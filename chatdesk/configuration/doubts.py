"""What in a configuration is allowed and yet hardly meant."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from chatdesk.domain.calendar import Timetable, timetable
from chatdesk.domain.on_call import Rota, Shift, watches
from chatdesk.domain.organisation import Organisation, StaffSourceKind, Team
from chatdesk.domain.staff import written_staff

AHEAD = timedelta(days=60)
MOST = 3
"""Gaps of one team that are named."""


def doubts(organisation: Organisation, now: datetime) -> Iterator[str]:
    """A sentence for each."""
    for team in organisation.teams:
        if team.on_call is not None:
            calendar = next((one for one in organisation.calendars if one.key == team.on_call.hours), None)
            yield from _of_rota(team, team.on_call, timetable(calendar) if calendar else None, now)


def _of_rota(team: Team, rota: Rota, table: Timetable | None, now: datetime) -> Iterator[str]:
    about = f"team {team.key}: on_call"
    yield from (f"{about}: {one}" for one in _strangers(team, rota))
    ahead = sorted((one for one in rota.shifts if (one.end or now) > now), key=lambda one: one.start)
    for index, one in enumerate(ahead):
        for other in ahead[index + 1 :]:
            if one.who != other.who and other.start < (one.end or other.start):
                yield f"{about}: {_shift(rota, one)} and {_shift(rota, other)} overlap; the first counts"
    start = now.astimezone(UTC).replace(second=0, microsecond=0)
    # Gaps out of the rota's hours are meant.
    gaps = [one for one in watches(rota, start, start + AHEAD, None) if one.who is None]
    if table is not None:
        gaps = [one for one in gaps if table.open_between(one.start, one.end)]
    for gap in gaps[:MOST]:
        end = "" if gap.end == start + AHEAD else f" until {_local(rota, gap.end)}"
        yield f"{about}: nobody is on call from {_local(rota, gap.start)}{end}"
    if len(gaps) > MOST:
        yield f"{about}: and {len(gaps) - MOST} more gaps until {_local(rota, start + AHEAD)}"


def _strangers(team: Team, rota: Rota) -> Iterator[str]:
    """Who is in the rota and not of the team, where everybody of the team is named one by one."""
    sources = (*team.members, *team.leads)
    if not sources or any(one.kind is not StaffSourceKind.PERSON for one in sources):
        return
    known = {written_staff(one) for one in sources}
    for who in dict.fromkeys((*rota.rotation, *(shift.who for shift in rota.shifts))):
        if who not in known:
            yield f"{who} is neither a member nor a lead of the team"


def _shift(rota: Rota, shift: Shift) -> str:
    return f"the shift of {shift.who} from {_local(rota, shift.start)}"


def _local(rota: Rota, when: datetime) -> str:
    return when.astimezone(ZoneInfo(rota.zone)).strftime("%Y-%m-%d %H:%M")
