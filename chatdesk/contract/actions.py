"""What a button, a menu or a reaction stands for, and its written form.

Components outlive the process that showed them, so an action travels in the component's own id, which
Discord limits to 100 characters, and needs nothing remembered to be understood.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FormKind(StrEnum):
    """The modals there are."""

    TICKET = "ticket"
    REPLY = "reply"
    NOTE = "note"
    ESCALATE = "escalate"
    RESOLVE = "resolve"
    ASSIGN = "assign"
    MOVE = "move"
    CATEGORY = "category"
    TAG = "tag"
    PEOPLE = "people"
    CLOSE = "close"
    ASK_CLOSE = "ask_close"
    SNOOZE = "snooze"
    RATING = "rating"
    MERGE = "merge"
    SPLIT = "split"
    RELATE = "relate"
    ARTICLE = "article"
    PROPOSAL = "proposal"
    MACRO = "macro"


@dataclass(frozen=True, slots=True)
class RunVerb:
    """Run a verb on a ticket. A menu adds the chosen option's value."""

    verb: str
    ticket: int
    value: str | None = None


@dataclass(frozen=True, slots=True)
class OpenForm:
    """Open a modal; for a new ticket there is no ticket yet."""

    kind: FormKind
    ticket: int | None = None


@dataclass(frozen=True, slots=True)
class ChooseOption:
    """Answer a question that the desk asked."""

    choice: str
    option: str


Action = RunVerb | OpenForm | ChooseOption

_ARGUMENTS = {
    "assign": "agent",
    "priority": "priority",
    "status": "status",
    "category": "category",
    "service": "service",
    "tag": "tag",
    "escalate": "team",
    "move": "team",
    "people": "person",
    "macro": "macro",
    "send-macro": "macro",
    "edit-macro": "macro",
    "send-proposal": "proposal",
    "edit-proposal": "proposal",
    "discard-proposal": "proposal",
    "merge": "into",
    "snooze": "until",
}


def argument_of(verb: str) -> str:
    """The name in CommandGiven of the value that a menu or button gives a verb."""
    return _ARGUMENTS.get(verb, "value")


_LIMIT = 100
_FORM_KINDS = frozenset(kind.value for kind in FormKind)


def encode(action: Action) -> str:
    """The action as at most 100 characters. Raises ValueError where it does not fit."""
    match action:
        case RunVerb(verb, ticket, value):
            text = f"verb:{ticket}:{verb}" + (f":{value}" if value is not None else "")
        case OpenForm(kind, ticket):
            text = f"form:{'' if ticket is None else ticket}:{kind}"
        case ChooseOption(choice, option):
            text = f"choose:{choice}:{option}"
    if len(text) > _LIMIT:
        raise ValueError(f"an action of {len(text)} characters does not fit a component's id: {text[:40]}…")
    return text


def decode(text: str) -> Action | None:
    """The action that ``encode`` wrote, or None if it was not written by it."""
    kind, _, rest = text.partition(":")
    subject, _, rest = rest.partition(":")
    is_number = subject.isascii() and subject.isdigit() and len(subject) < 10
    match kind:
        case "verb" if is_number and rest:
            verb, has_value, value = rest.partition(":")
            return RunVerb(verb, int(subject), value if has_value else None)
        case "form" if rest in _FORM_KINDS and (is_number or not subject):
            return OpenForm(FormKind(rest), int(subject) if subject else None)
        case "choose" if subject and rest:
            return ChooseOption(subject, rest)
    return None
