"""Tickets, posts and history as flat rows with stable names, read one ticket at a time.

The fields' names are the columns of what is exported and stand in docs/operations.md: some may be added, none
renamed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, or_, select

from chatdesk.contract.vocabulary import AudienceKind
from chatdesk.domain.ticket import HistoryEntry, Post, Ticket
from chatdesk.store import desks, history, merges, parties, people, posts, ratings, tables, tickets
from chatdesk.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class TicketRow:
    desk: str
    number: int
    title: str
    description: str
    status: str
    priority: str
    type: str | None
    category: str | None
    service: str | None
    team: str | None
    tags: tuple[str, ...]
    fields: dict[str, str]
    requester: str
    requester_name: str
    assignee: str | None
    assignee_name: str | None
    escalation_level: int
    platform: str | None
    created_at: str
    first_response_at: str | None
    resolved_at: str | None
    closed_at: str | None
    last_post_at: str | None
    reopens: int
    resolution_code: str | None
    resolution: str | None
    follow_up: str | None
    follows: int | None
    merged_into: int | None
    rating: int | None
    rating_comment: str | None
    link: str | None
    rated_at: str | None
    follow_up_at: str | None
    participants: dict[str, int]
    """Who takes part besides the requester, and of which party they are."""


@dataclass(frozen=True, slots=True)
class PostRow:
    desk: str
    ticket: int
    position: int
    id: str
    author: str
    author_name: str
    platform: str
    side: str
    audience: str
    party: int | None
    created_at: str
    edited_at: str | None
    deleted_at: str | None
    body: str
    files: tuple[str, ...]
    identity: str
    last_party: int | None


@dataclass(frozen=True, slots=True)
class HistoryRow:
    desk: str
    ticket: int
    id: str
    at: str
    kind: str
    actor: str | None
    actor_name: str | None
    platform: str | None
    means: str
    data: dict[str, str]


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One account of somebody who is named in the other rows."""

    desk: str
    person: str
    platform: str
    id: str
    name: str | None
    handle: str | None


Row = TicketRow | PostRow | HistoryRow | PersonRow


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which tickets: one, those of a desk, those that were made or written on since a time."""

    desk: str | None = None
    ticket: int | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads one desk. ``names`` are looked up once."""

    tx: Transaction
    names: dict[str, str] = field(default_factory=dict)

    def ticket(self, number: int) -> Ticket | None:
        return tickets.load(self.tx, number)

    def posts(self, number: int) -> Sequence[Post]:
        return posts.of_ticket(self.tx, number)

    def history(self, number: int) -> Sequence[HistoryEntry]:
        return history.of_ticket(self.tx, number)

    def name(self, person: str) -> str:
        if person not in self.names:
            self.names[person] = people.name_of(self.tx, person)
        return self.names[person]


def readers(connection: Connection, wanted: Wanted) -> Sequence[Reader]:
    """One for each desk that is asked for."""
    return [
        Reader(Transaction(connection, one.desk, one))
        for one in desks.listed(connection)
        if wanted.desk in (None, one.desk)
    ]


def numbers(reader: Reader, wanted: Wanted) -> Sequence[int]:
    """The tickets that are asked for, oldest first."""
    table = tables.tickets
    statement = select(table.c.number).where(table.c.desk == reader.tx.desk).order_by(table.c.number)
    if wanted.ticket is not None:
        statement = statement.where(table.c.number == wanted.ticket)
    if wanted.since is not None:
        statement = statement.where(
            or_(table.c.created_at >= wanted.since, table.c.last_post_at >= wanted.since)
        )
    return list(reader.tx.connection.execute(statement).scalars())


def rows_of(reader: Reader, number: int) -> Iterator[Row]:
    """A ticket, then its posts, then its history."""
    ticket = reader.ticket(number)
    if ticket is None:
        return
    yield _ticket(reader, ticket)
    for post in reader.posts(number):
        yield _post(reader, post)
    for entry in reader.history(number):
        yield _entry(reader, entry)


def people_of(reader: Reader) -> Iterator[PersonRow]:
    """The accounts of everybody whom the rows that were read name."""
    for person in sorted(reader.names):
        for one in people.identities_of(reader.tx, person):
            yield PersonRow(reader.tx.desk, person, one.id.platform, one.id.id, one.name, one.handle)


def when(at: datetime | None) -> str | None:
    """ISO 8601 in UTC, to the second."""
    return None if at is None else at.isoformat(timespec="seconds")


def _ticket(reader: Reader, ticket: Ticket) -> TicketRow:
    rating = ratings.of_ticket(reader.tx, ticket.number)
    merge = merges.of_source(reader.tx, ticket.number)
    return TicketRow(
        desk=ticket.desk,
        number=ticket.number,
        title=ticket.title,
        description=ticket.description,
        status=ticket.status,
        priority=ticket.priority,
        type=ticket.type,
        category=ticket.category,
        service=ticket.service,
        team=ticket.team,
        tags=ticket.tags,
        fields=dict(ticket.fields),
        requester=ticket.requester,
        requester_name=reader.name(ticket.requester),
        assignee=ticket.assignee,
        assignee_name=reader.name(ticket.assignee) if ticket.assignee else None,
        escalation_level=ticket.escalation_level,
        platform=ticket.origin.platform if ticket.origin else None,
        created_at=ticket.created_at.isoformat(timespec="seconds"),
        first_response_at=when(ticket.first_response_at),
        resolved_at=when(ticket.resolved_at),
        closed_at=when(ticket.closed_at),
        last_post_at=when(ticket.last_post_at),
        reopens=ticket.reopens,
        resolution_code=ticket.resolution_code,
        resolution=ticket.resolution,
        follow_up=ticket.follow_up,
        follows=ticket.follows,
        merged_into=merge.target if merge else None,
        rating=rating.score if rating else None,
        rating_comment=rating.comment if rating else None,
        link=ticket.origin_link,
        rated_at=when(rating.rated_at) if rating else None,
        follow_up_at=when(ticket.follow_up_at),
        participants=_participants(reader, ticket.number),
    )


def _participants(reader: Reader, number: int) -> dict[str, int]:
    found = {one: parties.party_of(reader.tx, number, one) for one in parties.members(reader.tx, number)}
    for one in found:
        reader.name(one)
    return found


def _post(reader: Reader, post: Post) -> PostRow:
    is_gone = post.deleted_at is not None
    return PostRow(
        desk=post.desk,
        ticket=post.ticket,
        position=post.position,
        id=post.id,
        author=post.author,
        author_name=reader.name(post.author),
        platform=post.identity.platform,
        side=post.side,
        audience="internal" if post.audience.kind is AudienceKind.INTERNAL else "public",
        party=post.audience.party,
        created_at=post.created_at.isoformat(timespec="seconds"),
        edited_at=when(post.edited_at),
        deleted_at=when(post.deleted_at),
        body="" if is_gone else post.body,
        files=() if is_gone else tuple(one.ref.name for one in post.attachments if not one.gone),
        identity=post.identity.id,
        last_party=post.audience.last,
    )


def _entry(reader: Reader, entry: HistoryEntry) -> HistoryRow:
    return HistoryRow(
        desk=entry.desk,
        ticket=entry.ticket,
        id=entry.id,
        at=entry.at.isoformat(timespec="seconds"),
        kind=entry.kind,
        actor=entry.actor,
        actor_name=reader.name(entry.actor) if entry.actor else None,
        platform=entry.platform,
        means=entry.means,
        data=dict(entry.data),
    )
