"""What the page knows of a platform: people, places, messages and forms, the same for both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from chatdesk_playground.faults import Fault
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


class Insight(Protocol):
    """What the app itself knows, and which steps of a tour a visitor has really taken."""

    @property
    def steps(self) -> Sequence[Step]: ...

    async def done(self) -> frozenset[str]: ...

    async def topics(self) -> Sequence[Option]:
        """What there is to look at, newest first."""
        ...

    async def shown(self, topic: str) -> Html: ...


class Side(Protocol):
    """One platform. What a person cannot do raises NotPossible."""

    @property
    def look(self) -> Look: ...

    @property
    def title(self) -> str: ...

    @property
    def formatting(self) -> Sequence[Formatting]: ...

    @property
    def people(self) -> Sequence[Person]: ...

    @property
    def about(self) -> About: ...

    @property
    def version(self) -> int: ...

    async def changed(self, after: int) -> int:
        """The version once it is above ``after``, or after some seconds."""
        ...

    def places(self, person: str) -> Sequence[Place]: ...

    def messages(self, person: str, spot: Spot, most: int) -> Sequence[Message]:
        """The newest of them, oldest first."""
        ...

    def title_of(self, person: str, spot: Spot) -> str: ...

    def home(self, person: str) -> Html | None:
        """The app's page for this person, with its controls; None where the platform has no such thing."""
        ...

    def form(self, person: str) -> Form | None: ...

    def menu(self, person: str, spot: Spot, message: str) -> Sequence[MenuEntry]: ...

    def shortcuts(self, person: str) -> Sequence[MenuEntry]:
        """What the app offers wherever one is."""
        ...

    async def use_shortcut(self, person: str, entry: str) -> None: ...

    async def start_thread(self, person: str, spot: Spot, message: str, name: str) -> Spot:
        """Where threads have names, begin one under a message."""
        ...

    async def enter(self, person: str, spot: Spot) -> Spot:
        """Go there; the place that was meant, such as the direct messages with the app."""
        ...

    async def post(self, person: str, spot: Spot, written: Written) -> None: ...

    async def edit(self, person: str, spot: Spot, message: str, text: str) -> None: ...

    async def delete(self, person: str, spot: Spot, message: str) -> None: ...

    async def react(self, person: str, spot: Spot, message: str, name: str, add: bool) -> None: ...

    async def use(self, person: str, spot: Spot, message: str, entry: str) -> None: ...

    async def press(self, person: str, spot: Spot, message: str, name: str) -> None: ...

    async def choose(self, person: str, spot: Spot, message: str, name: str, value: str) -> None: ...

    async def complete(self, person: str, spot: Spot, typed: str) -> Sequence[Suggestion]: ...

    async def command(self, person: str, spot: Spot, typed: str) -> None: ...

    async def look_up(self, person: str, field: str, typed: str) -> Sequence[Option]: ...

    async def change(self, person: str, field: str, value: str) -> None:
        """A field that acts was changed, or a button in the form pressed (then the value is empty)."""
        ...

    async def submit(self, person: str, answers: Answers) -> Mapping[str, str]:
        """Send the form; what is wrong, by field. Nothing is wrong once it is gone."""
        ...

    async def close_form(self, person: str) -> None: ...

    def wire(self, after: int) -> Sequence[WireLine]:
        """What went over the wire, oldest first, from the number on."""
        ...

    def file(self, key: str) -> tuple[bytes, str] | None:
        """A file's content and type, where its own address is not for browsers."""
        ...

    async def misbehave(self, fault: Fault) -> None: ...

    async def behave(self) -> None: ...
