"""A message came in: which ticket it belongs to, if any, and who is to read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from chatdesk.contract import sentences
from chatdesk.contract.inbound import MessagePosted
from chatdesk.contract.ports import Accepted, Answer
from chatdesk.contract.vocabulary import (
    Audience,
    AudienceKind,
    Means,
    MessageRef,
    PlaceKind,
    Side,
    SourceMessage,
)
from chatdesk.desk import (
    asking,
    conversation,
    guessing,
    merged,
    opening,
    reopening,
    staff_words,
    standing,
    telling,
)
from chatdesk.desk.act import Act, act_of, act_of_clock, refuse
from chatdesk.desk.expecting import reply_may_come_early
from chatdesk.domain.lifecycle import OVER, WORKING, Status
from chatdesk.domain.lines import Line, words
from chatdesk.domain.markers import is_thanks
from chatdesk.domain.text import headline
from chatdesk.domain.ticket import Thread, ThreadState, Ticket
from chatdesk.store import catch_ups, early, merges, parties, people, posts, search, threads, tickets
from chatdesk.store.transaction import Transaction


def message_posted(tx: Transaction, event: MessagePosted, now: datetime) -> Answer:
    """Take a message in, once: it is known by its source for ever."""
    if is_known(tx, event.ref):
        return Accepted()
    place = event.where.place
    here = threads.at_place(tx, place)
    if any(thread.catching_up for thread in here):
        _come_back_later(tx, here)
        return Accepted()
    if catch_ups.let_wait(tx, place, now):
        early.keep(tx, place.platform, early.turn_of(place), event, now)
        return Accepted()
    return _take_in_here(act_of(tx, event.actor, event.where, Means.MESSAGE, now), event, here)


def take_in(tx: Transaction, event: MessagePosted, now: datetime) -> Answer:
    """Take a message in although its thread is being caught up with: it comes from there."""
    if is_known(tx, event.ref):
        return Accepted()
    act = act_of(tx, event.actor, event.where, Means.MESSAGE, now)
    return _take_in_here(replace(act, said=event.at), event, threads.at_place(tx, event.where.place))


def _take_in_here(act: Act, event: MessagePosted, here: Sequence[Thread]) -> Answer:
    tx, now = act.tx, act.now
    if event.where.kind is PlaceKind.DM:
        _in_dm(act, event)
        return Accepted()
    thread = _thread_of(here or (threads.at_place(tx, event.thread) if event.thread else ()))
    if thread is not None:
        _in_thread(act, event, thread)
    elif _is_request(act, event):
        open_from_message(act, event, None)
    elif event.where.kind is PlaceKind.THREAD and (
        early.is_expected(tx, event.where) or reply_may_come_early(tx, event.where.channel)
    ):
        early.keep(tx, event.ref.place.platform, event.where.place.id, event, now)
    return Accepted()


def is_known(tx: Transaction, ref: MessageRef) -> bool:
    """Whether the message is a post already, one of our own copies, or held back."""
    platform, message = ref.place.platform, ref.id
    return (
        posts.by_source(tx, platform, message) is not None
        or posts.by_copy(tx, platform, message) is not None
        or asking.is_held(tx, ref)
    )


def _come_back_later(tx: Transaction, here: Sequence[Thread]) -> None:
    for thread in here:
        if thread.catching_up and not thread.missed:
            threads.save(tx, replace(thread, missed=True))


def caught_up(tx: Transaction, thread_id: str, now: datetime) -> bool:
    """A thread has been read to its end. True if it must be read again, since more came meanwhile."""
    thread = threads.load(tx, thread_id)
    if thread is None or not thread.catching_up:
        return False
    again = thread.missed
    threads.save(tx, replace(thread, missed=False, catching_up=again))
    if not again:
        _describe(tx, thread.ticket, now)
    return again


def past_is_lost(tx: Transaction, number: int, now: datetime) -> None:
    """A ticket's past could not be read: what it was made with is all that begins its conversation."""
    ticket = tickets.load(tx, number)
    if ticket is None or not ticket.description.strip() or posts.of_ticket(tx, number):
        return
    known = people.identities_of(tx, ticket.requester)
    draft = conversation.Draft(
        author=ticket.requester,
        identity=known[0].id,
        body=ticket.description,
        audience=Audience(AudienceKind.PARTY, 1),
        side=Side.CUSTOMER,
    )
    act = act_of_clock(tx, now)
    post = conversation.add_post(act, ticket, draft)
    telling.show_post(act, post, telling.on_sides(act, number, telling.STAFF))


def _describe(tx: Transaction, number: int, now: datetime) -> None:
    """A ticket made by a reaction has no words of its own until its message has been read."""
    ticket = tickets.load(tx, number)
    if ticket is None or ticket.description.strip():
        return
    first = next(iter(posts.of_ticket(tx, number)), None)
    if first is None:
        return
    title = headline(first.body) if ticket.title == opening.WITHOUT_WORDS else ""
    described = tickets.save(tx, replace(ticket, description=first.body, title=title or ticket.title))
    if title:
        search.retitled(tx, number, title)
    act = act_of_clock(tx, now)
    telling.refresh_card(act, number)
    if described.status is not Status.DRAFT:
        opening.tell_team(act, described)


def _thread_of(here: Sequence[Thread]) -> Thread | None:
    """Live threads first, so that a ticket made anew in an old thread is the one that is meant."""
    live = [thread for thread in here if thread.state in threads.LIVE]
    return next(iter(live or here), None)


