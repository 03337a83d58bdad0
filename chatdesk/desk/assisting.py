"""The assistant: asked by staff, answered later to them alone; nothing of it is sent without their click."""

from __future__ import annotations

from collections.abc import Mapping

from chatdesk.contract import sentences, sentences_assistant
from chatdesk.contract.actions import FormKind
from chatdesk.contract.ports import Accepted, Answer, Refused
from chatdesk.desk import assistant_material, speaking, standing
from chatdesk.desk.act import Act, FormWanted, refuse
from chatdesk.desk.standing import require
from chatdesk.domain.assistance import Task
from chatdesk.domain.permissions import Deed
from chatdesk.domain.text import is_blank, shortened
from chatdesk.domain.ticket import Ticket
from chatdesk.store import assistance, merges
from chatdesk.store.assistance import AssistantRequest
from chatdesk.store.ids import new_id

Arguments = Mapping[str, str]

MOST_AT_ONCE = 3
"""Requests of one person that wait for an answer."""
LONGEST_WISH = 1000


def summary(act: Act, ticket: Ticket, arguments: Arguments) -> Answer:
    """Have a ticket summed up."""
    require(act, ticket, Deed.ASSISTANT)
    _refuse_without_material(act, ticket, Task.SUMMARY)
    return _ask(act, ticket, Task.SUMMARY, "")


def draft(act: Act, ticket: Ticket, arguments: Arguments) -> Answer:
    """Have an answer written, of what the ticket says and, perhaps, of what the agent wants said."""
    require(act, ticket, Deed.ASSISTANT)
    require(act, ticket, Deed.WRITE)
    wish = arguments.get("text", "").strip()
    if is_blank(wish):
        _refuse_without_material(act, ticket, Task.DRAFT)
    return _ask(act, ticket, Task.DRAFT, "" if is_blank(wish) else shortened(wish, LONGEST_WISH))


def _refuse_without_material(act: Act, ticket: Ticket, task: Task) -> None:
    """Of nothing a model would invent something."""
    if act.tx.organisation.assistant is None:
        raise refuse(sentences_assistant.NOT_SET_UP.say())
    if not assistant_material.conversation_for(act.tx, ticket, task):
        said = {
            Task.SUMMARY: sentences_assistant.NOTHING_TO_SUM_UP,
            Task.DRAFT: sentences_assistant.NOTHING_TO_SAY,
        }
        raise refuse(said[task].say(number=ticket.number))


def _ask(act: Act, ticket: Ticket, task: Task, wish: str) -> Answer:
    if act.tx.organisation.assistant is None:
        raise refuse(sentences_assistant.NOT_SET_UP.say())
    if act.identity is None:
        raise ValueError("the clock asks for nothing")
    waiting = assistance.waiting_of(act.tx, act.person)
    if any((one.ticket, one.task) == (ticket.number, task) for one in waiting):
        raise refuse(sentences_assistant.ASKED_ALREADY.say(number=ticket.number))
    if len(waiting) >= MOST_AT_ONCE:
        raise refuse(sentences_assistant.ASKED_TOO_MUCH.say(count=len(waiting)))
    where = act.where.place if act.where else None
    installation = where.installation if where else act.installation
    request = AssistantRequest(
        desk=act.tx.desk,
        id=new_id(),
        ticket=ticket.number,
        task=task,
        person=act.person,
        platform=act.identity.platform,
        identity=act.identity.id,
        installation=installation.id if installation else None,
        place=where.id if where else None,
        said=wish,
        created_at=act.now,
        due_at=act.now,
    )
    assistance.add(act.tx, request)
    act.record(ticket.number, f"{task}_asked")
    return Accepted(sentences_assistant.ASKED.say(number=ticket.number))


def send(act: Act, ticket: Ticket, arguments: Arguments) -> Answer:
    """Send a draft, as it is or as its agent changed it: a post of the agent's own, once."""
    proposal = _to_be_sent(act, ticket, arguments)
    text = arguments.get("text", proposal.text or "")
    answer = speaking.reply(act, ticket, {"text": text})
    assistance.end(act.tx, proposal, act.now)
    act.record(ticket.number, "draft_sent" if text == proposal.text else "draft_changed_and_sent")
    return answer


def edit(act: Act, ticket: Ticket, arguments: Arguments) -> Answer:
    """Open a form with the draft in it."""
    proposal = _to_be_sent(act, ticket, arguments)
    filled = {"text": proposal.text or "", "proposal": proposal.id}
    answer = Refused(sentences_assistant.EDIT_HERE.say())
    raise FormWanted(answer, FormKind.PROPOSAL, ticket.number, filled)


def discard(act: Act, ticket: Ticket, arguments: Arguments) -> Answer:
    assistance.end(act.tx, _own(act, ticket, arguments), act.now)
    return Accepted(sentences.DISCARDED.say())


def _to_be_sent(act: Act, ticket: Ticket, arguments: Arguments) -> AssistantRequest:
    """The draft that is meant, unless more people would read it than it was written for."""
    found = _own(act, ticket, arguments)
    if any(one.merged_at > found.created_at for one in merges.into(act.tx, ticket.number)):
        raise refuse(sentences_assistant.PROPOSAL_GONE.say())
    return found


def _own(act: Act, ticket: Ticket, arguments: Arguments) -> AssistantRequest:
    """The draft that is meant, if it is the actor's, about this ticket, and not used yet."""
    standing.require(act, ticket, Deed.ASSISTANT)
    standing.require(act, ticket, Deed.WRITE)
    found = assistance.load(act.tx, arguments.get("proposal", ""))
    is_theirs = found is not None and (found.person, found.ticket) == (act.person, ticket.number)
    if found is None or not is_theirs or found.task != Task.DRAFT or not found.text:
        raise refuse(sentences_assistant.PROPOSAL_GONE.say())
    if found.ended_at is not None:
        raise refuse(sentences.CHOICE_GONE.say())
    return found
