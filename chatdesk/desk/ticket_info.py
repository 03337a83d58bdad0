"""All about one ticket that its reader may know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from chatdesk.contract.ports import Accepted, Answer
from chatdesk.contract.sentences import literal
from chatdesk.desk import called, guessing, merged, standing, taking_up
from chatdesk.desk.act import Act
from chatdesk.desk.closing_facts import closing_facts
from chatdesk.desk.facts import tier_of
from chatdesk.desk.sla import in_short
from chatdesk.domain.conditions import narrowed
from chatdesk.domain.local_time import clock_time
from chatdesk.domain.permissions import Deed, may
from chatdesk.domain.relations import described
from chatdesk.domain.text import plain_text
from chatdesk.domain.ticket import HistoryEntry, Ticket
from chatdesk.store import (
    escalations,
    history,
    merges,
    people,
    relations,
)
from chatdesk.store.transaction import Transaction


def info(act: Act, ticket: Ticket, arguments: Mapping[str, str]) -> Answer:
    """Everything about one ticket that its reader may know."""
    is_staff = may(standing.roles_of(act.tx, act.person, ticket), Deed.NOTE)
    facts = _facts(act, ticket if is_staff else merged.as_known(act.tx, ticket), for_staff=is_staff)
    lines = [f"**#{ticket.number}** {literal(ticket.title)}", ""]
    lines += [f"- {label}: {literal(value)}" for label, value in facts if value]
    if is_staff:
        lines += ["", "**History**", ""]
        lines += [f"- {_in_history(act, one)}" for one in history.of_ticket(act.tx, ticket.number)[-15:]]
    return Accepted("\n".join(lines), controls=taking_up.offered(act, ticket) if is_staff else ())


def _facts(act: Act, ticket: Ticket, *, for_staff: bool) -> Sequence[tuple[str, str]]:
    organisation, tx = act.tx.organisation, act.tx

    def name(person: str | None) -> str:
        return people.name_of(tx, person, act.platform) if person else ""

    priority, category = organisation.priority(ticket.priority), organisation.category(ticket.category)
    team = organisation.team(ticket.team)
    public = [
        ("Status", organisation.status_name(ticket.status)),
        ("Priority", priority.name if priority else ticket.priority),
        ("Category", category.label if category else ""),
        ("Service", ticket.service or ""),
        ("Requester", name(ticket.requester)),
        ("Takes part", ", ".join(name(one) for one in standing.known_members(act, ticket))),
        ("Team", team.name if team else ""),
        ("Assignee", name(ticket.assignee)),
        ("Created", _clock(act, ticket.created_at)),
        ("First answer", _clock(act, ticket.first_response_at)),
        ("Resolved", _clock(act, ticket.resolved_at)),
        ("Resolution", plain_text(ticket.resolution or "")),
        ("Follows", f"#{ticket.follows}" if ticket.follows else ""),
    ]
    if not for_staff:
        return public
    live = escalations.live_of_ticket(tx, ticket.number)
    asked = organisation.team(live.to_team if live else None)
    tier = tier_of(tx, ticket.requester)
    return [
        *(fact for fact in public if fact[0] != "Resolution"),
        *((label, value or "") for label, value in closing_facts(tx, ticket)),
        ("Tier", tier.name if tier else ""),
        ("Routed", routed_text(act.tx, ticket)),
        ("Origin", taking_up.told(act, ticket)),
        ("Type", ticket.type or ""),
        ("Tags", ", ".join(ticket.tags)),
        ("Merged", merges.described(tx, ticket.number)),
        ("Linked", described(relations.of_ticket(tx, ticket.number), ticket.number)),
        ("Escalated to", f"{asked.name}{called.why_escalated(live)}, {live.state}" if asked and live else ""),
        ("On call", called.called(tx, ticket) or ""),
        ("SLA", in_short(tx, ticket) or ""),
        ("Reopened", str(ticket.reopens) if ticket.reopens else ""),
        *((key, value) for key, value in ticket.fields),
    ]


def routed_text(tx: Transaction, ticket: Ticket) -> str:
    """Where the ticket went when it was made, and why."""
    entry = next(
        (
            one
            for one in reversed(history.of_ticket(tx, ticket.number))
            if one.kind in ("created", "submitted")
        ),
        None,
    )
    values = dict(entry.data) if entry else {}
    organisation = tx.organisation
    team, category = organisation.team(values.get("team")), organisation.category(values.get("category"))
    rule = next((one for one in organisation.routing if one.key == values.get("routing")), None)
    why = values.get("because", "")
    if rule is not None:
        held = narrowed(rule.condition, f"{ticket.title}\n{ticket.description}")
        why = f"rule {rule.key} ({held})"
    elif why == "category" and category is not None:
        why = f"category {category.label}"
    return f"to {team.name}: {why}" if team and why else ""


def _in_history(act: Act, entry: HistoryEntry) -> str:
    values = dict(entry.data)
    by_itself = f"rule {literal(values['rule'])}" if "rule" in values else "chatdesk"
    who = literal(people.name_of(act.tx, entry.actor, act.platform)) if entry.actor else by_itself
    what = entry.kind.replace("_", " ")
    change = ""
    if entry.kind in guessing.KINDS:
        change = f" {guessing.in_history(values)}"
    elif entry.kind in called.KINDS:
        change = f" {called.in_history(act.tx, values, act.platform)}"
    elif "after" in values:
        change = f" {values.get('before', '')} → {values['after']}"
    elif "team" in values:
        change = f" {values['team']}"
    elif "because" in values:
        change = f" {values['because'].replace('_', ' ')}"
    return f"{_clock(act, entry.at)} {who}: {literal(what + change)}"


def _clock(act: Act, when: datetime | None) -> str:
    return clock_time(act.tx.organisation, when) if when else ""
