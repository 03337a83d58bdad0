"""Tickets that are put out of sight for a while, and come back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from chatdesk.contract import sentences
from chatdesk.contract.actions import FormKind, OpenForm
from chatdesk.contract.ports import Answer, Refused
from chatdesk.contract.views import Button
from chatdesk.contract.vocabulary import Side
from chatdesk.desk import reaching, telling
from chatdesk.desk.act import Act, FormWanted, refuse
from chatdesk.desk.confirming import done
from chatdesk.desk.standing import require
from chatdesk.domain.lifecycle import WORKING
from chatdesk.domain.lines import Line, person, words
from chatdesk.domain.local_time import clock_time, zone_of
from chatdesk.domain.permissions import Deed
from chatdesk.domain.snooze import Awake, UntilReply, read_until
from chatdesk.domain.ticket import Ticket
from chatdesk.store import tickets

Arguments = Mapping[str, str]


def snooze(act: Act, ticket: Ticket, arguments: Arguments) -> Answer:
    """Put a ticket out of sight until a time or until the requester writes; or bring it back."""
    require(act, ticket, Deed.SNOOZE)
    organisation = act.tx.organisation
    if ticket.status not in WORKING:
        name = organisation.status_name(ticket.status)
        raise refuse(sentences.SNOOZED_ONLY_WORK.say(number=ticket.number, status=name))
    typed = arguments.get("until", "").strip() or arguments.get("choice", "")
    if not typed:
        raise _form_wanted(ticket)
    until = read_until(typed, act.now, zone_of(organisation))
    match until:
        case None:
            raise refuse(sentences.NO_SNOOZE.say(typed=typed[:60]))
        case Awake():
            return _woken_by_hand(act, ticket)
        case UntilReply():
            return _put_away(act, ticket, None, "they write")
        case datetime():
            return _put_away(act, ticket, until, clock_time(organisation, until))


def _form_wanted(ticket: Ticket) -> FormWanted:
    button = Button("Choose", OpenForm(FormKind.SNOOZE, ticket.number))
    refused = Refused(sentences.NO_SNOOZE.say(typed=""), controls=(button,))
    return FormWanted(refused, FormKind.SNOOZE, ticket.number, {})


def _put_away(act: Act, ticket: Ticket, until: datetime | None, shown: str) -> Answer:
    act.record(ticket.number, "snoozed", until=until.astimezone(UTC).isoformat() if until else "reply")
    tickets.save(act.tx, replace(ticket, snoozed_at=act.now, snoozed_until=until))
    gaps = (person("actor", act.person), words("until", shown))
    telling.say(act, ticket.number, Line("snoozed", gaps), telling.STAFF)
    telling.refresh_card(act, ticket.number)
    return done(act, ticket, f"is snoozed until {shown}")


def _woken_by_hand(act: Act, ticket: Ticket) -> Answer:
    if ticket.snoozed_at is None:
        raise refuse(sentences.NOT_SNOOZED.say(number=ticket.number))
    tickets.save(act.tx, _awake(act, ticket, "hand"))
    telling.say(act, ticket.number, Line("woken", (person("actor", act.person),)), telling.STAFF)
    telling.refresh_card(act, ticket.number)
    return done(act, ticket, "is no longer snoozed")


def woken_by_reply(act: Act, ticket: Ticket) -> Ticket:
    """The ticket as it is once its requester has written, whatever it was snoozed until."""
    if ticket.snoozed_at is None:
        return ticket
    _tell(act, ticket, "back_after_reply", "told_back_after_reply")
    return _awake(act, ticket, "reply")


def time_is_up(act: Act, ticket: Ticket) -> None:
    """The time has come that a ticket was snoozed until."""
    tickets.save(act.tx, _awake(act, ticket, "time"))
    _tell(act, ticket, "back_in_time", "told_back_in_time")
    telling.refresh_card(act, ticket.number)


def _awake(act: Act, ticket: Ticket, because: str) -> Ticket:
    act.record(ticket.number, "woken", because=because)
    return replace(ticket, snoozed_at=None, snoozed_until=None)


def _tell(act: Act, ticket: Ticket, to_team: str, to_assignee: str) -> None:
    """The team in its thread; whoever has the ticket, in a message of their own."""
    telling.say(act, ticket.number, Line(to_team), (Side.TEAM,))
    if ticket.assignee is not None and ticket.assignee != act.person:
        gaps = (words("number", ticket.number), words("title", ticket.title))
        reaching.tell_person(act, ticket.assignee, Line(to_assignee, gaps), ticket.number)