def _is_request(act: Act, event: MessagePosted) -> bool:
    """A forum post, or a message in a channel whose every message is a ticket."""
    route = opening.route_of(act, event.where)
    if route is None:
        return False
    if event.title is not None:
        return True
    return route.every_message and event.where.kind is PlaceKind.CHANNEL


def open_from_message(act: Act, event: MessagePosted, follows: int | None) -> Ticket:
    """The message is a request of its own."""
    source = SourceMessage(
        ref=event.ref,
        where=event.where,
        author=event.actor,
        body=event.body,
        files=event.files,
        at=event.at,
        thread=event.thread,
        link=event.link,
    )
    request = opening.Request(
        requester=event.actor,
        description=event.body,
        title=event.title or "",
        where=event.where,
        source=source,
        follows=follows,
    )
    return opening.open_ticket(act, request)


def _in_thread(act: Act, event: MessagePosted, thread: Thread) -> None:
    ticket = tickets.load(act.tx, thread.ticket)
    if ticket is None:
        return
    if thread.state not in threads.LIVE and thread.side.is_internal:
        if not merged.team_wrote(act, event, thread, ticket):
            _not_taken_in(act, event, ticket)
    elif thread.side.is_internal:
        staff_words.written(act, event, thread, ticket)
    else:
        _on_customer_side(act, event, thread, ticket)


def _not_taken_in(act: Act, event: MessagePosted, ticket: Ticket) -> None:
    team = act.tx.organisation.team(ticket.team)
    gaps = (words("number", ticket.number), words("team", team.name if team else "Another team"))
    telling.whisper(act, Line("not_taken_in", gaps), event.ref.place, internal=True, about=event.ref)


def _on_customer_side(act: Act, event: MessagePosted, thread: Thread, ticket: Ticket) -> None:
    if standing.speaks_for_desk(act.tx, act.person, ticket):
        staff_words.written_to_customer(act, event, thread, ticket)
    elif reopening.belongs_to_old(act, ticket) or is_thanks(event.body):
        customer_wrote(act, event, thread, ticket)
    else:
        _end_and_follow(act, event, thread, ticket)


def customer_wrote(act: Act, event: MessagePosted, thread: Thread, ticket: Ticket) -> None:
    """What a party's own people write is public to that party alone; who writes there takes part."""
    own, party = merges.owner_of(act.tx, ticket.number, thread.party or 1)
    theirs = ticket if own == ticket.number else tickets.load(act.tx, own)
    if theirs is not None and act.person != theirs.requester:
        parties.add(act.tx, own, act.person, party, act.now)
    audience = Audience(AudienceKind.PARTY, thread.party)
    post = conversation.write(act, ticket, conversation.draft_of(act, event, thread, event.body, audience))
    guessing.heard(act, ticket, post)


def _end_and_follow(act: Act, event: MessagePosted, thread: Thread, ticket: Ticket) -> None:
    """Long after the end, a message is a new ticket that follows the old one, in the same place."""
    threads.save(act.tx, replace(thread, state=ThreadState.CLOSED))
    follow = open_from_message(act, event, merged.own_number(act.tx, thread))
    act.record(ticket.number, "followed", by=follow.number)


def _in_dm(act: Act, event: MessagePosted) -> None:
    """A DM belongs to the ticket it replies to, else to the only open one, else we ask."""
    candidates = _dm_threads(act, event)
    answered = _replied_to(act, event, candidates)
    if answered is not None:
        _in_thread(act, event, answered)
        return
    if len(candidates) == 1:
        _in_thread(act, event, candidates[0])
    elif not candidates:
        open_from_message(act, event, None)
    else:
        asking.which_ticket(act, event, [merged.own_number(act.tx, thread) for thread in candidates])


def _dm_threads(act: Act, event: MessagePosted) -> Sequence[Thread]:
    """The live threads of this DM that a message may belong to, one a ticket, newest first.

    Those of tickets that somebody still works on; if there are none, of those that are resolved. Thanks
    belong to the newest ticket, even if it is over, rather than making a new one.
    """
    found: dict[Status, dict[int, Thread]] = {}
    for thread in threads.at_place(act.tx, event.where.place):
        ticket = tickets.load(act.tx, thread.ticket)
        if thread.state in threads.LIVE and ticket is not None:
            found.setdefault(ticket.status, {}).setdefault(thread.ticket, thread)

    def of(*statuses: Status) -> Sequence[Thread]:
        return [thread for status in statuses for thread in found.get(status, {}).values()]

    open_now = of(Status.DRAFT, *WORKING) or of(Status.RESOLVED)
    if open_now or not is_thanks(event.body):
        return sorted(open_now, key=lambda thread: thread.ticket, reverse=True)
    return sorted(of(*OVER), key=lambda thread: thread.ticket)[-1:]


def _replied_to(act: Act, event: MessagePosted, candidates: Sequence[Thread]) -> Thread | None:
    if event.reply_to is None:
        return None
    platform, message = event.reply_to.place.platform, event.reply_to.id
    copied = posts.by_copy(act.tx, platform, message)
    post = copied[0] if copied else posts.by_source(act.tx, platform, message)
    ticket = post.ticket if post else asking.ticket_of_line(act.tx, platform, message)
    if ticket is None:
        return None
    main = merges.main_of(act.tx, ticket)
    return next((one for one in threads.at_place(act.tx, event.where.place) if one.ticket == main), None)


def file_into(act: Act, event: MessagePosted, number: int) -> None:
    """The person said which ticket a held DM belongs to."""
    here = threads.at_place(act.tx, event.where.place)
    thread = next((one for one in here if number in (one.ticket, merged.own_number(act.tx, one))), None)
    if thread is None:
        raise refuse(sentences.CHOICE_GONE.say())
    _in_thread(act, event, thread)
