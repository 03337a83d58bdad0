"""What rules would have done to past tickets. Changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from chatdesk.desk import facts, ruling
from chatdesk.domain.conditions import narrowed
from chatdesk.domain.happenings import rules_in
from chatdesk.domain.replay import Moment, WouldFire, moments, would_fire
from chatdesk.domain.rules import Happening, first_routing
from chatdesk.domain.sentiment import is_unhappy
from chatdesk.domain.ticket import HistoryEntry, Ticket
from chatdesk.store import history, posts, tickets
from chatdesk.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Replayed:
    """One thing that a rule would have done to a ticket. ``did``: it was done then by this rule."""

    ticket: int
    at: datetime
    rule: str
    would: str
    did: bool


def replay(tx: Transaction, since: datetime, now: datetime) -> Iterator[Replayed]:
    """By ticket and time, for everything that happened since then. The rules are those of ``tx``."""
    for number in history.tickets_since(tx, since):
        ticket = tickets.load(tx, number)
        if ticket is not None:
            yield from (one for one in _of_ticket(tx, ticket, now) if one.at >= since)


def _of_ticket(tx: Transaction, ticket: Ticket, now: datetime) -> Iterator[Replayed]:
    entries = history.of_ticket(tx, ticket.number)
    past = [_with_words(tx, moment) for moment in moments(facts.facts_of(tx, ticket, now), entries)]
    if not past:
        return
    yield from _routed(tx, ticket, past[0])
    done = {(rule, entry.at) for entry in entries for rule in rules_in([entry])}
    rules, priorities = ruling.rules_of(tx.organisation), ruling.priorities_of(tx.organisation)
    for found in would_fire(rules, past, priorities, now):
        yield Replayed(
            ticket.number, found.at, found.firing.rule, _steps(found), _was_done(found, done, entries)
        )


def _steps(found: WouldFire) -> str:
    return ", ".join(str(step) for step in found.firing.steps)


def _was_done(found: WouldFire, done: set[tuple[str, datetime]], entries: Sequence[HistoryEntry]) -> bool:
    """By this rule at this moment; a rule that waits for a time does it at the next tick of the clock."""
    if (found.firing.rule, found.at) in done:
        return True
    later = (at for rule, at in done if rule == found.firing.rule and at >= found.at)
    first = min(later, default=None)
    return first is not None and not any(found.at < entry.at < first for entry in entries)


def _with_words(tx: Transaction, moment: Moment) -> Moment:
    written = "\n".join(post.body for one in moment.posts if (post := posts.load(tx, one)) is not None)
    text = "\n".join((moment.facts.text, written))
    unhappy = is_unhappy(written or moment.facts.text, tx.organisation.unhappy_words)
    calendars = facts.calendars_at(tx.organisation, moment.at)
    return replace(moment, facts=replace(moment.facts, text=text, unhappy=unhappy, calendars=calendars))


def _routed(tx: Transaction, ticket: Ticket, first: Moment) -> Iterator[Replayed]:
    """Where a routing rule would have sent it, if it was made then."""
    if Happening.CREATED not in first.happened:
        return
    rule = first_routing(tx.organisation.routing, first.facts, first.at)
    if rule is None:
        return
    values = dict(first.before[0].data)
    did = values.get("routing") == rule.key and values.get("team") == rule.team
    would = f"route to {rule.team} ({narrowed(rule.condition, first.facts.text)})"
    yield Replayed(ticket.number, first.at, rule.key, would, did)
