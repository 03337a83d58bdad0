"""What a use case wants shown, as it is written to the outbox: references, not content.

The courier looks up what they refer to when it delivers, so that a post edited meanwhile is delivered as it
is now, a deleted one not at all, and a card shows the newest state.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chatdesk.contract.outbound import Visibility
from chatdesk.contract.views import Control
from chatdesk.contract.vocabulary import IdentityId, MessageRef, Place
from chatdesk.domain.lines import Line
from chatdesk.domain.metrics import By


@dataclass(frozen=True, slots=True)
class CardChanged:
    """Show the card of the lane's thread, and open that thread if it is not open."""


@dataclass(frozen=True, slots=True)
class CardMoved:
    """Turn the card of the lane's thread into one line."""

    line: Line


@dataclass(frozen=True, slots=True)
class ThreadWanted:
    """Open the lane's customer thread."""

    title: str
    opening: Line
    visibility: Visibility
    members: tuple[IdentityId, ...]
    source: MessageRef | None


@dataclass(frozen=True, slots=True)
class CatchUpWanted:
    """Read the place of the lane's thread and take in what we have not seen."""


@dataclass(frozen=True, slots=True)
class PostWritten:
    post: str


@dataclass(frozen=True, slots=True)
class PostChanged:
    """The post was edited or deleted: make the copies in the lane's thread show it."""

    post: str


@dataclass(frozen=True, slots=True)
class PostReacted:
    """Let the post's copy (or source) in the lane's thread carry the emoji if people elsewhere set it."""

    post: str
    emoji: str


@dataclass(frozen=True, slots=True)
class LineSaid:
    line: Line
    controls: tuple[Control, ...] = ()


@dataclass(frozen=True, slots=True)
class LineReplaced:
    """Replace the line that an earlier effect said in this lane, without controls unless given."""

    effect: str
    line: Line
    controls: tuple[Control, ...] = ()


@dataclass(frozen=True, slots=True)
class Whispered:
    """Say it to one person alone, in the place of the lane."""

    to: IdentityId
    line: Line
    internal: bool
    controls: tuple[Control, ...] = ()
    about: MessageRef | None = None


@dataclass(frozen=True, slots=True)
class PersonTold:
    """Say it in a direct message."""

    to: IdentityId
    line: Line
    controls: tuple[Control, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportSaid:
    """Say the numbers of a period, and show them as a picture where one can be drawn.

    ``sentence`` is what they stand in. ``teams``: whose tickets alone; None: all of the desk's. ``to``: in a
    direct message. ``asked_in``: where they are told if it does not reach them; a place of staff.
    """

    sentence: str
    start: datetime
    end: datetime
    teams: tuple[str, ...] | None = None
    by: By | None = None
    to: IdentityId | None = None
    asked_in: Place | None = None


@dataclass(frozen=True, slots=True)
class SourceMarked:
    """Put a mark (⏳, ⚠️) on a post's source message, or take it off."""

    ref: MessageRef
    emoji: str
    present: bool


@dataclass(frozen=True, slots=True)
class ThreadEnded:
    """The lane's thread is over on the platform, or in use again."""

    open: bool


@dataclass(frozen=True, slots=True)
class MemberChanged:
    who: IdentityId
    present: bool


Effect = (
    CardChanged
    | CardMoved
    | ThreadWanted
    | CatchUpWanted
    | PostWritten
    | PostChanged
    | PostReacted
    | LineSaid
    | LineReplaced
    | Whispered
    | PersonTold
    | ReportSaid
    | SourceMarked
    | ThreadEnded
    | MemberChanged
)
