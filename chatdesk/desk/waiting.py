"""Tickets about which nobody says anything: the requester is reminded, and in the end they are closed."""

from __future__ import annotations

from dataclasses import replace

from chatdesk.contract.actions import RunVerb
from chatdesk.contract.sentences import Markup
from chatdesk.contract.sentences_lines import LINES
from chatdesk.contract.views import Button, Control, Style
from chatdesk.contract.vocabulary import Side
from chatdesk.desk import close_request_end, reaching, satisfaction, telling
from chatdesk.desk.act import Act
from chatdesk.desk.escalation_end import end_with_ticket
from chatdesk.domain.endings import closes_at, waiting
from chatdesk.domain.lifecycle import Status
from chatdesk.domain.lines import Line, markup, words
from chatdesk.domain.local_time import clock_time
from chatdesk.domain.ticket import Ticket
from chatdesk.store import close_requests, tickets
from chatdesk.store.close_requests import CloseRequest


def ending(act: Act, ticket: Ticket, sentence: str) -> str:
    """A sentence that says when the ticket is closed, as CommonMark; nothing where time does not end it."""
    closes = closes_at(ticket, act.tx.organisation)
    if closes is None:
        return ""
    return Markup(LINES[sentence].say(time=clock_time(act.tx.organisation, closes)))


def remind(act: Act, ticket: Ticket) -> None:
    """Tell the requester that we wait for them, and until when; they can answer with a button."""
    reminded = tickets.save(act.tx, replace(ticket, reminded_at=act.now))
    act.record(ticket.number, "reminded")
    line = Line("reminder", (markup("ending", ending(act, reminded, "reminder_ending")),))
    asked = close_requests.of_ticket(act.tx, ticket.number) or CloseRequest(ticket.number, None, act.now)
    close_request_end.take_buttons(act, ticket, asked)
    theirs = reaching.threads_of_requester(act, ticket)
    effect = telling.say_in(act, line, theirs, answers(ticket.number))
    close_requests.put(act.tx, replace(asked, effect=effect))
    telling.say(act, ticket.number, Line("reminded"), (Side.TEAM,))
    telling.refresh_card(act, ticket.number)


def answers(number: int) -> tuple[Control, ...]:
    """What a requester can answer with one press when they are asked whether something is over."""
    return (
        Button("Yes, it is solved", RunVerb("accept", number), Style.PRIMARY),
        Button("No, I still need help", RunVerb("decline", number)),
    )


def close_in_silence(act: Act, ticket: Ticket) -> None:
    """Nobody said anything more: a pending ticket is resolved without an answer, either is closed."""
    was = ticket.status
    close_request_end.withdraw(act, ticket)
    if was is not Status.RESOLVED:
        end_with_ticket(act, ticket, "closed")
        act.record(ticket.number, "status", before=was, after=Status.RESOLVED, because="silence")
        ticket = tickets.save(act.tx, replace(waiting(ticket, Status.RESOLVED, act.now), resolved_at=act.now))
    act.record(ticket.number, "status", before=ticket.status, after=Status.CLOSED, because="silence")
    closed = replace(waiting(ticket, Status.CLOSED, act.now), closed_at=act.now, unread=False)
    closed = tickets.save(act.tx, closed)
    gaps = (words("status", act.tx.organisation.status_name(was)),)
    telling.say(act, ticket.number, Line("closed_in_silence", gaps), telling.STAFF)
    telling.say(act, ticket.number, Line("customer_closed_in_silence"), (Side.CUSTOMER,))
    telling.refresh_card(act, ticket.number)
    satisfaction.ask(act, closed)
