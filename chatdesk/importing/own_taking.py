"""A ticket that chatdesk exported becomes one again: its number where that is free, its ids, its history."""

from __future__ import annotations

from collections.abc import Sequence

from chatdesk.contract.vocabulary import FileRef, Installation, Place, Platform, Side
from chatdesk.domain.lifecycle import OVER, Status
from chatdesk.domain.ticket import Attachment, AttachmentState, HistoryEntry, Post, Ticket
from chatdesk.importing.records import NotTaken, OwnPost, OwnTicket
from chatdesk.importing.taking import MEANS, Taking
from chatdesk.store import erasing, history, imports, parties, posts, ratings, search, tickets
from chatdesk.store.ids import new_id
from chatdesk.store.imports import Imported
from chatdesk.store.ratings import Rating
from chatdesk.store.transaction import Transaction


def is_here(tx: Transaction, found: OwnTicket) -> bool:
    """Whether the desk has this very ticket: it was exported from it, or imported before."""
    return imports.any_known(tx, [one.id for one in found.posts[:1]], [one.id for one in found.history[:1]])


def was_erased(tx: Transaction, found: OwnTicket, person: str) -> bool:
    return any(erasing.erased_at(tx, who) is not None for who, _, _ in found.accounts.get(person, ()))


def _person(tx: Transaction, taking: Taking, found: OwnTicket, person: str) -> str:
    """Somebody as they are known here; of who was erased, an id that nothing leads to."""
    accounts = () if was_erased(tx, found, person) else found.accounts[person]
    return imports.person(tx, person, accounts, taking.now)


def take(tx: Transaction, taking: Taking, found: OwnTicket) -> tuple[int, Sequence[NotTaken]]:
    """Make the ticket; its number, and what of it was left behind. The requester was not erased."""
    record, lost = f"ticket {found.label}", []
    people = {one: _person(tx, taking, found, one) for one in found.accounts}
    ticket = _ticket(tx, taking, found, people)
    if ticket.number != found.number:
        lost.append(
            NotTaken(record, "number", f"#{found.number} is another ticket's here; it is #{ticket.number}")
        )
    if found.follows is not None and ticket.follows is None:
        lost.append(NotTaken(record, "follows", f"#{found.follows} was not imported before it"))
    if found.merged_into is not None:
        lost.append(
            NotTaken(record, "merge", f"it was merged into #{found.merged_into}; merges are not taken")
        )
    tickets.add(tx, ticket)
    since = ticket.created_at if ticket.status in OVER else None
    imports.note(tx, Imported(taking.source, found.key, ticket.number, taking.now, since))
    for post in sorted(found.posts, key=lambda one: one.position):
        if was_erased(tx, found, post.author):
            lost.append(NotTaken(record, f"post {post.position}", "who wrote it was erased here"))
            continue
        lost += [NotTaken(record, f"file {name}", "exports hold no files") for name in post.files]
        _write(tx, taking, ticket, post, people)
    for person, party in found.participants:
        if person in people and people[person] != ticket.requester:
            parties.add(tx, ticket.number, people[person], party, ticket.created_at)
    _tell(tx, found, ticket, people)
    if found.rating is not None and 1 <= found.rating <= 5:
        at = found.rated_at or found.closed_at or ticket.created_at
        rating = Rating(ticket.number, ticket.requester, at, found.rating, found.rating_comment, at)
        ratings.put(tx, rating)
    return ticket.number, lost


def _ticket(tx: Transaction, taking: Taking, found: OwnTicket, people: dict[str, str]) -> Ticket:
    follows = imports.by_key(tx, taking.source, f"{found.key.rpartition('#')[0]}#{found.follows}")
    public = [one for one in found.posts if one.deleted_at is None and one.audience.kind != "internal"]
    is_asked = bool(public) and public[-1].side is Side.CUSTOMER
    translator = taking.translator
    return Ticket(
        desk=tx.desk,
        number=imports.take_number(tx, found.number) or tickets.next_number(tx),
        title=found.title,
        description=found.description,
        requester=people[found.requester],
        status=found.status,
        priority=translator.priority(found.priority),
        created_at=found.created_at,
        team=None if found.team is None else translator.team(found.team),
        type=translator.type(found.type),
        service=found.service,
        category=translator.category(found.category),
        assignee=None if _has_left(tx, found) else people.get(found.assignee or ""),
        tags=found.tags,
        fields=found.fields,
        escalation_level=found.escalation_level,
        resolution=found.resolution,
        follow_up=found.follow_up,
        follow_up_at=found.follow_up_at if found.follow_up_at and found.follow_up_at > taking.now else None,
        origin=Place(Installation(Platform(found.platform), ""), "") if found.platform else None,
        origin_link=found.link,
        first_response_at=found.first_response_at,
        resolved_at=found.resolved_at,
        closed_at=found.closed_at,
        reopens=found.reopens,
        last_post_at=found.last_post_at,
        unread=is_asked and found.status not in (*OVER, Status.RESOLVED),
        follows=follows.ticket if follows else None,
        resolution_code=found.resolution_code,
    )


def _has_left(tx: Transaction, found: OwnTicket) -> bool:
    """Whether what is still to be done was to be done by somebody who was erased."""
    return found.status not in OVER and was_erased(tx, found, found.assignee or "")


def _write(tx: Transaction, taking: Taking, ticket: Ticket, found: OwnPost, people: dict[str, str]) -> None:
    post = Post(
        desk=tx.desk,
        id=found.id,
        ticket=ticket.number,
        position=found.position,
        author=people[found.author],
        identity=found.identity,
        body=found.body,
        audience=found.audience,
        side=found.side,
        thread=None,
        source=None,
        created_at=found.created_at,
        edited_at=found.edited_at,
        deleted_at=found.deleted_at,
        attachments=tuple(_attachment(taking, found.id, name) for name in found.files),
    )
    posts.add(tx, post)
    search.add(tx, post, ticket.title)


def _attachment(taking: Taking, post: str, name: str) -> Attachment:
    ref = FileRef(Installation(Platform(taking.source), MEANS), name, name, 0)
    return Attachment(new_id(), post, ref, AttachmentState.FAILED, reason="it was not imported")


def _tell(tx: Transaction, found: OwnTicket, ticket: Ticket, people: dict[str, str]) -> None:
    """Its history as it was, with people as they are known here."""
    entries = [
        HistoryEntry(
            tx.desk,
            one.id,
            ticket.number,
            one.kind,
            people.get(one.actor or ""),
            one.platform,
            one.means,
            one.at,
            tuple((name, people.get(value, value)) for name, value in one.data),
        )
        for one in found.history
    ]
    history.add_past(tx, entries)
