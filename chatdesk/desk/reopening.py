"""What a requester's message does to a ticket that waits, is resolved or is over."""

from __future__ import annotations

from dataclasses import replace

from chatdesk.contract.vocabulary import Side
from chatdesk.desk import close_request_end, places, snoozing, telling
from chatdesk.desk.act import Act
from chatdesk.domain import endings
from chatdesk.domain.lifecycle import OVER, Status
from chatdesk.domain.lines import Line, person, words
from chatdesk.domain.markers import is_thanks
from chatdesk.domain.ticket import Ticket


def after_customer_wrote(act: Act, ticket: Ticket, body: str) -> Ticket:
    """``pending`` goes back to open; what was resolved or closed is taken up again, but not for thanks.

    Who is asked whether their ticket may be closed and only thanks has still to say so.
    """
    ticket = snoozing.woken_by_reply(act, ticket)
    if ticket.status is Status.PENDING:
        if is_thanks(body) and close_request_end.is_asked(act, ticket):
            return ticket
        close_request_end.withdraw(act, ticket)
        act.record(ticket.number, "status", before=ticket.status, after=Status.OPEN)
        return endings.waiting(ticket, Status.OPEN, act.now)
    if ticket.status is not Status.RESOLVED and ticket.status not in OVER:
        return ticket
    if is_thanks(body):
        return replace(ticket, unread=False)
    return reopened(act, ticket, "")


def reopened(act: Act, ticket: Ticket, reason: str) -> Ticket:
    """The ticket as it is once it is open again; everybody is told."""
    act.record(ticket.number, "reopened", before=ticket.status)
    gaps = (person("actor", act.person), words("reason", reason))
    telling.say(act, ticket.number, Line("reopened", gaps), telling.STAFF)
    telling.say(act, ticket.number, Line("customer_reopened"), (Side.CUSTOMER,))
    team = act.tx.organisation.team(ticket.team)
    if team is not None and not telling.on_sides(act, ticket.number, (Side.TEAM,)):
        # It ended as a draft, before any team had heard of it.
        places.bring_along(act, ticket.number, places.open_team_threads(act, ticket, team))
    return replace(
        endings.waiting(ticket, Status.OPEN, act.now),
        reopens=ticket.reopens + 1,
        resolution=None,
        resolution_code=None,
        follow_up=None,
        follow_up_at=None,
        resolved_at=None,
        closed_at=None,
    )


def belongs_to_old(act: Act, ticket: Ticket) -> bool:
    """Whether a message still belongs to the ticket, or is to open a new one that follows it."""
    if ticket.status not in OVER:
        return True
    ended = ticket.closed_at or ticket.last_post_at or ticket.created_at
    return act.now - ended <= act.tx.organisation.reopen_grace
