"""What is shown apart from conversation: cards, forms, controls, a person's home. Platforms lay them out.

Strings are plain text unless a field says CommonMark; adapters escape them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from chatdesk.contract.actions import Action
from chatdesk.contract.vocabulary import Place


class Style(StrEnum):
    PLAIN = "plain"
    PRIMARY = "primary"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a menu, a form's field or an autocompletion. ``value`` has at most 75 characters."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Button:
    label: str
    action: Action
    style: Style = Style.PLAIN


@dataclass(frozen=True, slots=True)
class Menu:
    """Choose one of up to 25 options; ``action`` is a RunVerb that the chosen value completes.

    An option whose value decodes as an action of its own (see ``actions.decode``) stands for that action
    instead: this is how "More ▾" opens forms.
    """

    label: str
    action: Action
    options: tuple[Option, ...]
    chosen: str | None = None


Control = Button | Menu


@dataclass(frozen=True, slots=True)
class CardLine:
    """A labelled fact on a card."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Card:
    """A ticket's state in a team channel. ``colour`` is 0xRRGGBB, by priority."""

    number: int
    title: str
    status: str
    mark: str
    colour: int
    facts: tuple[CardLine, ...]
    summary: str
    """CommonMark: the request in the requester's words, shortened."""
    source_link: str | None
    controls: tuple[Control, ...]
    warning: str | None = None


@dataclass(frozen=True, slots=True)
class TextField:
    name: str
    label: str
    value: str = ""
    required: bool = True
    multiline: bool = False
    max_length: int = 3000
    placeholder: str = ""


@dataclass(frozen=True, slots=True)
class ChoiceField:
    """Choose one (or several) of up to 25 options. ``refreshes``: other fields depend on it (FormChanged)."""

    name: str
    label: str
    options: tuple[Option, ...]
    value: str = ""
    required: bool = True
    refreshes: bool = False


@dataclass(frozen=True, slots=True)
class PersonField:
    """Choose a person of the platform; the value is the platform's own user id."""

    name: str
    label: str
    required: bool = True


Field = TextField | ChoiceField | PersonField


@dataclass(frozen=True, slots=True)
class Form:
    """A modal. ``id`` names its state in our tables, so that it survives a restart."""

    id: str
    title: str
    submit: str
    fields: tuple[Field, ...]
    note: str = ""
    """CommonMark shown above the fields where the platform can (Slack, Discord's TextDisplay)."""


@dataclass(frozen=True, slots=True)
class Panel:
    """A message with a button that opens the new-ticket form. ``text`` is CommonMark."""

    title: str
    text: str
    controls: tuple[Control, ...]


@dataclass(frozen=True, slots=True)
class TicketLine:
    """One ticket in a list."""

    number: int
    title: str
    status: str
    mark: str
    detail: str
    thread: Place | None = None


@dataclass(frozen=True, slots=True)
class HomeSection:
    title: str
    tickets: tuple[TicketLine, ...]
    empty: str


@dataclass(frozen=True, slots=True)
class Home:
    """A person's own page (Slack's App Home)."""

    sections: tuple[HomeSection, ...]
    controls: tuple[Control, ...]
