"""Putting a ticket before another team, and what that team answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from chatdesk.contract import sentences
from chatdesk.contract.actions import RunVerb
from chatdesk.contract.ports import Answer
from chatdesk.contract.sentences import literal
from chatdesk.contract.views import Button, Control, Style
from chatdesk.contract.vocabulary import INTERNAL, Side
from chatdesk.desk import calling, conversation, finding, moving, places, telling, triage, working_hours
from chatdesk.desk.act import Act, act_of_clock, refuse
from chatdesk.desk.confirming import done
from chatdesk.desk.escalation_end import end, threads_of
from chatdesk.desk.refusing import unknown
from chatdesk.desk.standing import require
from chatdesk.domain.lifecycle import Status
from chatdesk.domain.lines import Line, markup, person, words
from chatdesk.domain.local_time import clock_time
from chatdesk.domain.organisation import Team
from chatdesk.domain.permissions import Deed
from chatdesk.domain.ticket import Because, Escalation, EscalationState, Ticket
from chatdesk.domain.verbs import nearest
from chatdesk.store import calls, escalations, people, posts, tickets
from chatdesk.store.ids import new_id
from chatdesk.store.transaction import Transaction

Arguments = Mapping[str, str]


def escalate(act: Act, ticket: Ticket, arguments: Arguments) -> Answer:
    """Ask the team that the policy names, or that was picked."""
    require(act, ticket, Deed.ESCALATE)
    triage.require_working(act, ticket)
    live = escalations.live_of_ticket(act.tx, ticket.number)
    if live is not None:
        raise refuse(sentences.ALREADY_ESCALATED.say(number=ticket.number, team=_name(act, live.to_team)))
    team = _target(act, ticket, arguments)
    because = Because.RULE if act.rule else Because.PERSON
    ask(act, ticket, team, arguments.get("reason", "").strip(), because)
    return done(act, ticket, f"is escalated to {team.name}")


def _target(act: Act, ticket: Ticket, arguments: Arguments) -> Team:
    organisation = act.tx.organisation
    others = [team for team in organisation.teams if team.key != ticket.team]
    if named := arguments.get("team"):
        team = finding.team_named(act, named, "/ticket escalate billing please look")
        if team.key == ticket.team:
            raise refuse(sentences.SAME_TEAM.say(number=ticket.number, team=team.name))
        return team
    _refuse_mistyped_team(act, arguments.get("reason", ""))
    own = organisation.team(ticket.team)
    by_policy = organisation.team(own.escalates_to if own else None)
    if by_policy is None:
        allowed = ", ".join(team.name for team in others) or "none yet"
        raise refuse(sentences.NO_ESCALATION_POLICY.say(team=own.name if own else "It", allowed=allowed))
    return by_policy


def _refuse_mistyped_team(act: Act, reason: str) -> None:
    """A first word that is nearly a team's name was meant to be one."""
    first = reason.split(maxsplit=1)[0].casefold().rstrip(":,") if reason.split() else ""
    names = [word for team in act.tx.organisation.teams for word in (team.key, team.name.casefold())]
    like = nearest(first, names) if len(first) > 3 else None
    if like is not None and abs(len(like) - len(first)) <= 2 and like[0] == first[0]:
        raise unknown(
            "team", first, [team.name for team in act.tx.organisation.teams], "/ticket escalate billing"
        )


def ask(act: Act, ticket: Ticket, team: Team, question: str, because: Because) -> Escalation:
    """Card, thread and question in the team's channel; everybody who waits is told."""
    escalation = Escalation(
        desk=act.tx.desk,
        id=new_id(),
        ticket=ticket.number,
        from_team=ticket.team,
        to_team=team.key,
        level=ticket.escalation_level + 1,
        asked_by=act.person,
        question=question,
        state=EscalationState.WAITING,
        asked_at=act.now,
        due_at=calling.deadline(act, team),
        because=because,
        answer_by=working_hours.in_hours(act.tx.organisation, team, act.now, team.answer_within),
    )
    escalations.add(act.tx, escalation)
    status = Status.OPEN if ticket.status is Status.NEW else ticket.status
    if status is not ticket.status:
        act.record(ticket.number, "status", before=ticket.status, after=status)
    tickets.save(act.tx, replace(ticket, escalation_level=escalation.level, status=status))
    facts = {"escalation": escalation.id, "team": team.key, "because": because}
    act.record(ticket.number, "escalated", level=escalation.level, **facts)
    calls.end(act.tx, ticket.number)
    _tell_those_who_wait(act, ticket, team, escalation)
    opened = places.open_escalation_threads(act, ticket, team, escalation)
    places.bring_along(act, ticket.number, opened)
    line = Line(
        "escalation_asked",
        (
            person("actor", act.person),
            markup("reason", question or "please look at this ticket"),
            words("time", clock_time(act.tx.organisation, escalation.due_at)),
        ),
    )
    telling.say_in(act, line, opened, _answers(ticket.number, acknowledged=False))
    escalation = _call(act, ticket, team, escalation) or escalation
    telling.refresh_card(act, ticket.number)
    return escalation


