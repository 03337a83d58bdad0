"""Handing a ticket to another team: a new card and thread there, the old ones closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from chatdesk.contract import sentences
from chatdesk.contract.ports import Answer
from chatdesk.contract.sentences import literal
from chatdesk.contract.vocabulary import Side
from chatdesk.desk import escalation_end, finding, places, telling, triage
from chatdesk.desk.act import Act, refuse
from chatdesk.desk.confirming import done
from chatdesk.desk.standing import require
from chatdesk.domain.lines import Line, person, words
from chatdesk.domain.organisation import Team
from chatdesk.domain.permissions import Deed
from chatdesk.domain.ticket import EscalationState, Ticket
from chatdesk.store import escalations, tickets

Arguments = Mapping[str, str]


def move(act: Act, ticket: Ticket, arguments: Arguments) -> Answer:
    require(act, ticket, Deed.MOVE)
    triage.require_working(act, ticket)
    team = finding.team_named(act, arguments.get("team"), "/ticket move billing")
    if team.key == ticket.team:
        raise refuse(sentences.SAME_TEAM.say(number=ticket.number, team=team.name))
    before = act.tx.organisation.team(ticket.team)
    gaps = (
        person("actor", act.person),
        words("before", before.name if before else "nobody"),
        words("after", team.name),
        words("reason", arguments.get("reason", "")),
    )
    line = Line("moved", gaps)
    telling.say(act, ticket.number, line, telling.STAFF)
    _end_escalation_to(act, ticket, team)
    customer = Line("customer_moved", (words("team", team.name),))
    telling.say(act, ticket.number, customer, (Side.CUSTOMER,))
    moved = to_team(act, ticket, team, None)
    return done(act, moved, f"is with {team.name} now")


def _end_escalation_to(act: Act, ticket: Ticket, team: Team) -> None:
    """A team that is given the ticket need not be asked about it any longer."""
    live = escalations.live_of_ticket(act.tx, ticket.number)
    if live is not None and live.to_team == team.key:
        escalation_end.end(
            act, ticket, live, EscalationState.TAKEN_OVER, f"it is with {literal(team.name)} now."
        )
        act.record(ticket.number, "taken_over", escalation=live.id, team=team.key)


def to_team(act: Act, ticket: Ticket, team: Team, assignee: str | None) -> Ticket:
    """The ticket is the team's now. Its conversation goes along; the old places say where it went."""
    old = telling.on_sides(act, ticket.number, (Side.TEAM,))
    current = tickets.load(act.tx, ticket.number) or ticket
    moved = tickets.save(act.tx, replace(current, team=team.key, assignee=assignee, mode=team.mode))
    act.record(ticket.number, "moved", before=ticket.team, after=team.key)
    gaps = (words("number", ticket.number), words("team", team.name))
    card = Line("moved_card", (*gaps, words("title", ticket.title)))
    places.end_threads(act, old, card, Line("thread_over", gaps))
    opened = places.open_team_threads(act, moved, team)
    places.bring_along(act, ticket.number, opened)
    telling.refresh_card(act, ticket.number)
    return moved
