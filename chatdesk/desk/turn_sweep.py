"""Tickets that nobody could take, once somebody can."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from chatdesk.desk import assigning
from chatdesk.desk.act import Act
from chatdesk.desk.ending_sweeps import do_each
from chatdesk.desk.taking_turns import in_turn, transaction_of
from chatdesk.domain.ticket import HistoryEntry, Ticket
from chatdesk.store import desks, history, tickets
from chatdesk.store.transaction import Transaction

MOST_AT_ONCE = 100

_WHOSE = frozenset({"created", "submitted", "moved", "claimed", "assigned", "released", "unassignable"})


def give_what_waits(connection: Connection, now: datetime) -> int:
    """Give tickets that waited for somebody to those who are back, or have room again."""
    given: list[int] = []

    def give(act: Act, ticket: Ticket) -> None:
        if assigning.after_all(act, ticket):
            given.append(ticket.number)

    do_each(connection, now, in_turn(connection, lambda: _waiting(connection)), give)
    return len(given)


def _waiting(connection: Connection) -> Sequence[Ticket]:
    found: list[Ticket] = []
    for organisation in desks.listed(connection):
        automatic = [team.key for team in organisation.teams if assigning.is_automatic(team)]
        tx = transaction_of(connection, organisation.desk) if automatic else None
        if tx is not None:
            found += [one for one in tickets.queue_of(tx, automatic, MOST_AT_ONCE) if _waits(tx, one)]
    return found


def _waits(tx: Transaction, ticket: Ticket) -> bool:
    """Whether nobody has it because nobody could take it, and not because somebody gave it back."""
    if ticket.assignee is not None:
        return False
    last: HistoryEntry | None = next(
        (one for one in reversed(history.of_ticket(tx, ticket.number)) if one.kind in _WHOSE), None
    )
    return last is not None and last.kind == "unassignable"
