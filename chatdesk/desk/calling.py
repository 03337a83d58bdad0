"""Telling those who are on call of a ticket, one after another, until somebody acknowledges.

First whoever is on call, then the next in the rotation, then the leads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chatdesk.contract import sentences, sentences_on_call
from chatdesk.contract.actions import RunVerb
from chatdesk.contract.ports import Answer
from chatdesk.contract.views import Button, Control, Style
from chatdesk.contract.vocabulary import Side
from chatdesk.desk import reaching, rota, telling, working_hours
from chatdesk.desk.act import Act, refuse
from chatdesk.desk.confirming import done
from chatdesk.desk.standing import require
from chatdesk.domain.lines import Gap, Line, markup, mention, person, words
from chatdesk.domain.local_time import clock_time
from chatdesk.domain.organisation import Team
from chatdesk.domain.permissions import Deed
from chatdesk.domain.ticket import Because, Escalation, Thread, Ticket
from chatdesk.store import calls, escalations, history
from chatdesk.store.calls import Call

CALLED = "called"
"""What the history calls it that somebody on call was told."""

_ON_CALL, _NEXT, _LEADS = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Matter:
    """What somebody is called for. ``since``: whoever was told since then is not told again.

    ``step``: how many were told. ``threads``: where it is said. ``why``: what it is about, as CommonMark.
    """

    ticket: Ticket
    team: Team
    because: Because
    since: datetime
    step: int
    threads: Sequence[Thread]
    why: str


def deadline(act: Act, team: Team) -> datetime:
    """By when a team is to acknowledge: in its hours, but at any time where somebody is on call."""
    if rota.order_now(act, team):
        return act.now + team.acknowledge_within
    return working_hours.in_hours(act.tx.organisation, team, act.now, team.acknowledge_within)


def tell_next(act: Act, matter: Matter) -> int | None:
    """Tell who comes next. How many were told then; None where nobody is left."""
    order = rota.order_now(act, matter.team)
    told = _told(act, matter)
    if matter.step < _NEXT:
        following = next((one for one in order if one not in told), None)
        if following is not None:
            _tell_one(act, matter, following, told)
            return matter.step + 1
    if 0 < matter.step < _LEADS and matter.team.leads:
        _tell_leads(act, matter, told)
        return _LEADS
    return None


def _told(act: Act, matter: Matter) -> Sequence[str]:
    """Who was told of it, in order."""
    return [
        dict(entry.data)["agent"]
        for entry in history.of_ticket(act.tx, matter.ticket.number)
        if entry.kind == CALLED and entry.at >= matter.since and "agent" in dict(entry.data)
    ]


def _due(act: Act, matter: Matter) -> datetime:
    return act.now + matter.team.acknowledge_within


def _tell_one(act: Act, matter: Matter, who: str, told: Sequence[str]) -> None:
    number = matter.ticket.number
    act.record(number, CALLED, agent=who, team=matter.team.key, because=matter.because)
    time = words("time", clock_time(act.tx.organisation, _due(act, matter)))
    gaps = (mention("who", who), time)
    line = (
        Line("called_next", (person("before", told[-1]), *gaps))
        if told
        else Line("called", (*gaps, markup("why", matter.why)))
    )
    telling.say_in(act, line, matter.threads, () if told else _acknowledge(matter.ticket))
    private = Line("call", (*_about(matter), time))
    reaching.tell_staff(act, matter.team, who, private, number, _acknowledge(matter.ticket))


def _tell_leads(act: Act, matter: Matter, told: Sequence[str]) -> None:
    number = matter.ticket.number
    act.record(number, CALLED, team=matter.team.key, because=matter.because, leads="all")
    time = words("time", clock_time(act.tx.organisation, _due(act, matter)))
    before = person("before", told[-1] if told else "")
    line = Line("called_leads", (before, words("team", matter.team.name), time))
    telling.say_in(act, line, matter.threads)
    private = Line("call_lead", (*_about(matter), time))
    reaching.tell_leads(act, matter.team, private, number, _acknowledge(matter.ticket))


def _about(matter: Matter) -> tuple[Gap, ...]:
    return (
        words("number", matter.ticket.number),
        words("title", matter.ticket.title),
        markup("why", matter.why),
    )


def _acknowledge(ticket: Ticket) -> tuple[Control, ...]:
    return (Button("Acknowledge", RunVerb("acknowledge", ticket.number), Style.PRIMARY),)


def is_anybody_on_call(act: Act, ticket: Ticket) -> bool:
    team = act.tx.organisation.team(ticket.team)
    return team is not None and bool(rota.order_now(act, team))


def of_limit(act: Act, ticket: Ticket, because: Because, told: Line, *, at_night: bool) -> None:
    """A limit comes near or was passed: whoever is on call for the ticket's team is told.

    Of one that comes near only if those whose it is are off work, or may not be told at this time
    (``at_night``). Where somebody was called already, or the next level was asked, it is only said.
    """
    team = act.tx.organisation.team(ticket.team)
    if team is None:
        return
    if because is Because.WARNING and not (at_night or _is_left_alone(act, ticket, team)):
        return
    order = rota.order_now(act, team)
    if not order:
        if because is Because.WARNING:
            reaching.tell_leads(act, team, told, ticket.number)
        return
    live = escalations.live_of_ticket(act.tx, ticket.number)
    if live is not None or calls.of_ticket(act.tx, ticket.number) is not None:
        if order[0] != ticket.assignee:
            reaching.tell_staff(act, team, order[0], told, ticket.number)
        return
    step = tell_next(act, of_call(act, ticket, team, because, act.now, 0))
    if step is not None:
        due = act.now + team.acknowledge_within
        calls.put(act.tx, Call(act.tx.desk, ticket.number, team.key, because, step, act.now, due))
        telling.refresh_card(act, ticket.number)


def of_call(act: Act, ticket: Ticket, team: Team, because: Because, since: datetime, step: int) -> Matter:
    """What concerns the ticket's own team."""
    threads = telling.on_sides(act, ticket.number, (Side.TEAM,))
    return Matter(ticket, team, because, since, step, threads, sentences_on_call.BECAUSE[because])


def of_escalation(ticket: Ticket, team: Team, escalation: Escalation, threads: Sequence[Thread]) -> Matter:
    """What another team was asked."""
    why = sentences_on_call.BECAUSE[escalation.because]
    told = sentences_on_call.ESCALATED_TO_BECAUSE if why else sentences_on_call.ESCALATED_TO
    asked = told.say(team=team.name, why=why)
    return Matter(ticket, team, escalation.because, escalation.asked_at, escalation.called, threads, asked)


def _is_left_alone(act: Act, ticket: Ticket, team: Team) -> bool:
    """Whether nobody works now of those whose ticket it is."""
    if ticket.assignee is not None:
        return not working_hours.is_there(act, ticket.assignee, team)
    return working_hours.is_off_work(act, None, team)


def acknowledge(act: Act, ticket: Ticket) -> Answer:
    """Somebody sees to what they or others were called for."""
    call = calls.of_ticket(act.tx, ticket.number)
    if call is None:
        raise refuse(sentences.NO_ESCALATION.say(number=ticket.number))
    require(act, ticket, Deed.ANSWER_CALL)
    calls.end(act.tx, ticket.number)
    act.record(ticket.number, "call_acknowledged", team=call.team)
    telling.say(act, ticket.number, Line("call_answered", (person("actor", act.person),)), (Side.TEAM,))
    telling.refresh_card(act, ticket.number)
    return done(act, ticket, "is acknowledged")
