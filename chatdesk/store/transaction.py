"""What a use case is given: a connection inside a transaction, and which desk it works for."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from chatdesk.domain.organisation import Organisation


@dataclass(frozen=True, slots=True)
class Transaction:
    """One database transaction on behalf of one desk. Nothing written in it is visible before its commit."""

    connection: Connection
    desk: str
    organisation: Organisation
