"""Asking a requester whether their ticket may be closed, and what they answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from chatdesk.contract import sentences
from chatdesk.contract.actions import FormKind
from chatdesk.contract.ports import Answer
from chatdesk.contract.vocabulary import Side
from chatdesk.desk import close_request_end, reaching, resolutions, satisfaction, telling, triage, waiting
from chatdesk.desk.act import Act, refuse
from chatdesk.desk.confirming import done
from chatdesk.desk.escalation_end import end_with_ticket
from chatdesk.desk.standing import require
from chatdesk.domain import endings
from chatdesk.domain.lifecycle import Status
from chatdesk.domain.lines import Line, markup, person
from chatdesk.domain.permissions import Deed
from chatdesk.domain.ticket import Ticket
from chatdesk.store import close_requests, tickets
from chatdesk.store.close_requests import CloseRequest

Arguments = Mapping[str, str]


def ask(act: Act, ticket: Ticket, arguments: Arguments) -> Answer:
    """Ask the requester, with two buttons; meanwhile the ticket waits for them."""
    require(act, ticket, Deed.ASK_CLOSE)
    triage.require_working(act, ticket)
    given = resolutions.given(act, ticket, arguments, FormKind.ASK_CLOSE)
    theirs = reaching.threads_of_requester(act, ticket)
    if not theirs:
        raise refuse(sentences.NOBODY_TO_ASK.say(number=ticket.number))
    close_request_end.withdraw(act, ticket)
    if ticket.status is not Status.PENDING:
        act.record(ticket.number, "status", before=ticket.status, after=Status.PENDING)
    asked = endings.waiting(ticket, Status.PENDING, act.now)
    asked = replace(resolutions.with_follow_up(asked, given.follow_up), unread=False)
    asked = tickets.save(act.tx, asked)
    gaps = (
        person("actor", act.person),
        markup("resolution", f"{given.text} " if given.text else ""),
        markup("ending", waiting.ending(act, asked, "reminder_ending")),
    )
    effect = telling.say_in(act, Line("close_request", gaps), theirs, waiting.answers(ticket.number))
    request = CloseRequest(ticket.number, act.person, act.now, given.text, given.code, effect)
    close_requests.put(act.tx, request)
    act.record(ticket.number, "close_asked", code=given.code)
    telling.say(act, ticket.number, Line("close_asked", (person("actor", act.person),)), telling.STAFF)
    telling.refresh_card(act, ticket.number)
    return done(act, ticket, "waits for its requester to agree")


def _asked(act: Act, ticket: Ticket) -> CloseRequest:
    """What the requester was asked. Raises Refusal where nobody waits for their answer."""
    require(act, ticket, Deed.ANSWER_CLOSE)
    request = close_requests.of_ticket(act.tx, ticket.number)
    if ticket.status is not Status.PENDING or request is None:
        raise refuse(sentences.NOTHING_ASKED.say(number=ticket.number))
    return request


def accept(act: Act, ticket: Ticket, arguments: Arguments) -> Answer:
    """The requester agrees: what the agent said was done is the resolution, and the ticket is closed."""
    request = _asked(act, ticket)
    end_with_ticket(act, ticket, "closed")
    act.record(ticket.number, "status", before=ticket.status, after=Status.RESOLVED)
    act.record(ticket.number, "status", before=Status.RESOLVED, after=Status.CLOSED, because="agreed")
    closed = replace(
        endings.waiting(ticket, Status.CLOSED, act.now),
        resolution=request.resolution or ticket.resolution,
        resolution_code=request.code or ticket.resolution_code,
        resolved_at=act.now,
        closed_at=act.now,
        unread=False,
    )
    closed = tickets.save(act.tx, closed)
    close_request_end.withdraw(act, ticket)
    telling.say(act, ticket.number, Line("close_accepted", (person("actor", act.person),)), telling.STAFF)
    gaps = (person("actor", act.person), markup("resolution", ""))
    telling.say(act, ticket.number, Line("customer_closed", gaps), (Side.CUSTOMER,))
    telling.refresh_card(act, ticket.number)
    satisfaction.ask(act, closed)
    return done(act, ticket, "is closed")


def decline(act: Act, ticket: Ticket, arguments: Arguments) -> Answer:
    """The requester still needs help: the ticket is open, and those who work it are told."""
    _asked(act, ticket)
    act.record(ticket.number, "status", before=ticket.status, after=Status.OPEN, because="declined")
    tickets.save(act.tx, replace(endings.waiting(ticket, Status.OPEN, act.now), unread=True))
    close_request_end.withdraw(act, ticket)
    telling.say(act, ticket.number, Line("close_declined", (person("actor", act.person),)), telling.STAFF)
    theirs = reaching.threads_of_requester(act, ticket)
    telling.say_in(act, Line("customer_close_declined"), theirs)
    telling.refresh_card(act, ticket.number)
    return done(act, ticket, "stays open")
