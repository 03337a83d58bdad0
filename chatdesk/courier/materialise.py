"""From an effect, which holds references, to what is shown now: complete, and addressed to one place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from chatdesk.contract.outbound import (
    DeleteMessages,
    EditLine,
    EditMessage,
    OpenThread,
    Outbound,
    PostLine,
    RetireCard,
    SetMember,
    SetReaction,
    SetThreadOpen,
    ShowCard,
    TellPerson,
    Whisper,
)
from chatdesk.contract.ports import DeliveryFailed
from chatdesk.contract.vocabulary import MessageRef, Place, PlaceKind
from chatdesk.courier import cards, contents, merging, pictures, wording
from chatdesk.courier.files import FileStore
from chatdesk.courier.showing import Impossible, Nothing, Outcome, Prepared, Read, Request, Show, Together
from chatdesk.domain.effects import (
    CardChanged,
    CardMoved,
    CatchUpWanted,
    LineReplaced,
    LineSaid,
    MemberChanged,
    PersonTold,
    PostChanged,
    PostReacted,
    PostWritten,
    ReportSaid,
    SourceMarked,
    ThreadEnded,
    ThreadWanted,
    Whispered,
)
from chatdesk.domain.files import FileRules
from chatdesk.domain.lifecycle import Status
from chatdesk.domain.lines import Line
from chatdesk.domain.ticket import Attachment, Post, Thread, ThreadState
from chatdesk.store import copies, deliveries, desks, people, posts, threads, tickets
from chatdesk.store.deliveries import DeliveryRow
from chatdesk.store.effect_rows import post_of
from chatdesk.store.people import Identity
from chatdesk.store.transaction import Transaction

PROFILE_LASTS = timedelta(days=1)
RETIRED_DESK_WAITS = 600.0

_CLOSED = Nothing("the thread was closed before it was opened")


def prepare(connection: Connection, row: DeliveryRow, files: FileStore, now: datetime) -> Prepared:
    """What a delivery shows, and what should be fetched before it does.

    Raises DeliveryFailed where the desk is out of service: what it had to say waits.
    """
    organisation = desks.load(connection, row.desk)
    if organisation is None:
        raise DeliveryFailed(retry_after=RETIRED_DESK_WAITS)
    tx = Transaction(connection, row.desk, organisation)
    thread = threads.load(tx, row.thread) if row.thread is not None else None
    steps = deliveries.steps(connection, row.desk, row.id)
    about = post_of(row.effect)
    post = posts.load(tx, about) if about is not None else None
    outcome = _outcome(Request(tx, row, files, thread, steps, post))
    if not isinstance(outcome, Show):
        return Prepared(outcome)
    return Prepared(
        outcome,
        done=steps,
        identities=_unknown(tx, row, post, now),
        attachments=_unfetched(row, post, files),
        file_rules=FileRules(organisation.max_file_bytes, organisation.refuse_files),
    )


def _outcome(request: Request) -> Outcome:
    row = request.row
    if row.thread is None:
        return _outside_threads(request)
    if request.thread is None:
        return Nothing("the thread is not known")
    thread = request.thread
    parent = Place(thread.installation, thread.parent)
    match row.effect:
        case CardChanged():
            return _shown(_card(request, thread), parent, thread)
        case CardMoved(line):
            return _shown(_card_moved(request, thread, line), parent, thread)
        case ThreadWanted():
            return _shown(_opening(request, thread, row.effect), parent, thread)
    if thread.at is None:
        return _not_opened(request, thread)
    if thread.state is ThreadState.DEAD:
        return Impossible("the thread is gone")
    if isinstance(row.effect, CatchUpWanted):
        return Read(thread)
    return _shown(_in_thread(request, thread), thread.at, thread)


def _in_thread(request: Request, thread: Thread) -> Outbound | Together | Nothing:
    match request.row.effect:
        case PostWritten():
            return _written(request, thread)
        case PostChanged():
            return _changed(request, thread)
        case PostReacted():
            return contents.reacted(request, thread, request.row.effect)
        case ThreadEnded(is_open):
            ends = thread.kind is not PlaceKind.DM
            return SetThreadOpen(is_open) if ends else Nothing("a direct message does not end")
        case MemberChanged(who, present):
            return SetMember(who, present)
    return _spoken(request, thread.at)


def _written(request: Request, thread: Thread) -> Outbound | Together | Nothing:
    company = request.steps.get(merging.STEP)
    shared, others = merging.together(request, thread, company) if company else ((), ())
    if not others:
        return contents.written(request, thread)
    content = merging.content(request, thread, shared)
    if content is None:
        return Nothing("the posts were deleted")
    return Together(contents.posted(thread, content), tuple(each.id for each in shared), others)


def _changed(request: Request, thread: Thread) -> Outbound | Together | Nothing:
    about = post_of(request.row.effect)
    standing = tuple(copies.of_post(request.tx, about, thread)) if about is not None else ()
    if not standing:
        return Nothing("the post does not stand there")
    shared = merging.sharing(request.tx, thread, standing)
    if len(shared) < 2:
        return contents.changed(request, thread, standing)
    content = merging.content(request, thread, shared)
    effect = DeleteMessages(standing) if content is None else EditMessage(content, standing)
    return Together(effect, tuple(each.id for each in shared))


def _outside_threads(request: Request) -> Outcome:
    row = request.row
    at = Place(row.installation, row.place or "")
    if isinstance(row.effect, SourceMarked):
        return Show(SetReaction(row.effect.ref, row.effect.emoji, row.effect.present), at)
    if isinstance(row.effect, ReportSaid):
        return pictures.shown(request, row.effect, at)
    if isinstance(row.effect, PersonTold):
        text = wording.said(request.tx, row.effect.line, at.platform)
        return Show(TellPerson(row.effect.to, text, row.effect.controls), at)
    return _shown(_spoken(request, at), at, None)


def _spoken(request: Request, at: Place | None) -> Outbound | Nothing:
    """Lines and whispers, in a thread or outside one."""
    row = request.row
    platform = row.installation.platform
    match row.effect:
        case LineSaid(line, controls):
            text = wording.said(request.tx, line, platform)
            return PostLine(text, controls, wording.mentioned(request.tx, text, platform))
        case LineReplaced(effect, line, controls):
            before = deliveries.of_effect(request.tx.connection, row.desk, effect, row.lane)
            if before is None or before.message is None or at is None:
                return Nothing("the line was not said there")
            text = wording.said(request.tx, line, platform)
            people_there = wording.mentioned(request.tx, text, platform)
            return EditLine(MessageRef(at, before.message), text, controls, people_there)
        case Whispered(to, line, internal, controls, about):
            return Whisper(to, wording.said(request.tx, line, platform), internal, controls, about)
    raise TypeError(f"{type(row.effect).__name__} needs a thread of a ticket")


def _shown(effect: Outbound | Together | Nothing, at: Place, thread: Thread | None) -> Outcome:
    if isinstance(effect, Nothing):
        return effect
    after = None
    if thread is not None and thread.at is not None and thread.last_copy is not None:
        after = MessageRef(thread.at, thread.last_copy)
    if isinstance(effect, Together):
        return Show(effect.effect, at, after, effect.posts, effect.others)
    return Show(effect, at, after)


def _card(request: Request, thread: Thread) -> Outbound | Nothing:
    if not thread.side.is_internal:
        return Nothing("customers see no card", forbidden=True)
    if thread.state in (ThreadState.CLOSED, ThreadState.DEAD):
        return Nothing(f"the thread is {thread.state}")
    ticket = tickets.load(request.tx, thread.ticket)
    if ticket is None or ticket.status is Status.DRAFT:
        return Nothing("the ticket is not submitted yet")
    shown = None
    if thread.card is not None:
        shown = MessageRef(Place(thread.installation, thread.parent), thread.card)
    return ShowCard(cards.card(request.tx, ticket, thread), shown)


def _card_moved(request: Request, thread: Thread, line: Line) -> Outbound | Nothing:
    if thread.card is None:
        return Nothing("there is no card")
    text = wording.said(request.tx, line, thread.installation.platform)
    return RetireCard(MessageRef(Place(thread.installation, thread.parent), thread.card), text)


def _opening(request: Request, thread: Thread, effect: ThreadWanted) -> Outbound | Nothing:
    if thread.place is not None:
        return Nothing("the thread is open already")
    if thread.state is ThreadState.CLOSED:
        return _CLOSED
    text = wording.said(request.tx, effect.opening, thread.installation.platform)
    return OpenThread(effect.title, text, effect.visibility, effect.members, effect.source)


def _not_opened(request: Request, thread: Thread) -> Outcome:
    """What comes behind an opening that failed has failed for the same reason."""
    if thread.state is ThreadState.CLOSED:
        return _CLOSED
    failed = deliveries.failed_opening(request.tx.connection, request.tx.desk, thread.id)
    if failed is not None and failed.reason:
        return Impossible(failed.reason)
    return Impossible("its thread was never opened")


def _unknown(tx: Transaction, row: DeliveryRow, post: Post | None, now: datetime) -> tuple[Identity, ...]:
    """Identities to be shown of which we know no name, or only an old one."""
    found: list[Identity] = []
    for person in _people(tx, row):
        known = people.identities_of(tx, person)
        here = [one for one in known if one.id.platform == row.installation.platform] or list(known[:1])
        found.extend(here)
    if post is not None and isinstance(row.effect, PostWritten | PostChanged):
        author = people.identity(tx, post.identity)
        if author is not None:
            found.append(author)
    old = now - PROFILE_LASTS
    return tuple(
        {
            one.id: one
            for one in found
            if one.name is None or one.profiled_at is None or one.profiled_at < old
        }.values()
    )


def _people(tx: Transaction, row: DeliveryRow) -> Sequence[str]:
    match row.effect:
        case CardChanged():
            ticket = tickets.load(tx, row.ticket) if row.ticket is not None else None
            return cards.people_on(ticket) if ticket else ()
        case CardMoved(line) | LineSaid(line) | LineReplaced(_, line) | Whispered(_, line):
            return wording.people_of(line)
        case PersonTold(_, line) | ThreadWanted(_, line):
            return wording.people_of(line)
    return ()


def _unfetched(row: DeliveryRow, post: Post | None, files: FileStore) -> tuple[Attachment, ...]:
    if post is None or post.deleted_at is not None:
        return ()
    return contents.unfetched(files, post) if isinstance(row.effect, PostWritten | PostChanged) else ()
