"""What people look up: lists, one ticket's facts, help, a home, completions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from chatdesk.contract import sentences, sentences_triage
from chatdesk.contract.actions import FormKind, OpenForm
from chatdesk.contract.ports import Accepted, Answer
from chatdesk.contract.questions import Choices, ChoicesOf, HomeOf
from chatdesk.contract.sentences import Markup, literal
from chatdesk.contract.views import Button, Home, HomeSection, Option, Panel, Style, TicketLine
from chatdesk.contract.vocabulary import Means, PlaceKind, Side
from chatdesk.desk import called, guessing, knowledge, merged, standing, taking_up
from chatdesk.desk.act import Act, act_of, refuse
from chatdesk.desk.closing_facts import closing_facts
from chatdesk.desk.facts import tier_of
from chatdesk.desk.refusing import unknown
from chatdesk.desk.sla import in_short
from chatdesk.domain.conditions import narrowed
from chatdesk.domain.lifecycle import TRANSITIONS, WORKING, Status
from chatdesk.domain.local_time import clock_time
from chatdesk.domain.permissions import Deed, Role, may
from chatdesk.domain.relations import described
from chatdesk.domain.text import plain_text, shortened
from chatdesk.domain.ticket import HistoryEntry, Ticket
from chatdesk.domain.verbs import COMMANDS
from chatdesk.store import (
    article_uses,
    endings,
    escalations,
    history,
    merges,
    people,
    relations,
    threads,
    tickets,
)
from chatdesk.store.transaction import Transaction

NEW_TICKET = Button("New ticket", OpenForm(FormKind.TICKET), Style.PRIMARY)
NO_HOME = Home((), ())
MINE = WORKING | {Status.RESOLVED, Status.DRAFT}


def opened_text(act: Act, ticket: Ticket) -> str:
    """What the person who made a ticket is told."""
    if ticket.status is Status.DRAFT and article_uses.open_use(act.tx, ticket.number) is not None:
        return sentences.OPENED_WITH_ARTICLE.say(number=ticket.number)
    if ticket.status is Status.DRAFT:
        return sentences.OPENED_DRAFT.say(number=ticket.number)
    customer = [one for one in threads.live_of_ticket(act.tx, ticket.number) if one.side is Side.CUSTOMER]
    in_dm = any(thread.kind is PlaceKind.DM for thread in customer)
    here = act.where is not None and any(one.place == act.where.place.id for one in customer)
    where = sentences.OPENED_IN_DM.say() if in_dm and not here else ""
    return sentences.OPENED_FOR_YOU.say(number=ticket.number, title=ticket.title, where=Markup(where))


def list_tickets(act: Act, arguments: Mapping[str, str]) -> Answer:
    """One's own tickets, or a queue for those who work it."""
    which = (arguments.get("which") or "").strip().casefold() or None
    is_staff = standing.standing_of(act.tx, act.person)
    if which is None:
        which = "team" if is_staff.is_staff else "mine"
    allowed = ("mine", "team", "unassigned", "snoozed", "all") if is_staff.is_staff else ("mine",)
    if which not in allowed:
        raise unknown("list", which, allowed, "/ticket list mine")
    found = _listed(act.tx, act.person, which)
    if not found:
        return Accepted(sentences.NOTHING_TO_LIST.say())
    return Accepted("\n".join(f"- {_in_list(act, ticket)}" for ticket in found))


def _promised(act: Act, ticket: Ticket) -> str | None:
    """What is due, for those who work the ticket and not for its requester."""
    due = in_short(act.tx, ticket)
    return due if due and standing.may_do(act, ticket, Deed.SLA) else None


def _listed(tx: Transaction, person: str, which: str) -> Sequence[Ticket]:
    place = standing.standing_of(tx, person)
    match which:
        case "mine":
            mine = [*tickets.assigned_to(tx, person), *_asked_for(tx, person)]
            return list({ticket.number: ticket for ticket in mine}.values())
        case "all":
            return tickets.queue_of(tx, [team.key for team in tx.organisation.teams])
    teams = place.teams or frozenset(team.key for team in tx.organisation.teams if place.is_admin)
    if which == "snoozed":
        return endings.snoozed_of(tx, teams, person)
    queue = tickets.queue_of(tx, teams)
    return [one for one in queue if one.assignee is None] if which == "unassigned" else queue


def _asked_for(tx: Transaction, who: str) -> Sequence[Ticket]:
    """What somebody asked for or takes part in and is not over, merged tickets under their own number."""
    return [*tickets.of_person(tx, who, MINE), *merged.of_person(tx, who, MINE)]


