"""What a use case is given: a connection inside a transaction, and which desk it works for.

Statements that run at every event are built once, as constants with named values, because building one takes
several times as long as running it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import Connection

from chatdesk.domain.organisation import Organisation
from chatdesk.domain.ticket import HistoryEntry
from chatdesk.store.engine import take_turn


@dataclass(frozen=True, slots=True)
class Transaction:
    """One database transaction on behalf of one desk. Nothing written in it is visible before its commit."""

    connection: Connection
    desk: str
    organisation: Organisation
    journal: list[HistoryEntry] = field(default_factory=list, compare=False, repr=False)
    """What was recorded in tickets' histories so far, and nothing has followed from yet."""


def in_turn(connection: Connection, organisation: Organisation) -> Transaction:
    """A transaction that writes for a desk: one at a time for each desk, in all processes.

    So a use case may look and then write what follows from it, as if nobody else were there.
    """
    take_turn(connection, organisation.desk)
    return Transaction(connection, organisation.desk, organisation)
