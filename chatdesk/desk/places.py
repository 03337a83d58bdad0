"""A ticket's threads: opening them, closing them, bringing the conversation along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from chatdesk.contract.outbound import Visibility
from chatdesk.contract.vocabulary import IdentityId, MessageRef, Place, PlaceKind, Side
from chatdesk.desk import telling
from chatdesk.desk.act import Act
from chatdesk.domain.effects import CardChanged, CardMoved, CatchUpWanted, ThreadEnded, ThreadWanted
from chatdesk.domain.lines import Line, person
from chatdesk.domain.organisation import Team, ThreadMode
from chatdesk.domain.ticket import Escalation, Thread, ThreadState, Ticket
from chatdesk.store import channels, outbox, posts, threads
from chatdesk.store.ids import new_id


def join_customer_thread(act: Act, ticket: Ticket, place: Place, kind: PlaceKind, parent: Place) -> Thread:
    """The customer side stands in a place that exists: a thread or a DM."""
    thread = _new_thread(act, ticket, Side.CUSTOMER, parent, kind)
    thread = replace(thread, place=place.id, state=ThreadState.OPEN, party=1)
    threads.add(act.tx, thread)
    return thread


def catch_up(act: Act, thread: Thread) -> None:
    """Have what was written in a thread before now taken in, before anything else happens there."""
    threads.save(act.tx, replace(thread, catching_up=True))
    outbox.write(act.tx, CatchUpWanted(), [thread], act.now)


def open_customer_thread(
    act: Act,
    ticket: Ticket,
    parent: Place,
    visibility: Visibility,
    members: Sequence[IdentityId],
    source: MessageRef | None,
    opening: Line,
) -> Thread:
    """Have a thread (or DM) opened for the customer side."""
    kind = PlaceKind.DM if visibility is Visibility.DM else PlaceKind.THREAD
    thread = replace(_new_thread(act, ticket, Side.CUSTOMER, parent, kind), party=1)
    threads.add(act.tx, thread)
    title = f"#{ticket.number} {ticket.title}"
    effect = ThreadWanted(title, opening, visibility, tuple(members), source)
    outbox.write(act.tx, effect, [thread], act.now)
    return thread


def open_team_threads(act: Act, ticket: Ticket, team: Team) -> Sequence[Thread]:
    """Have a card and its thread put into each of the team's home channels."""
    opened = _open_staff_threads(act, ticket, team, Side.TEAM, None)
    sentence = "readers_reply" if ticket.mode is ThreadMode.REPLY else "readers_internal"
    telling.say_in(act, Line(sentence, (person("requester", ticket.requester),)), opened)
    return opened


def open_escalation_threads(act: Act, ticket: Ticket, team: Team, escalation: Escalation) -> Sequence[Thread]:
    opened = _open_staff_threads(act, ticket, team, Side.ESCALATION, escalation.id)
    telling.say_in(act, Line("readers_escalation", (person("requester", ticket.requester),)), opened)
    return opened


def _open_staff_threads(
    act: Act, ticket: Ticket, team: Team, side: Side, escalation: str | None
) -> Sequence[Thread]:
    opened = []
    for home in team.homes:
        channel = channels.resolve(act.tx, home)
        if channel is None:
            continue
        thread = _new_thread(act, ticket, side, channel, PlaceKind.THREAD)
        thread = replace(thread, team=team.key, escalation=escalation)
        threads.add(act.tx, thread)
        opened.append(thread)
    if opened:
        outbox.write(act.tx, CardChanged(), opened, act.now)
    return opened


def bring_along(act: Act, ticket: int, targets: Sequence[Thread]) -> None:
    """Show the whole conversation so far in threads that are new."""
    for post in posts.of_ticket(act.tx, ticket):
        if post.deleted_at is None:
            telling.show_post(act, post, targets)


def end_threads(act: Act, ended: Sequence[Thread], card: Line, last_words: Line) -> None:
    """These places are the ticket's no longer: the card becomes one line, the thread says so."""
    if not ended:
        return
    outbox.write(act.tx, CardMoved(card), ended, act.now)
    telling.say_in(act, last_words, ended)
    outbox.write(act.tx, ThreadEnded(open=False), ended, act.now)
    for thread in ended:
        current = threads.load(act.tx, thread.id) or thread
        threads.save(act.tx, replace(current, state=ThreadState.CLOSED))


def _new_thread(act: Act, ticket: Ticket, side: Side, parent: Place, kind: PlaceKind) -> Thread:
    return Thread(
        desk=act.tx.desk,
        id=new_id(),
        ticket=ticket.number,
        side=side,
        installation=parent.installation,
        parent=parent.id,
        place=None,
        kind=kind,
        state=ThreadState.OPENING,
        opened_at=act.now,
    )