def _call(act: Act, ticket: Ticket, team: Team, asked: Escalation) -> Escalation | None:
    """Tell whoever is on call, or comes next, that the ticket waits for them; None if nobody is left."""
    itself = act_of_clock(act.tx, act.now)
    step = calling.tell_next(itself, calling.of_escalation(ticket, team, asked, threads_of(act, asked)))
    if step is None:
        return None
    called = replace(asked, called=step, due_at=act.now + team.acknowledge_within)
    escalations.save(act.tx, called)
    return called


def _tell_those_who_wait(act: Act, ticket: Ticket, team: Team, escalation: Escalation) -> None:
    gaps = (
        person("actor", act.person),
        words("team", team.name),
        words("time", clock_time(act.tx.organisation, escalation.due_at)),
        markup("reason", escalation.question),
    )
    telling.say(act, ticket.number, Line("escalated", gaps), (Side.TEAM,))
    expected = (
        words("team", team.name),
        words("time", clock_time(act.tx.organisation, escalation.answer_by or escalation.due_at)),
    )
    telling.say(act, ticket.number, Line("customer_escalated", expected), (Side.CUSTOMER,))


def _answers(number: int, *, acknowledged: bool) -> tuple[Control, ...]:
    first = () if acknowledged else (Button("Acknowledge", RunVerb("acknowledge", number), Style.PRIMARY),)
    return (
        *first,
        Button("Take over", RunVerb("takeover", number)),
        Button("Send back", RunVerb("sendback", number)),
        Button("Quote last answer", RunVerb("quote", number)),
    )


def _name(act: Act, team_key: str | None) -> str:
    team = act.tx.organisation.team(team_key)
    return team.name if team else (team_key or "nobody")


def _live(act: Act, ticket: Ticket) -> Escalation:
    live = escalations.live_of_ticket(act.tx, ticket.number)
    if live is None:
        raise refuse(sentences.NO_ESCALATION.say(number=ticket.number))
    require(act, ticket, Deed.ANSWER_ESCALATION)
    return live


def acknowledge(act: Act, ticket: Ticket, arguments: Arguments) -> Answer:
    """The team has seen it; the deadline is met."""
    if escalations.live_of_ticket(act.tx, ticket.number) is None:
        return calling.acknowledge(act, ticket)
    live = _live(act, ticket)
    team = _name(act, live.to_team)
    if live.state is EscalationState.ACKNOWLEDGED:
        raise refuse(sentences.ALREADY_ACKNOWLEDGED.say(team=team, number=ticket.number))
    answered = replace(live, state=EscalationState.ACKNOWLEDGED, answered_by=act.person, answered_at=act.now)
    escalations.save(act.tx, answered)
    act.record(ticket.number, "acknowledged", escalation=live.id, team=live.to_team)
    gaps = (person("actor", act.person), words("team", team))
    telling.say_in(
        act, Line("acknowledged", gaps), threads_of(act, live), _answers(ticket.number, acknowledged=True)
    )
    telling.say(act, ticket.number, Line("acknowledged", gaps), (Side.TEAM,))
    seen = Line("customer_escalation_seen", (words("team", team),))
    telling.say(act, ticket.number, seen, (Side.CUSTOMER,))
    telling.refresh_card(act, ticket.number)
    return done(act, ticket, "is acknowledged")


