"""Messages that changed after they were written: edits, deletions, reactions.

They are versioned state, not happenings: what is older than what we know is ignored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from chatdesk.contract.inbound import (
    CommandGiven,
    CommandTyped,
    Inbound,
    MessageDeleted,
    MessageEdited,
    ReactionSet,
)
from chatdesk.contract.ports import Accepted, Answer
from chatdesk.contract.vocabulary import TICKET_EMOJI, AudienceKind, Means, MessageRef
from chatdesk.desk import asking, commands, conversation, standing, telling
from chatdesk.desk.act import act_of, act_of_clock
from chatdesk.desk.expecting import edit_may_come_early, reaction_may_come_early
from chatdesk.domain.audience import reaction_may_show
from chatdesk.domain.effects import PostReacted
from chatdesk.domain.markers import Marker, read_marker
from chatdesk.domain.ticket import Post, Thread, Ticket
from chatdesk.store import early, memory, outbox, posts, threads, tickets
from chatdesk.store.transaction import Transaction

VERB_EMOJI = {"👀": "claim", "✅": "resolve", "🚨": "escalate"}
"""What staff's reactions mean on the card or on the ticket's first message. They are never mirrored."""


def message_edited(tx: Transaction, event: MessageEdited, now: datetime) -> Answer:
    """Let every copy show what the message says now, unless the edit would make it internal."""
    post = posts.by_source(tx, event.ref.place.platform, event.ref.id)
    if post is None:
        held = asking.held_at(tx, event.ref)
        if held is not None:
            asking.held_edited(tx, held, event)
        elif edit_may_come_early(tx, event):
            early.keep(tx, event.ref.place.platform, event.ref.id, event, now)
        return Accepted()
    if event.version <= post.version:
        return Accepted()
    act = act_of(tx, event.actor, event.where, Means.MESSAGE, now)
    marked = read_marker(event.body)
    ticket = tickets.load(tx, post.ticket)
    if ticket is not None and _becomes_internal(tx, ticket, post, marked.marker):
        posts.save(tx, replace(post, version=event.version))
        if post.deleted_at is None:
            asking.about_edit(act, event, post, ticket)
        return Accepted()
    body = marked.body if post.side.is_internal else event.body
    conversation.edit(act, post, body, event.files, event.version)
    return Accepted()


def _becomes_internal(tx: Transaction, ticket: Ticket, post: Post, marker: Marker) -> bool:
    """Whether an edit would have staff say to a customer what is (nearly) marked as a note."""
    if post.audience.kind is AudienceKind.INTERNAL or marker not in (Marker.NOTE, Marker.NEAR_MISS):
        return False
    return post.side.is_internal or standing.speaks_for_desk(tx, post.author, ticket)


def message_deleted(tx: Transaction, event: MessageDeleted, now: datetime) -> Answer:
    """Take every copy of a deleted message away; one that is held back is forgotten."""
    post = posts.by_source(tx, event.ref.place.platform, event.ref.id)
    if post is not None and post.deleted_at is None:
        conversation.delete(replace(act_of_clock(tx, now), means=Means.MESSAGE), post)
    held = asking.held_at(tx, event.ref)
    if held is not None:
        memory.answer_choice(tx, held.id, now)
    elif post is None and posts.by_copy(tx, event.ref.place.platform, event.ref.id) is None:
        early.keep(tx, event.ref.place.platform, event.ref.id, event, now)
    return Accepted()


def reaction_set(tx: Transaction, event: ReactionSet, now: datetime) -> Answer:
    """Carry a reaction to every copy, or run the verb that it stands for."""
    if event.emoji == TICKET_EMOJI:
        return Accepted()
    platform, message = event.ref.place.platform, event.ref.id
    ticket = _ticket_meant(tx, event)
    if ticket is not None and _is_verb(tx, event, ticket, now):
        return _run_verb(tx, event, ticket, now)
    found = posts.by_copy(tx, platform, message)
    written = posts.by_source(tx, platform, message)
    post = found[0] if found else written
    if post is None:
        if reaction_may_come_early(tx, event):
            early.keep(tx, platform, message, event, now)
        return Accepted()
    thread = found[1] if found else post.thread or ""
    if posts.set_reaction(
        tx, post.id, event.emoji, event.actor.identity, thread, event.present, event.version
    ):
        elsewhere = _carrying(tx, post, thread) if post.deleted_at is None else ()
        if elsewhere:
            outbox.write(tx, PostReacted(post.id, event.emoji), elsewhere, now)
    return Accepted()


def _carrying(tx: Transaction, post: Post, thread: str) -> Sequence[Thread]:
    """The threads that carry a reaction which was set in this one."""
    set_in = threads.load(tx, thread)
    set_on = set_in.side if set_in else post.side
    return [
        one
        for one in threads.live_of_ticket(tx, post.ticket)
        if one.id != thread
        and (one.id == post.thread or telling.reads(post, one))
        and reaction_may_show(set_on, one.side)
    ]


def _ticket_meant(tx: Transaction, event: ReactionSet) -> Ticket | None:
    """The ticket whose card or first message this is."""
    platform, message = event.ref.place.platform, event.ref.id
    card = threads.with_card(tx, platform, message)
    if card is not None:
        return tickets.load(tx, card.ticket)
    copied = posts.by_copy(tx, platform, message)
    post = copied[0] if copied else posts.by_source(tx, platform, message)
    if post is None or post.position != 1:
        return None
    return tickets.load(tx, post.ticket)


def _is_verb(tx: Transaction, event: ReactionSet, ticket: Ticket, now: datetime) -> bool:
    if event.emoji not in VERB_EMOJI:
        return False
    act = act_of(tx, event.actor, event.where, Means.REACTION, now)
    return standing.standing_of(tx, act.person).is_staff and ticket.number > 0


def standing_key(event: ReactionSet) -> str:
    """By which we know that a verb's reaction is there and was heard, for when the message is read again."""
    return f"{standing_keys(event.ref)}{event.emoji}:{event.actor.identity.id}"


def standing_keys(ref: MessageRef) -> str:
    """How those of one message begin."""
    return f"{memory.STANDING}{ref.place.platform}:{ref.id}:"


def _run_verb(tx: Transaction, event: ReactionSet, ticket: Ticket, now: datetime) -> Answer:
    """Setting the reaction is the command; taking it away says nothing."""
    if not event.present:
        memory.forget_key(tx, standing_key(event))
        return Accepted()
    memory.first_time(tx, standing_key(event), now)
    key = f"{event.ref.id}:{event.emoji}:{event.actor.identity}:{event.version}"
    given = CommandGiven(
        key=key,
        actor=event.actor,
        where=event.where,
        verb=VERB_EMOJI[event.emoji],
        arguments={"ticket": str(ticket.number)},
        means=Means.REACTION,
        at=event.at,
    )
    return commands.command_given(tx, given, now)


def key_of_message(event: Inbound) -> str | None:
    """By which a command is known that a message or a reaction is; such ones are found again in the past."""
    match event:
        case CommandTyped(means=Means.MENTION):
            return event.key
        case ReactionSet(present=True) if event.emoji in VERB_EMOJI:
            return standing_key(event)
    return None
