"""How a ticket stands to what was promised for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chatdesk.contract.vocabulary import Place, Side
from chatdesk.desk.standing import is_among
from chatdesk.domain.lifecycle import Status
from chatdesk.domain.local_time import clock_time
from chatdesk.domain.organisation import Organisation
from chatdesk.domain.references import ChannelReference
from chatdesk.domain.sla import Book, Clock, State, clocks
from chatdesk.domain.sla_case import Case, case_of
from chatdesk.domain.sla_policy import Measure
from chatdesk.domain.ticket import HistoryEntry, Ticket
from chatdesk.store import channels, history, imports, threads
from chatdesk.store.transaction import Transaction

BREACH = "sla_breach"
WARNING = "sla_warning"
"""What the history calls limits that were told."""

NAMES = {
    Measure.FIRST_RESPONSE: "First reply",
    Measure.NEXT_RESPONSE: "Next reply",
    Measure.RESOLUTION: "Resolution",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """A ticket's clocks, and which of their breaches were told."""

    case: Case
    book: Book
    clocks: tuple[Clock, ...]
    history: Sequence[HistoryEntry]

    def is_late(self, clock: Clock) -> bool:
        """Whether a clock's breach was told, or is older than what it was reckoned for."""
        whose = {("measure", str(clock.measure)), ("cycle", str(clock.cycle))}
        told = any(entry.kind == BREACH and whose <= set(entry.data) for entry in self.history)
        return told or clock.breached_at is not None


def book_of(organisation: Organisation) -> Book:
    return Book(organisation.slas, organisation.calendars)


def standing_of(tx: Transaction, ticket: Ticket, now: datetime) -> Standing | None:
    """None where nothing is promised, or the ticket is still a draft, or was imported and rests."""
    if not tx.organisation.slas or ticket.status is Status.DRAFT:
        return None
    imported = imports.of_ticket(tx, ticket.number)
    if imported is not None and imported.taken_up_at is None:
        return None
    entries = history.of_ticket(tx, ticket.number)
    begins = imported.taken_up_at if imported else None
    case = case_of(entries, _tier(tx, ticket), _channels(tx, ticket), begins)
    if case is None:
        return None
    book = book_of(tx.organisation)
    return Standing(case, book, clocks(case, book, now), entries)


def _tier(tx: Transaction, ticket: Ticket) -> str | None:
    if not any(policy.tiers for policy in tx.organisation.slas):
        return None
    tiers = tx.organisation.tiers
    return next((tier.key for tier in tiers if is_among(tx, ticket.requester, tier.members)), None)


def _channels(tx: Transaction, ticket: Ticket) -> frozenset[ChannelReference]:
    """Those channels that policies name and the request came from."""
    named = {reference for policy in tx.organisation.slas for reference in policy.channels}
    place = _asked_at(tx, ticket) if named else None
    if place is None:
        return frozenset()
    return frozenset(one for one in named if channels.matches(tx, one, place))


def _asked_at(tx: Transaction, ticket: Ticket) -> Place | None:
    for thread in threads.of_ticket(tx, ticket.number):
        if thread.side is Side.CUSTOMER:
            return Place(thread.installation, thread.parent)
    return ticket.origin


def in_short(tx: Transaction, ticket: Ticket) -> str | None:
    """What is due next, or was and is late: for cards and lists. It changes only when the history does."""
    # At its own beginning the stretch that goes on has no past: what is due then is what will be due.
    standing = standing_of(tx, ticket, ticket.created_at)
    if standing is None:
        return None
    open_clocks = [one for one in standing.clocks if one.state is not State.ENDED and one.target is not None]
    late = [one for one in open_clocks if standing.is_late(one)]
    said = [f"🔴 {NAMES[one.measure]} late" for one in late]
    due = [(one.due_at, one) for one in open_clocks if one.due_at is not None and one not in late]
    if due:
        at, clock = min(due, key=lambda pair: pair[0])
        said.append(f"{NAMES[clock.measure]} due {clock_time(tx.organisation, at)}")
    elif len(late) < len(open_clocks):
        said.append(f"⏸ {tx.organisation.status_name(ticket.status)}")
    return " · ".join(said) or None
