"""What a macro or a rule does to a ticket: each step goes the way that a person's command would."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chatdesk.contract import sentences
from chatdesk.contract.sentences import Markup, literal
from chatdesk.contract.vocabulary import Actor, Side
from chatdesk.desk import (
    assigning,
    closing,
    drafts,
    escalation,
    hooks,
    moving,
    reaching,
    rota,
    standing,
    triage,
)
from chatdesk.desk.act import Act
from chatdesk.domain.lifecycle import Status
from chatdesk.domain.lines import Line, markup, words
from chatdesk.domain.organisation import Team
from chatdesk.domain.staff import read_staff
from chatdesk.domain.steps import ASSIGNEE, AUTO, LEADS, NEXT, NOBODY, ON_CALL, Step, StepKind, filled
from chatdesk.domain.ticket import Ticket
from chatdesk.store import people, threads, tickets


def take(act: Act, number: int, step: Step) -> None:
    """Do one step, unless it says something: who speaks is the caller's matter. Raises Refusal."""
    ticket = tickets.load(act.tx, number)
    if ticket is None:
        return
    match step.kind:
        case StepKind.CATEGORY:
            drafts.category(act, ticket, {"category": step.value})
        case StepKind.TEAM:
            moving.move(act, ticket, {"team": step.value})
        case StepKind.PRIORITY:
            triage.priority(act, ticket, {"priority": step.value})
        case StepKind.TAG | StepKind.UNTAG:
            action = "add" if step.kind is StepKind.TAG else "remove"
            triage.tag(act, ticket, {"action": action, "tag": step.value})
        case StepKind.ASSIGN:
            _assign(act, ticket, step.value)
        case StepKind.STATUS:
            closing.status(act, ticket, {"status": step.value})
        case StepKind.RESOLVE:
            closing.resolve(act, ticket, {"text": said(act, ticket, step.text)})
        case StepKind.CLOSE:
            closing.close(act, ticket, {"text": said(act, ticket, step.text)})
        case StepKind.ESCALATE:
            team = {} if step.value == NEXT else {"team": step.value}
            escalation.escalate(act, ticket, team)
        case StepKind.NOTIFY:
            _notify(act, ticket, step.value)
        case StepKind.WEBHOOK:
            hooks.call(act, ticket, step.value)


def _notify(act: Act, ticket: Ticket, who: str) -> None:
    """Tell staff of a ticket in direct messages: its assignee, the leads, who is on call, or by name."""
    gaps = (
        words("number", ticket.number),
        words("title", ticket.title),
        markup("why", sentences.BY_RULE.say(rule=act.rule) if act.rule else ""),
    )
    team = act.tx.organisation.team(ticket.team)
    if team is None:
        return
    for one in _notified(act, ticket, who):
        reaching.tell_staff(act, team, one, Line("notified", gaps), ticket.number)


def _notified(act: Act, ticket: Ticket, who: str) -> Sequence[str]:
    tx = act.tx
    team = tx.organisation.team(ticket.team)
    if who == ASSIGNEE:
        return [ticket.assignee] if ticket.assignee else []
    if who == ON_CALL:
        return rota.order_now(act, team)[:1] if team else []
    sources = (team.leads if team else ()) if who == LEADS else (read_staff(who),)
    found = standing.agents_of(tx, [Team("", "", (), members=tuple(sources))])
    return list({people.meet(tx, Actor(one), None, act.now): None for one in found})


def _assign(act: Act, ticket: Ticket, to: str) -> None:
    if to == NOBODY:
        triage.release(act, ticket, {})
    elif to == AUTO:
        assigning.in_turn(act, ticket)
    else:
        triage.assign(act, ticket, {"agent": to.replace(":", "/", 1)})


def said(act: Act, ticket: Ticket, text: str) -> str:
    """A step's text for this ticket."""
    return filled(text, _variables(act, ticket)).strip()


def _variables(act: Act, ticket: Ticket) -> Mapping[str, str]:
    """Where several requesters read the answer, none of them is named, nor what they wrote."""
    organisation = act.tx.organisation

    def name(person: str | None) -> str:
        return people.name_of(act.tx, person, act.platform) if person else ""

    customers = [one for one in threads.of_ticket(act.tx, ticket.number) if one.side is Side.CUSTOMER]
    several = len({one.party for one in customers}) > 1
    team, category = organisation.team(ticket.team), organisation.category(ticket.category)
    priority = organisation.priority(ticket.priority)
    values = {
        "requester": sentences.EVERYBODY if several else name(ticket.requester),
        "number": f"#{ticket.number}",
        "title": f"#{ticket.number}" if several else ticket.title,
        "agent": name(act.person or ticket.assignee) or (team.name if team else organisation.name),
        "assignee": name(ticket.assignee),
        "team": team.name if team else "",
        "category": category.label if category else "",
        "priority": priority.name if priority else ticket.priority,
        "status": organisation.status_name(ticket.status),
        "service": ticket.service or "",
        "desk": organisation.name,
    }
    return {key: literal(value) for key, value in values.items()}


def described(act: Act, ticket: Ticket, step: Step) -> str:
    """A step in words for staff, as CommonMark."""
    text = "\n".join(f"> {line}" for line in said(act, ticket, step.text).splitlines())
    sentence = sentences.STEPS[step.kind]
    return sentence.say(value=_shown(act, step), text=Markup(f"\n{text}\n" if text else ""))


def _shown(act: Act, step: Step) -> str:
    organisation = act.tx.organisation
    match step.kind:
        case StepKind.CATEGORY:
            category = organisation.category(step.value)
            return category.label if category else step.value
        case StepKind.PRIORITY | StepKind.AT_LEAST:
            priority = organisation.priority(step.value)
            return priority.name if priority else step.value
        case StepKind.TEAM | StepKind.ESCALATE:
            team = organisation.team(step.value)
            return team.name if team else step.value
        case StepKind.STATUS:
            return organisation.status_name(Status(step.value))
    return step.value
