"""What the actor alone is told after something worked."""

from __future__ import annotations

from chatdesk.contract import sentences
from chatdesk.contract.ports import Accepted, Answer
from chatdesk.contract.vocabulary import Means
from chatdesk.desk.act import Act
from chatdesk.desk.standing import speaks_for_desk
from chatdesk.domain.ticket import Ticket
from chatdesk.store import threads

_SILENT = frozenset({Means.BUTTON, Means.REACTION})
"""Who acts by these sees what became of it, and is not told twice."""


def done(act: Act, ticket: Ticket, what: str) -> Answer:
    if act.means in _SILENT or (act.means is Means.MENTION and _sees_the_line(act, ticket)):
        return Accepted()
    return Accepted(sentences.DONE.say(number=ticket.number, what=what))


def _sees_the_line(act: Act, ticket: Ticket) -> bool:
    """Whether they are where the line about it is said: a staff thread, or a customer's own."""
    here = threads.at_place(act.tx, act.where.place) if act.where else []
    return any(
        one.ticket == ticket.number
        and one.state in threads.LIVE
        and (one.side.is_internal or not speaks_for_desk(act.tx, act.person, ticket))
        for one in here
    )
