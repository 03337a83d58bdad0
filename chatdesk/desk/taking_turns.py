"""Work that is due, of all desks: done once each, whichever replica comes first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from sqlalchemy import Connection

from chatdesk.store import desks
from chatdesk.store.engine import take_turn
from chatdesk.store.transaction import Transaction


class OfDesk(Protocol):
    """Something that belongs to a desk."""

    @property
    def desk(self) -> str: ...


D = TypeVar("D", bound=OfDesk)


def in_turn(connection: Connection, find: Callable[[], Sequence[D]]) -> Sequence[D]:
    """What there is to do, once it is the turn of all desks concerned: another replica may have done it."""
    concerned = {one.desk for one in find()}
    for desk in sorted(concerned):
        take_turn(connection, desk)
    return [one for one in find() if one.desk in concerned] if concerned else []


def transaction_of(connection: Connection, desk: str) -> Transaction | None:
    """A transaction that works for a desk; None where it is no longer in service."""
    organisation = desks.load(connection, desk)
    return None if organisation is None else Transaction(connection, desk, organisation)
