"""Where people come from, as ``desk.yaml`` writes it."""

from __future__ import annotations

from chatdesk.contract.vocabulary import Platform
from chatdesk.domain.organisation import ChannelReference, StaffSource, StaffSourceKind

_KINDS = {
    "person": StaffSourceKind.PERSON,
    "group": StaffSourceKind.GROUP,
    "role": StaffSourceKind.GROUP,
    "channel": StaffSourceKind.CHANNEL,
}


def written_staff(source: StaffSource) -> str:
    kind = "" if source.kind is StaffSourceKind.PERSON else f"{source.kind}:"
    return f"{source.platform}:{kind}{source.id}"


def read_staff(written: str) -> StaffSource:
    """What a checked configuration wrote."""
    platform, _, rest = written.partition(":")
    kind, colon, name = rest.partition(":")
    if not colon:
        return StaffSource(Platform(platform), StaffSourceKind.PERSON, rest)
    return StaffSource(Platform(platform), _KINDS[kind], name.lstrip("@#"))


def read_channel(written: str) -> ChannelReference:
    """What a checked configuration wrote."""
    platform, _, rest = written.partition(":")
    installation, slash, channel = rest.partition("/")
    return ChannelReference(Platform(platform), channel if slash else rest, installation if slash else None)
