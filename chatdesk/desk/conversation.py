"""A ticket's conversation: posts written, edited, deleted, reacted to, and what that does to the ticket."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from chatdesk.contract.inbound import MessagePosted
from chatdesk.contract.vocabulary import Audience, AudienceKind, FileRef, IdentityId, MessageRef, Side
from chatdesk.desk import reopening, telling
from chatdesk.desk.act import Act
from chatdesk.domain import endings
from chatdesk.domain.effects import PostChanged
from chatdesk.domain.lifecycle import Status
from chatdesk.domain.sla_case import Wrote
from chatdesk.domain.ticket import Attachment, AttachmentState, Post, Thread, Ticket
from chatdesk.store import copies, outbox, posts, search, threads, tickets
from chatdesk.store.ids import new_id


@dataclass(frozen=True, slots=True)
class Draft:
    """A post before it is one."""

    author: str
    identity: IdentityId
    body: str
    audience: Audience
    side: Side
    files: tuple[FileRef, ...] = ()
    thread: str | None = None
    source: MessageRef | None = None
    at: datetime | None = None
    by: Wrote | None = None
    """Who speaks, where the side does not say it."""


def draft_of(act: Act, event: MessagePosted, thread: Thread, body: str, audience: Audience) -> Draft:
    """The post that a message in one of the ticket's threads is to become."""
    return Draft(
        author=act.person,
        identity=event.actor.identity,
        body=body,
        files=event.files,
        audience=audience,
        side=thread.side,
        thread=thread.id,
        source=event.ref,
        at=event.at,
    )


def add_post(act: Act, ticket: Ticket, draft: Draft) -> Post:
    """Put a post at the end of the conversation. Nobody is told yet."""
    post_id = new_id()
    post = Post(
        desk=act.tx.desk,
        id=post_id,
        ticket=ticket.number,
        position=posts.next_position(act.tx, ticket.number),
        author=draft.author,
        identity=draft.identity,
        body=draft.body,
        audience=draft.audience,
        side=draft.side,
        thread=draft.thread,
        source=draft.source,
        created_at=draft.at or act.now,
        attachments=tuple(_attachment(post_id, file) for file in draft.files),
    )
    posts.add(act.tx, post)
    search.add(act.tx, post, ticket.title)
    said = act.said.isoformat() if act.said is not None and act.said < act.now else None
    facts = {"post": post.id, "audience": post.audience.kind, "side": post.side, "by": draft.by, "said": said}
    act.record(ticket.number, "post", **facts)
    return post


def _attachment(post: str, file: FileRef) -> Attachment:
    return Attachment(new_id(), post, file, AttachmentState.WAITING)


def write(act: Act, ticket: Ticket, draft: Draft) -> Post:
    """Add a post, show it to everybody whom its audience names, and let the ticket notice."""
    post = add_post(act, ticket, draft)
    known = threads.of_ticket(act.tx, ticket.number)
    telling.show_post(act, post, threads.to_be_told(known))
    _notice(act, ticket, post)
    telling.refresh_cards_in(act, known)
    return post


def write_as_staff(act: Act, ticket: Ticket, draft: Draft) -> Post:
    """Like ``write``, for an agent's words in a customer's own thread: they are an answer."""
    post = add_post(act, ticket, replace(draft, by=Wrote.DESK))
    known = threads.of_ticket(act.tx, ticket.number)
    telling.show_post(act, post, threads.to_be_told(known))
    current = tickets.load(act.tx, ticket.number) or ticket
    tickets.save(act.tx, _after_answer(act, replace(current, last_post_at=post.created_at)))
    telling.refresh_cards_in(act, known)
    return post


def _notice(act: Act, ticket: Ticket, post: Post) -> None:
    """What somebody wrote changes the ticket: unread, first response, its status."""
    ticket = tickets.load(act.tx, ticket.number) or ticket
    changed = replace(ticket, last_post_at=post.created_at)
    if post.side is Side.CUSTOMER and post.audience.kind is not AudienceKind.INTERNAL:
        changed = replace(changed, unread=True)
        # What the ticket was made of may be read after the desk has moved on; it is no answer to that.
        if post.created_at >= ticket.created_at:
            changed = reopening.after_customer_wrote(act, changed, post.body)
    elif post.audience.kind is not AudienceKind.INTERNAL:
        changed = _after_answer(act, changed)
    tickets.save(act.tx, changed)


def _after_answer(act: Act, ticket: Ticket) -> Ticket:
    answered = replace(ticket, unread=False)
    if ticket.first_response_at is None:
        act.record(ticket.number, "first_response")
        answered = replace(answered, first_response_at=act.now)
    if ticket.status is Status.NEW:
        act.record(ticket.number, "status", before=Status.NEW, after=Status.OPEN)
        answered = replace(answered, status=Status.OPEN)
    if ticket.status is Status.PENDING:
        return endings.waiting(answered, Status.PENDING, act.now)
    return answered


def edit(act: Act, post: Post, body: str, files: tuple[FileRef, ...], version: str) -> None:
    """A post's body and files are these now; every copy follows, unless they went with the post already."""
    changed = replace(
        post,
        body=body,
        version=version,
        edited_at=act.now,
        attachments=_merged(post, files),
    )
    posts.save(act.tx, changed)
    act.record(post.ticket, "edited", post=post.id)
    if post.deleted_at is None:
        _change_copies(act, changed)


def _merged(post: Post, files: tuple[FileRef, ...]) -> tuple[Attachment, ...]:
    """Files that an edit took away are marked gone, those it added are new."""
    still = {file.id for file in files}
    known = {attachment.ref.id for attachment in post.attachments}
    kept = tuple(replace(one, gone=one.ref.id not in still) for one in post.attachments)
    return kept + tuple(_attachment(post.id, file) for file in files if file.id not in known)


def delete(act: Act, post: Post) -> None:
    """A post was deleted; every copy goes."""
    posts.save(act.tx, replace(post, deleted_at=act.now))
    act.record(post.ticket, "deleted", post=post.id)
    _change_copies(act, post)


def _change_copies(act: Act, post: Post) -> None:
    readers = [one for one in _may_show(act, post) if telling.reads(post, one)]
    reachable = [one for one in readers if one.state in threads.LIVE]
    if reachable:
        outbox.write(act.tx, PostChanged(post.id), reachable, act.now)


def _may_show(act: Act, post: Post) -> Sequence[Thread]:
    """Where copies of a post may stand: in its ticket's threads, and in those that were its ticket's once."""
    known = threads.of_ticket(act.tx, post.ticket)
    elsewhere = sorted(copies.threads_with(act.tx, post.id) - {one.id for one in known})
    return [*known, *(one for one in (threads.load(act.tx, each) for each in elsewhere) if one is not None)]


def make_internal(act: Act, post: Post, body: str, version: str) -> None:
    """A public post becomes internal: its copies on customer sides go, staff see what it says now."""
    audience = replace(post.audience, kind=AudienceKind.INTERNAL)
    internal = replace(post, audience=audience, body=body, version=version, edited_at=act.now)
    posts.save(act.tx, internal)
    act.record(post.ticket, "made_internal", post=post.id)
    shown_in = [one for one in _may_show(act, post) if one.id != post.thread and one.place]
    if shown_in:
        outbox.write(act.tx, PostChanged(post.id), shown_in, act.now)
