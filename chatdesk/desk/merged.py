"""A merged ticket as its own people know it: they keep their number and thread, and see nobody else's."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from chatdesk.contract import sentences
from chatdesk.contract.inbound import MessagePosted
from chatdesk.contract.ports import Accepted, Answer
from chatdesk.contract.sentences import Markup
from chatdesk.contract.vocabulary import Audience, AudienceKind, Side
from chatdesk.desk import speaking, staff_words, standing
from chatdesk.desk.act import Act, Refusal, refuse
from chatdesk.desk.staff_words import Speaking
from chatdesk.desk.standing import require
from chatdesk.domain.lifecycle import Status
from chatdesk.domain.permissions import Deed
from chatdesk.domain.text import is_blank
from chatdesk.domain.ticket import Thread, Ticket
from chatdesk.store import merges, parties, tickets
from chatdesk.store.transaction import Transaction

Arguments = Mapping[str, str]

ALSO_WHEN_MERGED = frozenset({"info", "unmerge", "rate", "relate", "people"})
"""What can be asked of a ticket although its conversation is another's now."""


def own_number(tx: Transaction, thread: Thread) -> int:
    """The number that the readers of a customer's thread know its ticket by."""
    number, _ = merges.owner_of(tx, thread.ticket, thread.party or 1)
    return number


def number_for(act: Act, thread: Thread) -> int:
    """The ticket that somebody means who acts in a thread: its people their own, staff the one they work."""
    own = own_number(act.tx, thread) if thread.side is Side.CUSTOMER else thread.ticket
    if own == thread.ticket:
        return own
    ticket = tickets.load(act.tx, thread.ticket)
    is_staff = ticket is not None and standing.speaks_for_desk(act.tx, act.person, ticket)
    return thread.ticket if is_staff else own


def as_known(tx: Transaction, ticket: Ticket) -> Ticket:
    """A merged ticket with what its people may know of the one that holds it; any other as it is."""
    if ticket.status is not Status.CLOSED:
        return ticket
    main = tickets.load(tx, merges.main_of(tx, ticket.number))
    if main is None or main.number == ticket.number:
        return ticket
    return replace(
        ticket,
        status=main.status,
        assignee=main.assignee,
        team=main.team,
        first_response_at=ticket.first_response_at or main.first_response_at,
        resolved_at=main.resolved_at,
        closed_at=main.closed_at,
    )


def of_person(tx: Transaction, who: str, statuses: Collection[Status]) -> Sequence[Ticket]:
    """Somebody's merged tickets that still go on where they are now."""
    loaded = (tickets.load(tx, number) for number in merges.of_person(tx, who))
    known = [as_known(tx, one) for one in loaded if one is not None]
    return [one for one in known if one.status in statuses]


def run(act: Act, verb: str, ticket: Ticket, arguments: Arguments) -> Answer | None:
    """What a verb does to a ticket that was merged; None if it was not, or if that changes nothing.

    Raises Refusal for what is to be done to the ticket that holds its conversation now.
    """
    if ticket.status is not Status.CLOSED or verb in ALSO_WHEN_MERGED:
        return None
    if merges.of_source(act.tx, ticket.number) is None:
        return None
    if verb == "reply":
        return _reply(act, ticket, arguments)
    if standing.standing_of(act.tx, act.person).is_staff and standing.may_do(act, ticket, Deed.NOTE):
        main = merges.main_of(act.tx, ticket.number)
        raise refuse(sentences.MERGED_ALREADY.say(number=ticket.number, main=main))
    raise _not_here(ticket)


def _not_here(ticket: Ticket) -> Refusal:
    return refuse(sentences.MERGED_CUSTOMER.say(number=ticket.number))


def _reply(act: Act, ticket: Ticket, arguments: Arguments) -> Answer:
    """Words by command: a requester's are their party's in the main ticket, an agent's are for that party."""
    require(act, ticket, Deed.WRITE)
    text = arguments.get("text", "").strip()
    if is_blank(text):
        raise refuse(sentences.MISSING_TEXT.say(usage=Markup("/ticket reply the text")))
    for_desk = standing.speaks_for_desk(act.tx, act.person, ticket)
    own = 1 if for_desk else parties.party_of(act.tx, ticket.number, act.person)
    number, party = merges.holder_of(act.tx, ticket.number, own)
    main = tickets.load(act.tx, number)
    if main is None:
        raise _not_here(ticket)
    if for_desk:
        speaking.refuse_note_like(ticket, text)
    side = Side.TEAM if for_desk else Side.CUSTOMER
    speaking.write(act, main, text, Audience(AudienceKind.PARTY, party), side)
    return Accepted(sentences.REPLIED.say(number=ticket.number))


def team_wrote(act: Act, event: MessagePosted, thread: Thread, ticket: Ticket) -> bool:
    """Staff wrote in the old thread of a merged ticket: it is about, and for, that ticket's people alone.

    False if the ticket was not merged, so that the thread is nobody's.
    """
    if thread.party is None or merges.of_source(act.tx, ticket.number) is None:
        return False
    number, party = merges.holder_of(act.tx, ticket.number, thread.party)
    main = tickets.load(act.tx, number)
    if main is None:
        return False
    staff_words.written_about_party(act, event, thread, main, Speaking(party, ticket.mode))
    return True
