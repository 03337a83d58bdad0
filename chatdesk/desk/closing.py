"""Statuses set by people: resolving, closing, reopening, waiting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from chatdesk.contract import sentences
from chatdesk.contract.actions import FormKind
from chatdesk.contract.ports import Answer
from chatdesk.contract.sentences import Markup
from chatdesk.contract.vocabulary import Side
from chatdesk.desk import (
    children,
    close_request_end,
    reopening,
    resolutions,
    satisfaction,
    standing,
    telling,
    waiting,
)
from chatdesk.desk.act import Act, Refusal, refuse
from chatdesk.desk.confirming import done
from chatdesk.desk.escalation_end import end_with_ticket
from chatdesk.desk.refusing import unknown
from chatdesk.desk.resolutions import Resolution
from chatdesk.desk.standing import require
from chatdesk.domain import endings
from chatdesk.domain.lifecycle import OVER, TRANSITIONS, WORKING, Status, may_become
from chatdesk.domain.lines import Gap, Line, markup, person, words
from chatdesk.domain.permissions import Deed
from chatdesk.domain.ticket import Ticket
from chatdesk.store import parties, tickets

Arguments = Mapping[str, str]


def resolve(act: Act, ticket: Ticket, arguments: Arguments) -> Answer:
    """It is solved; the requester may still say that it is not."""
    require(act, ticket, Deed.RESOLVE)
    _require_transition(act, ticket, Status.RESOLVED)
    _resolved(act, ticket, resolutions.given(act, ticket, arguments, FormKind.RESOLVE))
    return done(act, ticket, "is resolved")


def _resolved(act: Act, ticket: Ticket, given: Resolution) -> Ticket:
    end_with_ticket(act, ticket, "resolved")
    saved = _become(
        act,
        replace(
            resolutions.with_follow_up(ticket, given.follow_up),
            resolution=given.text or ticket.resolution,
            resolution_code=given.code or ticket.resolution_code,
            resolved_at=act.now,
            unread=False,
        ),
        Status.RESOLVED,
        code=given.code,
    )
    _tell_resolved(act, saved)
    children.offer(act, saved)
    return saved


def _tell_resolved(act: Act, ticket: Ticket) -> None:
    """A requester's own words on what was done are for their own party and the staff."""
    by = person("actor", act.person)
    in_full = (by, _sentence_gap("resolution", ticket.resolution))
    coded = resolutions.in_words(act.tx.organisation, ticket.resolution, ticket.resolution_code)
    for_staff = Line("resolved", (by, _sentence_gap("resolution", coded)))
    telling.say(act, ticket.number, for_staff, telling.STAFF)
    ending = waiting.ending(act, ticket, "resolved_ending")
    in_time = Line("customer_resolved_ending", (*in_full, markup("ending", ending)))
    speaks_for_desk = standing.speaks_for_desk(act.tx, act.person, ticket)
    own_party = parties.party_of(act.tx, ticket.number, act.person)
    for thread in telling.on_sides(act, ticket.number, (Side.CUSTOMER,)):
        may_read = speaks_for_desk or thread.party == own_party
        full = in_time if ending else Line("customer_resolved", in_full)
        line = full if may_read else Line("customer_resolved_for_all")
        telling.say_in(act, line, [thread])


def close(act: Act, ticket: Ticket, arguments: Arguments) -> Answer:
    """End a ticket; an open one is resolved first."""
    require(act, ticket, Deed.CLOSE)
    if ticket.status in WORKING:
        ticket = _resolved(act, ticket, resolutions.given(act, ticket, arguments, FormKind.CLOSE))
    _require_transition(act, ticket, Status.CLOSED)
    said = resolutions.said(act, ticket, arguments)
    closed = replace(
        resolutions.with_follow_up(ticket, said.follow_up),
        resolution=said.text or ticket.resolution,
        resolution_code=said.code or ticket.resolution_code,
        closed_at=act.now,
    )
    closed = _become(act, closed, Status.CLOSED, code=said.code)
    gaps = (person("actor", act.person), words("resolution", ""))
    telling.say(act, ticket.number, Line("closed", gaps), telling.STAFF)
    telling.say(act, ticket.number, Line("customer_closed", gaps), (Side.CUSTOMER,))
    satisfaction.ask(act, closed)
    return done(act, ticket, "is closed")


