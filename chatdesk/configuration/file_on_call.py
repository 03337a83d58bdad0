"""The shape of what ``desk.yaml`` says of who is on call."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainValidator

from chatdesk.configuration.file_endings import Zone
from chatdesk.configuration.source import Step
from chatdesk.configuration.values import CalendarKey, Duration, OneOrMore, Staff
from chatdesk.configuration.written import Written
from chatdesk.domain.on_call import Handover, read_handover
from chatdesk.domain.organisation import StaffSource, StaffSourceKind

D = TypeVar("D", date, datetime)

_A_DAY = timedelta(days=1)
_ONE_DIGIT = re.compile(r"(\s)(\d:)")


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)


def _written(default: str, description: str) -> Any:
    """A default as the file would say it; what the field holds is what it means."""
    return Field(default=default, description=description)


def _one_person(value: StaffSource) -> StaffSource:
    if value.kind is not StaffSourceKind.PERSON:
        raise ValueError(f'"{value.platform}:{value.key}" is not one person; write it as slack:U0123')
    return value


def parse_handover(value: object) -> Handover:
    found = value if isinstance(value, Handover) else read_handover(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError(f'"{value}" is no time to hand over; write it as monday 9:00, or 9:00')
    return found


def _whole_days(value: timedelta) -> timedelta:
    if value < _A_DAY or value % _A_DAY:
        raise ValueError("must be whole days, such as 1d, 1w or 2w")
    return value


def parse_day(value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return _near(value)
    try:
        found = date.fromisoformat(str(value).strip())
    except ValueError:
        raise ValueError(f'"{value}" is no date; write it as 2026-12-24') from None
    return _near(found)


def _near(found: D) -> D:
    """Of times at the ends of all calendars there is none before or after, nor in another zone."""
    if not 1970 <= found.year <= 2999:
        raise ValueError(f'"{found}" is too far away; leave it out where there is no end')
    return found


def parse_moment(value: object) -> datetime:
    """A local time, without its zone. A day alone is its beginning."""
    if isinstance(value, datetime) and value.tzinfo is None:
        return _near(datetime(*value.timetuple()[:6]))  # noqa: DTZ001 - a local clock; YAML has a type of its own
    try:
        found = datetime.fromisoformat(_ONE_DIGIT.sub(r"\g<1>0\2", str(value).strip()))
    except ValueError:
        found = None
    if found is None or found.tzinfo is not None:
        raise ValueError(f'"{value}" is no local time; write it as 2026-12-24 18:00')
    return _near(found)


def parse_end(value: object) -> datetime:
    """A day alone is its end."""
    is_day = (isinstance(value, date) and not isinstance(value, datetime)) or len(str(value).strip()) == 10
    return parse_moment(value) + (_A_DAY if is_day else timedelta())


OnePerson = Annotated[Staff, AfterValidator(_one_person)]
EveryDays = Annotated[Duration, AfterValidator(_whole_days)]
HandedOver = Annotated[
    Handover,
    PlainValidator(parse_handover, json_schema_input_type=str),
    Written("moment of the week or day", ("monday 9:00", "9:00")),
]
Day = Annotated[date, PlainValidator(parse_day, json_schema_input_type=str), Written("date", ("2026-12-24",))]
Begins = Annotated[
    datetime,
    PlainValidator(parse_moment, json_schema_input_type=str),
    Written("date or time", ("2026-12-24", "2026-12-24 18:00")),
]
Ends = Annotated[
    datetime,
    PlainValidator(parse_end, json_schema_input_type=str),
    Written("date or time", ("2026-12-26", "2026-12-27 9:00")),
]


class ShiftFile(_Section):
    """Somebody is on call then, whosever turn it is."""

    who: OnePerson = Field(description="Who is on call")
    from_: Begins = Field(alias="from", description="Since when; a date alone is its beginning")
    to: Ends = Field(description="Until when; a date alone is its end")


class OnCallFile(_Section):
    """Who is told at any hour of what cannot wait."""

    zone: Zone | None = Field(default=None, description="The clock that is meant; else the desk's time_zone")
    rotation: OneOrMore[OnePerson] = Field(default=[], description="Who take turns, in this order")
    handover: HandedOver = _written(
        "monday 9:00", "When one takes over from another; a day of the week, or any day"
    )
    every: EveryDays = _written("1w", "How long a turn is, in whole days")
    from_: Day | None = Field(
        default=None,
        alias="from",
        description="The first of the rotation begins at the first handover of this day or after it",
    )
    until: Day | None = Field(default=None, description="The last day of the rotation")
    hours: CalendarKey | None = Field(
        default=None, description="Nobody has a turn out of these hours; without it, turns have no gaps"
    )
    shifts: list[ShiftFile] = Field(default=[], description="Times that count before turns")


def section_at(path: Sequence[Step]) -> type[BaseModel] | None:
    """The section whose settings a path is about, if it is one of these."""
    match path:
        case ["teams", _, "on_call", "shifts", _, _]:
            return ShiftFile
        case ["teams", _, "on_call", _]:
            return OnCallFile
    return None
