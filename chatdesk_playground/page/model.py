"""What the page knows of a platform: people, places, messages and forms, the same for both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from chatdesk_playground.page.html import Html


class NotPossible(Exception):
    """The platform's client would not let them; the message says why, in a sentence."""


class Look(StrEnum):
    """Whose colours and habits a pane has."""

    SLACK = "slack"
    DISCORD = "discord"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whom the visitor can be. ``note`` says what they are to the desk: agent, customer."""

    key: str
    name: str
    avatar: str
    note: str = ""


class PlaceKind(StrEnum):
    CHANNEL = "channel"
    PRIVATE = "private"
    FORUM = "forum"
    DIRECT = "direct"
    HOME = "home"


HOME = "@home"
"""Stands for the app's page, where a platform has one."""
APP = "@app"
"""Stands for the direct messages with the app until there are any."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where messages stand: a channel, or a thread in it."""

    channel: str
    thread: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A line in the sidebar. ``newest`` is the key of its last message, to tell what is unread."""

    spot: Spot
    name: str
    kind: PlaceKind
    newest: str = ""
    indented: bool = False


@dataclass(frozen=True, slots=True)
class File:
    name: str
    size: int
    url: str
    is_image: bool


@dataclass(frozen=True, slots=True)
class Reaction:
    """``name`` is what the platform calls it, ``shown`` the character."""

    name: str
    shown: str
    people: tuple[str, ...]
    mine: bool

    @property
    def count(self) -> int:
        return len(self.people)


@dataclass(frozen=True, slots=True)
class Message:
    """A message as one person sees it. ``body`` holds its controls, too; an edit begins with ``source``."""

    key: str
    author: str
    avatar: str
    at: float
    body: Html
    app: bool = False
    edited: bool = False
    only_you: bool = False
    own: bool = False
    loading: bool = False
    quotes: str = ""
    source: str = ""
    files: tuple[File, ...] = ()
    reactions: tuple[Reaction, ...] = ()
    thread: Spot | None = None
    replies: int = 0


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """Something that the app offers on a message, by the name that the platform uses for it."""

    name: str
    label: str


class FieldKind(StrEnum):
    TEXT = "text"
    LONG = "long"
    CHOICE = "choice"
    CHOICES = "choices"
    LOOKUP = "lookup"
    """A choice whose options the app is asked for while something is typed."""
    DATE = "date"
    FILES = "files"


@dataclass(frozen=True, slots=True)
class Option:
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Field:
    """``name`` is what it is submitted under. ``acts`` says that the app hears of every change."""

    name: str
    label: str
    kind: FieldKind
    value: str = ""
    values: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    required: bool = True
    hint: str = ""
    placeholder: str = ""
    longest: int = 3000
    acts: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """Something to read in a form."""

    body: Html


@dataclass(frozen=True, slots=True)
class Press:
    """A button in a form that does not send it."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Form:
    """What is asked of somebody. ``key`` changes with every form, ``version`` with every change of one."""

    key: str
    version: str
    title: str
    submit: str
    items: tuple[Field | Words | Press, ...]

    def named(self, errors: Mapping[str, str]) -> Mapping[str, str]:
        """Errors by the fields' names: platforms say them by labels."""
        names = {one.label: one.name for one in self.items if isinstance(one, Field)}
        return {names.get(label, label): words for label, words in errors.items()}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What might be typed: ``insert`` replaces the whole line."""

    insert: str
    label: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Formatting:
    """How something is typed: what stands before and behind it. ``icon`` is one of Material's."""

    name: str
    icon: str
    before: str
    behind: str = ""


@dataclass(frozen=True, slots=True)
class Upload:
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody wrote. ``title`` opens a post in a forum; ``reply_to`` is a message's key."""

    text: str
    files: tuple[Upload, ...] = ()
    title: str = ""
    reply_to: str = ""


Answers = Mapping[str, str | Sequence[str] | Sequence[Upload]]


@dataclass(frozen=True, slots=True)
class WireLine:
    """Something that went over the wire. ``out`` says that the app sent it."""

    number: int
    at: float
    out: bool
    title: str
    status: str
    milliseconds: float
    detail: object = field(repr=False)


@dataclass(frozen=True, slots=True)
class About:
    """For programs: where the control interface is, and what it calls people and places."""

    control: str
    installation: str
    people: Mapping[str, str]
    places: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Step:
    """One of a tour. ``key`` is known to whoever says what was done."""

    key: str
    title: str
    text: str
