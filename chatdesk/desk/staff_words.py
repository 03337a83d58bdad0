"""What staff write in their own threads: an answer, a note, or something we had better ask about."""

from __future__ import annotations

from dataclasses import dataclass

from chatdesk.contract.inbound import MessagePosted
from chatdesk.contract.vocabulary import EVERYONE, INTERNAL, Audience, AudienceKind, Side
from chatdesk.desk import asking, conversation, standing, telling
from chatdesk.desk.act import Act
from chatdesk.domain.lines import Line
from chatdesk.domain.markers import Marker, read_marker
from chatdesk.domain.organisation import ThreadMode
from chatdesk.domain.permissions import Deed
from chatdesk.domain.ticket import Post, Thread, Ticket
from chatdesk.store import memory, posts


def written(act: Act, event: MessagePosted, thread: Thread, ticket: Ticket) -> None:
    """Decide who is to read it. What cannot be decided safely is held back and its author asked."""
    marked = read_marker(event.body)
    if thread.side is Side.ESCALATION:
        file_post(act, event, thread, ticket, marked.body, INTERNAL)
    elif not standing.may_do(act, ticket, Deed.WRITE) and _would_be_public(ticket, marked.marker):
        file_post(act, event, thread, ticket, marked.body, INTERNAL)
        telling.whisper(act, Line("not_sent_not_agent"), event.ref.place, internal=True, about=event.ref)
    elif marked.marker is Marker.NEAR_MISS and _would_be_public(ticket, marked.marker):
        asking.who_is_it_for(act, event, ticket, thread.side)
    elif marked.marker is Marker.NEAR_REPLY and not _would_be_public(ticket, marked.marker):
        asking.whether_it_goes_out(act, event, ticket)
    elif _would_be_public(ticket, marked.marker):
        _answer(act, event, thread, ticket, marked.body)
    else:
        file_post(act, event, thread, ticket, marked.body, INTERNAL)


def _would_be_public(ticket: Ticket, marker: Marker) -> bool:
    if marker is Marker.NOTE:
        return False
    return marker is Marker.REPLY or ticket.mode is ThreadMode.REPLY


def _answer(act: Act, event: MessagePosted, thread: Thread, ticket: Ticket, body: str) -> None:
    """An answer goes out, unless a colleague has just given one."""
    other = just_answered(act, ticket)
    if other is not None:
        asking.whether_to_send(act, event, ticket, other)
        return
    file_post(act, event, thread, ticket, body, EVERYONE)


def just_answered(act: Act, ticket: Ticket) -> Post | None:
    """A colleague's answer of the last minutes that this author has not been told of yet.

    Not if the requester has written since: then both are simply talking.
    """
    window = act.tx.organisation.collision_window
    post = posts.latest_public(act.tx, ticket.number)
    if post is None or post.side is Side.CUSTOMER or post.author == act.person:
        return None
    if act.now - post.created_at > window or _was_told(act, ticket, post):
        return None
    return post


def _was_told(act: Act, ticket: Ticket, post: Post) -> bool:
    return not memory.first_time(act.tx, f"told:{act.person}:{post.id}", act.now)


def file_post(
    act: Act, event: MessagePosted, thread: Thread, ticket: Ticket, body: str, audience: Audience
) -> None:
    """The message becomes a post of the ticket."""
    conversation.write(act, ticket, conversation.draft_of(act, event, thread, body, audience))


def written_to_customer(act: Act, event: MessagePosted, thread: Thread, ticket: Ticket) -> None:
    """Staff wrote in a customer's own thread: an answer to that party, unless it is (nearly) a note."""
    marked = read_marker(event.body)
    if marked.marker is Marker.NEAR_MISS:
        asking.who_is_it_for(act, event, ticket, thread.side)
    elif marked.marker is Marker.NOTE:
        telling.whisper(act, Line("note_is_visible"), event.ref.place, internal=False, about=event.ref)
        file_post(act, event, thread, ticket, marked.body, INTERNAL)
    else:
        answer_customer(act, event, thread, ticket, marked.body)


@dataclass(frozen=True, slots=True)
class Speaking:
    """To which party a staff thread speaks, and whether what is written there goes out unless marked."""

    party: int
    mode: ThreadMode


def written_about_party(
    act: Act, event: MessagePosted, thread: Thread, ticket: Ticket, speaking: Speaking
) -> None:
    """Staff wrote where one party alone is spoken to; what is not plainly an answer stays inside."""
    marked = read_marker(event.body)
    plainly = marked.marker is Marker.NONE and speaking.mode is ThreadMode.REPLY
    goes_out = (plainly or marked.marker is Marker.REPLY) and standing.may_do(act, ticket, Deed.WRITE)
    kind = AudienceKind.PARTY if goes_out else AudienceKind.INTERNAL
    file_post(act, event, thread, ticket, marked.body, Audience(kind, speaking.party))
    if not goes_out and speaking.mode is ThreadMode.REPLY and marked.marker is not Marker.NOTE:
        telling.whisper(act, Line("stayed_inside"), event.ref.place, internal=True, about=event.ref)


def answer_customer(act: Act, event: MessagePosted, thread: Thread, ticket: Ticket, body: str) -> None:
    """An answer given in a customer's own thread, where that party alone reads it."""
    audience = Audience(AudienceKind.PARTY, thread.party)
    conversation.write_as_staff(act, ticket, conversation.draft_of(act, event, thread, body, audience))