def _in_list(act: Act, ticket: Ticket) -> str:
    organisation = act.tx.organisation
    priority = organisation.priority(ticket.priority)
    mark = priority.mark if priority else ""
    status = organisation.status_name(ticket.status)
    also = _holder(act, ticket) + "".join(f" · {literal(one)}" for one in _times(act, ticket))
    return f"{mark} **#{ticket.number}** {literal(ticket.title)} · {literal(status)}{also}"


def _holder(act: Act, ticket: Ticket) -> str:
    if ticket.assignee is None:
        return ""
    return f" · {literal(people.name_of(act.tx, ticket.assignee, act.platform))}"


def _times(act: Act, ticket: Ticket) -> Sequence[str]:
    """Until when it is snoozed, and what is due when."""
    return [said for said in (_snoozed(act, ticket), _promised(act, ticket)) if said]


def _snoozed(act: Act, ticket: Ticket) -> str:
    if ticket.snoozed_at is None:
        return ""
    until = clock_time(act.tx.organisation, ticket.snoozed_until) if ticket.snoozed_until else "a reply"
    return f"💤 {until}"


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
        ("Escalated to", f"{asked.name}, {live.state}" if asked and live else ""),
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


def help_text(command: str) -> Answer:
    """The verbs there are, in short."""
    verbs = "".join(
        sentences.HELP_VERB.say(usage=Markup(verb.usage), help=Markup(verb.help))
        for verb in COMMANDS[command]
        if not verb.hidden
    )
    said = {
        "ticket": sentences.HELP_TICKET,
        "desk": sentences.HELP_DESK,
        "kb": sentences.HELP_KB,
        "assist": sentences_triage.HELP_ASSIST,
    }
    return Accepted(said[command].say(verbs=Markup(verbs)))


def panel(act: Act, arguments: Mapping[str, str]) -> Answer:
    """A message with a button, for everybody in the channel."""
    place = standing.standing_of(act.tx, act.person)
    roles = {Role.LEAD} if place.leads else set()
    if place.is_admin:
        roles.add(Role.ADMIN)
    if not may(frozenset(roles), Deed.PANEL):
        raise refuse(sentences.NOT_ALLOWED_HERE.say(who="A lead or an admin"))
    name = act.tx.organisation.name
    text = arguments.get("text", "").strip() or "Something does not work, or you need something? Tell us."
    return Accepted(panel=Panel(title=name, text=text, controls=(NEW_TICKET,)))


def home(tx: Transaction, question: HomeOf, now: datetime) -> Home:
    """A person's open tickets and, for staff, their teams' queues."""
    act = act_of(tx, question.actor, None, Means.COMMAND, now)
    sections = [HomeSection("My tickets", _lines(act, _asked_for(tx, act.person)), "No open tickets.")]
    place = standing.standing_of(tx, act.person)
    if place.is_staff:
        assigned = tickets.assigned_to(tx, act.person)
        sections.append(HomeSection("Assigned to me", _lines(act, assigned), "Nothing."))
        snoozed = endings.snoozed_of(tx, place.teams, act.person)
        if snoozed:
            sections.append(HomeSection("Snoozed", _lines(act, snoozed), ""))
    for team in tx.organisation.teams:
        if team.key in place.teams:
            queue = tickets.queue_of(tx, [team.key])
            sections.append(HomeSection(f"{team.name}: queue", _lines(act, queue), "Nothing waits. 🎉"))
    return Home(tuple(sections), (NEW_TICKET,))


def _lines(act: Act, found: Sequence[Ticket]) -> tuple[TicketLine, ...]:
    organisation = act.tx.organisation
    lines = []
    for ticket in found[:15]:
        priority = organisation.priority(ticket.priority)
        holder = people.name_of(act.tx, ticket.assignee, act.platform) if ticket.assignee else "nobody"
        lines.append(
            TicketLine(
                number=ticket.number,
                title=ticket.title,
                status=organisation.status_name(ticket.status),
                mark=priority.mark if priority else "",
                detail=" · ".join((f"with {holder}", *_times(act, ticket))),
            )
        )
    return tuple(lines)


def choices(tx: Transaction, question: Choices, now: datetime) -> tuple[Option, ...]:
    """At most 25 options that fit what was typed so far."""
    act = act_of(tx, question.actor, question.where, Means.COMMAND, now)
    typed = question.typed.strip().casefold()
    fitting = [one for one in _options(act, question.of, typed) if typed in one.label.casefold()]
    return tuple(fitting[:25])


_FOR_STAFF = frozenset({ChoicesOf.AGENT, ChoicesOf.TAG, ChoicesOf.CODE})
"""What customers are not told: who works here, how staff tag tickets and what they count as solved."""


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
