"""What completes what somebody types: tickets, people, teams, words of the configuration."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from chatdesk.contract.questions import Choices, ChoicesOf
from chatdesk.contract.views import Option
from chatdesk.contract.vocabulary import Means
from chatdesk.desk import knowledge, standing
from chatdesk.desk.act import Act, act_of
from chatdesk.domain.lifecycle import TRANSITIONS, Status
from chatdesk.domain.text import shortened
from chatdesk.store import (
    people,
    tickets,
)
from chatdesk.store.transaction import Transaction


def choices(tx: Transaction, question: Choices, now: datetime) -> tuple[Option, ...]:
    """At most 25 options that fit what was typed so far."""
    act = act_of(tx, question.actor, question.where, Means.COMMAND, now)
    typed = question.typed.strip().casefold()
    fitting = [one for one in _options(act, question.of, typed) if typed in one.label.casefold()]
    return tuple(fitting[:25])


_FOR_STAFF = frozenset({ChoicesOf.AGENT, ChoicesOf.TAG, ChoicesOf.CODE, ChoicesOf.MACRO})
"""What customers are not told: who works here, how staff tag, solve and answer tickets."""


def _options(act: Act, of: ChoicesOf, typed: str) -> Sequence[Option]:
    organisation = act.tx.organisation
    if of in _FOR_STAFF and not standing.standing_of(act.tx, act.person).is_staff:
        return ()
    match of:
        case ChoicesOf.TICKET:
            return _ticket_options(act)
        case ChoicesOf.AGENT:
            return agent_options(act)
        case ChoicesOf.TEAM:
            return [Option(team.name, team.key) for team in organisation.teams]
        case ChoicesOf.PRIORITY:
            return [Option(one.name, one.key) for one in organisation.priorities]
        case ChoicesOf.STATUS:
            return [Option(organisation.status_name(one), one.value) for one in TRANSITIONS]
        case ChoicesOf.CATEGORY:
            return [Option(shortened(one.label, 75), one.key) for one in organisation.categories]
        case ChoicesOf.CODE:
            return [Option(shortened(one.name, 75), one.key) for one in organisation.resolution_codes]
        case ChoicesOf.ARTICLE:
            return knowledge.options(act)
        case ChoicesOf.MACRO:
            return [Option(shortened(one.name, 75), one.key) for one in organisation.macros]
        case ChoicesOf.TAG:
            known = {tag: None for ticket in tickets.latest(act.tx) for tag in ticket.tags}
            offered = [Option(tag, tag) for tag in known]
            return offered if typed in known or not typed else [*offered, Option(typed[:40], typed[:40])]


def _ticket_options(act: Act) -> Sequence[Option]:
    place = standing.standing_of(act.tx, act.person)
    found = tickets.latest(act.tx) if place.is_staff else tickets.of_person(act.tx, act.person, list(Status))
    return [Option(shortened(f"#{ticket.number} {ticket.title}", 75), str(ticket.number)) for ticket in found]


def agent_options(act: Act) -> Sequence[Option]:
    """Everybody who is staff, one entry a person."""
    found: dict[str, Option] = {}
    for who in standing.agents_of(act.tx, act.tx.organisation.teams):
        known = people.identity(act.tx, who)
        if known is not None:
            name = people.name_of(act.tx, known.person, act.platform)
            found.setdefault(known.person, Option(shortened(name, 75), str(who)))
    return sorted(found.values(), key=lambda option: option.label.casefold())
