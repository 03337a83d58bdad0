"""One ticket of another help desk becomes one of ours: its people, its conversation, its history.

Nobody is told: no thread is opened, no effect is written, and nothing follows from what is recorded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from chatdesk.contract.vocabulary import (
    EVERYONE,
    INTERNAL,
    Audience,
    AudienceKind,
    FileRef,
    Installation,
    Platform,
    Side,
)
from chatdesk.desk.standing import standing_of
from chatdesk.domain.lifecycle import OVER, Status
from chatdesk.domain.sla_case import Wrote
from chatdesk.domain.text import one_line
from chatdesk.domain.ticket import Attachment, AttachmentState, HistoryEntry, Post, Ticket
from chatdesk.importing.mapping import Translator
from chatdesk.importing.people import People
from chatdesk.importing.records import NotTaken, SourceFile, SourcePerson, SourcePost, SourceTicket
from chatdesk.store import history, imports, parties, people, posts, ratings, search, tickets
from chatdesk.store.ids import new_id
from chatdesk.store.imports import Imported
from chatdesk.store.ratings import Rating
from chatdesk.store.transaction import Transaction

MEANS = "import"
PARTY = Audience(AudienceKind.PARTY, 1)


@dataclass(frozen=True, slots=True)
class StoredFiles:
    """A ticket's files: by their ids digest and size of what we hold; the names of others, and why."""

    held: Mapping[str, tuple[str, int]]
    lost: Sequence[tuple[str, str]]


NO_FILES = StoredFiles({}, ())


@dataclass(frozen=True, slots=True)
class Taking:
    """What taking in needs besides the ticket."""

    source: str
    translator: Translator
    people: People
    installations: Mapping[Platform, Installation]
    now: datetime


@dataclass(slots=True)
class _Story:
    """The history of a ticket while it is told. Entries come in the order of their times."""

    tx: Transaction
    number: int
    entries: list[HistoryEntry]

    def tell(self, at: datetime, kind: str, actor: str | None = None, **data: str | None) -> None:
        given = tuple((name, value) for name, value in data.items() if value is not None)
        self.entries.append(HistoryEntry(self.tx.desk, "", self.number, kind, actor, None, MEANS, at, given))

    def write(self) -> None:
        told = sorted(self.entries, key=lambda entry: entry.at)
        history.add_past(self.tx, [replace(entry, id=new_id()) for entry in told])


def take(
    tx: Transaction, taking: Taking, found: SourceTicket, files: StoredFiles
) -> tuple[int, Sequence[NotTaken]]:
    """Make the ticket; its number, and what of it was left behind. The requester was not erased."""
    record = f"ticket {found.label}"
    lost = [NotTaken(record, f"file {name}", reason) for name, reason in files.lost]
    written = []
    for number, post in enumerate(found.posts, 1):
        if taking.people.was_erased(tx, post.author):
            lost.append(NotTaken(record, f"post {number}", "who wrote it was erased here"))
        else:
            written.append(post)
    ticket = _ticket(tx, taking, found, written)
    tickets.add(tx, ticket)
    imports.note(tx, Imported(taking.source, found.key, ticket.number, taking.now))
    story = _Story(tx, ticket.number, [])
    story.tell(
        found.created_at, "created", ticket.requester, requester=ticket.requester, team=ticket.team,
        because="imported", category=ticket.category, priority=ticket.priority,
    )  # fmt: skip
    for position, post in enumerate(written, 1):
        _write(tx, taking, story, ticket, post, position, files)
    for one in found.participants:
        if not taking.people.was_erased(tx, one):
            person = _met(tx, taking, one)
            if person != ticket.requester:
                parties.add(tx, ticket.number, person, 1, found.created_at)
    _tell_life(story, ticket)
    _rate(tx, found, ticket)
    story.write()
    return ticket.number, lost


def _met(tx: Transaction, taking: Taking, who: SourcePerson) -> str:
    return taking.people.meet(tx, who, taking.installations, taking.now)


def working(tx: Transaction, taking: Taking, assignee: str | None, status: Status) -> str | None:
    """Whose the ticket is: what is still to be done is nobody's who does not work here."""
    if assignee is None or status in OVER or standing_of(tx, assignee).is_staff:
        return assignee
    taking.translator.nobody(people.name_of(tx, assignee))
    return None


def _unless_erased(tx: Transaction, taking: Taking, who: SourcePerson | None) -> str | None:
    return None if who is None or taking.people.was_erased(tx, who) else _met(tx, taking, who)


