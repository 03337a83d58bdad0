"""A line of the desk's own, before anybody's name is in it.

Names are filled in when a line is delivered, from what we know of the person then, so that nothing keeps
a name that was erased or that the platform had not told us yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class GapKind(StrEnum):
    TEXT = "text"
    PERSON = "person"
    """The value is a person id; their name goes in."""
    MENTION = "mention"
    """The value is a person id; a mention of theirs goes in."""
    MARKUP = "markup"
    """The value is CommonMark."""
    PROPOSAL = "proposal"
    """The value is the id of what was asked of the assistant; its answer goes in."""


@dataclass(frozen=True, slots=True)
class Gap:
    name: str
    value: str
    kind: GapKind = GapKind.TEXT


@dataclass(frozen=True, slots=True)
class Line:
    """``sentence`` is a key of ``contract.catalogue.LINES``."""

    sentence: str
    gaps: tuple[Gap, ...] = ()


def person(name: str, value: str) -> Gap:
    return Gap(name, value, GapKind.PERSON)


def mention(name: str, value: str) -> Gap:
    return Gap(name, value, GapKind.MENTION)


def words(name: str, value: str | int) -> Gap:
    return Gap(name, str(value))


def markup(name: str, value: str) -> Gap:
    return Gap(name, value, GapKind.MARKUP)


def proposal(name: str, value: str) -> Gap:
    return Gap(name, value, GapKind.PROPOSAL)
