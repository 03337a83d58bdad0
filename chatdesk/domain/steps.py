"""What a macro or a rule does to a ticket, one step after the other, and the variables of its texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from string import Formatter


class StepKind(StrEnum):
    """In the order in which they are done, however they are written."""

    CATEGORY = "category"
    TEAM = "team"
    PRIORITY = "priority"
    AT_LEAST = "at_least"
    """Up to this priority, never down to it."""
    RAISE = "raise"
    """Up by so many priorities."""
    TAG = "tag"
    UNTAG = "untag"
    ASSIGN = "assign"
    NOTE = "note"
    REPLY = "reply"
    STATUS = "status"
    RESOLVE = "resolve"
    CLOSE = "close"
    ESCALATE = "escalate"
    NOTIFY = "notify"
    WEBHOOK = "webhook"
    """Tell another program."""


ME, NOBODY, AUTO = "me", "nobody", "auto"
"""Whom a ticket is assigned to besides a person: who uses the macro, nobody, whose turn it is."""

NEXT = "next"
"""Escalate to the team that the ticket's team escalates to."""

ASSIGNEE, LEADS, ON_CALL = "assignee", "leads", "on_call"
"""Who is notified besides a person."""

WITH_TEXT = frozenset({StepKind.NOTE, StepKind.REPLY, StepKind.RESOLVE, StepKind.CLOSE})
"""Steps that say something."""


REQUESTER_READS = (StepKind.REPLY, StepKind.RESOLVE, StepKind.CLOSE)
"""Steps whose text the requester reads, the one that says most first."""


@dataclass(frozen=True, slots=True)
class Step:
    """``value`` is a key, a tag, a team, somebody; ``text`` may hold variables."""

    kind: StepKind
    value: str = ""
    text: str = ""

    def __str__(self) -> str:
        said = " ".join(part for part in (self.value, f"“{self.text}”" if self.text else "") if part)
        return f"{self.kind.replace('_', ' ')} {said}".strip()


VARIABLES = (
    "requester", "number", "title", "agent", "assignee", "team", "category", "priority", "status", "service",
    "desk",
)  # fmt: skip
"""What a text may name in braces. ``agent``: who uses the macro, or who has the ticket."""


def unknown_variables(text: str) -> Iterator[str]:
    """What a text names in braces that is no variable. Raises ValueError where braces do not match."""
    for _, name, form, conversion in Formatter().parse(text):
        if name is not None and (name not in VARIABLES or form or conversion):
            yield name


def answer_in(steps: Sequence[Step]) -> Step | None:
    """The step that says to the requester what there is to say."""
    said = [step for kind in REQUESTER_READS for step in steps if step.kind is kind and step.text]
    return said[0] if said else None


def verbatim(text: str) -> str:
    """A text that is filled in already, as a step says it."""
    return text.replace("{", "{{").replace("}", "}}")


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its variables' values, which are CommonMark; ``{{`` is a brace."""
    parts = []
    for before, name, _, _ in Formatter().parse(text):
        parts.append(before)
        if name is not None:
            parts.append(values.get(name, ""))
    return "".join(parts)
