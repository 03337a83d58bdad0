"""What people look up: lists, help, a home."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from chatdesk.contract import sentences, sentences_triage
from chatdesk.contract.actions import FormKind, OpenForm
from chatdesk.contract.ports import Accepted, Answer
from chatdesk.contract.questions import HomeOf
from chatdesk.contract.sentences import Markup, literal
from chatdesk.contract.views import Button, Home, HomeSection, Panel, Style, TicketLine
from chatdesk.contract.vocabulary import Means, PlaceKind, Side
from chatdesk.desk import merged, standing
from chatdesk.desk.act import Act, act_of, refuse
from chatdesk.desk.refusing import unknown
from chatdesk.desk.sla import in_short
from chatdesk.domain.lifecycle import WORKING, Status
from chatdesk.domain.local_time import clock_time
from chatdesk.domain.permissions import Deed, Role, may
from chatdesk.domain.ticket import Ticket
from chatdesk.domain.verbs import COMMANDS
from chatdesk.store import (
    article_uses,
    endings,
    people,
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
    """Until when it is snoozed, and what is due when, for those who work it and not for its requester."""
    if not standing.may_do(act, ticket, Deed.SLA):
        return []
    return [said for said in (_snoozed(act, ticket), in_short(act.tx, ticket)) if said]


def _snoozed(act: Act, ticket: Ticket) -> str:
    if ticket.snoozed_at is None:
        return ""
    until = clock_time(act.tx.organisation, ticket.snoozed_until) if ticket.snoozed_until else "a reply"
    return f"💤 {until}"


def help_text(command: str, without: Collection[str] = ()) -> Answer:
    """The verbs there are, in short, but for some that are not for who asks."""
    verbs = "".join(
        sentences.HELP_VERB.say(usage=Markup(verb.usage), help=Markup(verb.help))
        for verb in COMMANDS[command]
        if not verb.hidden and verb.name not in without
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
