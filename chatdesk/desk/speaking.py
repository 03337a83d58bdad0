"""Notes and answers given by command or form instead of in a thread."""

from __future__ import annotations

from collections.abc import Mapping

from chatdesk.contract import sentences
from chatdesk.contract.ports import Accepted, Answer
from chatdesk.contract.sentences import Markup
from chatdesk.contract.vocabulary import EVERYONE, INTERNAL, Audience, AudienceKind, Side
from chatdesk.desk import conversation, standing, taking_up
from chatdesk.desk.act import Act, refuse
from chatdesk.desk.standing import require
from chatdesk.domain.markers import Marker, read_marker
from chatdesk.domain.permissions import Deed
from chatdesk.domain.text import is_blank
from chatdesk.domain.ticket import Ticket
from chatdesk.store import parties

Arguments = Mapping[str, str]


def note(act: Act, ticket: Ticket, arguments: Arguments) -> Answer:
    """Something that only staff can read, shown in every staff thread."""
    require(act, ticket, Deed.NOTE)
    text = _text(arguments, "/ticket note the text")
    write(act, ticket, text, INTERNAL, Side.TEAM)
    return Accepted(sentences.NOTED.say(number=ticket.number))


def reply(act: Act, ticket: Ticket, arguments: Arguments) -> Answer:
    """An agent's answer to the requester; a requester's own words from wherever they are."""
    require(act, ticket, Deed.WRITE)
    text = _text(arguments, "/ticket reply the text")
    if standing.speaks_for_desk(act.tx, act.person, ticket):
        refuse_note_like(ticket, text)
        taking_up.refuse_unread(act, ticket)
        write(act, ticket, text, EVERYONE, Side.TEAM)
    else:
        party = parties.party_of(act.tx, ticket.number, act.person)
        write(act, ticket, text, Audience(AudienceKind.PARTY, party), Side.CUSTOMER)
    return Accepted(sentences.REPLIED.say(number=ticket.number))


def refuse_note_like(ticket: Ticket, text: str) -> None:
    """Raises Refusal if what staff are about to tell a customer begins like an internal note."""
    if read_marker(text).marker in (Marker.NOTE, Marker.NEAR_MISS):
        raise refuse(sentences.REPLY_OR_NOTE.say(number=ticket.number))


def _text(arguments: Arguments, usage: str) -> str:
    text = arguments.get("text", "").strip()
    if is_blank(text):
        raise refuse(sentences.MISSING_TEXT.say(usage=Markup(usage)))
    return text


def write(act: Act, ticket: Ticket, text: str, audience: Audience, side: Side) -> None:
    """Put the actor's words into a ticket's conversation."""
    if act.identity is None:
        raise ValueError("the clock does not speak")
    draft = conversation.Draft(
        author=act.person, identity=act.identity, body=text, audience=audience, side=side
    )
    conversation.write(act, ticket, draft)
