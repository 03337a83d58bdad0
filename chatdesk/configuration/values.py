"""How single values are written in ``desk.yaml``: durations, sizes, colours, channels, people."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, TypeVar

from pydantic import BeforeValidator, PlainValidator, StringConstraints, ValidationInfo

from chatdesk.configuration.nearest import known_are
from chatdesk.configuration.written import OrAlone, Written
from chatdesk.contract.vocabulary import Installation, Platform
from chatdesk.domain.organisation import ChannelReference, StaffSource, StaffSourceKind

T = TypeVar("T")

_SECONDS = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}
_LONGEST_SECONDS = 36_525 * 86_400
_DURATION = re.compile(r"(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")
_BYTES = {"": 1, "kb": 1_000, "mb": 1_000**2, "gb": 1_000**3, "kib": 1_024, "mib": 1_024**2, "gib": 1_024**3}
_SIZE = re.compile(r"(\d+)\s*([kmg]i?b)?", re.IGNORECASE)
_FILE_KIND = re.compile(r"\.?[A-Za-z0-9]{1,20}|[A-Za-z0-9.+-]+/(?:\*|[A-Za-z0-9.+-]+)")
_PREFIXED = re.compile(r"([a-z][a-z0-9_]*):(.+)")


def parse_duration(value: object) -> timedelta:
    if isinstance(value, timedelta):
        return value
    found = _DURATION.fullmatch("".join(value.split())) if isinstance(value, str) else None
    if found is None or not any(found.groups()):
        raise ValueError(f'"{value}" is no duration; write it with units, such as 30m, 4h, 2d or 1h30m')
    seconds = sum(
        int(count) * _SECONDS[unit] for count, unit in zip(found.groups(), _SECONDS, strict=True) if count
    )
    if seconds > _LONGEST_SECONDS:
        raise ValueError(f'"{value}" is too long; a hundred years are the most')
    return timedelta(seconds=seconds)


def write_duration(value: timedelta) -> str:
    rest = int(value.total_seconds())
    written = []
    for unit, seconds in _SECONDS.items():
        count, rest = divmod(rest, seconds)
        if count:
            written.append(f"{count}{unit}")
    return "".join(written) or "0s"


def parse_size(value: object) -> int:
    found = _SIZE.fullmatch(str(value).strip()) if isinstance(value, int | str) else None
    if found is None or isinstance(value, bool) or int(found[1]) == 0:
        raise ValueError(f'"{value}" is no size; write it with a unit, such as 25MB or 10MiB')
    return int(found[1]) * _BYTES[(found[2] or "").lower()]


def write_size(value: int) -> int | str:
    for unit in ("gib", "mib", "kib", "gb", "mb", "kb"):
        if value % _BYTES[unit] == 0:
            return f"{value // _BYTES[unit]}{unit[0].upper()}{unit[1:].replace('b', 'B')}"
    return value


def parse_colour(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 0xFFFFFF:
        return value
    if isinstance(value, str) and re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        return int(value[1:], 16)
    raise ValueError(f'"{value}" is no colour; write it in quotes as "#RRGGBB"')


def write_colour(value: int) -> str:
    return f"#{value:06X}"


def parse_channel(value: object, info: ValidationInfo) -> ChannelReference:
    """``slack:#support``, ``discord:123``, ``slack:T1/#support``."""
    platform, rest = _prefixed(value, info, "slack:#support or discord:1234567890")
    installation, slash, channel = rest.partition("/")
    if not slash:
        installation, channel = "", rest
    if not channel.removeprefix("#"):
        raise ValueError(f'"{value}" names no channel; write it as slack:#support or discord:1234567890')
    return ChannelReference(platform, channel, installation or None)


def parse_staff(value: object, info: ValidationInfo) -> StaffSource:
    """``slack:U1``, ``slack:group:support-agents``, ``discord:role:agents``, ``slack:channel:#private``."""
    platform, rest = _prefixed(
        value, info, "slack:U0123, discord:role:agents or slack:channel:#support-staff"
    )
    kind, colon, name = rest.partition(":")
    if not colon:
        return StaffSource(platform, StaffSourceKind.PERSON, rest)
    kinds = {"person": StaffSourceKind.PERSON, "group": StaffSourceKind.GROUP, "role": StaffSourceKind.GROUP,
             "channel": StaffSourceKind.CHANNEL}  # fmt: skip
    if kind not in kinds:
        raise ValueError(f'"{value}" names the source "{kind}"; {known_are("sources", kind, kinds)}')
    name = name.lstrip("@#")
    if not name:
        raise ValueError(f'"{value}" names nobody; write it as slack:U0123, slack:group:agents and the like')
    return StaffSource(platform, kinds[kind], name)


def parse_installation(value: object, info: ValidationInfo) -> Installation:
    platform, rest = _prefixed(value, info, "slack:T0123 or discord:1234567890")
    return Installation(platform, rest)


def _prefixed(value: object, info: ValidationInfo, example: str) -> tuple[Platform, str]:
    found = _PREFIXED.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise ValueError(f'"{value}" names no platform; write it as {example}')
    platform, rest = found[1], found[2].strip()
    platforms = info.context.get("platforms") if info.context else None
    if platforms and platform not in platforms:
        raise ValueError(f'"{value}" names the platform "{platform}"; '
                         f"{known_are('platforms', platform, platforms)}")  # fmt: skip
    return Platform(platform), rest


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$"), Written("key")]
Duration = Annotated[
    timedelta,
    PlainValidator(parse_duration, json_schema_input_type=str),
    Written("duration", ("30m", "4h", "2d", "1h30m")),
]


def parse_file_kind(value: object) -> str:
    """``.EXE`` and ``exe`` are ``exe``; ``Video/*`` is ``video/*``."""
    if not isinstance(value, str) or not _FILE_KIND.fullmatch(value.strip()):
        raise ValueError(
            f'"{value}" is no kind of file; write an ending such as exe, or a type such as video/*'
        )
    return value.strip().lower().removeprefix(".")


FileKind = Annotated[
    str,
    PlainValidator(parse_file_kind, json_schema_input_type=str),
    Written("kind of file", ("exe", "video/mp4", "video/*")),
]
Size = Annotated[
    int, PlainValidator(parse_size, json_schema_input_type=int | str), Written("size", ("25MB", "10MiB"))
]
Colour = Annotated[
    int, PlainValidator(parse_colour, json_schema_input_type=int | str), Written("colour", ("#E74C3C",))
]
Channel = Annotated[
    ChannelReference,
    PlainValidator(parse_channel, json_schema_input_type=str),
    Written("channel", ("slack:#support", "discord:#help", "discord:112233445566778899")),
]
Staff = Annotated[
    StaffSource,
    PlainValidator(parse_staff, json_schema_input_type=str),
    Written("staff", ("slack:U0123ABCD", "slack:group:support-agents", "discord:role:Support")),
]
Workspace = Annotated[
    Installation,
    PlainValidator(parse_installation, json_schema_input_type=str),
    Written("workspace or server", ("slack:T0123", "discord:112233445566778899")),
]
OneOrMore = Annotated[list[T], BeforeValidator(_listed), OrAlone()]
TeamKey = Annotated[str, Written("team")]
PriorityKey = Annotated[str, Written("priority")]
CategoryPath = Annotated[str, Written("category", ("billing/refund",))]
CalendarKey = Annotated[str, Written("calendar")]
TierKey = Annotated[str, Written("tier")]
