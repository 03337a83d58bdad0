"""Who takes part in a ticket besides its requester."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chatdesk.contract import sentences
from chatdesk.contract.ports import Answer
from chatdesk.contract.sentences import Markup
from chatdesk.desk import finding, standing, telling
from chatdesk.desk.act import Act, refuse
from chatdesk.desk.confirming import done
from chatdesk.desk.refusing import unknown
from chatdesk.desk.standing import require
from chatdesk.domain.effects import MemberChanged
from chatdesk.domain.lines import Line, person, words
from chatdesk.domain.permissions import Deed
from chatdesk.domain.ticket import Thread, Ticket
from chatdesk.store import merges, outbox, parties, people

Arguments = Mapping[str, str]


def change(act: Act, ticket: Ticket, arguments: Arguments) -> Answer:
    """Add a person to the requester's side, or take one away."""
    require(act, ticket, Deed.PEOPLE)
    removes = arguments.get("action", "add") == "remove"
    if "person" not in arguments:
        raise refuse(sentences.MISSING_TEXT.say(usage=Markup("/ticket people add @name")))
    who = finding.person_named(act, arguments["person"])
    if who is None:
        raise unknown("person", arguments["person"], _names(act, ticket), "/ticket people add @name")
    party = parties.party_of(act.tx, ticket.number, who if removes else act.person)
    changed = (
        who in standing.known_members(act, ticket) and parties.remove(act.tx, ticket.number, who)
        if removes
        else who != ticket.requester and parties.add(act.tx, ticket.number, who, party, act.now)
    )
    name = people.name_of(act.tx, who, act.platform)
    if not changed:
        state = f"without {name}" if removes else f"with {name}"
        raise refuse(sentences.ALREADY_SO.say(number=ticket.number, value=state))
    act.record(ticket.number, "person_removed" if removes else "person_added", person=who)
    gaps = (person("actor", act.person), person("person", who))
    line = Line("person_removed" if removes else "person_added", gaps)
    holder, held_as = merges.holder_of(act.tx, ticket.number, party)
    theirs = telling.of_party(act, holder, held_as)
    telling.say_in(act, line, [*telling.on_sides(act, holder, telling.STAFF), *theirs])
    _let_in(act, ticket, who, theirs, present=not removes)
    return done(act, ticket, f"is {'now without' if removes else 'open to'} {name}")


def _names(act: Act, ticket: Ticket) -> list[str]:
    return [
        people.name_of(act.tx, one, act.platform)
        for one in (ticket.requester, *standing.known_members(act, ticket))
    ]


def _let_in(act: Act, ticket: Ticket, who: str, theirs: Sequence[Thread], *, present: bool) -> None:
    """Private threads of the person's own platform let them in; elsewhere they are told."""
    for identity in people.identities_of(act.tx, who):
        mine = [thread for thread in theirs if thread.installation.platform == identity.id.platform]
        if mine:
            outbox.write(act.tx, MemberChanged(identity.id, present), mine, act.now)
        elif present:
            gaps = (
                person("actor", act.person),
                words("number", ticket.number),
                words("title", ticket.title),
            )
            telling.tell(act, identity.id, Line("added_to_ticket", gaps), ticket.number)
