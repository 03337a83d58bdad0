"""Who is on call: from the file's shape to the domain, and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from chatdesk.configuration.file_on_call import OnCallFile
from chatdesk.configuration.values import write_duration
from chatdesk.domain.on_call import Rota, Shift
from chatdesk.domain.staff import written_staff

Written = dict[str, object]


def rota(file: OnCallFile, zone: str) -> Rota:
    """``zone``: the desk's."""
    clock = ZoneInfo(file.zone or zone)

    def moment(local: datetime) -> datetime:
        return local.replace(tzinfo=clock).astimezone(UTC)

    return Rota(
        zone=clock.key,
        rotation=tuple(written_staff(one) for one in file.rotation),
        handover=file.handover,
        every=file.every.days,
        first=file.from_,
        last=file.until,
        hours=file.hours,
        shifts=tuple(Shift(written_staff(one.who), moment(one.from_), moment(one.to)) for one in file.shifts),
    )


def written_rota(one: Rota) -> Written:
    written: Written = {"zone": one.zone}
    if one.rotation:
        written |= {"rotation": list(one.rotation), "handover": str(one.handover)}
        written["every"] = write_duration(timedelta(days=one.every))
    for name, day in (("from", one.first), ("until", one.last)):
        if day is not None:
            written[name] = day.isoformat()
    if one.hours is not None:
        written["hours"] = one.hours
    if one.shifts:
        written["shifts"] = [_written_shift(shift, ZoneInfo(one.zone)) for shift in one.shifts]
    return written


def _written_shift(shift: Shift, zone: ZoneInfo) -> Written:
    end = shift.end or shift.start
    return {
        "who": shift.who,
        "from": shift.start.astimezone(zone).strftime("%Y-%m-%d %H:%M"),
        "to": end.astimezone(zone).strftime("%Y-%m-%d %H:%M"),
    }
