"""Whom of a ticket a word is for: its requester's own threads, a person, the leads of a team."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from chatdesk.contract.views import Control
from chatdesk.contract.vocabulary import IdentityId
from chatdesk.desk import standing, telling
from chatdesk.desk.act import Act
from chatdesk.domain.lines import Line
from chatdesk.domain.organisation import Team
from chatdesk.domain.ticket import Thread, Ticket
from chatdesk.store import parties, people


def threads_of_requester(act: Act, ticket: Ticket) -> Sequence[Thread]:
    """The live threads that speak to the requester's party, and to no other."""
    party = parties.party_of(act.tx, ticket.number, ticket.requester)
    return telling.of_party(act, ticket.number, party)


def tell_person(act: Act, who: str, line: Line, ticket: int, controls: tuple[Control, ...] = ()) -> None:
    """Say something to somebody in a direct message, where we know them to be."""
    for known in people.identities_of(act.tx, who):
        if known.installation is not None:
            telling.tell(act, known.id, line, ticket, controls)
            return


def tell_leads(act: Act, team: Team, line: Line, ticket: int, controls: tuple[Control, ...] = ()) -> None:
    """Say something to everybody who leads a team, except whoever did it."""
    for who in _persons(act, standing.agents_of(act.tx, [replace(team, members=())])):
        if who != act.person:
            tell_person(act, who, line, ticket, controls)


def _persons(act: Act, identities: Sequence[IdentityId]) -> Sequence[str]:
    known = (people.identity(act.tx, one) for one in identities)
    return list(dict.fromkeys(one.person for one in known if one is not None))
