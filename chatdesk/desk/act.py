"""One person's doing within one transaction: what every use case is handed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from chatdesk.contract.actions import FormKind
from chatdesk.contract.ports import Answer, Refused
from chatdesk.contract.vocabulary import Actor, IdentityId, Installation, Means, Platform, Where
from chatdesk.domain.sla_case import MOVES_CLOCKS
from chatdesk.domain.ticket import HistoryEntry
from chatdesk.store import history, people, sla_looks
from chatdesk.store.ids import new_id
from chatdesk.store.transaction import Transaction


class Refusal(Exception):
    """The desk does not do it. Undoes the whole transaction; the actor gets the answer."""

    def __init__(self, answer: Refused) -> None:
        super().__init__(answer.text)
        self.answer = answer


class TooEarly(Refusal):
    """Refused as things stand, though something of ours is on its way that may make it right."""


class FormWanted(Refusal):
    """Something is missing that a form asks for; it is opened where the actor can be shown one.

    Where they cannot, the answer says what is missing and has a button.
    """

    def __init__(
        self, answer: Refused, kind: FormKind, ticket: int | None, prefill: Mapping[str, str]
    ) -> None:
        super().__init__(answer)
        self.kind = kind
        self.ticket = ticket
        self.prefill = prefill


@dataclass(frozen=True, slots=True)
class Followed:
    """An answer that was found by reading, and what is to be written because of it."""

    answer: Answer
    write: Callable[[Transaction], None]


class ToBeRead(Refusal):
    """Nothing is to be changed, at least not before an answer is found that takes a reader long."""

    def __init__(self, find: Callable[[Transaction], Answer | Followed]) -> None:
        super().__init__(Refused(""))
        self.find = find


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
    said: datetime | None = None
    """When it was said, where it is only now read."""
    rule: str | None = None
    """The rule that does it, where nobody in person does."""

    @property
    def platform(self) -> Platform | None:
        return self.identity.platform if self.identity else None

    def record(self, ticket: int, kind: str, **data: str | int | None) -> None:
        """Note in the history what was done. ``data`` holds ids and values, never names or text."""
        told: dict[str, str | int | None] = {"rule": self.rule, **data}
        given = tuple((name, str(value)) for name, value in told.items() if value is not None)
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
        if kind in MOVES_CLOCKS and self.tx.organisation.slas:
            sla_looks.put(self.tx, ticket, self.now)


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


def act_of_rule(tx: Transaction, rule: str, now: datetime) -> Act:
    return Act(tx, now, Means.RULE, rule=rule)
