"""Tickets that are worked on, as far as a new one is compared with them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, exists, select, text

from chatdesk.domain.alike import Finished
from chatdesk.domain.duplicates import Candidate
from chatdesk.domain.lifecycle import Status
from chatdesk.domain.relations import Tie
from chatdesk.store.tables import WORKED_ON, tickets
from chatdesk.store.tables_relations import relations
from chatdesk.store.transaction import Transaction

MOST = 60
FARTHEST = 500
"""How many numbers back it is looked, so that it costs the same however many tickets there are."""
MOST_FINISHED = 1000
LONGEST = 400
"""Characters of a description that are compared."""

_has_children = exists().where(
    relations.c.desk == tickets.c.desk,
    relations.c.other == tickets.c.number,
    relations.c.tie == Tie.CHILD_OF,
)
_WORKED_ON = (
    select(
        tickets.c.number,
        tickets.c.title,
        tickets.c.description,
        tickets.c.requester,
        tickets.c.service,
        tickets.c.created_at,
        ((tickets.c.type == "incident") | _has_children).label("is_incident"),
    )
    .where(
        tickets.c.desk == bindparam("desk"),
        tickets.c.number < bindparam("before"),
        tickets.c.number >= bindparam("from"),
        tickets.c.created_at >= bindparam("since"),
        text(WORKED_ON),
    )
    .order_by(tickets.c.number.desc())
    .limit(MOST)
)
_FINISHED = (
    select(tickets.c.number, tickets.c.title, tickets.c.description)
    .where(
        tickets.c.desk == bindparam("desk"),
        tickets.c.status.in_((Status.RESOLVED.value, Status.CLOSED.value)),
    )
    .order_by(tickets.c.number.desc())
    .limit(MOST_FINISHED)
)


def worked_on(tx: Transaction, before: int, since: datetime) -> Sequence[Candidate]:
    """The newest tickets that somebody works on, made before one and since a time."""
    asked = {"desk": tx.desk, "before": before, "from": before - FARTHEST, "since": since}
    return [
        Candidate(
            number=row.number,
            text=compared_text(row.title, row.description),
            requester=row.requester,
            service=row.service,
            is_incident=bool(row.is_incident),
            created_at=row.created_at,
        )
        for row in tx.connection.execute(_WORKED_ON, asked)
    ]


def finished(tx: Transaction) -> Sequence[Finished]:
    """The newest tickets that were solved."""
    return [
        Finished(row.number, compared_text(row.title, row.description))
        for row in tx.connection.execute(_FINISHED, {"desk": tx.desk})
    ]


def compared_text(title: str, description: str) -> str:
    """A title is often the beginning of the description; then it is not said twice."""
    if description.strip().startswith(title.strip()):
        return description[:LONGEST]
    return f"{title} {description[:LONGEST]}"
