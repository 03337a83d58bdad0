"""Two tickets become one conversation under parties, and two again while that can be undone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from chatdesk.contract import sentences
from chatdesk.contract.actions import RunVerb
from chatdesk.contract.ports import Answer, Refused
from chatdesk.contract.sentences import Markup
from chatdesk.contract.views import Button
from chatdesk.contract.vocabulary import Side
from chatdesk.desk import close_request_end, finding, standing, taking_up, telling, triage
from chatdesk.desk.act import Act, TooEarly, refuse
from chatdesk.desk.confirming import done
from chatdesk.desk.escalation_end import end_with_ticket
from chatdesk.desk.standing import require
from chatdesk.domain import endings
from chatdesk.domain.effects import CardChanged, CardMoved, LineReplaced
from chatdesk.domain.lifecycle import Status
from chatdesk.domain.lines import Gap, Line, person, words
from chatdesk.domain.permissions import Deed
from chatdesk.domain.ticket import Post, Thread, ThreadState, Ticket
from chatdesk.store import merges, outbox, threads, tickets
from chatdesk.store.ids import new_id
from chatdesk.store.merges import Merge

Arguments = Mapping[str, str]

MAY_BE_UNDONE = timedelta(minutes=10)


def merge(act: Act, ticket: Ticket, arguments: Arguments) -> Answer:
    """This ticket goes into another, which holds both conversations from now on."""
    require(act, ticket, Deed.MERGE)
    triage.require_working(act, ticket)
    main = _main(act, ticket, arguments.get("into"))
    _refuse_while_read(act, ticket, main)
    taking_up.for_merge(act, ticket, main)
    tx = act.tx
    end_with_ticket(act, ticket, "merged")
    close_request_end.withdraw(act, ticket)
    ended = _end_staff_threads(act, ticket, main)
    telling.say(act, ticket.number, Line("customer_merged"), (Side.CUSTOMER,))
    staff = telling.on_sides(act, main.number, telling.STAFF)
    undo = Button("Undo", RunVerb("unmerge", ticket.number))
    line = telling.say_in(act, _merged_in(act, ticket, main), staff, (undo,))
    made = Merge(
        desk=tx.desk,
        id=new_id(),
        source=ticket.number,
        target=main.number,
        base=merges.parties_of(tx, main.number),
        parties=merges.parties_of(tx, ticket.number),
        merged_by=act.person,
        merged_at=act.now,
        status=ticket.status,
        threads=tuple(one.id for one in ended),
        line=line,
    )
    merges.add(tx, made)
    _show_all(act, merges.take(tx, made), staff)
    _save_merged(act, ticket, main)
    telling.refresh_card(act, main.number)
    return done(act, ticket, f"is merged into #{main.number}")


def _main(act: Act, ticket: Ticket, typed: str | None) -> Ticket:
    """The ticket to merge into. Raises Refusal unless it is another one that is worked on."""
    number = finding.number_in(typed)
    if number is None:
        raise refuse(sentences.WHICH_OTHER.say(usage=Markup("/ticket merge #1042")))
    main = standing.visible(act, number)
    require(act, main, Deed.NOTE)
    if main.number == ticket.number:
        raise refuse(sentences.SAME_TICKET.say(number=number))
    holder = merges.main_of(act.tx, number)
    if holder != number:
        raise refuse(sentences.MERGED_ALREADY.say(number=number, main=holder))
    triage.require_working(act, main)
    return main


def _refuse_while_read(act: Act, *concerned: Ticket) -> None:
    """Raises Refusal while a thread's past is still being taken in: it would be torn apart."""
    for ticket in concerned:
        if any(one.catching_up for one in threads.live_of_ticket(act.tx, ticket.number)):
            raise TooEarly(Refused(sentences.STILL_READING.say(number=ticket.number)))


def _end_staff_threads(act: Act, ticket: Ticket, main: Ticket) -> Sequence[Thread]:
    """The card becomes a line. The thread stays open on the platform: it speaks to this party alone now."""
    ended = telling.on_sides(act, ticket.number, (Side.TEAM,))
    gaps: tuple[Gap, ...] = (
        words("number", ticket.number),
        words("main", main.number),
        person("requester", ticket.requester),
    )
    card = Line("merged_card", (*gaps, words("title", ticket.title)))
    if ended:
        outbox.write(act.tx, CardMoved(card), ended, act.now)
        telling.say_in(act, Line("merged_thread", gaps), ended)
    for thread in ended:
        current = threads.load(act.tx, thread.id) or thread
        threads.save(act.tx, replace(current, state=ThreadState.CLOSED, party=1))
    return ended


