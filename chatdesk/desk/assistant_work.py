"""What becomes of a request to the assistant: what is sent, and who is told what came back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from chatdesk.contract.actions import RunVerb
from chatdesk.contract.sentences import literal
from chatdesk.contract.views import Button, Control, Style
from chatdesk.contract.vocabulary import Installation, Platform
from chatdesk.desk import assistant_material, standing, telling
from chatdesk.desk.act import Act, act_of_clock
from chatdesk.desk.taking_turns import in_turn, transaction_of
from chatdesk.domain.assistance import AGENT, REQUESTER, Prompt, Task
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
    """A request with what is to be sent for it."""

    request: AssistantRequest
    prompt: Prompt


def claim(connection: Connection, now: datetime, limit: int) -> Sequence[Asked]:
    """Requests to be made now; nobody else makes them for a while."""
    found = []
    for one in in_turn(connection, lambda: assistance.due(connection, now, limit)):
        claimed = replace(one, due_at=now + LEASE, tries=one.tries + 1)
        prompt = _prompt(connection, claimed, now)
        assistance.put(connection, claimed if prompt else replace(one, due_at=None))
        if prompt is not None:
            found.append(Asked(claimed, prompt))
    return found


def _prompt(connection: Connection, request: AssistantRequest, now: datetime) -> Prompt | None:
    """What is sent; None where its asker may no longer ask, or the desk no longer wants it."""
    tx = transaction_of(connection, request.desk)
    assistant = tx.organisation.assistant if tx else None
    ticket = tickets.load(tx, request.ticket) if tx else None
    if tx is None or assistant is None or ticket is None:
        return None
    if not standing.may_do(_act_of(tx, request, now), ticket, Deed.ASSISTANT):
        return None
    return assistant_material.prompt_for(tx, ticket, request, assistant)


def answered(connection: Connection, request: AssistantRequest, text: str, now: datetime) -> None:
    """Show its asker alone what came back, with buttons where it is something to send."""
    for one in in_turn(connection, lambda: [request]):
        tx = transaction_of(connection, one.desk)
        ticket = tickets.load(tx, one.ticket) if tx else None
        if tx is None or ticket is None or assistance.load(tx, one.id) is None:
            return
        shown = inert(_named(tx, ticket, one, text), LONGEST_ANSWER)
        if not shown:
            failed(connection, one, "it said nothing", now, again=False)
            return
        assistance.put(connection, replace(one, due_at=None, text=shown))
        line = Line(f"assistant_{one.task}", (words("number", one.ticket), proposal("text", one.id)))
        _tell(_act_of(tx, one, now), one, line, _controls(one))


def _controls(request: AssistantRequest) -> tuple[Control, ...]:
    if request.task != Task.DRAFT:
        return ()
    return (
        Button("Send as reply", RunVerb("send-proposal", request.ticket, request.id), Style.PRIMARY),
        Button("Edit", RunVerb("edit-proposal", request.ticket, request.id)),
        Button("Discard", RunVerb("discard-proposal", request.ticket, request.id)),
    )


def _named(tx: Transaction, ticket: Ticket, request: AssistantRequest, text: str) -> str:
    """A summary with the names of its agents, whom staff know; a draft with those that were left open.

    Where several requesters read it, with none of theirs.
    """
    if request.task != Task.DRAFT:
        return assistant_material.with_agents_names(tx, ticket, request, text)
    known = [one for one in threads.of_ticket(tx, ticket.number) if not one.side.is_internal]
    several = len({one.party for one in known}) > 1
    platform = Platform(request.platform)
    requester = "everybody" if several else people.name_of(tx, ticket.requester, platform)
    agent = people.name_of(tx, request.person, platform)
    return text.replace(REQUESTER, literal(requester)).replace(AGENT, literal(agent))


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
