"""How the question ends whether a ticket is solved: its buttons go."""

from __future__ import annotations

from chatdesk.desk import reaching
from chatdesk.desk.act import Act
from chatdesk.domain.effects import LineReplaced
from chatdesk.domain.lines import Line, person
from chatdesk.domain.ticket import Ticket
from chatdesk.store import close_requests, outbox
from chatdesk.store.close_requests import CloseRequest


def is_asked(act: Act, ticket: Ticket) -> bool:
    """Whether the requester is asked and has not answered."""
    return close_requests.of_ticket(act.tx, ticket.number) is not None


def withdraw(act: Act, ticket: Ticket) -> None:
    """The question is answered, or no longer asked; nothing happens where none was."""
    request = close_requests.of_ticket(act.tx, ticket.number)
    if request is None:
        return
    close_requests.remove(act.tx, ticket.number)
    take_buttons(act, ticket, request)


def take_buttons(act: Act, ticket: Ticket, request: CloseRequest) -> None:
    """The line that asked stays, without anything to press."""
    theirs = reaching.threads_of_requester(act, ticket)
    if request.effect is None or not theirs:
        return
    by = request.asked_by
    line = Line("close_request_over", (person("actor", by),)) if by else Line("reminder_over")
    outbox.write(act.tx, LineReplaced(request.effect, line), theirs, act.now)
