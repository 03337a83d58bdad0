"""What puts a ticket before the next level without anybody asking, and what ends a call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import structlog

from chatdesk.contract import sentences_on_call
from chatdesk.contract.vocabulary import Side
from chatdesk.desk import calling, escalation, reaching, standing, telling, working_hours
from chatdesk.desk.act import Act, act_of_clock
from chatdesk.desk.escalation_end import end
from chatdesk.domain.happenings import by_ticket, happening
from chatdesk.domain.lifecycle import WORKING, Status
from chatdesk.domain.lines import Line, words
from chatdesk.domain.local_time import clock_time
from chatdesk.domain.organisation import Team
from chatdesk.domain.rules import Happening
from chatdesk.domain.ticket import Because, Escalation, EscalationState, HistoryEntry, Ticket
from chatdesk.store import calls, escalations, history, tickets
from chatdesk.store.calls import Call
from chatdesk.store.transaction import Transaction

log = structlog.get_logger(__name__)


def react(tx: Transaction, now: datetime) -> None:
    """What follows from what was recorded in this transaction: reopened too often, or seen by staff."""
    teams = tx.organisation.teams
    watches = any(team.escalate_after_reopens is not None or team.on_call is not None for team in teams)
    if not watches:
        return
    for number, entries in by_ticket(tx.journal).items():
        noted = len(tx.journal)
        try:
            with tx.connection.begin_nested():
                _follow(act_of_clock(tx, now), number, entries)
        except Exception:
            del tx.journal[noted:]
            log.exception("what climbs by itself failed for a ticket", desk=tx.desk, ticket=number)


def _follow(act: Act, number: int, entries: Sequence[HistoryEntry]) -> None:
    if calls.of_ticket(act.tx, number) is not None and _is_seen(act.tx, number, entries):
        calls.end(act.tx, number)
        telling.refresh_card(act, number)
    if any(entry.kind == "reopened" for entry in entries):
        _reopened(act, number)


def _is_seen(tx: Transaction, number: int, entries: Sequence[HistoryEntry]) -> bool:
    """Whether somebody did something for the desk, and not as a requester who is staff."""
    ticket = tickets.load(tx, number)
    actors = {entry.actor for entry in entries if entry.actor}
    return ticket is not None and any(standing.speaks_for_desk(tx, one, ticket) for one in actors)


def _reopened(act: Act, number: int) -> None:
    """Once more than its team bears: the next level is asked."""
    ticket = tickets.load(act.tx, number)
    team = act.tx.organisation.team(ticket.team) if ticket else None
    if ticket is None or team is None or team.escalate_after_reopens is None:
        return
    above = act.tx.organisation.team(team.escalates_to)
    if above is None or ticket.reopens < team.escalate_after_reopens or ticket.status not in WORKING:
        return
    if escalations.live_of_ticket(act.tx, number) is None:
        question = sentences_on_call.ASKED_REOPENED.say(count=ticket.reopens)
        escalation.ask(act, ticket, above, question, Because.REOPENED)


def call_overdue(tx: Transaction, call: Call, now: datetime) -> None:
    """Nobody acknowledged a call in time: the next one is told, and in the end the next level is asked."""
    act = act_of_clock(tx, now)
    ticket, team = tickets.load(tx, call.ticket), tx.organisation.team(call.team)
    if ticket is None or team is None or ticket.status not in WORKING or ticket.team != call.team:
        calls.end(tx, call.ticket)
        return
    because = Because(call.because)
    matter = calling.of_call(act, ticket, team, because, call.called_at, call.step)
    step = calling.tell_next(act, matter)
    if step is not None:
        calls.put(tx, replace(call, step=step, due_at=now + team.acknowledge_within))
        telling.refresh_card(act, ticket.number)
        return
    calls.end(tx, call.ticket)
    act.record(ticket.number, "call_silent", team=team.key, because=because)
    above = tx.organisation.team(team.escalates_to)
    if above is None or escalations.live_of_ticket(tx, ticket.number) is not None:
        telling.say(act, ticket.number, Line("call_unanswered", (words("team", team.name),)), (Side.TEAM,))
        telling.refresh_card(act, ticket.number)
        return
    question = sentences_on_call.ASKED_SILENCE.say(team=team.name)
    escalation.ask(act, ticket, above, question, Because.SILENCE)


def unanswered(tx: Transaction, asked: Escalation, now: datetime) -> None:
    """A team acknowledged, and the requester has no answer by when they were told to expect one."""
    ticket, team = tickets.load(tx, asked.ticket), tx.organisation.team(asked.to_team)
    act = act_of_clock(tx, now)
    if ticket is None or team is None or _is_answered(tx, asked):
        escalations.save(tx, replace(asked, answer_by=None))
        return
    if ticket.status not in (Status.NEW, Status.OPEN):
        # It waits for somebody else; when it goes on, they have that time again.
        again = working_hours.in_hours(tx.organisation, team, now, team.answer_within)
        escalations.save(tx, replace(asked, answer_by=again))
        return
    act.record(ticket.number, "unanswered", escalation=asked.id, team=team.key)
    above = tx.organisation.team(team.escalates_to)
    if above is None or above.key in (team.key, ticket.team):
        _takes_longer(act, ticket, team, asked)
        return
    telling.say(
        act,
        ticket.number,
        Line("unanswered", (words("team", team.name), words("next", above.name))),
        (Side.TEAM,),
    )
    outcome = sentences_on_call.UNANSWERED_OUTCOME.say(next=above.name)
    end(act, ticket, asked, EscalationState.SILENT, outcome)
    current = tickets.load(tx, ticket.number) or ticket
    asked_by = replace(act, person=asked.asked_by)
    escalation.ask(asked_by, current, above, asked.question, Because.UNANSWERED)


def _is_answered(tx: Transaction, asked: Escalation) -> bool:
    """Whether staff wrote to the requester since it was escalated."""
    entries = history.of_ticket(tx, asked.ticket)
    return any(one.at >= asked.asked_at and happening(one) is Happening.ANSWER for one in entries)


def _takes_longer(act: Act, ticket: Ticket, team: Team, asked: Escalation) -> None:
    """There is nobody above: the leads are told, and the requester until when it may take now. Once."""
    escalations.save(act.tx, replace(asked, answer_by=None))
    line = Line("unanswered_last", (words("team", team.name),))
    telling.say(act, ticket.number, line, telling.STAFF)
    about = (words("number", ticket.number), words("title", ticket.title), words("team", team.name))
    reaching.tell_leads(act, team, Line("unanswered_told", about), ticket.number)
    until = working_hours.in_hours(act.tx.organisation, team, act.now, team.answer_within)
    later = Line("customer_takes_longer", (words("time", clock_time(act.tx.organisation, until)),))
    telling.say(act, ticket.number, later, (Side.CUSTOMER,))