def _merged_in(act: Act, ticket: Ticket, main: Ticket) -> Line:
    gaps = (
        person("actor", act.person),
        words("number", ticket.number),
        words("title", ticket.title),
        person("requester", ticket.requester),
    )
    return Line("merged_in", gaps)


def _show_all(act: Act, moved: Sequence[Post], targets: Sequence[Thread]) -> None:
    for post in moved:
        if post.deleted_at is None:
            telling.show_post(act, post, targets)


def _save_merged(act: Act, ticket: Ticket, main: Ticket) -> None:
    current = tickets.load(act.tx, ticket.number) or ticket
    act.record(ticket.number, "status", before=ticket.status, after=Status.CLOSED)
    act.record(ticket.number, "merged", into=main.number)
    act.record(main.number, "merged_in", source=ticket.number)
    tickets.save(act.tx, replace(current, status=Status.CLOSED, closed_at=act.now, unread=False))
    times = [one for one in (main.last_post_at, ticket.last_post_at) if one is not None]
    together = replace(main, unread=main.unread or ticket.unread, last_post_at=max(times, default=None))
    if main.status is Status.NEW and ticket.status is not Status.NEW:
        act.record(main.number, "status", before=main.status, after=Status.OPEN)
        together = replace(together, status=Status.OPEN)
    tickets.save(act.tx, together)


def unmerge(act: Act, ticket: Ticket, arguments: Arguments) -> Answer:
    """Two tickets again, within ten minutes: said of the merged one, or of the one it went into."""
    made = merges.of_source(act.tx, ticket.number) or _newest_into(act, ticket)
    if made is None:
        raise refuse(sentences.NOT_MERGED.say(number=ticket.number))
    source, main = _loaded(act, made.source), _loaded(act, made.target)
    if not standing.may_do(act, source, Deed.MERGE):
        require(act, main, Deed.MERGE)
    if act.now - made.merged_at > MAY_BE_UNDONE:
        raise refuse(sentences.UNMERGE_TOO_LATE.say(number=source.number, main=main.number))
    if merges.of_source(act.tx, main.number) is not None:
        raise refuse(
            sentences.MERGED_ALREADY.say(number=main.number, main=merges.main_of(act.tx, main.number))
        )
    _part(act, made, source, main)
    return done(act, source, f"is a ticket of its own again, apart from #{main.number}")


def _newest_into(act: Act, ticket: Ticket) -> Merge | None:
    return max(merges.into(act.tx, ticket.number), key=lambda one: one.merged_at, default=None)


def _loaded(act: Act, number: int) -> Ticket:
    ticket = tickets.load(act.tx, number)
    if ticket is None:
        raise ValueError(f"ticket {number} was merged and is not there")
    return ticket


def _part(act: Act, made: Merge, source: Ticket, main: Ticket) -> None:
    tx = act.tx
    merges.undo(tx, made, act.now)
    theirs = merges.give_back(tx, made)
    act.record(source.number, "status", before=source.status, after=made.status)
    act.record(source.number, "unmerged", apart_from=main.number)
    act.record(main.number, "unmerged", source=source.number)
    reopened = replace(endings.waiting(source, made.status, act.now), closed_at=None)
    written = [post for post in theirs if post.id > made.id]
    if written:
        reopened = replace(reopened, last_post_at=written[-1].created_at)
        reopened = replace(reopened, unread=any(one.side is Side.CUSTOMER for one in written))
    tickets.save(tx, reopened)
    gaps = (person("actor", act.person), words("number", source.number), words("main", main.number))
    _say_in_main(act, made, source, main, gaps)
    again = _open_again(act, made)
    telling.say_in(act, Line("unmerged", gaps), again)
    _show_all(act, written, again)


def _say_in_main(act: Act, made: Merge, source: Ticket, main: Ticket, gaps: tuple[Gap, ...]) -> None:
    staff = telling.on_sides(act, main.number, telling.STAFF)
    if made.line is not None and staff:
        line = _merged_in(replace(act, person=made.merged_by), source, main)
        outbox.write(act.tx, LineReplaced(made.line, line), staff, act.now)
    telling.say_in(act, Line("unmerged_from", gaps), staff)
    telling.refresh_card(act, main.number)


def _open_again(act: Act, made: Merge) -> Sequence[Thread]:
    """The card that had become a line is a card again, and its thread the ticket's."""
    opened = []
    for thread_id in made.threads:
        thread = threads.load(act.tx, thread_id)
        if thread is not None and thread.state is ThreadState.CLOSED:
            state = ThreadState.OPENING if thread.place is None else ThreadState.OPEN
            thread = replace(thread, state=state, party=None)
            threads.save(act.tx, thread)
            opened.append(thread)
    if opened:
        outbox.write(act.tx, CardChanged(), opened, act.now)
    return opened
