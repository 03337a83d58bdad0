"""The words of the contract: places, messages, people, files, audiences, tickets.

Ids that a platform made are opaque here: only that platform's adapter makes or parses them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

Platform = NewType("Platform", str)
"""A platform's name, such as ``slack``. A plain string: anybody may add one."""


@dataclass(frozen=True, slots=True)
class Installation:
    """One Slack workspace or one Discord server that a desk is installed in."""

    platform: Platform
    id: str


@dataclass(frozen=True, slots=True)
class Place:
    """A channel, thread or DM.

    ``id`` is unique in the platform. For a whole channel it is the platform's own channel id, as
    ``desk.yaml`` names it; for anything below a channel it is the adapter's secret.
    """

    installation: Installation
    id: str

    @property
    def platform(self) -> Platform:
        return self.installation.platform


class PlaceKind(StrEnum):
    CHANNEL = "channel"
    FORUM = "forum"
    THREAD = "thread"
    DM = "dm"


@dataclass(frozen=True, slots=True)
class Where:
    """A place as an event saw it: what it is and, for a thread, the channel it stands in."""

    place: Place
    kind: PlaceKind
    channel: Place
    """The channel that routes are looked up by: the place itself unless it is a thread."""


@dataclass(frozen=True, slots=True)
class MessageRef:
    """One platform message.

    ``id`` is unique in the platform and known by it for ever (Slack: channel and ts, Discord: channel
    and id). It leaves the workspace out, because a shared Slack channel can name any of its workspaces.
    """

    place: Place
    id: str


@dataclass(frozen=True, slots=True)
class IdentityId:
    """How a platform knows a human."""

    platform: Platform
    id: str

    def __str__(self) -> str:
        return f"{self.platform}/{self.id}"


@dataclass(frozen=True, slots=True)
class Profile:
    """What a platform says about an identity. Shown, never trusted: names are under foreign control."""

    name: str
    avatar_url: str | None = None
    handle: str | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did something; ``profile`` where the event carried it.

    ``installation`` is where they did it: needed for events that name no place (forms, a home, shortcuts).
    """

    identity: IdentityId
    profile: Profile | None = None
    installation: Installation | None = None


@dataclass(frozen=True, slots=True)
class FileRef:
    """A file as a platform holds it. ``id`` is enough for that platform's adapter to open it later."""

    installation: Installation
    id: str
    name: str
    size: int
    media_type: str = "application/octet-stream"


class Side(StrEnum):
    """Who reads a place on a ticket's behalf."""

    CUSTOMER = "customer"
    TEAM = "team"
    ESCALATION = "escalation"

    @property
    def is_internal(self) -> bool:
        return self is not Side.CUSTOMER


class AudienceKind(StrEnum):
    INTERNAL = "internal"
    EVERYONE = "everyone"
    PARTY = "party"


@dataclass(frozen=True, slots=True)
class Audience:
    """Who may read a post: staff alone, all parties of the ticket, or one party (and staff).

    With ``last``, all parties from ``party`` to it. An internal post's ``party`` is no reader: it says whose
    conversation the post came from.
    """

    kind: AudienceKind
    party: int | None = None
    last: int | None = None


INTERNAL = Audience(AudienceKind.INTERNAL)
EVERYONE = Audience(AudienceKind.EVERYONE)


class Means(StrEnum):
    """Through what somebody acted; kept in the history."""

    COMMAND = "command"
    MENTION = "mention"
    BUTTON = "button"
    REACTION = "reaction"
    SHORTCUT = "shortcut"
    FORM = "form"
    MESSAGE = "message"
    CLOCK = "clock"
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class SourceMessage:
    """A message somebody pointed at to make a ticket of it.

    ``thread`` is the place where answers to it stand, if that exists already (on Slack always, since a
    thread there is named by its first message).
    """

    ref: MessageRef
    where: Where
    author: Actor
    body: str
    files: tuple[FileRef, ...]
    at: datetime
    thread: Place | None
    link: str | None = None


TICKET_EMOJI = "🎫"
"""The reaction that makes a ticket of a message."""