def reopen(act: Act, ticket: Ticket, arguments: Arguments) -> Answer:
    """Take a ticket up again that was resolved, closed or cancelled."""
    require(act, ticket, Deed.REOPEN_ENDED if ticket.status in OVER else Deed.REOPEN)
    if ticket.status in WORKING or ticket.status is Status.DRAFT:
        raise _not_possible(act, ticket)
    tickets.save(act.tx, reopening.reopened(act, ticket, arguments.get("reason", "")))
    telling.refresh_card(act, ticket.number)
    return done(act, ticket, "is open again")


def cancel(act: Act, ticket: Ticket, arguments: Arguments) -> Answer:
    """Give a ticket up without solving it."""
    require(act, ticket, Deed.CANCEL)
    _require_transition(act, ticket, Status.CANCELLED)
    end_with_ticket(act, ticket, "cancelled")
    _become(act, replace(ticket, closed_at=act.now, draft_until=None), Status.CANCELLED)
    gaps = (person("actor", act.person), words("reason", arguments.get("reason", "")))
    telling.say(act, ticket.number, Line("cancelled", gaps), telling.STAFF)
    telling.say(act, ticket.number, Line("customer_cancelled"), (Side.CUSTOMER,))
    return done(act, ticket, "is cancelled")


def status(act: Act, ticket: Ticket, arguments: Arguments) -> Answer:
    """Set any status that may follow; those that mean more than a word go their own way."""
    require(act, ticket, Deed.STATUS)
    wanted = _status_named(act, ticket, arguments.get("status"))
    if wanted is ticket.status:
        name = act.tx.organisation.status_name(wanted)
        raise refuse(sentences.ALREADY_SO.say(number=ticket.number, value=name))
    match wanted:
        case Status.RESOLVED:
            return resolve(act, ticket, {})
        case Status.CLOSED:
            return close(act, ticket, {})
        case Status.CANCELLED:
            return cancel(act, ticket, {})
        case Status.OPEN if ticket.status not in WORKING:
            return reopen(act, ticket, {})
    _require_transition(act, ticket, wanted)
    _become(act, ticket, wanted)
    names = act.tx.organisation.status_name
    gaps = (
        person("actor", act.person),
        words("before", names(ticket.status)),
        words("after", names(wanted)),
    )
    telling.say(act, ticket.number, Line("status", gaps), telling.STAFF)
    return done(act, ticket, f"is {names(wanted)}")


def _become(act: Act, ticket: Ticket, wanted: Status, *, code: str | None = None) -> Ticket:
    act.record(ticket.number, "status", before=ticket.status, after=wanted, code=code)
    if ticket.status is Status.PENDING:
        close_request_end.withdraw(act, ticket)
    saved = tickets.save(act.tx, endings.waiting(ticket, wanted, act.now))
    telling.refresh_card(act, ticket.number)
    return saved


def _require_transition(act: Act, ticket: Ticket, wanted: Status) -> None:
    if not may_become(ticket.status, wanted):
        raise _not_possible(act, ticket)


def _not_possible(act: Act, ticket: Ticket) -> Refusal:
    names = act.tx.organisation.status_name
    if ticket.status in OVER:
        advice = sentences.ADVICE_REOPEN.say()
    else:
        allowed = ", ".join(sorted(names(one) for one in TRANSITIONS[ticket.status]))
        advice = sentences.ADVICE_STATUS.say(allowed=allowed)
    return refuse(
        sentences.NOT_POSSIBLE.say(number=ticket.number, status=names(ticket.status), advice=Markup(advice))
    )


def _status_named(act: Act, ticket: Ticket, typed: str | None) -> Status:
    folded = (typed or "").replace("\\", "").strip().casefold().replace("-", " ").replace("_", " ")
    names = act.tx.organisation.status_name
    for one in Status:
        if folded in (one.replace("_", " "), names(one).casefold()):
            return one
    allowed = sorted(names(one) for one in TRANSITIONS[ticket.status])
    raise unknown("status", typed, allowed, "/ticket status pending")


def _sentence_gap(name: str, text: str | None) -> Gap:
    """Words that a person wrote as the end of one of our sentences; nothing where there are none."""
    return markup(name, f"{text.strip()} " if text and text.strip() else "")
