"""The shape of what ``desk.yaml`` says of how tickets end."""

from __future__ import annotations

from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator

from chatdesk.configuration.values import Duration, Key, write_duration
from chatdesk.configuration.written import Written
from chatdesk.domain.resolution import ResolutionCode
from chatdesk.domain.satisfaction import Satisfaction
from chatdesk.domain.weekly import Weekly, read_weekly

_USUAL = Satisfaction()


class SatisfactionFile(BaseModel):
    """Requesters are asked, once their ticket is closed, how satisfied they are."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)

    share: int = Field(
        default=_USUAL.share,
        ge=0,
        le=100,
        description="Of a hundred closed tickets, how many requesters are asked",
    )
    cool_down: Duration = Field(
        default=_USUAL.cool_down, description="How long a person who was asked is left alone"
    )
    low: int = Field(
        default=_USUAL.low, ge=0, le=4, description="Ratings up to this one are told to the team's leads"
    )

    def meaning(self) -> Satisfaction:
        return Satisfaction(self.share, self.cool_down, self.low)


def written_satisfaction(asked: Satisfaction) -> dict[str, object]:
    return {"share": asked.share, "cool_down": write_duration(asked.cool_down), "low": asked.low}


def _by_key(value: object) -> object:
    """Keys alone; their names are made of them."""
    keys = [value] if isinstance(value, str) else value
    if isinstance(keys, list) and all(isinstance(key, str) for key in keys):
        return dict.fromkeys(keys)
    return value


def parse_zone(value: object) -> str:
    """A time zone's name, such as ``Europe/Zurich``."""
    try:
        return ZoneInfo(str(value)).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f'"{value}" is no time zone; write it as Europe/Zurich or UTC') from None


def parse_weekly(value: object) -> Weekly:
    """``monday 9:00``."""
    found = value if isinstance(value, Weekly) else read_weekly(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError(f'"{value}" is no moment of the week; write it as monday 9:00')
    return found


def codes_of(named: dict[str, str | None]) -> tuple[ResolutionCode, ...]:
    return tuple(
        ResolutionCode(key, name or key.replace("_", " ").replace("-", " ").capitalize())
        for key, name in named.items()
    )


Codes = Annotated[
    dict[Key, str | None],
    BeforeValidator(_by_key, json_schema_input_type=dict[str, str | None] | list[str]),
]
Zone = Annotated[
    str, PlainValidator(parse_zone, json_schema_input_type=str), Written("time zone", ("Europe/Zurich",))
]
EveryWeek = Annotated[
    Weekly,
    PlainValidator(parse_weekly, json_schema_input_type=str),
    Written("moment of the week", ("monday 9:00",)),
]
ResolutionPart = Literal["text", "code"]
