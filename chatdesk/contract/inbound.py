"""What people did, in the past tense. Every event is frozen and says who, where, when, and by which key.

``key`` names the happening for ever: a command's, button's or form's interaction id; for anything that a
message is, the message itself. Edits, deletions and reactions are not happenings but versioned state: an
older ``version`` than the one known is ignored. Versions order as strings within one message.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from chatdesk.contract.actions import FormKind
from chatdesk.contract.vocabulary import (
    Actor,
    FileRef,
    IdentityId,
    Installation,
    Means,
    MessageRef,
    Place,
    PlaceKind,
    Profile,
    SourceMessage,
    Where,
)


@dataclass(frozen=True, slots=True)
class MessagePosted:
    """Somebody wrote. ``body`` is CommonMark. ``title`` is a forum post's. Keyed by ``ref``."""

    ref: MessageRef
    where: Where
    actor: Actor
    body: str
    files: tuple[FileRef, ...]
    at: datetime
    reply_to: MessageRef | None = None
    thread: Place | None = None
    """Where answers to this message stand, if that exists already (Slack: always, in a channel)."""
    title: str | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True)
class MessageEdited:
    """``body`` and ``files`` are what the message holds now."""

    ref: MessageRef
    where: Where
    actor: Actor
    body: str
    files: tuple[FileRef, ...]
    version: str
    at: datetime


@dataclass(frozen=True, slots=True)
class MessageDeleted:
    ref: MessageRef
    at: datetime


@dataclass(frozen=True, slots=True)
class ReactionSet:
    """A person's reaction is there or is gone. ``emoji`` is Unicode, or ``:name:`` where it is custom."""

    ref: MessageRef
    where: Where
    actor: Actor
    emoji: str
    present: bool
    version: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Reaction:
    actor: Actor
    emoji: str


@dataclass(frozen=True, slots=True)
class ReactionsSeen:
    """Everybody who reacted to a message, as its history shows it: who is not among them does no longer.

    Only reading a place's past brings it up. ``partly``: emoji of which not everybody could be seen.
    """

    ref: MessageRef
    where: Where
    by: tuple[Reaction, ...]
    version: str
    at: datetime
    partly: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TicketAsked:
    """Somebody asked, without a form, that a message become a ticket (🎫). Its author is the requester."""

    key: str
    actor: Actor
    source: SourceMessage
    means: Means
    at: datetime


@dataclass(frozen=True, slots=True)
class CommandTyped:
    """A command as free text: Slack's slash commands and mentions of the bot everywhere.

    ``text`` is CommonMark with people and channels as ``person:`` and ``place:`` links.
    """

    key: str
    actor: Actor
    where: Where
    text: str
    means: Means
    at: datetime
    command: str = "ticket"
    """``ticket`` or ``desk``: which of our commands it was typed behind."""
    reply_to: MessageRef | None = None


@dataclass(frozen=True, slots=True)
class CommandGiven:
    """A command with its arguments told apart: Discord's subcommands, buttons, menus, reactions.

    ``arguments`` are by name: ticket, agent, team, priority, status, category, tag, person, action,
    reason, text, title. A person is written ``platform/id``.
    """

    key: str
    actor: Actor
    where: Where | None
    verb: str
    arguments: Mapping[str, str]
    means: Means
    at: datetime
    command: str = "ticket"


@dataclass(frozen=True, slots=True)
class FormOpened:
    """Somebody asked for a form. ``capacity`` is how many fields the platform can show."""

    key: str
    actor: Actor
    where: Where | None
    kind: FormKind
    means: Means
    at: datetime
    capacity: int
    ticket: int | None = None
    source: SourceMessage | None = None
    prefill: Mapping[str, str] = field(default_factory=dict)
    steps: bool = False
    """Whether a form can be answered with another one there."""


@dataclass(frozen=True, slots=True)
class FormChanged:
    """A field that others depend on was changed while the form is open; the answer is the form anew."""

    key: str
    actor: Actor
    form: str
    values: Mapping[str, str]
    at: datetime
    capacity: int


@dataclass(frozen=True, slots=True)
class FormSubmitted:
    key: str
    actor: Actor
    form: str
    values: Mapping[str, str]
    at: datetime


@dataclass(frozen=True, slots=True)
class FormDismissed:
    key: str
    actor: Actor
    form: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ChoiceMade:
    """Somebody pressed an option of a question that the desk asked."""

    key: str
    actor: Actor
    where: Where | None
    choice: str
    option: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ChannelSeen:
    place: Place
    name: str
    kind: PlaceKind


@dataclass(frozen=True, slots=True)
class MemberSeen:
    identity: IdentityId
    profile: Profile | None


@dataclass(frozen=True, slots=True)
class Connected:
    """The adapter is connected to an installation, as which identity. Repeated at every start."""

    installation: Installation
    name: str
    bot: IdentityId
    at: datetime
    directs: bool = False
    """Direct messages of all installations are heard with this one, and so may have been missed too."""


@dataclass(frozen=True, slots=True)
class ChannelsSeen:
    """Channels with their names, all or some of an installation's."""

    installation: Installation
    channels: tuple[ChannelSeen, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class MembersSeen:
    """Everybody who is now in a source of staff (see ``questions.Wanted``)."""

    installation: Installation
    source: str
    members: tuple[MemberSeen, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class PlaceGone:
    """A channel or thread was deleted, or the bot was removed from it."""

    place: Place
    at: datetime


Inbound = (
    MessagePosted
    | MessageEdited
    | MessageDeleted
    | ReactionSet
    | TicketAsked
    | CommandTyped
    | CommandGiven
    | FormOpened
    | FormChanged
    | FormSubmitted
    | FormDismissed
    | ChoiceMade
    | Connected
    | ChannelsSeen
    | MembersSeen
    | PlaceGone
)
