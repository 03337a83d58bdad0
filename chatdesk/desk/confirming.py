"""What the actor alone is told after something worked."""

from __future__ import annotations

from chatdesk.contract import sentences
from chatdesk.contract.ports import Accepted, Answer
from chatdesk.contract.vocabulary import Means
from chatdesk.desk.act import Act
from chatdesk.domain.ticket import Ticket

_SILENT = frozenset({Means.BUTTON, Means.REACTION, Means.MENTION})
"""Who acts by these sees the line in the thread, and is not told twice."""


def done(act: Act, ticket: Ticket, what: str) -> Answer:
    if act.means in _SILENT:
        return Accepted()
    return Accepted(sentences.DONE.say(number=ticket.number, what=what))
