"""The ticket and what belongs to it, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chatdesk.contract.vocabulary import (
    Audience,
    FileRef,
    IdentityId,
    Installation,
    MessageRef,
    Place,
    PlaceKind,
    Side,
)
from chatdesk.domain.lifecycle import Status
from chatdesk.domain.organisation import ThreadMode


@dataclass(frozen=True, slots=True)
class Ticket:
    """One request from first contact to closing. People are person ids."""

    desk: str
    number: int
    title: str
    description: str
    requester: str
    status: Status
    priority: str
    created_at: datetime
    team: str | None
    type: str | None = None
    service: str | None = None
    category: str | None = None
    assignee: str | None = None
    tags: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    """Answers to what the category asked, by the field's key."""
    escalation_level: int = 0
    mode: ThreadMode = ThreadMode.REPLY
    resolution: str | None = None
    follow_up: str | None = None
    origin: Place | None = None
    """The channel, thread or DM of the first contact."""
    origin_link: str | None = None
    first_response_at: datetime | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    reopens: int = 0
    last_post_at: datetime | None = None
    unread: bool = False
    """The last public post is the requester's and nobody of the staff has written since."""
    draft_until: datetime | None = None
    follows: int | None = None
    """The closed ticket that this one continues."""
    resolution_code: str | None = None
    """How it was resolved, by the key of one of the desk's codes."""
    waits_since: datetime | None = None
    """Since when it is pending or resolved, for as long as it is."""
    reminded_at: datetime | None = None
    """When the requester was told that a pending ticket waits for them."""
    snoozed_at: datetime | None = None
    """Since when it is out of sight."""
    snoozed_until: datetime | None = None
    """When it comes back; None where it waits for the requester to write."""
    follow_up_at: datetime | None = None
    """When staff are reminded of the follow-up."""
    version: int = 0


class ThreadState(StrEnum):
    OPENING = "opening"
    OPEN = "open"
    CLOSED = "closed"
    """No longer the ticket's; what is written there is not taken in."""
    DEAD = "dead"
    """The platform says it is gone, or it could not be opened."""


@dataclass(frozen=True, slots=True)
class Thread:
    """A ticket's place for one side. ``place`` is None until it has been opened."""

    desk: str
    id: str
    ticket: int
    side: Side
    installation: Installation
    parent: str
    """The channel it stands in, as a place id."""
    place: str | None
    kind: PlaceKind
    state: ThreadState
    opened_at: datetime
    party: int | None = None
    """Whom a customer's thread speaks to; also the old staff thread of a ticket that was merged."""
    team: str | None = None
    escalation: str | None = None
    card: str | None = None
    """The card's message id."""
    last_copy: str | None = None
    """The last message we delivered here, as a message id."""
    catching_up: bool = False
    missed: bool = False
    """Something happened here while it was being caught up with."""

    @property
    def at(self) -> Place | None:
        return None if self.place is None else Place(self.installation, self.place)

    @property
    def lane(self) -> str:
        return f"thread:{self.id}"


class AttachmentState(StrEnum):
    WAITING = "waiting"
    STORED = "stored"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a post. ``digest`` is the SHA-256 of its bytes once we hold them."""

    id: str
    post: str
    ref: FileRef
    state: AttachmentState
    digest: str | None = None
    reason: str | None = None
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Post:
    """One entry of a ticket's conversation. ``source`` is the message it came from, if it came from one."""

    desk: str
    id: str
    ticket: int
    position: int
    author: str
    identity: IdentityId
    """As whom the author wrote; names and pictures are this identity's."""
    body: str
    audience: Audience
    side: Side
    """The side it was written on."""
    thread: str | None
    source: MessageRef | None
    created_at: datetime
    version: str = ""
    edited_at: datetime | None = None
    deleted_at: datetime | None = None
    attachments: tuple[Attachment, ...] = ()


class Because(StrEnum):
    """Why a ticket is put before another team, or somebody on call is told of it."""

    PERSON = "person"
    RULE = "rule"
    WARNING = "warning"
    BREACH = "breach"
    REOPENED = "reopened"
    SILENCE = "silence"
    """The level below did not acknowledge in time."""
    UNANSWERED = "unanswered"
    """The level below acknowledged, but did not answer in time."""


class EscalationState(StrEnum):
    WAITING = "waiting"
    ACKNOWLEDGED = "acknowledged"
    TAKEN_OVER = "taken_over"
    SENT_BACK = "sent_back"
    SILENT = "silent"
    """Nobody acknowledged in time; the next level was asked."""
    ENDED = "ended"
    """The ticket was resolved or cancelled meanwhile."""


@dataclass(frozen=True, slots=True)
class Escalation:
    """A ticket put before another team."""

    desk: str
    id: str
    ticket: int
    from_team: str | None
    to_team: str
    level: int
    asked_by: str
    question: str
    state: EscalationState
    asked_at: datetime
    due_at: datetime
    answered_by: str | None = None
    answered_at: datetime | None = None
    outcome: str | None = None
    because: Because = Because.PERSON
    called: int = 0
    """How many of those on call were told, one after another."""
    answer_by: datetime | None = None
    """By when the requester was told to expect an answer; None where nobody waits for it any more."""


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """Something that was done. ``data`` holds ids and values, never names or text."""

    desk: str
    id: str
    ticket: int
    kind: str
    actor: str | None
    platform: str | None
    means: str
    at: datetime
    data: tuple[tuple[str, str], ...] = ()
