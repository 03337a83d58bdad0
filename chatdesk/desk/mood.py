"""Whether a ticket's requester seems angry or at a loss, for staff alone."""

from __future__ import annotations

from chatdesk.contract.vocabulary import Side
from chatdesk.domain.lifecycle import WORKING
from chatdesk.domain.sentiment import unhappy_signs
from chatdesk.domain.ticket import Ticket
from chatdesk.store import posts
from chatdesk.store.transaction import Transaction


def mood(tx: Transaction, ticket: Ticket) -> str:
    """The words that say so, in the request or in what nobody has answered yet; "" where none do."""
    if ticket.status not in WORKING:
        return ""
    last = posts.latest_public(tx, ticket.number) if ticket.unread else None
    said = last.body if last is not None and last.side is Side.CUSTOMER else ""
    text = "\n".join((ticket.title, ticket.description, said))
    return ", ".join(unhappy_signs(text, tx.organisation.unhappy_words))
