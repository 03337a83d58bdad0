"""Ties between tickets, and what a parent does for its children."""

from __future__ import annotations

from collections.abc import Mapping

from chatdesk.contract import sentences
from chatdesk.contract.ports import Accepted, Answer
from chatdesk.contract.sentences import Markup
from chatdesk.contract.vocabulary import EVERYONE, Side
from chatdesk.desk import children, closing, finding, merging, speaking, splitting, standing, telling
from chatdesk.desk.act import Act, Refusal, refuse
from chatdesk.desk.confirming import done
from chatdesk.desk.refusing import unknown
from chatdesk.desk.standing import require
from chatdesk.domain.lifecycle import OVER, Status
from chatdesk.domain.lines import Gap, Line, person, words
from chatdesk.domain.permissions import Deed
from chatdesk.domain.relations import TYPED, Relation, Tie, related, seen_from
from chatdesk.domain.text import is_blank
from chatdesk.domain.ticket import Ticket
from chatdesk.store import relations, tickets

Arguments = Mapping[str, str]


def relate(act: Act, ticket: Ticket, arguments: Arguments) -> Answer:
    """Everything that ties tickets together, where one command has an action each."""
    typed = arguments.get("text", "").casefold()
    match arguments.get("action", "unlink" if typed in ("remove", "unlink") else "link"):
        case "merge":
            return merging.merge(act, ticket, arguments)
        case "unmerge":
            return merging.unmerge(act, ticket, arguments)
        case "split":
            return splitting.split(act, ticket, arguments)
        case "update":
            return update_all(act, ticket, arguments)
        case "unlink":
            return _remove(act, ticket, _other(act, ticket, arguments))
    return _tie(act, ticket, _other(act, ticket, arguments), arguments)


def _other(act: Act, ticket: Ticket, arguments: Arguments) -> Ticket:
    require(act, ticket, Deed.RELATE)
    number = finding.number_in(arguments.get("other"))
    if number is None:
        raise refuse(sentences.WHICH_OTHER.say(usage=Markup("/ticket relate #1042 blocks")))
    other = standing.visible(act, number)
    require(act, other, Deed.RELATE)
    if other.number == ticket.number:
        raise refuse(sentences.SAME_TICKET.say(number=number))
    return other


def _tie(act: Act, ticket: Ticket, other: Ticket, arguments: Arguments) -> Answer:
    typed = arguments.get("kind") or arguments.get("text", "")
    relation = related(ticket.number, typed, other.number)
    if relation is None:
        raise unknown("relation", typed, TYPED, "/ticket relate #1042 blocks")
    label, number = seen_from(relation, ticket.number)
    if relation.tie is Tie.CHILD_OF:
        _refuse_second_parent(act, relation)
    if not relations.add(act.tx, relation, act.person, act.now):
        raise refuse(sentences.ALREADY_SO.say(number=ticket.number, value=f"{label} #{number}"))
    for one in (ticket.number, other.number):
        what, whom = seen_from(relation, one)
        act.record(one, "related", tie=relation.tie, other=whom)
        _say(act, one, "related", words("label", what), words("other", whom))
    return done(act, ticket, f"{label} #{number}")


def _refuse_second_parent(act: Act, relation: Relation) -> None:
    """Raises Refusal for a child that has a parent, and for a parent among its own children."""
    parent = relations.parent_of(act.tx, relation.ticket)
    if parent is not None and parent != relation.other:
        raise refuse(sentences.HAS_PARENT.say(number=relation.ticket, parent=parent))
    above: int | None = relation.other
    while above is not None:
        above = relations.parent_of(act.tx, above)
        if above == relation.ticket:
            raise refuse(sentences.OWN_PARENT.say(number=relation.ticket))


def _remove(act: Act, ticket: Ticket, other: Ticket) -> Answer:
    if not relations.remove_between(act.tx, ticket.number, other.number):
        raise refuse(sentences.NOT_RELATED.say(number=ticket.number, other=other.number))
    for one, whom in ((ticket.number, other.number), (other.number, ticket.number)):
        act.record(one, "unrelated", other=whom)
        _say(act, one, "unrelated", words("other", whom))
    return done(act, ticket, f"has nothing to do with #{other.number} any more")


def _say(act: Act, number: int, sentence: str, *gaps: Gap) -> None:
    telling.say(act, number, Line(sentence, (person("actor", act.person), *gaps)), telling.STAFF)
    telling.refresh_card(act, number)


def update_all(act: Act, ticket: Ticket, arguments: Arguments) -> Answer:
    """Say one thing to the requesters of a ticket and of its children, to each of them once."""
    require(act, ticket, Deed.WRITE)
    require(act, ticket, Deed.RELATE)
    text = arguments.get("text", "").strip()
    if is_blank(text):
        raise refuse(sentences.MISSING_TEXT.say(usage=Markup("/ticket update-all the text")))
    speaking.refuse_note_like(ticket, text)
    known = children.of(act, ticket)
    if not known:
        raise refuse(sentences.NO_CHILDREN.say(number=ticket.number))
    told: dict[str, int] = {}
    for one in (ticket, *known):
        if one.status not in OVER and one.requester not in told:
            told[one.requester] = one.number
            speaking.write(act, one, text, EVERYONE, Side.TEAM)
            act.record(one.number, "updated_with_parent", parent=ticket.number)
    numbers = ", ".join(f"#{number}" for number in told.values())
    return Accepted(sentences.UPDATED_ALL.say(count=len(told), numbers=numbers))


def resolve_children(act: Act, ticket: Ticket, arguments: Arguments) -> Answer:
    """Resolve a ticket's children as it was resolved itself."""
    require(act, ticket, Deed.RESOLVE)
    waiting = children.working(act, ticket)
    if ticket.status not in (Status.RESOLVED, Status.CLOSED) or not waiting:
        raise refuse(sentences.NO_CHILDREN_TO_RESOLVE.say(number=ticket.number))
    given = {"text": ticket.resolution or "", "code": ticket.resolution_code or ""}
    known = {name: value for name, value in given.items() if value}
    left = [one.number for one in waiting if not _resolved(act, one, known)]
    if left:
        numbers = ", ".join(f"#{number}" for number in left)
        return Accepted(sentences.CHILDREN_LEFT.say(numbers=numbers))
    return done(act, ticket, f"and {len(waiting)} more are resolved")


def _resolved(act: Act, child: Ticket, given: Arguments) -> bool:
    """Whether a child could be resolved; one that somebody else has to resolve is left."""
    attempt = act.tx.connection.begin_nested()
    noted = len(act.tx.journal)
    try:
        closing.resolve(act, tickets.load(act.tx, child.number) or child, given)
    except Refusal:
        attempt.rollback()
        del act.tx.journal[noted:]
        return False
    attempt.commit()
    return True