def _ticket(tx: Transaction, taking: Taking, found: SourceTicket, written: Sequence[SourcePost]) -> Ticket:
    public = [post for post in written if not post.is_internal]
    answers = [post.at for post in public if post.by_desk]
    times = [post.at for post in written]
    first = found.first_response_at or min(answers, default=None)
    translator = taking.translator
    ticket = Ticket(
        desk=tx.desk,
        number=tickets.next_number(tx),
        title=one_line(found.title) or f"{taking.source} {found.label}",
        description=found.description,
        requester=_met(tx, taking, found.requester),
        status=found.status,
        priority=translator.priority(found.priority),
        created_at=found.created_at,
        team=translator.team(found.team),
        type=translator.type(found.type),
        category=translator.category(found.category),
        assignee=working(tx, taking, _unless_erased(tx, taking, found.assignee), found.status),
        tags=tuple(dict.fromkeys(found.tags)),
        fields=found.fields,
        resolution=found.resolution,
        first_response_at=first,
        resolved_at=found.resolved_at,
        closed_at=found.closed_at,
        last_post_at=max(times, default=found.created_at),
        unread=bool(public) and not public[-1].by_desk and found.status not in (*OVER, Status.RESOLVED),
    )
    return _ended(ticket, tx, taking.now)


def _ended(ticket: Ticket, tx: Transaction, now: datetime) -> Ticket:
    """What the desk would have closed by itself since it was resolved is closed."""
    patience = tx.organisation.close_resolved_after
    if ticket.status is not Status.RESOLVED or ticket.resolved_at is None or patience is None:
        return ticket
    closes = ticket.resolved_at + patience
    return replace(ticket, status=Status.CLOSED, closed_at=closes) if closes <= now else ticket


def _write(
    tx: Transaction, taking: Taking, story: _Story, ticket: Ticket, found: SourcePost, position: int,
    files: StoredFiles,
) -> None:  # fmt: skip
    author = _met(tx, taking, found.author)
    shown = found.shown_as or found.author
    side = Side.TEAM if found.is_internal or found.by_desk else Side.CUSTOMER
    audience = INTERNAL if found.is_internal else EVERYONE if found.by_desk else PARTY
    post_id = new_id()
    post = Post(
        desk=tx.desk,
        id=post_id,
        ticket=ticket.number,
        position=position,
        author=_met(tx, taking, shown),
        identity=taking.people.here(shown),
        body=found.body,
        audience=audience,
        side=side,
        thread=None,
        source=None,
        created_at=found.at,
        edited_at=found.at if found.edited else None,
        attachments=tuple(_attachment(taking, post_id, one, files) for one in found.files),
    )
    posts.add(tx, post)
    search.add(tx, post, ticket.title)
    by = Wrote.DESK if found.by_desk and not found.is_internal else None
    story.tell(found.at, "post", author, post=post.id, audience=audience.kind, side=side, by=by)


def _attachment(taking: Taking, post: str, file: SourceFile, files: StoredFiles) -> Attachment:
    digest, size = files.held.get(file.id, (None, file.size))
    ref = FileRef(
        Installation(Platform(taking.source), MEANS),
        file.id,
        file.name,
        size,
        file.media_type or "application/octet-stream",
    )
    if digest is not None:
        return Attachment(new_id(), post, ref, AttachmentState.STORED, digest)
    return Attachment(new_id(), post, ref, AttachmentState.FAILED, reason="it was not imported")


def _tell_life(story: _Story, ticket: Ticket) -> None:
    """Through which statuses it came to the one that it has."""
    status, answered = Status.NEW, ticket.first_response_at
    if answered is not None:
        story.tell(answered, "first_response")
        if ticket.resolved_at is None or answered <= ticket.resolved_at:
            status = _turn(story, status, Status.OPEN, answered)
    for then, at in ((Status.RESOLVED, ticket.resolved_at), (Status.CLOSED, ticket.closed_at)):
        if at is not None:
            status = _turn(story, status, then, at)
    if status is not ticket.status and ticket.status is not Status.NEW:
        _turn(story, status, ticket.status, answered or ticket.created_at)


def _turn(story: _Story, before: Status, after: Status, at: datetime) -> Status:
    story.tell(at, "status", before=before, after=after)
    return after


def _rate(tx: Transaction, found: SourceTicket, ticket: Ticket) -> None:
    rating = found.rating
    if rating is not None:
        ratings.put(
            tx, Rating(ticket.number, ticket.requester, rating.at, rating.score, rating.comment, rating.at)
        )
