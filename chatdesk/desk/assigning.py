"""Giving tickets to whose turn it is, as their team decided, and saying why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from chatdesk.contract import sentences
from chatdesk.contract.vocabulary import Actor, Side
from chatdesk.desk import reaching, standing, telling, triage, working_hours
from chatdesk.desk.act import Act
from chatdesk.domain.assignment import Candidate, Strategy, chosen
from chatdesk.domain.languages import language_of
from chatdesk.domain.lifecycle import WORKING
from chatdesk.domain.lines import Line, person, words
from chatdesk.domain.organisation import Team
from chatdesk.domain.ticket import Ticket
from chatdesk.store import people, turns


def is_automatic(team: Team | None) -> bool:
    return team is not None and bool(team.assignment) and team.assignment[0] is not Strategy.MANUAL


def in_turn(act: Act, ticket: Ticket) -> None:
    """Give a ticket that nobody has to somebody of its team; say so if nobody can take it."""
    team = act.tx.organisation.team(ticket.team)
    if team is None or ticket.assignee is not None or ticket.status not in WORKING:
        return
    candidates = _candidates(act, team)
    if not _given(act, ticket, team, candidates):
        _nobody(act, ticket, team, candidates)


def after_all(act: Act, ticket: Ticket) -> bool:
    """Give a ticket that nobody could take to somebody who is back, or has room again."""
    team = act.tx.organisation.team(ticket.team)
    return team is not None and _given(act, ticket, team, _candidates(act, team))


def _given(act: Act, ticket: Ticket, team: Team, candidates: Sequence[Candidate]) -> bool:
    previous = turns.previous_agent(act.tx, ticket.requester, ticket.number)
    strategies = team.assignment or (Strategy.LEAST_LOADED,)
    found = chosen(strategies, candidates, _needs(ticket), previous)
    if found is None:
        return False
    triage.save_assignee(act, ticket, found.person)
    turns.give(act.tx, team.key, found.person, act.now)
    act.record(ticket.number, "assigned", agent=found.person, because=found.strategy)
    why = sentences.WHY_ASSIGNED[found.strategy]
    gaps = (person("agent", found.person), words("why", why))
    telling.say(act, ticket.number, Line("assigned_in_turn", gaps), telling.STAFF)
    customer = Line("customer_claimed", (person("actor", found.person),))
    telling.say(act, ticket.number, customer, (Side.CUSTOMER,))
    given = (words("number", ticket.number), words("title", ticket.title), words("why", why))
    reaching.tell_person(act, found.person, Line("given_to_you", given), ticket.number)
    return True


def _nobody(act: Act, ticket: Ticket, team: Team, candidates: Sequence[Candidate]) -> None:
    away = sum(one.away for one in candidates)
    full = sum(not one.away and not one.has_room for one in candidates)
    if not away and not full:
        return
    act.record(ticket.number, "unassignable", team=team.key, away=away, full=full)
    gaps = (words("team", team.name), words("away", away), words("full", full))
    telling.say(act, ticket.number, Line("nobody_in_turn", gaps), telling.STAFF)


def _candidates(act: Act, team: Team) -> Sequence[Candidate]:
    tx = act.tx
    gone, loads, given = turns.away_now(tx, act.now), turns.loads(tx), turns.given(tx, team.key)
    found: dict[str, Candidate] = {}
    for who in standing.agents_of(tx, [replace(team, leads=())]):
        own = people.meet(tx, Actor(who), None, act.now)
        agent = working_hours.agent_of(act, own)
        found[own] = Candidate(
            person=own,
            load=loads.get(own, 0),
            capacity=agent.capacity if agent and agent.capacity is not None else team.capacity,
            away=own in gone or working_hours.is_off_work(act, agent, team),
            skills=frozenset(skill.casefold() for skill in agent.skills) if agent else frozenset(),
            last_given=given.get(own),
        )
    return list(found.values())


def _needs(ticket: Ticket) -> frozenset[str]:
    """What a skill may be called that helps with a ticket: category and those above it, service, ..."""
    parts = (ticket.category or "").split("/")
    categories = ["/".join(parts[: end + 1]) for end in range(len(parts))]
    language = language_of(f"{ticket.title}\n{ticket.description}")
    named = [*categories, *parts, ticket.service or "", language or "", *ticket.tags]
    return frozenset(one.casefold() for one in named if one)
