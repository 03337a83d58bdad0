"""How tickets end when nobody says anything more."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from chatdesk.domain.lifecycle import WORKING, Status
from chatdesk.domain.organisation import Organisation
from chatdesk.domain.ticket import Ticket


def closes_at(ticket: Ticket, organisation: Organisation) -> datetime | None:
    """When a ticket is closed if nobody says anything more."""
    if ticket.waits_since is None:
        return None
    if ticket.status is Status.RESOLVED:
        patience = organisation.close_resolved_after
        return None if patience is None else ticket.waits_since + patience
    if ticket.status is not Status.PENDING or organisation.close_pending_after is None:
        return None
    closes = ticket.waits_since + organisation.close_pending_after
    if organisation.remind_pending_after is None:
        return closes
    reminded = ticket.reminded_at or ticket.waits_since + organisation.remind_pending_after
    return max(closes, reminded + notice(organisation))


def notice(organisation: Organisation) -> timedelta:
    """How long a requester has from the reminder to the end."""
    if organisation.close_pending_after is None or organisation.remind_pending_after is None:
        return timedelta()
    return max(organisation.close_pending_after - organisation.remind_pending_after, timedelta())


def waiting(ticket: Ticket, status: Status, now: datetime) -> Ticket:
    """The ticket in a status that it gets now; one that waits is known to wait from now on."""
    waits = status in (Status.PENDING, Status.RESOLVED)
    return replace(ticket, status=status, waits_since=now if waits else None, reminded_at=None)


def settled(ticket: Ticket) -> Ticket:
    """Without what does not go with the ticket's status: only what waits has waited, only work is snoozed."""
    if ticket.waits_since is not None and ticket.status not in (Status.PENDING, Status.RESOLVED):
        ticket = replace(ticket, waits_since=None, reminded_at=None)
    if ticket.snoozed_at is not None and ticket.status not in WORKING:
        ticket = replace(ticket, snoozed_at=None, snoozed_until=None)
    return ticket
