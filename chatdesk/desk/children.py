"""A ticket's children, and the offer to end them with it."""

from __future__ import annotations

from collections.abc import Sequence

from chatdesk.contract.actions import RunVerb
from chatdesk.contract.views import Button, Style
from chatdesk.contract.vocabulary import Side
from chatdesk.desk import telling
from chatdesk.desk.act import Act
from chatdesk.domain.lifecycle import WORKING
from chatdesk.domain.lines import Line, words
from chatdesk.domain.ticket import Ticket
from chatdesk.store import merges, relations, tickets


def of(act: Act, ticket: Ticket) -> Sequence[Ticket]:
    """The children of a ticket, each as the ticket that holds its conversation now."""
    numbers = (merges.main_of(act.tx, one) for one in relations.children_of(act.tx, ticket.number))
    found = [tickets.load(act.tx, one) for one in dict.fromkeys(numbers) if one != ticket.number]
    return [one for one in found if one is not None]


def working(act: Act, ticket: Ticket) -> Sequence[Ticket]:
    return [one for one in of(act, ticket) if one.status in WORKING]


def offer(act: Act, ticket: Ticket) -> None:
    """A ticket was resolved: its team is asked whether its children are, too."""
    waiting = working(act, ticket)
    if not waiting:
        return
    button = Button("Resolve them too", RunVerb("resolve-children", ticket.number), Style.PRIMARY)
    numbers = ", ".join(f"#{one.number}" for one in waiting)
    line = Line("children_wait", (words("number", ticket.number), words("numbers", numbers)))
    telling.say(act, ticket.number, line, (Side.TEAM,), (button,))
