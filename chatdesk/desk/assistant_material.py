"""What the assistant is told of a ticket: what its reader may read, in roles instead of names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from chatdesk.contract.sentences import literal
from chatdesk.contract.vocabulary import AudienceKind, Platform, Side
from chatdesk.desk import standing
from chatdesk.domain.assistance import Material, Said, Task
from chatdesk.domain.audience import may_see
from chatdesk.domain.pseudonyms import CUSTOMER, Known, Roles
from chatdesk.domain.ticket import Post, Ticket
from chatdesk.store import parties, people, posts, threads
from chatdesk.store.assistance import AssistantRequest
from chatdesk.store.transaction import Transaction

AGENT = "Agent"


def told(tx: Transaction, ticket: Ticket, request: AssistantRequest) -> tuple[Material, Mapping[str, str]]:
    """What is told for a request, nothing else of the desk is; and the names of agents by their roles."""
    task = Task(request.task)
    written = conversation_for(tx, ticket, task)
    roles = Roles(_people_of(tx, ticket, request.person, written))
    roles.of(ticket.requester)
    conversation = [
        Said(roles.of(post.author), roles.hide(post.body), post.audience.kind is AudienceKind.INTERNAL)
        for post in written
    ]
    facts = [(label, roles.hide(value)) for label, value in _facts(tx, ticket, task)]
    material = Material(facts, conversation, roles.hide(request.said))
    names = {
        role: literal(people.name_of(tx, person, Platform(request.platform)))
        for person, role in roles.given.items()
        if role.startswith(AGENT)
    }
    return material, names


def conversation_for(tx: Transaction, ticket: Ticket, task: Task) -> Sequence[Post]:
    """The posts that may be told. Of what is to be answered, only what all may read who read the answer."""
    assistant = tx.organisation.assistant
    with_notes = assistant is not None and assistant.internal_notes
    readers = parties_of(tx, ticket) if task is Task.DRAFT else ()
    return [
        post
        for post in posts.of_ticket(tx, ticket.number)
        if post.deleted_at is None and post.body and _may_be_told(post, readers, with_notes=with_notes)
    ]


def _may_be_told(post: Post, readers: Sequence[int], *, with_notes: bool) -> bool:
    if post.audience.kind is AudienceKind.INTERNAL:
        return with_notes
    return all(may_see(post.audience, Side.CUSTOMER, party) for party in readers)


def parties_of(tx: Transaction, ticket: Ticket) -> Sequence[int]:
    """Those who read its public answers."""
    known = [one for one in threads.of_ticket(tx, ticket.number) if one.side is Side.CUSTOMER]
    return sorted({one.party or 1 for one in known})


def _facts(tx: Transaction, ticket: Ticket, task: Task) -> Iterator[tuple[str, str]]:
    """Where several requesters read the answer, what one of them called the ticket is not told."""
    organisation = tx.organisation
    if task is Task.SUMMARY or len(parties_of(tx, ticket)) < 2:
        yield "Title", ticket.title
    category, priority = organisation.category(ticket.category), organisation.priority(ticket.priority)
    yield "Status", organisation.status_name(ticket.status)
    yield "Priority", priority.name if priority else ticket.priority
    yield "Category", category.label if category else ""
    yield "Service", ticket.service or ""


def _people_of(tx: Transaction, ticket: Ticket, asker: str, written: Sequence[Post]) -> Sequence[Known]:
    """Everybody who may be named: who takes part, who wrote, and the staff of the desk."""
    teams = [replace(team, members=tuple(standing.staff_of(team))) for team in tx.organisation.teams]
    staff = (people.identity(tx, one) for one in standing.agents_of(tx, teams))
    customers = [ticket.requester, *parties.members(tx, ticket.number)]
    inside = [post.author for post in written if post.side.is_internal]
    outside = [post.author for post in written if not post.side.is_internal]
    agents = [
        asker,
        ticket.assignee or "",
        *inside,
        *(one.person for one in staff if one is not None),
        *outside,
    ]
    kinds = dict.fromkeys(filter(None, agents), AGENT) | dict.fromkeys(customers, CUSTOMER)
    return [_known(tx, person, kind) for person, kind in kinds.items()]


def _known(tx: Transaction, person: str, kind: str) -> Known:
    known = people.identities_of(tx, person)
    names = [name for one in known for name in (one.name, one.handle) if name]
    return Known(person, kind, tuple(names), tuple(str(one.id) for one in known))
