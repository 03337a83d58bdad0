"""Whom of a ticket a word is for: its requester's own threads, a person, the leads of a team."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from chatdesk.contract.views import Control
from chatdesk.contract.vocabulary import Actor, IdentityId
from chatdesk.desk import standing, telling
from chatdesk.desk.act import Act
from chatdesk.domain.lines import Line
from chatdesk.domain.organisation import Team
from chatdesk.domain.ticket import Thread, Ticket
from chatdesk.store import channels, merges, parties, people


def threads_of_requester(act: Act, ticket: Ticket) -> Sequence[Thread]:
    """The live threads that speak to the requester's party, and to no other, also of a merged ticket."""
    own = parties.party_of(act.tx, ticket.number, ticket.requester)
    number, party = merges.holder_of(act.tx, ticket.number, own)
    return telling.of_party(act, number, party)


def tell_person(
    act: Act, who: str, line: Line, ticket: int | None, controls: tuple[Control, ...] = ()
) -> None:
    """Say something to somebody in a direct message, where we know them to be.

    Staff who have never done anything here are where the home of one of their teams is.
    """
    known = people.identities_of(act.tx, who)
    for one in known:
        if one.installation is not None:
            telling.tell(act, one.id, line, ticket, controls)
            return
    for one in known:
        for team in act.tx.organisation.teams:
            if one.id in standing.agents_of(act.tx, [team]):
                _tell_stranger(act, team, one.id, line, ticket, controls)
                return


def tell_staff(
    act: Act,
    team: Team,
    who: str,
    line: Line,
    ticket: int | None = None,
    controls: tuple[Control, ...] = (),
) -> None:
    """Say something to somebody of a team who may never have done anything here."""
    known = people.identities_of(act.tx, who)
    if any(one.installation is not None for one in known):
        tell_person(act, who, line, ticket, controls)
    elif known:
        _tell_stranger(act, team, known[0].id, line, ticket, controls)


def tell_leads(act: Act, team: Team, line: Line, ticket: int, controls: tuple[Control, ...] = ()) -> None:
    """Say something to everybody who leads a team, except whoever did it."""
    told = {act.person}
    for who in standing.agents_of(act.tx, [replace(team, members=())]):
        own = people.meet(act.tx, Actor(who), None, act.now)
        if own not in told:
            told.add(own)
            tell_staff(act, team, own, line, ticket, controls)


def _tell_stranger(
    act: Act,
    team: Team,
    who: IdentityId,
    line: Line,
    ticket: int | None,
    controls: tuple[Control, ...],
) -> None:
    """Say something to somebody of the team who has never done anything here: they are where its home is."""
    homes = (channels.resolve(act.tx, home) for home in team.homes if home.platform == who.platform)
    home = next((place for place in homes if place is not None), None)
    if home is not None:
        telling.tell(replace(act, installation=home.installation), who, line, ticket, controls)
