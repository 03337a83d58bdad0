"""Completing a draft, and changing the same fields of a ticket that is none any more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from chatdesk.contract import sentences
from chatdesk.contract.ports import Accepted, Answer
from chatdesk.desk import opening, telling, triage
from chatdesk.desk.act import Act, refuse
from chatdesk.desk.confirming import done
from chatdesk.desk.refusing import unknown
from chatdesk.desk.standing import require
from chatdesk.domain.lifecycle import Status
from chatdesk.domain.lines import Line, person, words
from chatdesk.domain.permissions import Deed
from chatdesk.domain.routing import missing_fields
from chatdesk.domain.ticket import Ticket
from chatdesk.store import tickets

Arguments = Mapping[str, str]


def category(act: Act, ticket: Ticket, arguments: Arguments) -> Answer:
    """Set the category; of a draft, the requester may."""
    is_draft = ticket.status is Status.DRAFT
    require(act, ticket, Deed.FILL if is_draft else Deed.CATEGORY)
    if not is_draft:
        triage.require_working(act, ticket)
    wanted = triage.category_named(act, arguments.get("category"))
    if wanted.key == ticket.category:
        raise refuse(sentences.ALREADY_SO.say(number=ticket.number, value=wanted.label))
    before = act.tx.organisation.category(ticket.category)
    saved = tickets.save(act.tx, replace(ticket, category=wanted.key))
    act.record(ticket.number, "category", before=ticket.category, after=wanted.key)
    if is_draft:
        return _filled(act, saved)
    gaps = (
        person("actor", act.person),
        words("before", before.label if before else "none"),
        words("after", wanted.label),
    )
    telling.say(act, ticket.number, Line("category", gaps), telling.STAFF)
    telling.refresh_card(act, ticket.number)
    return done(act, ticket, f"is about {wanted.label}")


def service(act: Act, ticket: Ticket, arguments: Arguments) -> Answer:
    """Set the affected service; of a draft, the requester may."""
    is_draft = ticket.status is Status.DRAFT
    require(act, ticket, Deed.FILL if is_draft else Deed.CATEGORY)
    if not is_draft:
        triage.require_working(act, ticket)
    known = act.tx.organisation.services
    typed = arguments.get("service", "")
    wanted = next((one for one in known if one.casefold() == typed.strip().casefold()), None)
    if wanted is None:
        raise unknown("service", typed, known, "/ticket service mail")
    saved = tickets.save(act.tx, replace(ticket, service=wanted))
    act.record(ticket.number, "service", after=wanted)
    if is_draft:
        return _filled(act, saved)
    gaps = (person("actor", act.person), words("after", wanted))
    telling.say(act, ticket.number, Line("service", gaps), telling.STAFF)
    telling.refresh_card(act, ticket.number)
    return done(act, ticket, f"affects {wanted}")


def _filled(act: Act, ticket: Ticket) -> Answer:
    if not missing_fields(act.tx.organisation, ticket.category, ticket.service):
        opening.submit_draft(act, ticket)
    return Accepted(sentences.FILLED.say())


def submit(act: Act, ticket: Ticket, arguments: Arguments) -> Answer:
    """Send a draft as it is."""
    require(act, ticket, Deed.FILL)
    if ticket.status is not Status.DRAFT:
        status = act.tx.organisation.status_name(ticket.status)
        raise refuse(sentences.ALREADY_SO.say(number=ticket.number, value=status))
    opening.submit_draft(act, ticket)
    return Accepted(sentences.FILLED.say())