def take_over(act: Act, ticket: Ticket, arguments: Arguments) -> Answer:
    """The ticket is the asked team's from now on: a new card and team thread in their channel."""
    live = _live(act, ticket)
    team = _name(act, live.to_team)
    outcome = f"{literal(people.name_of(act.tx, act.person, act.platform))} took it over for {literal(team)}."
    end(act, ticket, live, EscalationState.TAKEN_OVER, outcome)
    act.record(ticket.number, "taken_over", escalation=live.id, team=live.to_team)
    gaps = (person("actor", act.person), words("team", team))
    telling.say(act, ticket.number, Line("taken_over", gaps), (Side.TEAM,))
    telling.say(act, ticket.number, Line("customer_taken_over", (words("team", team),)), (Side.CUSTOMER,))
    target = act.tx.organisation.team(live.to_team)
    if target is not None:
        moving.to_team(act, ticket, target, act.person)
    return done(act, ticket, f"is with {team} now")


def send_back(act: Act, ticket: Ticket, arguments: Arguments) -> Answer:
    """The asked team is done with it; its own team goes on."""
    live = _live(act, ticket)
    team = _name(act, live.to_team)
    answer = arguments.get("text", "").strip()
    name = literal(people.name_of(act.tx, act.person, act.platform))
    end(act, ticket, live, EscalationState.SENT_BACK, f"{name} sent it back. {answer}".strip())
    act.record(ticket.number, "sent_back", escalation=live.id, team=live.to_team)
    gaps = (person("actor", act.person), words("team", team), markup("outcome", answer))
    telling.say(act, ticket.number, Line("sent_back", gaps), (Side.TEAM,))
    telling.say(act, ticket.number, Line("customer_sent_back", (words("team", team),)), (Side.CUSTOMER,))
    telling.refresh_card(act, ticket.number)
    return done(act, ticket, "is sent back")


def quote(act: Act, ticket: Ticket, arguments: Arguments) -> Answer:
    """Show the last thing that was written in the escalation thread to the ticket's own team."""
    require(act, ticket, Deed.NOTE)
    written = [
        post
        for post in posts.of_ticket(act.tx, ticket.number)
        if post.side is Side.ESCALATION and post.deleted_at is None
    ]
    if not written:
        raise refuse(sentences.NOTHING_TO_QUOTE.say(number=ticket.number))
    last = written[-1]
    draft = conversation.Draft(
        author=last.author,
        identity=last.identity,
        body="\n".join(f"> {line}" for line in last.body.splitlines()),
        audience=INTERNAL,
        side=Side.TEAM,
    )
    post = conversation.add_post(act, ticket, draft)
    telling.show_post(act, post, telling.on_sides(act, ticket.number, (Side.TEAM,)))
    return done(act, ticket, "was quoted from")


def overdue(tx: Transaction, escalation: Escalation, now: datetime) -> None:
    """Nobody acknowledged in time: the next level is asked; without one, the same team is reminded."""
    ticket = tickets.load(tx, escalation.ticket)
    act = act_of_clock(tx, now)
    team = tx.organisation.team(escalation.to_team)
    if ticket is None or team is None:
        escalations.save(tx, replace(escalation, state=EscalationState.ENDED))
        return
    if _call(act, ticket, team, escalation) is not None:
        telling.refresh_card(act, ticket.number)
        return
    above = tx.organisation.team(team.escalates_to)
    act.record(ticket.number, "silent", escalation=escalation.id, team=team.key)
    if above is None or above.key in (team.key, ticket.team):
        _remind(act, ticket, team, escalation)
        return
    gaps = (words("team", team.name), words("next", above.name))
    line = Line("escalation_silent", gaps)
    telling.say(act, ticket.number, line, (Side.TEAM,))
    outcome = f"nobody acknowledged in time; {literal(above.name)} is asked now."
    end(act, ticket, escalation, EscalationState.SILENT, outcome)
    current = tickets.load(tx, ticket.number) or ticket
    asked_by = replace(act, person=escalation.asked_by)
    ask(asked_by, current, above, escalation.question, Because.SILENCE)


def _remind(act: Act, ticket: Ticket, team: Team, escalation: Escalation) -> None:
    again = replace(escalation, due_at=calling.deadline(act, team))
    escalations.save(act.tx, again)
    gaps = (words("team", team.name), words("time", clock_time(act.tx.organisation, again.due_at)))
    line = Line("escalation_reminder", gaps)
    telling.say_in(act, line, threads_of(act, escalation), _answers(ticket.number, acknowledged=False))
    telling.say(act, ticket.number, line, (Side.TEAM,))
