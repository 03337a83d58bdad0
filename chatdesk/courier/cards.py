"""A ticket's card, as it is now."""

from __future__ import annotations

from collections.abc import Sequence

from chatdesk.contract.actions import FormKind, OpenForm, RunVerb, encode
from chatdesk.contract.views import Button, Card, CardLine, Control, Menu, Option, Style
from chatdesk.contract.vocabulary import Platform, Side
from chatdesk.courier import wording
from chatdesk.desk.called import called, why_escalated
from chatdesk.desk.closing_facts import closing_facts
from chatdesk.desk.facts import tier_of
from chatdesk.desk.mood import mood
from chatdesk.desk.sla import in_short
from chatdesk.domain.effects import CardChanged, LineSaid, PostChanged, PostWritten, ThreadWanted
from chatdesk.domain.lifecycle import TRANSITIONS, WORKING, Status
from chatdesk.domain.local_time import clock_time
from chatdesk.domain.organisation import Organisation
from chatdesk.domain.relations import described
from chatdesk.domain.text import shortened
from chatdesk.domain.ticket import EscalationState, Thread, Ticket
from chatdesk.store import escalations, merges, outages, relations, tickets
from chatdesk.store.deliveries import failed_of_ticket
from chatdesk.store.transaction import Transaction

SUMMARY = 500
"""Characters of the request that a card shows."""

LONGEST_REASON = 200
MOST_OPTIONS = 25

_MORE = (
    ("Reply", FormKind.REPLY),
    ("Note", FormKind.NOTE),
    ("Assign", FormKind.ASSIGN),
    ("Resolve", FormKind.RESOLVE),
    ("Move to another team", FormKind.MOVE),
    ("Category", FormKind.CATEGORY),
    ("Tag", FormKind.TAG),
    ("People", FormKind.PEOPLE),
    ("Ask whether it may be closed", FormKind.ASK_CLOSE),
    ("Snooze", FormKind.SNOOZE),
    ("Merge into another", FormKind.MERGE),
    ("Link to another", FormKind.RELATE),
)


def card(tx: Transaction, ticket: Ticket, thread: Thread) -> Card:
    """The card for the readers of a thread. The asked team's has the controls to answer."""
    organisation = tx.organisation
    priority = organisation.priority(ticket.priority)
    platform = thread.installation.platform
    return Card(
        number=ticket.number,
        title=ticket.title,
        status=organisation.status_name(ticket.status),
        mark=priority.mark if priority else "",
        colour=priority.colour if priority else 0,
        facts=_facts(tx, ticket, platform),
        summary=shortened(ticket.description, SUMMARY),
        source_link=ticket.origin_link,
        controls=_controls(tx, ticket, thread),
        warning=_warning(tx, ticket),
    )


def people_on(ticket: Ticket) -> tuple[str, ...]:
    """The persons whom a card names."""
    return tuple(person for person in (ticket.requester, ticket.assignee) if person)


def _facts(tx: Transaction, ticket: Ticket, platform: Platform) -> tuple[CardLine, ...]:
    organisation = tx.organisation
    team = organisation.team(ticket.team)
    priority = organisation.priority(ticket.priority)
    category = organisation.category(ticket.category)
    facts = (
        ("Requester", _requester(tx, ticket, platform)),
        ("Assignee", wording.name_of(tx, ticket.assignee, platform) if ticket.assignee else "nobody yet"),
        ("Team", team.name if team else ticket.team),
        ("Priority", priority.name if priority else ticket.priority),
        ("Type", ticket.type),
        ("Category", category.label if category else ticket.category),
        ("Service", _service(tx, ticket)),
        *_answers(tx, ticket),
        ("Tags", ", ".join(ticket.tags)),
        ("Merged", merges.described(tx, ticket.number)),
        ("Linked", described(relations.of_ticket(tx, ticket.number), ticket.number)),
        ("Escalation", _escalation(tx, ticket, platform)),
        ("On call", called(tx, ticket)),
        ("Mood", _mood(tx, ticket)),
        ("SLA", in_short(tx, ticket)),
        ("Last post", _last_post(organisation, ticket)),
        *closing_facts(tx, ticket),
    )
    return tuple(CardLine(label, value) for label, value in facts if value)


def _answers(tx: Transaction, ticket: Ticket) -> Sequence[tuple[str, str]]:
    """What the category asked, and what was answered."""
    category = tx.organisation.category(ticket.category)
    labels = {field.key: field.label for field in category.fields} if category else {}
    return [(labels.get(key, key), value) for key, value in ticket.fields]


def _service(tx: Transaction, ticket: Ticket) -> str | None:
    is_out = ticket.service is not None and ticket.service in outages.known(tx)
    return f"{ticket.service} (out of order)" if is_out else ticket.service


def _requester(tx: Transaction, ticket: Ticket, platform: Platform) -> str:
    name = wording.name_of(tx, ticket.requester, platform)
    tier = tier_of(tx, ticket.requester)
    earlier, reopened = tickets.earlier_of(tx, ticket.requester, ticket.number)
    notes = (
        tier.name if tier else "",
        f"{earlier} earlier" if earlier else "",
        f"{reopened} reopened" if reopened else "",
    )
    known = ", ".join(note for note in notes if note)
    return f"{name} ({known})" if known else name


