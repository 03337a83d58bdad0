"""A message of a ticket becomes a ticket of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from chatdesk.contract import sentences
from chatdesk.contract.ports import Answer
from chatdesk.contract.vocabulary import Actor, AudienceKind, MessageRef, Place, PlaceKind, Side, Where
from chatdesk.desk import opening, telling
from chatdesk.desk.act import Act, refuse
from chatdesk.desk.confirming import done
from chatdesk.desk.standing import require
from chatdesk.domain.lines import Line, person, words
from chatdesk.domain.permissions import Deed
from chatdesk.domain.relations import Relation, Tie
from chatdesk.domain.text import headline
from chatdesk.domain.ticket import Post, Thread, Ticket
from chatdesk.store import posts, relations, threads
from chatdesk.store.transaction import Transaction

Arguments = Mapping[str, str]


def split(act: Act, ticket: Ticket, arguments: Arguments) -> Answer:
    """Make a ticket of the message that was pointed at, or of what its customers wrote last."""
    require(act, ticket, Deed.MERGE)
    post = _post(act.tx, ticket, arguments.get("post"))
    stands = _stands_in(act.tx, ticket, post)
    made = opening.open_ticket(
        replace(act, installation=stands.installation, where=None),
        opening.Request(
            requester=Actor(post.identity, installation=stands.installation),
            description=post.body,
            title=arguments.get("title") or arguments.get("text") or "",
            category=ticket.category,
            priority=ticket.priority,
            service=ticket.service,
            type=ticket.type,
            files=tuple(one.ref for one in post.attachments if not one.gone),
            where=_where(stands),
            apart_from=ticket.number,
        ),
    )
    relations.add(act.tx, Relation(made.number, Tie.SPLIT_FROM, ticket.number), act.person, act.now)
    act.record(ticket.number, "split", into=made.number, post=post.id)
    act.record(made.number, "split_from", source=ticket.number)
    _tell(act, ticket, made, post, stands)
    return done(act, ticket, f"is split: **#{made.number}** is a ticket of its own")


def pointed_at(tx: Transaction, message: MessageRef | None) -> Arguments:
    """The post that a message is, or is a copy of, as this verb's argument; nothing where it is none."""
    if message is None:
        return {}
    platform = message.place.platform
    copied = posts.by_copy(tx, platform, message.id)
    post = copied[0] if copied else posts.by_source(tx, platform, message.id)
    return {} if post is None else {"post": post.id}


def _post(tx: Transaction, ticket: Ticket, pointed: str | None) -> Post:
    """Raises Refusal for what no requester wrote, and where nothing would be left."""
    written = [one for one in posts.of_ticket(tx, ticket.number) if _is_request(one)]
    if pointed is not None:
        written = [one for one in written if one.id == pointed]
    elif len(written) == 1:
        raise refuse(sentences.NOTHING_TO_SPLIT.say(number=ticket.number))
    if not written:
        raise refuse(sentences.CANNOT_SPLIT.say())
    return written[-1]


def _is_request(post: Post) -> bool:
    internal = post.audience.kind is AudienceKind.INTERNAL
    return post.side is Side.CUSTOMER and not internal and post.deleted_at is None


def _stands_in(tx: Transaction, ticket: Ticket, post: Post) -> Thread:
    """The customer's thread that the post was written in, or belongs to. Raises Refusal."""
    thread = threads.load(tx, post.thread) if post.thread is not None else None
    if thread is not None:
        return thread
    live = threads.live_of_ticket(tx, ticket.number)
    theirs = [one for one in live if one.side is Side.CUSTOMER and one.party == post.audience.party]
    if not theirs:
        raise refuse(sentences.CANNOT_SPLIT.say())
    return theirs[-1]


def _where(thread: Thread) -> Where:
    """Beside the thread: in its channel, or in the same direct message."""
    if thread.kind is PlaceKind.DM and thread.at is not None:
        return Where(thread.at, PlaceKind.DM, thread.at)
    channel = Place(thread.installation, thread.parent)
    return Where(channel, PlaceKind.CHANNEL, channel)


def _tell(act: Act, ticket: Ticket, made: Ticket, post: Post, stands: Thread) -> None:
    gaps = (
        person("actor", act.person),
        words("number", made.number),
        words("title", made.title),
        person("author", post.author),
    )
    telling.say(act, ticket.number, Line("split", gaps), telling.STAFF)
    telling.say(
        act, made.number, Line("split_from", (gaps[0], words("number", ticket.number))), telling.STAFF
    )
    if stands.state in threads.LIVE and stands.kind is not PlaceKind.DM:
        about = words("about", headline(post.body) or opening.WITHOUT_WORDS)
        telling.say_in(act, Line("customer_split", (gaps[1], about)), [stands])
    telling.refresh_card(act, ticket.number)
