"""What staff asked the assistant, and what it answered, until that is used, discarded or old."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select, update

from chatdesk.contract.vocabulary import IdentityId, Installation, Place, Platform
from chatdesk.store.tables_assistance import assistant_requests
from chatdesk.store.transaction import Transaction

KEEP = timedelta(days=2)
ENDED = "-"
"""What stands where an answer was that is needed no more."""


@dataclass(frozen=True, slots=True)
class AssistantRequest:
    """``due_at`` is None once it was answered or given up; ``text`` is the answer, until it is ended."""

    desk: str
    id: str
    ticket: int
    task: str
    person: str
    platform: str
    identity: str
    installation: str | None
    place: str | None
    said: str
    created_at: datetime
    due_at: datetime | None
    tries: int = 0
    text: str | None = None
    ended_at: datetime | None = None

    @property
    def asker(self) -> IdentityId:
        return IdentityId(Platform(self.platform), self.identity)

    @property
    def where(self) -> Place | None:
        """Where it was asked."""
        if self.installation is None or self.place is None:
            return None
        return Place(Installation(Platform(self.platform), self.installation), self.place)


def add(tx: Transaction, request: AssistantRequest) -> None:
    tx.connection.execute(insert(assistant_requests).values(**asdict(request)))


def load(tx: Transaction, request: str) -> AssistantRequest | None:
    statement = select(assistant_requests).where(
        assistant_requests.c.desk == tx.desk, assistant_requests.c.id == request
    )
    row = tx.connection.execute(statement).one_or_none()
    return None if row is None else AssistantRequest(**row._mapping)


def waiting_of(tx: Transaction, person: str) -> Sequence[AssistantRequest]:
    """What somebody asked that is not answered yet."""
    statement = select(assistant_requests).where(
        assistant_requests.c.desk == tx.desk,
        assistant_requests.c.person == person,
        assistant_requests.c.due_at.is_not(None),
    )
    return [AssistantRequest(**row._mapping) for row in tx.connection.execute(statement)]


def due(connection: Connection, now: datetime, limit: int) -> Sequence[AssistantRequest]:
    """Of all desks, those whose time has come, longest due first."""
    statement = (
        select(assistant_requests)
        .where(assistant_requests.c.due_at.is_not(None), assistant_requests.c.due_at <= now)
        .order_by(assistant_requests.c.due_at, assistant_requests.c.id)
        .limit(limit)
    )
    return [AssistantRequest(**row._mapping) for row in connection.execute(statement)]


def count_due(connection: Connection, now: datetime) -> int:
    statement = (
        select(func.count())
        .select_from(assistant_requests)
        .where(assistant_requests.c.due_at.is_not(None), assistant_requests.c.due_at <= now)
    )
    return int(connection.execute(statement).scalar_one())


def put(connection: Connection, request: AssistantRequest) -> None:
    """What became of it; one that was forgotten meanwhile stays forgotten."""
    connection.execute(
        update(assistant_requests)
        .where(assistant_requests.c.desk == request.desk, assistant_requests.c.id == request.id)
        .values(due_at=request.due_at, tries=request.tries, text=request.text, ended_at=request.ended_at)
    )


def end(tx: Transaction, request: AssistantRequest, now: datetime) -> None:
    """It was used, or is not wanted: what it says is needed no more."""
    put(tx.connection, replace(request, ended_at=now, text=ENDED))


def forget_of_ticket(tx: Transaction, number: int) -> None:
    """What was asked and answered about a ticket goes with its words."""
    tx.connection.execute(
        delete(assistant_requests).where(
            assistant_requests.c.desk == tx.desk, assistant_requests.c.ticket == number
        )
    )


def forget_all(tx: Transaction) -> None:
    """Somebody is erased, of whom any answer may speak."""
    tx.connection.execute(delete(assistant_requests).where(assistant_requests.c.desk == tx.desk))


def forget(connection: Connection, now: datetime) -> int:
    """Prune what nobody will come back to."""
    old = delete(assistant_requests).where(assistant_requests.c.created_at < now - KEEP)
    return connection.execute(old).rowcount