def _escalation(tx: Transaction, ticket: Ticket, platform: Platform) -> str | None:
    live = escalations.live_of_ticket(tx, ticket.number)
    if live is None:
        return None
    team = tx.organisation.team(live.to_team)
    name = team.name if team else live.to_team
    escalated = f"Escalated to {name}{why_escalated(live)}"
    if live.state is EscalationState.WAITING:
        return f"{escalated}, not yet acknowledged (due {clock_time(tx.organisation, live.due_at)})"
    by = f" by {wording.name_of(tx, live.answered_by, platform)}" if live.answered_by else ""
    return f"{escalated}, acknowledged{by}"


def _mood(tx: Transaction, ticket: Ticket) -> str | None:
    signs = mood(tx, ticket)
    return f"😠 unhappy ({signs})" if signs else None


def _last_post(organisation: Organisation, ticket: Ticket) -> str | None:
    if ticket.last_post_at is None:
        return None
    return clock_time(organisation, ticket.last_post_at) + (", unread" if ticket.unread else "")


def _warning(tx: Transaction, ticket: Ticket) -> str | None:
    kinds = (PostWritten, PostChanged, LineSaid, ThreadWanted, CardChanged)
    failed = [
        one
        for one in failed_of_ticket(tx.connection, tx.desk, ticket.number)
        if isinstance(one.effect, kinds)
    ]
    if not failed:
        return None
    messages = "1 message" if len(failed) == 1 else f"{len(failed)} messages"
    reason = shortened(failed[-1].reason or "for an unknown reason", LONGEST_REASON)
    return f"{messages} could not be delivered: {reason}"


def _controls(tx: Transaction, ticket: Ticket, thread: Thread) -> tuple[Control, ...]:
    if thread.side is Side.ESCALATION:
        return _of_the_asked(tx, ticket, thread)
    if ticket.status in WORKING:
        return _while_working(tx, ticket)
    reopen = Button("Reopen", RunVerb("reopen", ticket.number))
    if ticket.status is Status.RESOLVED:
        return reopen, Button("Close", RunVerb("close", ticket.number)), *_article(tx, ticket)
    return reopen, *(_article(tx, ticket) if ticket.status is Status.CLOSED else ())


def _article(tx: Transaction, ticket: Ticket) -> tuple[Control, ...]:
    """What was solved once may be an answer to others, where the desk has articles."""
    if tx.organisation.knowledge is None:
        return ()
    return (Button("Draft an article", OpenForm(FormKind.ARTICLE, ticket.number)),)


def _of_the_asked(tx: Transaction, ticket: Ticket, thread: Thread) -> tuple[Control, ...]:
    asked = escalations.load(tx, thread.escalation) if thread.escalation else None
    if asked is None or asked.state not in escalations.LIVE:
        return ()
    acknowledge = Button("Acknowledge", RunVerb("acknowledge", ticket.number), Style.PRIMARY)
    return (
        *((acknowledge,) if asked.state is EscalationState.WAITING else ()),
        Button("Take over", RunVerb("takeover", ticket.number)),
        Button("Send back", RunVerb("sendback", ticket.number)),
    )


def _while_working(tx: Transaction, ticket: Ticket) -> tuple[Control, ...]:
    number = ticket.number
    claim = (
        Button("Claim", RunVerb("claim", number), Style.PRIMARY)
        if ticket.assignee is None
        else Button("Release", RunVerb("release", number))
    )
    statuses = [status for status in Status if status in TRANSITIONS[ticket.status]]
    priorities = tx.organisation.priorities[:MOST_OPTIONS]
    return (
        claim,
        Menu(
            "Status",
            RunVerb("status", number),
            tuple(Option(tx.organisation.status_name(status), status) for status in statuses),
        ),
        Menu(
            "Priority",
            RunVerb("priority", number),
            tuple(Option(f"{one.mark} {one.name}", one.key) for one in priorities),
        ),
        Button("Escalate", OpenForm(FormKind.ESCALATE, number)),
        Menu("More", RunVerb("more", number), _more(tx, ticket)),
    )


def _more(tx: Transaction, ticket: Ticket) -> tuple[Option, ...]:
    forms = [Option(label, encode(OpenForm(kind, ticket.number))) for label, kind in _MORE]
    forms.insert(4, Option("Close", encode(RunVerb("close", ticket.number))))
    if tx.organisation.macros:
        forms.insert(0, Option("Macro", encode(RunVerb("macro", ticket.number))))
    if tx.organisation.slas:
        forms.append(Option("What is promised", encode(RunVerb("sla", ticket.number))))
    forms.append(Option("What it looks like", encode(RunVerb("suggest", ticket.number))))
    if tx.organisation.assistant is not None:
        forms.append(Option("Sum it up", encode(RunVerb("summary", ticket.number))))
        forms.append(Option("Draft an answer", encode(RunVerb("draft", ticket.number))))
    if ticket.snoozed_at is not None:
        forms.append(Option("End the snooze", encode(RunVerb("snooze", ticket.number, "off"))))
    return tuple(forms)
