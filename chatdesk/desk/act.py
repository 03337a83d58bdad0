"""One person's doing within one transaction: what every use case is handed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chatdesk.contract.ports import Refused
from chatdesk.contract.vocabulary import Actor, IdentityId, Installation, Means, Platform, Where
from chatdesk.domain.ticket import HistoryEntry
from chatdesk.store import history, people
from chatdesk.store.ids import new_id
from chatdesk.store.transaction import Transaction


class Refusal(Exception):
    """The desk does not do it. Undoes the whole transaction; the actor gets the answer."""

    def __init__(self, answer: Refused) -> None:
        super().__init__(answer.text)
        self.answer = answer


class TooEarly(Refusal):
    """Refused as things stand, though something of ours is on its way that may make it right."""


def refuse(text: str) -> Refusal:
    return Refusal(Refused(text))


@dataclass(frozen=True, slots=True)
class Act:
    """Who does something (None: the clock), as which identity, where, through what, and when."""

    tx: Transaction
    now: datetime
    means: Means
    person: str = ""
    identity: IdentityId | None = None
    installation: Installation | None = None
    where: Where | None = None

    @property
    def platform(self) -> Platform | None:
        return self.identity.platform if self.identity else None

    def record(self, ticket: int, kind: str, **data: str | int | None) -> None:
        """Note in the history what was done. ``data`` holds ids and values, never names or text."""
        given = tuple((name, str(value)) for name, value in data.items() if value is not None)
        history.add(
            self.tx,
            HistoryEntry(
                desk=self.tx.desk,
                id=new_id(),
                ticket=ticket,
                kind=kind,
                actor=self.person or None,
                platform=self.platform,
                means=self.means,
                at=self.now,
                data=given,
            ),
        )


def act_of(
    tx: Transaction,
    actor: Actor,
    where: Where | None,
    means: Means,
    now: datetime,
) -> Act:
    """The act of somebody who may never have been seen before."""
    installation = where.place.installation if where else actor.installation
    person = people.meet(tx, actor, installation, now)
    if installation is None:
        installation = _where_known(tx, actor.identity)
    return Act(tx, now, means, person, actor.identity, installation, where)


def _where_known(tx: Transaction, who: IdentityId) -> Installation | None:
    known = people.identity(tx, who)
    found = known.installation if known else None
    return None if found is None else Installation(who.platform, found)


def act_of_clock(tx: Transaction, now: datetime) -> Act:
    return Act(tx, now, Means.CLOCK)
