"""What becomes of a request to the assistant: what is sent, and who is told what came back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from chatdesk.contract import sentences
from chatdesk.contract.actions import RunVerb
from chatdesk.contract.sentences import literal
from chatdesk.contract.views import Button, Control, Style
from chatdesk.contract.vocabulary import Installation, Platform
from chatdesk.desk import assistant_material, standing, telling
from chatdesk.desk.act import Act, act_of_clock
from chatdesk.desk.taking_turns import in_turn, transaction_of
from chatdesk.domain.assistance import AGENT, REQUESTER, Prompt, Task, prompt
from chatdesk.domain.lines import Line, proposal, words
from chatdesk.domain.permissions import Deed
from chatdesk.domain.ticket import Ticket
from chatdesk.domain.untrusted import inert
from chatdesk.store import assistance, people, threads, tickets
from chatdesk.store.assistance import AssistantRequest
from chatdesk.store.transaction import Transaction

LEASE = timedelta(minutes=5)
"""How long a request that is being made is nobody else's to make."""
MOST_TRIES = 3
FIRST_WAIT = timedelta(seconds=5)
LONGEST_ANSWER = 1500
"""Characters of an answer, so that all of it is seen in one message before it is sent."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be sent for a request. ``names`` are what goes into the answer for what stands there."""

    prompt: Prompt
    names: Mapping[str, str]

    def shown(self, answer: str) -> str:
        """What came back, as its asker is shown it; "" where nothing came."""
        if self.names:
            pattern = "|".join(rf"{re.escape(one)}(?!\w)" for one in self.names)
            answer = re.sub(pattern, lambda found: self.names[found[0]], answer)
        return inert(answer, LONGEST_ANSWER)


def claim(connection: Connection, now: datetime, limit: int) -> Sequence[AssistantRequest]:
    """Requests to be made now; nobody else makes them for a while."""
    found = []
    for one in in_turn(connection, lambda: assistance.due(connection, now, limit)):
        if one.tries >= MOST_TRIES:
            failed(connection, one, "it was interrupted", now, again=False)
            continue
        claimed = replace(one, due_at=now + LEASE, tries=one.tries + 1)
        assistance.put(connection, claimed)
        found.append(claimed)
    return found


def asked(connection: Connection, request: AssistantRequest, now: datetime) -> Asked | None:
    """What is sent; None where its asker may no longer ask, or the desk no longer wants it."""
    tx = transaction_of(connection, request.desk)
    assistant = tx.organisation.assistant if tx else None
    ticket = tickets.load(tx, request.ticket) if tx else None
    if tx is None or assistant is None or ticket is None:
        return None
    if not standing.may_do(_act_of(tx, request, now), ticket, Deed.ASSISTANT):
        return None
    task = Task(request.task)
    material, agents = assistant_material.told(tx, ticket, request)
    names = _left_open(tx, ticket, request) if task is Task.DRAFT else agents
    return Asked(prompt(task, material, assistant), names)


def _left_open(tx: Transaction, ticket: Ticket, request: AssistantRequest) -> Mapping[str, str]:
    """The names that a draft leaves open; where several requesters read it, none of theirs."""
    platform = Platform(request.platform)
    several = len(assistant_material.parties_of(tx, ticket)) > 1
    requester = sentences.EVERYBODY if several else people.name_of(tx, ticket.requester, platform)
    agent = people.name_of(tx, request.person, platform)
    return {REQUESTER: literal(requester), AGENT: literal(agent)}


def answered(connection: Connection, request: AssistantRequest, shown: str, now: datetime) -> None:
    """Show its asker alone what came back, with buttons where it is something to send."""
    for one in in_turn(connection, lambda: [request]):
        tx = transaction_of(connection, one.desk)
        known = assistance.load(tx, one.id) if tx else None
        if tx is None or known is None or known.due_at is None:
            return
        assistance.put(connection, replace(one, due_at=None, text=shown))
        line = Line(f"assistant_{one.task}", (words("number", one.ticket), proposal("text", one.id)))
        _tell(_act_of(tx, one, now), one, line, _controls(one))


def dropped(connection: Connection, request: AssistantRequest) -> None:
    """It is not to be asked any more."""
    assistance.put(connection, replace(request, due_at=None))


def _controls(request: AssistantRequest) -> tuple[Control, ...]:
    if request.task != Task.DRAFT:
        return ()
    return (
        Button("Send as reply", RunVerb("send-proposal", request.ticket, request.id), Style.PRIMARY),
        Button("Edit", RunVerb("edit-proposal", request.ticket, request.id)),
        Button("Discard", RunVerb("discard-proposal", request.ticket, request.id)),
    )


def failed(
    connection: Connection, request: AssistantRequest, reason: str, now: datetime, *, again: bool
) -> None:
    """Try again a little later, where that may help; in the end say so to its asker."""
    if again and request.tries < MOST_TRIES:
        wait = FIRST_WAIT * 2 ** (request.tries - 1)
        assistance.put(connection, replace(request, due_at=now + wait))
        return
    line = Line("assistant_failed", (words("number", request.ticket), words("reason", reason)))
    _give_up(connection, request, line, now)


def not_set_up(connection: Connection, request: AssistantRequest, now: datetime) -> None:
    """There is nobody to ask."""
    _give_up(connection, request, Line("assistant_not_set_up"), now)


def _give_up(connection: Connection, request: AssistantRequest, line: Line, now: datetime) -> None:
    for one in in_turn(connection, lambda: [request]):
        assistance.put(connection, replace(one, due_at=None))
        tx = transaction_of(connection, one.desk)
        if tx is not None and assistance.load(tx, one.id) is not None:
            _tell(_act_of(tx, one, now), one, line, ())


def _act_of(tx: Transaction, request: AssistantRequest, now: datetime) -> Act:
    """In the name of whoever asked."""
    installation = (
        Installation(Platform(request.platform), request.installation) if request.installation else None
    )
    return replace(
        act_of_clock(tx, now), person=request.person, identity=request.asker, installation=installation
    )


def _tell(act: Act, request: AssistantRequest, line: Line, controls: tuple[Control, ...]) -> None:
    """Where they asked, to them alone; what may be said openly there, only in a place of the staff's."""
    if request.where is None:
        telling.tell(act, request.asker, line, request.ticket, controls)
        return
    here = threads.at_place(act.tx, request.where)
    internal = bool(here) and all(one.side.is_internal for one in here)
    telling.whisper(act, line, request.where, internal=internal, controls=controls)
