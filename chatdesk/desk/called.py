"""What a card says of why a ticket is escalated, and of who is called for it."""

from __future__ import annotations

from collections.abc import Mapping

from chatdesk.contract import sentences_on_call
from chatdesk.contract.vocabulary import Platform
from chatdesk.domain.local_time import clock_time
from chatdesk.domain.ticket import Escalation, Ticket
from chatdesk.store import calls, people
from chatdesk.store.transaction import Transaction


def why_escalated(escalation: Escalation) -> str:
    """In brackets; nothing where a person did it."""
    why = sentences_on_call.BECAUSE[escalation.because]
    return f" ({why})" if why else ""


KINDS = frozenset({"escalated", "called", "call_silent"})
"""What the history says of it with a reason."""


def in_history(tx: Transaction, values: Mapping[str, str], platform: Platform | None) -> str:
    """Who was told or asked, and why."""
    who = people.name_of(tx, values["agent"], platform) if "agent" in values else ""
    why = sentences_on_call.BECAUSE.get(values.get("because", ""), "")
    return " ".join(part for part in (values.get("team", ""), who, f"({why})" if why else "") if part)


def called(tx: Transaction, ticket: Ticket) -> str | None:
    """That somebody on call was told and has not said a word."""
    call = calls.of_ticket(tx, ticket.number)
    if call is None:
        return None
    due = clock_time(tx.organisation, call.due_at)
    return sentences_on_call.CARD_CALLED.say(why=sentences_on_call.BECAUSE[call.because], time=due)
