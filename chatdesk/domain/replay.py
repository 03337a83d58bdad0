"""A ticket's past as rules would have seen it, from its history alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce
from itertools import groupby

from chatdesk.domain.conditions import Facts
from chatdesk.domain.happenings import counted_from, happened, happening, rules_in
from chatdesk.domain.lifecycle import Status
from chatdesk.domain.rules import Firing, Happening, Rule, plan
from chatdesk.domain.ticket import HistoryEntry


@dataclass(frozen=True, slots=True)
class Moment:
    """What happened at once, and the ticket as people left it then. ``before``: the history until then."""

    at: datetime
    happened: frozenset[Happening]
    facts: Facts
    before: tuple[HistoryEntry, ...]
    posts: tuple[str, ...]
    """What the requester wrote just then."""


@dataclass(frozen=True, slots=True)
class WouldFire:
    at: datetime
    firing: Firing


def moments(today: Facts, history: Sequence[HistoryEntry]) -> Iterator[Moment]:
    """``today``: the ticket as it is now; what changes in it is taken from the history."""
    has_been_draft = any(entry.kind == "submitted" for entry in history)
    facts = replace(
        today,
        status=Status.DRAFT if has_been_draft else Status.NEW,
        tags=(),
        assigned=False,
        assignee=frozenset(),
        escalated=False,
        outage=False,
        fired=frozenset(),
    )
    seen: list[HistoryEntry] = []
    for at, together in groupby(history, key=lambda entry: entry.at):
        entries = list(together)
        own = [entry for entry in entries if not rules_in([entry])]
        posts = tuple(dict(one.data).get("post", "") for one in own if happening(one) is Happening.MESSAGE)
        seen += entries
        yield Moment(at, happened(own), reduce(_after, own, facts), tuple(seen), posts)
        facts = reduce(_after, entries, facts)


def _after(facts: Facts, entry: HistoryEntry) -> Facts:
    values = dict(entry.data)
    match entry.kind:
        case "created":
            return replace(
                facts,
                team=values.get("team"),
                category=values.get("category"),
                priority=values.get("priority", facts.priority),
            )
        case "submitted":
            return replace(facts, status=Status.NEW, team=values.get("team", facts.team))
        case "priority":
            return replace(facts, priority=values.get("after", facts.priority))
        case "category":
            return replace(facts, category=values.get("after"))
        case "service":
            return replace(facts, service=values.get("after"))
        case "status":
            return replace(facts, status=values.get("after", facts.status))
        case "reopened":
            return replace(facts, status=Status.OPEN)
        case "moved":
            return replace(facts, team=values.get("after"), assigned=False)
        case "claimed" | "assigned":
            return replace(facts, assigned=True)
        case "released":
            return replace(facts, assigned=False)
        case "tag_added":
            return replace(facts, tags=(*facts.tags, values.get("tag", "")))
        case "tag_removed":
            return replace(facts, tags=tuple(tag for tag in facts.tags if tag != values.get("tag")))
        case "escalated":
            return replace(facts, escalated=True)
        case "taken_over" | "sent_back":
            return replace(facts, escalated=False)
        case "outage" | "outage_over":
            return replace(facts, outage=entry.kind == "outage")
    return facts


def would_fire(
    rules: Sequence[Rule], past: Sequence[Moment], priorities: Sequence[str], until: datetime
) -> Iterator[WouldFire]:
    """What rules would have done, each moment taken as it really was."""
    fired: set[str] = set()
    counted: set[tuple[str, datetime]] = set()
    ends = [moment.at for moment in past[1:]] + [until]
    for moment, end in zip(past, ends, strict=True):
        known = replace(moment.facts, fired=frozenset(fired))
        found = plan(rules, moment.happened, known, priorities, moment.at).firings
        yield from (WouldFire(moment.at, firing) for firing in found)
        fired.update(firing.rule for firing in found)
        for rule in rules:
            base = counted_from(rule.since, moment.before, known.deadline)
            if rule.after is None or base is None or (rule.key, base) in counted:
                continue
            due = max(base + rule.after, moment.at)
            if due >= end:
                continue
            known = replace(moment.facts, fired=frozenset(fired))
            found = plan(rules, (), known, priorities, due, due=rule.key).firings
            if found:
                counted.add((rule.key, base))
            yield from (WouldFire(due, firing) for firing in found)
            fired.update(firing.rule for firing in found)
