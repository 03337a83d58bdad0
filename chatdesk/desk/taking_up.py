"""Imported tickets rest, without threads, and time brings nothing to them. Here somebody takes one up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from chatdesk.contract import sentences_import as sentences
from chatdesk.contract.actions import RunVerb
from chatdesk.contract.outbound import Visibility
from chatdesk.contract.ports import Accepted, Answer
from chatdesk.contract.views import Button, Control, Style
from chatdesk.contract.vocabulary import IdentityId, Installation, Place, Side
from chatdesk.desk import places, standing, telling
from chatdesk.desk.act import Act, refuse
from chatdesk.domain.lifecycle import WORKING
from chatdesk.domain.lines import Line, person, words
from chatdesk.domain.organisation import ThreadMode
from chatdesk.domain.permissions import Deed
from chatdesk.domain.ticket import Ticket
from chatdesk.store import imports, installations, people, sla_looks, threads, tickets
from chatdesk.store.imports import Imported

WAKES = frozenset(
    {
        "claim", "assign", "status", "note", "reply", "escalate", "move", "people", "send-macro", "snooze",
        "close-request", "split", "update-all", "send-proposal", "send", "send-article",
    }
)  # fmt: skip
"""What nobody does to a ticket that is to go on resting. It may be ended, sorted and looked at as it is."""


def take_up(act: Act, ticket: Ticket, arguments: Mapping[str, str]) -> Answer:
    """The ticket is worked on here from now on."""
    standing.require(act, ticket, Deed.CLAIM)
    if not imports.rests(act.tx, ticket.number):
        raise refuse(sentences.NOT_RESTING.say(number=ticket.number))
    if ticket.status not in WORKING:
        raise refuse(sentences.RESTS_AND_OVER.say(number=ticket.number))
    wake(act, ticket)
    return Accepted(sentences.TAKEN_UP.say(number=ticket.number))


def before(act: Act, verb: str, ticket: Ticket) -> Ticket:
    """The ticket as a verb finds it: one that rests is taken up first, where the verb would be of no use."""
    if verb not in WAKES or ticket.status not in WORKING or _began_here(ticket):
        return ticket
    return wake(act, ticket) if imports.rests(act.tx, ticket.number) else ticket


def afterwards(act: Act, ticket: Ticket) -> None:
    """What was reopened is worked on, also if it was imported as something that is over."""
    if ticket.status in WORKING or _began_here(ticket):
        return
    imported = imports.of_ticket(act.tx, ticket.number)
    if imported is None or imported.taken_up_at is not None:
        return
    current = tickets.load(act.tx, ticket.number) or ticket
    if current.status in WORKING and threads.live_of_ticket(act.tx, ticket.number):
        _begin(act, current, imported)


def _began_here(ticket: Ticket) -> bool:
    """Whether it is known without asking that a ticket was not imported: what was knows no place here."""
    return ticket.origin is not None and bool(ticket.origin.id)


def wake(act: Act, ticket: Ticket) -> Ticket:
    """Open its team's thread with all that was said, and its requester's, if it rests. As it is then."""
    imported = imports.of_ticket(act.tx, ticket.number)
    if imported is None or imported.taken_up_at is not None:
        return ticket
    team = act.tx.organisation.team(ticket.team) or act.tx.organisation.teams[0]
    places.bring_along(act, ticket.number, places.open_team_threads(act, ticket, team))
    return _begin(act, ticket, imported)


def for_merge(act: Act, ticket: Ticket, main: Ticket) -> None:
    """Both tickets of a merge: one that holds the other's customers needs its threads."""
    wake(act, main)
    imported = imports.of_ticket(act.tx, ticket.number)
    if imported is not None and imported.taken_up_at is None:
        _begin(act, ticket, imported)


def _begin(act: Act, ticket: Ticket, imported: Imported) -> Ticket:
    imports.take_up(act.tx, ticket.number, act.now)
    act.record(ticket.number, "taken_up", team=ticket.team)
    gaps = (person("actor", act.person), words("origin", imported.described))
    telling.say(act, ticket.number, Line("taken_up", gaps), telling.STAFF)
    if not _open_to_requester(act, ticket):
        gap = person("requester", ticket.requester)
        telling.say(act, ticket.number, Line("taken_up_unreachable", (gap,)), (Side.TEAM,))
        ticket = tickets.save(act.tx, replace(ticket, mode=ThreadMode.INTERNAL))
    if act.tx.organisation.slas:
        sla_looks.put(act.tx, ticket.number, act.now)
    return ticket


def _open_to_requester(act: Act, ticket: Ticket) -> bool:
    """Have a direct message opened to the requester, where we know them to be."""
    found = _account_of(act, ticket.requester)
    if found is None:
        return False
    who, home = found
    gaps = (words("number", ticket.number), words("title", ticket.title))
    line = Line("customer_taken_up", gaps)
    places.open_customer_thread(act, ticket, Place(home, ""), Visibility.DM, (who,), None, line)
    return True


def _account_of(act: Act, requester: str) -> tuple[IdentityId, Installation] | None:
    """An account of theirs, and where it was met; else on a platform on which the desk is in one place."""
    here = installations.of_desk(act.tx.connection, act.tx.desk)
    known = people.identities_of(act.tx, requester)
    for one in known:
        if one.installation is not None:
            return one.id, Installation(one.id.platform, one.installation)
    for one in known:
        places_there = [place for place in here if place.platform == one.id.platform]
        if len(places_there) == 1:
            return one.id, places_there[0]
    return None


def told(act: Act, ticket: Ticket) -> str:
    """Where a ticket came from, for staff."""
    imported = imports.of_ticket(act.tx, ticket.number)
    if imported is None:
        return ""
    rests = imported.taken_up_at is None and ticket.status in WORKING
    return (sentences.RESTS if rests else sentences.IMPORTED).format(origin=imported.described)


def offered(act: Act, ticket: Ticket) -> tuple[Control, ...]:
    """The button for those who may take it up."""
    may_wake = ticket.status in WORKING and imports.rests(act.tx, ticket.number)
    if not may_wake or not standing.may_do(act, ticket, Deed.CLAIM):
        return ()
    return (Button("Take it up", RunVerb("take-up", ticket.number), Style.PRIMARY),)


def refuse_unread(act: Act, ticket: Ticket) -> None:
    """Raises Refusal if staff would answer somebody who cannot be reached."""
    if imports.of_ticket(act.tx, ticket.number) is None:
        return
    if not telling.on_sides(act, ticket.number, (Side.CUSTOMER,)):
        name = people.name_of(act.tx, ticket.requester, act.platform)
        raise refuse(sentences.NOBODY_READS.say(number=ticket.number, requester=name))
