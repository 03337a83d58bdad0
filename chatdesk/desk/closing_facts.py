"""What staff are shown of how a ticket ends: the resolution, what it waits for, how it was rated."""

from __future__ import annotations

from collections.abc import Sequence

from chatdesk.domain.endings import closes_at
from chatdesk.domain.lifecycle import Status
from chatdesk.domain.local_time import clock_time
from chatdesk.domain.organisation import Organisation
from chatdesk.domain.satisfaction import BEST
from chatdesk.domain.text import plain_text
from chatdesk.domain.ticket import Ticket
from chatdesk.store import close_requests, ratings
from chatdesk.store.transaction import Transaction


def closing_facts(tx: Transaction, ticket: Ticket) -> Sequence[tuple[str, str | None]]:
    """Labels and values; what has no value is not shown."""
    return (
        ("Snoozed until", _snoozed(tx.organisation, ticket)),
        ("Asked to close", _asked(tx, ticket)),
        ("Closes by itself", _closes(tx.organisation, ticket)),
        ("Resolution", _resolution(tx.organisation, ticket)),
        ("Follow-up", _follow_up(tx.organisation, ticket)),
        ("Rating", _rating(tx, ticket)),
    )


def _snoozed(organisation: Organisation, ticket: Ticket) -> str | None:
    if ticket.snoozed_at is None:
        return None
    return "the requester writes" if ticket.snoozed_until is None else _time(organisation, ticket)


def _time(organisation: Organisation, ticket: Ticket) -> str | None:
    return clock_time(organisation, ticket.snoozed_until) if ticket.snoozed_until else None


def _asked(tx: Transaction, ticket: Ticket) -> str | None:
    if ticket.status is not Status.PENDING:
        return None
    request = close_requests.of_ticket(tx, ticket.number)
    return clock_time(tx.organisation, request.asked_at) if request and request.asked_by else None


def _closes(organisation: Organisation, ticket: Ticket) -> str | None:
    closes = closes_at(ticket, organisation)
    return clock_time(organisation, closes) if closes else None


def _resolution(organisation: Organisation, ticket: Ticket) -> str | None:
    key = ticket.resolution_code
    name = next((one.name for one in organisation.resolution_codes if one.key == key), key)
    return ": ".join(part for part in (name, plain_text(ticket.resolution or "")) if part) or None


def _follow_up(organisation: Organisation, ticket: Ticket) -> str | None:
    if ticket.follow_up is None or ticket.follow_up_at is None:
        return ticket.follow_up
    return f"{clock_time(organisation, ticket.follow_up_at)}: {ticket.follow_up}"


def _rating(tx: Transaction, ticket: Ticket) -> str | None:
    if ticket.status not in (Status.RESOLVED, Status.CLOSED):
        return None
    rating = ratings.of_ticket(tx, ticket.number)
    return f"{rating.score} of {BEST}" if rating and rating.score else None
