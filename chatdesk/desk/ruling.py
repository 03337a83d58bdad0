"""What follows by itself from what was done: rules, priorities, whose turn it is, timers set.

It is decided before anything is done (``domain/rules.py``), so that what rules do sets off no rules again,
and it happens in the transaction of what it follows from.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from chatdesk.contract.vocabulary import Side
from chatdesk.desk import assigning, climbing, facts, steps, telling
from chatdesk.desk.act import Act, Refusal, act_of_clock, act_of_rule
from chatdesk.domain.happenings import by_ticket, counted_from, happened, happening, rules_in
from chatdesk.domain.lifecycle import OVER, Status
from chatdesk.domain.lines import Line, markup, words
from chatdesk.domain.organisation import Organisation
from chatdesk.domain.rules import Firing, Happening, Planned, Rule, plan
from chatdesk.domain.steps import Step, StepKind
from chatdesk.domain.ticket import HistoryEntry, Ticket
from chatdesk.store import history, imports, posts, tickets, timers
from chatdesk.store.timers import Timer
from chatdesk.store.transaction import Transaction

MOST_FIRINGS = 50
"""How often one rule does something to one ticket before it is taken for one that goes round in circles."""

LOOKS_AT_CALENDARS = timedelta(minutes=5)
"""How often a rule is asked again whose time has come outside the hours that it wants."""

log = structlog.get_logger(__name__)

_NEEDS_SOMEBODY = frozenset({"created", "submitted", "moved"})


def rules_of(organisation: Organisation) -> Sequence[Rule]:
    return (*organisation.rules, *organisation.priority_rules)


def react(tx: Transaction, now: datetime) -> None:
    """Let follow what follows from everything that was recorded in this transaction."""
    organisation = tx.organisation
    climbing.react(tx, now)
    if not rules_of(organisation) and not any(team.assignment for team in organisation.teams):
        return
    recorded = by_ticket(tx.journal)
    tx.journal.clear()
    for number, entries in recorded.items():
        _follow_apart(tx, number, entries, now)
    tx.journal.clear()


def _follow_apart(tx: Transaction, number: int, entries: Sequence[HistoryEntry], now: datetime) -> None:
    """What follows by itself must not undo what somebody did, even if it fails."""
    try:
        with tx.connection.begin_nested():
            follow(tx, number, entries, now)
    except Exception:
        log.exception("what follows by itself failed for a ticket", desk=tx.desk, ticket=number)
    tx.journal.clear()


def follow(tx: Transaction, number: int, entries: Sequence[HistoryEntry], now: datetime) -> None:
    """What follows for one ticket from what happened to it."""
    ticket = tickets.load(tx, number)
    if ticket is None or ticket.status is Status.DRAFT:
        return
    done = list(entries)
    by_others = [entry for entry in entries if not rules_in([entry])]
    set_off = happened(by_others)
    if set_off and rules_of(tx.organisation):
        carry_out(tx, number, _planned(tx, ticket, set_off, by_others, now), now)
        done += tx.journal
    current = tickets.load(tx, number)
    if current is None:
        return
    if assigning.is_automatic(tx.organisation.team(current.team)) and _NEEDS_SOMEBODY.intersection(
        entry.kind for entry in done
    ):
        assigning.in_turn(act_of_clock(tx, now), current)
    arm(tx, number, now)


def _planned(
    tx: Transaction,
    ticket: Ticket,
    set_off: frozenset[Happening],
    entries: Sequence[HistoryEntry],
    now: datetime,
) -> Planned:
    known = facts.facts_of(tx, ticket, now, _message(tx, entries))
    return plan(rules_of(tx.organisation), set_off, known, priorities_of(tx.organisation), now)


def priorities_of(organisation: Organisation) -> Sequence[str]:
    return [one.key for one in organisation.priorities]


def _message(tx: Transaction, entries: Sequence[HistoryEntry]) -> str:
    """What the requester wrote just now."""
    written = [dict(entry.data).get("post", "") for entry in entries if happening(entry) is Happening.MESSAGE]
    found = [post.body for post in (posts.load(tx, one) for one in written) if post is not None]
    return "\n".join(found)


def carry_out(tx: Transaction, number: int, planned: Planned, now: datetime) -> None:
    """Do what was decided; what cannot be done is said in the team's thread, and the rest goes on."""
    counts = Counter(rule for entry in history.of_ticket(tx, number) for rule in _fired_by(entry))
    for firing in planned.firings:
        act = act_of_rule(tx, firing.rule, now)
        if counts[firing.rule] >= MOST_FIRINGS:
            _stopped(act, number, "rule_worn_out", once=counts[firing.rule] == MOST_FIRINGS)
            continue
        act.record(number, "rule_fired")
        telling.say(act, number, Line("rule_fired", (words("rule", firing.rule),)), (Side.TEAM,))
        _fire(act, number, firing)
    for rule in planned.stopped:
        _stopped(act_of_rule(tx, rule, now), number, "rule_stopped", once=True)


