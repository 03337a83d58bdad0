"""What somebody is to a ticket, and whether they may do something to it: asked here and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chatdesk.contract import sentences
from chatdesk.contract.vocabulary import IdentityId
from chatdesk.desk.act import Act, refuse
from chatdesk.domain.organisation import StaffSource, StaffSourceKind, Team
from chatdesk.domain.permissions import TABLE, Deed, Role, may
from chatdesk.domain.staff import read_staff
from chatdesk.domain.ticket import Ticket
from chatdesk.store import escalations, merges, parties, people, tickets
from chatdesk.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Standing:
    """A person's place in the organisation: keys of the teams they belong to and lead."""

    teams: frozenset[str]
    leads: frozenset[str]
    is_admin: bool

    @property
    def is_staff(self) -> bool:
        return bool(self.teams or self.leads) or self.is_admin


def standing_of(tx: Transaction, person: str) -> Standing:
    known = [one.id for one in people.identities_of(tx, person)]
    in_sources = {one: people.staff_sources_of(tx, one) for one in known}

    def among(sources: Sequence[StaffSource]) -> bool:
        return any(_is_in(source, one, in_sources[one]) for source in sources for one in known)

    organisation = tx.organisation
    return Standing(
        teams=frozenset(team.key for team in organisation.teams if among(staff_of(team))),
        leads=frozenset(team.key for team in organisation.teams if among(team.leads)),
        is_admin=among(organisation.admins),
    )


def staff_of(team: Team) -> Sequence[StaffSource]:
    """Where a team's people come from; who is in its rota belongs to it."""
    rota = team.on_call
    named = (*rota.rotation, *(shift.who for shift in rota.shifts)) if rota else ()
    return (*team.members, *team.leads, *map(read_staff, named))


def is_among(tx: Transaction, person: str, sources: Sequence[StaffSource]) -> bool:
    """Whether somebody is in one of these sources of people, by any of their accounts."""
    known = [one.id for one in people.identities_of(tx, person)]
    return any(_is_in(source, one, people.staff_sources_of(tx, one)) for one in known for source in sources)


def _is_in(source: StaffSource, who: IdentityId, sources: frozenset[str]) -> bool:
    if source.platform != who.platform:
        return False
    if source.kind is StaffSourceKind.PERSON:
        return source.id == who.id
    return source.key in sources


def roles_of(tx: Transaction, person: str, ticket: Ticket) -> frozenset[Role]:
    """Everything that a person is to a ticket."""
    standing = standing_of(tx, person)
    escalation = escalations.live_of_ticket(tx, ticket.number)
    asked = escalation.to_team if escalation else None
    holds = {
        Role.REQUESTER: person == ticket.requester,
        Role.PARTICIPANT: person in parties.members(tx, ticket.number),
        Role.COLLEAGUE: standing.is_staff,
        Role.ASKED: asked is not None and asked in standing.teams,
        Role.AGENT: ticket.team in standing.teams or (person == ticket.assignee and standing.is_staff),
        Role.LEAD: ticket.team in standing.leads,
        Role.ADMIN: standing.is_admin,
    }
    return frozenset(role for role, held in holds.items() if held) or frozenset({Role.STRANGER})


def speaks_for_desk(tx: Transaction, person: str, ticket: Ticket) -> bool:
    """Whether somebody's words on the customer side are the desk's, and not a requester's who is staff.

    What nobody in person does, the clock or a rule, the desk does.
    """
    if not person:
        return True
    if person == ticket.requester or person in parties.members(tx, ticket.number):
        return False
    return standing_of(tx, person).is_staff and person not in merges.people_of(tx, ticket.number)


def may_do(act: Act, ticket: Ticket, deed: Deed) -> bool:
    roles = frozenset({Role.RULE}) if act.rule else roles_of(act.tx, act.person, ticket)
    return may(roles, deed)


def known_members(act: Act, ticket: Ticket) -> Sequence[str]:
    """The participants that somebody may know of: staff all, a customer those of their own party."""
    tx, number = act.tx, ticket.number
    members = parties.members(tx, number)
    if standing_of(tx, act.person).is_staff:
        return members
    own = parties.party_of(tx, number, act.person)
    return [one for one in members if parties.party_of(tx, number, one) == own]


def visible(act: Act, number: int) -> Ticket:
    """The ticket, if there is one that this person may know of. Raises Refusal "not found" otherwise."""
    ticket = tickets.load(act.tx, number)
    if ticket is None or not may_do(act, ticket, Deed.SEE):
        raise refuse(sentences.NOT_FOUND.say(number=number))
    return ticket


def require(act: Act, ticket: Ticket, deed: Deed) -> None:
    """Raises Refusal, naming who can, unless the person may do it."""
    if not may_do(act, ticket, deed):
        text = sentences.NOT_ALLOWED.say(
            deed=_WORDS.get(deed, deed.replace("_", " ")), number=ticket.number, who=_who(deed)
        )
        raise refuse(text)


_WORDS = {
    Deed.PRIORITY: "change the priority of",
    Deed.STATUS: "change the status of",
    Deed.CATEGORY: "change the category of",
    Deed.WRITE: "answer on",
    Deed.NOTE: "write notes on",
    Deed.PEOPLE: "change who takes part in",
    Deed.ANSWER_ESCALATION: "answer the escalation of",
    Deed.ANSWER_CALL: "acknowledge",
    Deed.REOPEN_ENDED: "reopen",
    Deed.ASK_CLOSE: "ask the requester to close",
    Deed.ANSWER_CLOSE: "say whether to close",
    Deed.SLA: "see what is promised for",
    Deed.ASSIST: "see what comes to mind about",
    Deed.ASSISTANT: "ask the assistant about",
    Deed.RELEASE_OTHERS: "take somebody else's ticket away:",
}

_NAMES = {
    Role.REQUESTER: "its requester",
    Role.PARTICIPANT: "those who take part",
    Role.ASKED: "the team it is escalated to",
    Role.AGENT: "its team's agents",
    Role.LEAD: "its team's leads",
    Role.ADMIN: "the desk's admins",
}


def _who(deed: Deed) -> str:
    allowed = [name for role, name in _NAMES.items() if role in TABLE[deed]]
    text = ", ".join(allowed[:-1]) + (" and " if len(allowed) > 1 else "") + allowed[-1]
    return text[0].upper() + text[1:]


def agents_of(tx: Transaction, teams: Sequence[Team]) -> Sequence[IdentityId]:
    """Every identity that is staff of these teams, as far as their sources have been seen."""
    found: dict[IdentityId, None] = {}
    for team in teams:
        for source in (*team.members, *team.leads):
            if source.kind is StaffSourceKind.PERSON:
                found[IdentityId(source.platform, source.id)] = None
            else:
                found |= dict.fromkeys(people.staff_in(tx, source.platform, source.key))
    return list(found)
