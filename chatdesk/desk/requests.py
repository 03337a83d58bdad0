"""A ticket is asked for without a form: 🎫 on a message."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from chatdesk.contract.inbound import TicketAsked
from chatdesk.contract.ports import Accepted, Answer
from chatdesk.desk import opening, telling
from chatdesk.desk.act import act_of
from chatdesk.domain.lines import Line, person, words
from chatdesk.store.transaction import Transaction


def ticket_asked(tx: Transaction, event: TicketAsked, now: datetime) -> Answer:
    """The author of the message is the requester, whoever asked. A message makes one ticket, not two."""
    source = event.source
    if opening.made_of(tx, source) is not None:
        return Accepted()
    act = act_of(tx, event.actor, source.where, event.means, now)
    author = replace(source.author, installation=act.installation)
    request = opening.Request(requester=author, description=source.body, where=source.where, source=source)
    ticket = opening.open_ticket(act, request)
    if author.identity != event.actor.identity:
        gaps = (person("actor", act.person), words("number", ticket.number), words("title", ticket.title))
        telling.tell(act, author.identity, Line("told_opened", gaps), ticket.number)
    return Accepted()
