"""Notes and answers given by command or form instead of in a thread."""

from __future__ import annotations

from collections.abc import Mapping

from chatdesk.contract import sentences
from chatdesk.contract.ports import Accepted, Answer
from chatdesk.contract.sentences import Markup
from chatdesk.contract.vocabulary import EVERYONE, INTERNAL, Audience, AudienceKind, Side
from chatdesk.desk import conversation, standing
from chatdesk.desk.act import Act, refuse
from chatdesk.desk.standing import require
from chatdesk.domain.permissions import Deed
from chatdesk.domain.ticket import Ticket

Arguments = Mapping[str, str]


def note(act: Act, ticket: Ticket, arguments: Arguments) -> Answer:
    """Something that only staff can read, shown in every staff thread."""
    require(act, ticket, Deed.NOTE)
    text = _text(arguments, "/ticket note the text")
    _write(act, ticket, text, INTERNAL, Side.TEAM)
    return Accepted(sentences.NOTED.say(number=ticket.number))


def reply(act: Act, ticket: Ticket, arguments: Arguments) -> Answer:
    """An agent's answer to the requester; a requester's own words from wherever they are."""
    require(act, ticket, Deed.WRITE)
    text = _text(arguments, "/ticket reply the text")
    if standing.standing_of(act.tx, act.person).is_staff and act.person != ticket.requester:
        _write(act, ticket, text, EVERYONE, Side.TEAM)
    else:
        _write(act, ticket, text, Audience(AudienceKind.PARTY, 1), Side.CUSTOMER)
    return Accepted(sentences.REPLIED.say(number=ticket.number))


def _text(arguments: Arguments, usage: str) -> str:
    text = arguments.get("text", "").strip()
    if not text:
        raise refuse(sentences.MISSING_TEXT.say(usage=Markup(usage)))
    return text


def _write(act: Act, ticket: Ticket, text: str, audience: Audience, side: Side) -> None:
    if act.identity is None:
        raise ValueError("the clock does not speak")
    draft = conversation.Draft(
        author=act.person, identity=act.identity, body=text, audience=audience, side=side
    )
    conversation.write(act, ticket, draft)