def _fired_by(entry: HistoryEntry) -> frozenset[str]:
    return rules_in([entry]) if entry.kind in ("rule_fired", "rule_worn_out") else frozenset()


def _stopped(act: Act, number: int, sentence: str, *, once: bool) -> None:
    if once:
        act.record(number, sentence)
        telling.say(act, number, Line(sentence, (words("rule", act.rule or ""),)), (Side.TEAM,))


def _fire(act: Act, number: int, firing: Firing) -> None:
    for step in firing.steps:
        attempt = act.tx.connection.begin_nested()
        noted = len(act.tx.journal)
        try:
            _take(act, number, step)
        except Refusal as refusal:
            attempt.rollback()
            del act.tx.journal[noted:]
            act.record(number, "rule_refused", step=step.kind)
            gaps = (words("rule", firing.rule), markup("reason", refusal.answer.text))
            telling.say(act, number, Line("rule_refused", gaps), (Side.TEAM,))
        else:
            attempt.commit()


def _take(act: Act, number: int, step: Step) -> None:
    """Nobody in person speaks for a rule, so its words are the desk's own lines."""
    ticket = tickets.load(act.tx, number)
    if ticket is None:
        return
    text = markup("text", steps.said(act, ticket, step.text))
    match step.kind:
        case StepKind.NOTE:
            telling.say(act, number, Line("rule_note", (text,)), telling.STAFF)
        case StepKind.REPLY:
            telling.say_in(act, Line("rule_reply", (text,)), telling.of_party(act, number, 1))
            telling.say(act, number, Line("rule_replied", (text,)), telling.STAFF)
        case _:
            steps.take(act, number, step)


def arm(tx: Transaction, number: int, now: datetime) -> None:
    """Set the timers of the rules that wait for a time, as the ticket is now."""
    timed = [rule for rule in rules_of(tx.organisation) if rule.after is not None]
    ticket = tickets.load(tx, number) if timed else None
    if ticket is None or ticket.status is Status.DRAFT or imports.rests(tx, number):
        return
    entries, known = history.of_ticket(tx, number), timers.of_ticket(tx, number)
    for rule in timed:
        _arm(tx, ticket, rule, entries, known)


def _arm(
    tx: Transaction,
    ticket: Ticket,
    rule: Rule,
    entries: Sequence[HistoryEntry],
    known: Mapping[str, Timer],
) -> None:
    before = known.get(rule.key)
    base = counted_from(rule.since, entries, facts.deadline_of(ticket.fields))
    over = ticket.status in OVER or (rule.once and rule.key in rules_in(entries))
    if base is None or rule.after is None or over:
        if before is not None:
            timers.remove(tx, ticket.number, rule.key)
        return
    fired = before.fired if before else None
    due = None if fired == base else base + rule.after
    timer = Timer(tx.desk, ticket.number, rule.key, base, due, fired)
    if timer != before:
        timers.put(tx, timer)


def time_came(tx: Transaction, timer: Timer, now: datetime) -> None:
    """A rule's time has come for a ticket: it fires if it holds, and else when the ticket has changed."""
    ticket = tickets.load(tx, timer.ticket)
    rule = next((one for one in rules_of(tx.organisation) if one.key == timer.rule), None)
    if ticket is None or rule is None or rule.after is None:
        timers.remove(tx, timer.ticket, timer.rule)
        return
    known = facts.facts_of(tx, ticket, now)
    rules, priorities = rules_of(tx.organisation), priorities_of(tx.organisation)
    planned = plan(rules, (), known, priorities, now, due=rule.key)
    has_fired = any(firing.rule == rule.key for firing in planned.firings)
    again = now + LOOKS_AT_CALENDARS if rule.condition.names_calendars and not has_fired else None
    fired = timer.base if has_fired else timer.fired
    timers.put(tx, Timer(tx.desk, timer.ticket, timer.rule, timer.base, again, fired))
    carry_out(tx, timer.ticket, planned, now)
    tx.journal.clear()
    if planned.firings:
        _arm_others(tx, timer, now)


def _arm_others(tx: Transaction, timer: Timer, now: datetime) -> None:
    """What a rule did may have set other rules' times; one that did not hold waits for a change."""
    own = timers.of_ticket(tx, timer.ticket).get(timer.rule)
    arm(tx, timer.ticket, now)
    if own is not None and own.fired != timer.base:
        timers.put(tx, own)
