"""Working a ticket: who has it, how urgent it is, what it is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from chatdesk.contract import sentences
from chatdesk.contract.ports import Answer
from chatdesk.contract.sentences import Markup
from chatdesk.contract.vocabulary import Side
from chatdesk.desk import finding, telling
from chatdesk.desk.act import Act, refuse
from chatdesk.desk.confirming import done
from chatdesk.desk.refusing import unknown
from chatdesk.desk.standing import require
from chatdesk.domain.lifecycle import WORKING, Status
from chatdesk.domain.lines import Line, person, words
from chatdesk.domain.organisation import Category, Priority
from chatdesk.domain.permissions import Deed
from chatdesk.domain.ticket import Ticket
from chatdesk.store import people, tickets

Arguments = Mapping[str, str]


def require_working(act: Act, ticket: Ticket) -> None:
    """Raises Refusal if the ticket is resolved or over, so that a stale button changes nothing."""
    if ticket.status not in WORKING:
        raise refuse(
            sentences.NOT_POSSIBLE.say(
                number=ticket.number,
                status=act.tx.organisation.status_name(ticket.status),
                advice=Markup(sentences.ADVICE_REOPEN.say()),
            )
        )


def claim(act: Act, ticket: Ticket, arguments: Arguments) -> Answer:
    """Take a ticket that nobody has."""
    require(act, ticket, Deed.CLAIM)
    require_working(act, ticket)
    if ticket.assignee == act.person:
        raise refuse(sentences.ALREADY_YOURS.say(number=ticket.number))
    if ticket.assignee is not None:
        holder = people.name_of(act.tx, ticket.assignee, act.platform)
        raise refuse(sentences.ALREADY_ASSIGNED.say(person=holder, number=ticket.number))
    save_assignee(act, ticket, act.person)
    act.record(ticket.number, "claimed")
    gaps = (person("actor", act.person),)
    telling.say(act, ticket.number, Line("claimed", gaps), telling.STAFF)
    telling.say(act, ticket.number, Line("customer_claimed", gaps), (Side.CUSTOMER,))
    return done(act, ticket, "is yours")


def save_assignee(act: Act, ticket: Ticket, assignee: str | None) -> Ticket:
    """Give the ticket to somebody; being given a new one opens it."""
    status = Status.OPEN if ticket.status is Status.NEW and assignee else ticket.status
    if status is not ticket.status:
        act.record(ticket.number, "status", before=ticket.status, after=status)
    saved = tickets.save(act.tx, replace(ticket, assignee=assignee, status=status))
    telling.refresh_card(act, ticket.number)
    return saved


def release(act: Act, ticket: Ticket, arguments: Arguments) -> Answer:
    """Give a ticket back to the team. Somebody else's can be taken away by a lead."""
    require(act, ticket, Deed.RELEASE)
    require_working(act, ticket)
    if ticket.assignee is None:
        raise refuse(sentences.NOBODY_HAS.say(number=ticket.number))
    if ticket.assignee != act.person:
        require(act, ticket, Deed.RELEASE_OTHERS)
    save_assignee(act, ticket, None)
    act.record(ticket.number, "released", agent=ticket.assignee)
    telling.say(act, ticket.number, Line("released", (person("actor", act.person),)), telling.STAFF)
    return done(act, ticket, "is released")


def assign(act: Act, ticket: Ticket, arguments: Arguments) -> Answer:
    """Give a ticket to an agent."""
    require(act, ticket, Deed.ASSIGN)
    require_working(act, ticket)
    agent = finding.agent_named(act, arguments.get("agent"))
    if agent == ticket.assignee:
        name = people.name_of(act.tx, agent, act.platform)
        raise refuse(sentences.ALREADY_ASSIGNED.say(person=name, number=ticket.number))
    save_assignee(act, ticket, agent)
    act.record(ticket.number, "assigned", agent=agent)
    gaps = (person("actor", act.person), person("agent", agent))
    telling.say(act, ticket.number, Line("assigned", gaps), telling.STAFF)
    telling.say(act, ticket.number, Line("customer_claimed", (person("actor", agent),)), (Side.CUSTOMER,))
    return done(act, ticket, f"is {people.name_of(act.tx, agent, act.platform)}'s")


def priority(act: Act, ticket: Ticket, arguments: Arguments) -> Answer:
    require(act, ticket, Deed.PRIORITY)
    require_working(act, ticket)
    organisation = act.tx.organisation
    wanted = priority_named(act, arguments.get("priority"))
    if wanted.key == ticket.priority:
        raise refuse(sentences.ALREADY_SO.say(number=ticket.number, value=wanted.name))
    before = organisation.priority(ticket.priority)
    tickets.save(act.tx, replace(ticket, priority=wanted.key))
    act.record(ticket.number, "priority", before=ticket.priority, after=wanted.key)
    raised = organisation.rank(wanted.key) > organisation.rank(ticket.priority)
    gaps = (
        person("actor", act.person),
        words("before", before.name if before else ticket.priority),
        words("after", wanted.name),
    )
    telling.say(act, ticket.number, Line("priority_up" if raised else "priority_down", gaps), telling.STAFF)
    telling.refresh_card(act, ticket.number)
    return done(act, ticket, f"has priority {wanted.name}")


def priority_named(act: Act, typed: str | None) -> Priority:
    """Raises Refusal with the priorities there are."""
    known = act.tx.organisation.priorities
    folded = (typed or "").strip().casefold()
    for one in known:
        if folded in (one.key.casefold(), one.name.casefold()):
            return one
    raise unknown("priority", typed, [one.name for one in known], "/ticket priority high")


def category_named(act: Act, typed: str | None) -> Category:
    """By path, by label, or by its last name where only one category is called so. Raises Refusal."""
    known = act.tx.organisation.categories
    folded = _folded_path(typed or "")
    for one in known:
        if folded in (_folded_path(one.key), _folded_path(one.label)):
            return one
    by_name = [one for one in known if one.names[-1].casefold() == folded]
    if len(by_name) == 1:
        return by_name[0]
    raise unknown("category", typed, [one.label for one in known], "/ticket category billing")


def _folded_path(text: str) -> str:
    parts = text.replace("›", "/").replace(">", "/").replace("\\", "").split("/")
    return "/".join(" ".join(part.split()).casefold() for part in parts)


def tag(act: Act, ticket: Ticket, arguments: Arguments) -> Answer:
    """Add a free keyword or take one away."""
    require(act, ticket, Deed.TAG)
    wanted = tag_named(arguments.get("tag"))
    removes = arguments.get("action") == "remove"
    if (wanted in ticket.tags) is not removes:
        state = f"tagged {wanted}" if not removes else f"without the tag {wanted}"
        raise refuse(sentences.ALREADY_SO.say(number=ticket.number, value=state))
    tags = tuple(one for one in ticket.tags if one != wanted) if removes else (*ticket.tags, wanted)
    tickets.save(act.tx, replace(ticket, tags=tags))
    act.record(ticket.number, "tag_removed" if removes else "tag_added", tag=wanted)
    gaps = (person("actor", act.person), words("tag", wanted))
    telling.say(act, ticket.number, Line("tag_removed" if removes else "tag_added", gaps), telling.STAFF)
    telling.refresh_card(act, ticket.number)
    return done(act, ticket, f"is {'no longer ' if removes else ''}tagged {wanted}")


def tag_named(typed: str | None) -> str:
    wanted = "-".join((typed or "").replace("\\", "").strip().lstrip("#").casefold().split())[:40]
    if not wanted:
        raise refuse(sentences.MISSING_TEXT.say(usage=Markup("/ticket tag vpn")))
    return wanted
