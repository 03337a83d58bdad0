"""An article begun from a ticket that was solved: what was asked and answered publicly, without names."""

from __future__ import annotations

from collections.abc import Mapping

from chatdesk.contract import sentences_knowledge as sentences
from chatdesk.contract.vocabulary import AudienceKind
from chatdesk.desk import standing
from chatdesk.desk.act import Act, refuse
from chatdesk.domain.article_editing import LONGEST_TITLE, drafted, without_names
from chatdesk.domain.knowledge import Readers
from chatdesk.domain.lifecycle import Status
from chatdesk.domain.text import is_blank, one_line
from chatdesk.domain.ticket import Post, Ticket
from chatdesk.store import parties, people, posts

ENDED = frozenset({Status.RESOLVED, Status.CLOSED})


def values(act: Act, ticket: Ticket) -> Mapping[str, str]:
    """The form's values. Raises Refusal where nothing public was answered.

    What is internal is never looked at; of a merged ticket, what other requesters wrote is not either.
    """
    public = [
        one
        for one in posts.of_ticket(act.tx, ticket.number)
        if one.audience.kind is not AudienceKind.INTERNAL and one.deleted_at is None
    ]
    answers = [one.body for one in public if standing.speaks_for_desk(act.tx, one.author, ticket)]
    if not answers and is_blank(ticket.resolution or ""):
        raise refuse(sentences.NOTHING_TO_TELL.say(number=ticket.number))
    names = names_on(act, ticket, public)
    return {
        "title": one_line(without_names(ticket.title, names), LONGEST_TITLE),
        "text": drafted(ticket.description, answers, ticket.resolution or "", names),
        "category": ticket.category or "",
        "readers": Readers.INTERNAL.value,
    }


def names_on(act: Act, ticket: Ticket, written: list[Post]) -> frozenset[str]:
    """What those who were there are called, on every platform."""
    who = {ticket.requester, ticket.assignee, *parties.members(act.tx, ticket.number)}
    who |= {one.author for one in written}
    found = (one for person in who if person for one in people.identities_of(act.tx, person))
    return frozenset(name for one in found for name in (one.name, one.handle) if name)
