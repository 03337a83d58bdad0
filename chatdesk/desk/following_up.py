"""What staff said that they would do after a ticket was solved: they are reminded of it in time."""

from __future__ import annotations

from dataclasses import replace

from chatdesk.contract.vocabulary import Side
from chatdesk.desk import reaching, telling
from chatdesk.desk.act import Act
from chatdesk.domain.lines import Line, words
from chatdesk.domain.ticket import Ticket
from chatdesk.store import tickets


def time_has_come(act: Act, ticket: Ticket) -> None:
    """The team reads it in its thread; whoever has the ticket, in a message of their own."""
    tickets.save(act.tx, replace(ticket, follow_up_at=None))
    act.record(ticket.number, "follow_up_due")
    what = words("what", ticket.follow_up or "")
    telling.say(act, ticket.number, Line("follow_up_due", (what,)), (Side.TEAM,))
    if ticket.assignee is not None:
        gaps = (words("number", ticket.number), words("title", ticket.title), what)
        reaching.tell_person(act, ticket.assignee, Line("told_follow_up_due", gaps), ticket.number)
    telling.refresh_card(act, ticket.number)
