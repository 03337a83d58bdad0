"""What became of guesses that teams were told: whether agents left the tickets so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from chatdesk.domain.classifier import Target, is_at_or_below
from chatdesk.domain.lifecycle import Status
from chatdesk.store.tables import history, tickets
from chatdesk.store.transaction import Transaction

SUGGESTED, TRIAGED = "suggested", "triaged"
"""What the history calls guesses that were said, and those that were filled in."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Of one target: how many were said or filled in, on how many finished tickets, how many were left so."""

    target: Target
    said: int
    finished: int
    kept: int


def kept_since(tx: Transaction, since: datetime) -> Sequence[Kept]:
    """Reads the desk's whole history."""
    statement = (
        select(history.c.data, tickets.c.status, tickets.c.category, tickets.c.priority, tickets.c.team)
        .join(tickets, (tickets.c.desk == history.c.desk) & (tickets.c.number == history.c.ticket))
        .where(history.c.desk == tx.desk, history.c.at >= since, history.c.kind.in_((SUGGESTED, TRIAGED)))
    )
    rows = tx.connection.execute(statement).all()
    found = []
    for target in Target:
        mine = [row for row in rows if row.data.get("target") == target]
        over = [row for row in mine if row.status in (Status.RESOLVED, Status.CLOSED)]
        right = sum(is_at_or_below(getattr(row, target) or "", row.data["value"]) for row in over)
        found.append(Kept(target, len(mine), len(over), right))
    return found
