"""What every format is read as: tickets with people, posts and files, whatever they were called there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from chatdesk.contract.vocabulary import Audience, IdentityId, Side
from chatdesk.domain.lifecycle import Status


class SourceRefused(Exception):
    """Nothing can be read there; the message is one sentence for a person."""


@dataclass(frozen=True, slots=True)
class NotTaken:
    """Something that was left behind. ``record`` names it as its source does, such as ``ticket 12``."""

    record: str
    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class SourcePerson:
    """Somebody, by the identity under which they are known from then on, unless --people says another.

    ``keys``: what else the source knows them by.
    """

    identity: IdentityId
    name: str | None = None
    handle: str | None = None
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceFile:
    id: str
    name: str
    size: int = 0
    media_type: str = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class SourcePost:
    """``shown_as`` is whom readers see instead of the author, where the source hid who it was."""

    author: SourcePerson
    at: datetime
    body: str
    is_internal: bool = False
    by_desk: bool = False
    files: tuple[SourceFile, ...] = ()
    edited: bool = False
    shown_as: SourcePerson | None = None


@dataclass(frozen=True, slots=True)
class SourceRating:
    score: int
    comment: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class SourceTicket:
    """One ticket of another help desk. Names of priorities, teams and categories are the source's own."""

    key: str
    label: str
    """How people there called it, such as ``12``."""
    title: str
    requester: SourcePerson
    status: Status
    created_at: datetime
    posts: tuple[SourcePost, ...] = ()
    description: str = ""
    priority: str | None = None
    type: str | None = None
    team: str | None = None
    category: str | None = None
    tags: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    assignee: SourcePerson | None = None
    participants: tuple[SourcePerson, ...] = ()
    first_response_at: datetime | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    resolution: str | None = None
    rating: SourceRating | None = None
    not_taken: tuple[NotTaken, ...] = ()
    """What of it could not be read."""


@dataclass(frozen=True, slots=True)
class OwnPost:
    """A post as chatdesk exports it. ``author`` is a person's id there."""

    id: str
    position: int
    author: str
    identity: IdentityId
    side: Side
    audience: Audience
    created_at: datetime
    edited_at: datetime | None
    deleted_at: datetime | None
    body: str
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OwnHistory:
    id: str
    at: datetime
    kind: str
    actor: str | None
    platform: str | None
    means: str
    data: tuple[tuple[str, str], ...]


Account: TypeAlias = tuple[IdentityId, str | None, str | None]
"""An identity, its name and its handle."""


@dataclass(frozen=True, slots=True)
class OwnTicket:
    """A ticket as chatdesk exports it, with its own ids. People are person ids there."""

    key: str
    label: str
    number: int
    title: str
    description: str
    status: Status
    priority: str
    type: str | None
    category: str | None
    service: str | None
    team: str | None
    tags: tuple[str, ...]
    fields: tuple[tuple[str, str], ...]
    requester: str
    assignee: str | None
    participants: tuple[tuple[str, int], ...]
    """Who else takes part, and of which party they are."""
    escalation_level: int
    created_at: datetime
    first_response_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    last_post_at: datetime | None
    reopens: int
    resolution_code: str | None
    resolution: str | None
    follow_up: str | None
    follow_up_at: datetime | None
    follows: int | None
    merged_into: int | None
    rating: int | None
    rating_comment: str | None
    rated_at: datetime | None
    platform: str | None
    link: str | None
    posts: tuple[OwnPost, ...]
    history: tuple[OwnHistory, ...]
    accounts: Mapping[str, tuple[Account, ...]]
    """By which accounts each of its people is known."""
    not_taken: tuple[NotTaken, ...] = ()


Record: TypeAlias = SourceTicket | OwnTicket | NotTaken


@dataclass(frozen=True, slots=True)
class Source:
    """What was found to be read. ``words`` say what became of the source's own words for statuses."""

    name: str
    total: int
    records: Iterator[Record]
    words: tuple[tuple[str, str], ...] = ()
