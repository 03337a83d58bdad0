"""What the desk wants shown, as the courier hands it to an adapter: complete and addressed to one place.

Bodies are CommonMark; people in them are ``person:platform/id`` links, see ``Content.people``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from chatdesk.contract.views import Card, Control
from chatdesk.contract.vocabulary import IdentityId, MessageRef


@dataclass(frozen=True, slots=True)
class OutgoingFile:
    """A file to be uploaded, in our own storage; ``id`` is the attachment's."""

    id: str
    name: str
    size: int
    media_type: str
    path: Path


@dataclass(frozen=True, slots=True)
class Author:
    """Under whose name a post appears."""

    name: str
    avatar_url: str | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """A post as it is now. ``internal`` posts carry a 🔒 mark wherever they are shown."""

    post: str
    author: Author
    body: str
    files: tuple[OutgoingFile, ...]
    internal: bool
    people: Mapping[str, str] = field(default_factory=dict)
    """For a link target such as ``person:discord/42``: that person's user id on the platform addressed."""
    missing_files: tuple[str, ...] = ()
    """Names of files that could not be fetched; said in the text."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A part or a file of a post as it stands in one place. ``part`` is the adapter's name for the part."""

    part: str
    ref: MessageRef


class Visibility(StrEnum):
    PUBLIC = "public"
    PRIVATE = "private"
    DM = "dm"


@dataclass(frozen=True, slots=True)
class OpenThread:
    """Open a customer thread: under ``source``, or of its own in the channel; or a DM with the first member.

    ``at`` is the channel (for a DM, any place of the installation). Receipt: ``opened``.
    A platform that has no private threads opens a DM instead.
    """

    title: str
    opening: str
    visibility: Visibility
    members: tuple[IdentityId, ...]
    source: MessageRef | None = None


@dataclass(frozen=True, slots=True)
class ShowCard:
    """Post the card in the channel ``at`` and open its thread, or edit it where ``card`` names it.

    Receipt: ``card`` and, when it was posted, ``opened``, the thread that belongs to it.
    """

    content: Card
    card: MessageRef | None = None


@dataclass(frozen=True, slots=True)
class RetireCard:
    """Turn a card into one line (CommonMark) without controls."""

    card: MessageRef
    line: str


@dataclass(frozen=True, slots=True)
class PostMessage:
    """Post into ``at``. Receipt: ``copies``. ``reply_to``: our own earlier copy that it answers, in a DM."""

    content: Content
    reply_to: MessageRef | None = None


@dataclass(frozen=True, slots=True)
class EditMessage:
    """Make the copies show the content as it is now. Receipt: ``copies``, all there are afterwards."""

    content: Content
    copies: tuple[Copy, ...]


@dataclass(frozen=True, slots=True)
class DeleteMessages:
    """Remove copies; one that is already gone is no failure."""

    copies: tuple[Copy, ...]


@dataclass(frozen=True, slots=True)
class SetReaction:
    """Let our own reaction be there or not."""

    ref: MessageRef
    emoji: str
    present: bool


@dataclass(frozen=True, slots=True)
class PostLine:
    """A line of the desk's own, by the bot, with controls or a file. Receipt: one copy.

    Where the platform does not take the file, the words stand alone.
    """

    text: str
    controls: tuple[Control, ...] = ()
    people: Mapping[str, str] = field(default_factory=dict)
    file: OutgoingFile | None = None


@dataclass(frozen=True, slots=True)
class EditLine:
    """Replace a line of the desk's own and its controls."""

    ref: MessageRef
    text: str
    controls: tuple[Control, ...] = ()
    people: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Whisper:
    """Say something to one person alone. ``at`` is where; ``about`` the message of theirs it is about.

    Slack: ephemeral there. Discord: a DM, else (only if ``internal``) a reply there that deletes itself.
    """

    to: IdentityId
    text: str
    internal: bool
    controls: tuple[Control, ...] = ()
    about: MessageRef | None = None


@dataclass(frozen=True, slots=True)
class TellPerson:
    """A direct message from the bot to a person, like a line. ``at`` is any place of the installation."""

    to: IdentityId
    text: str
    controls: tuple[Control, ...] = ()
    file: OutgoingFile | None = None


@dataclass(frozen=True, slots=True)
class SetThreadOpen:
    """A thread is in use, or over (archived and locked where the platform can)."""

    open: bool


@dataclass(frozen=True, slots=True)
class SetMember:
    """Let a person be in a thread or not, where the thread is private."""

    who: IdentityId
    present: bool


Outbound = (
    OpenThread
    | ShowCard
    | RetireCard
    | PostMessage
    | EditMessage
    | DeleteMessages
    | SetReaction
    | PostLine
    | EditLine
    | Whisper
    | TellPerson
    | SetThreadOpen
    | SetMember
)
