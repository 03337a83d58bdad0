"""How an escalation ends: its threads are closed, its card becomes a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from chatdesk.contract.sentences_lines import LINES
from chatdesk.contract.vocabulary import Side
from chatdesk.desk import places
from chatdesk.desk.act import Act
from chatdesk.domain.lines import Gap, Line, markup, words
from chatdesk.domain.ticket import Escalation, EscalationState, Thread, Ticket
from chatdesk.store import calls, escalations, people, threads


def end(act: Act, ticket: Ticket, escalation: Escalation, state: EscalationState, outcome: str) -> Escalation:
    """``outcome`` is CommonMark: what is left to read where the escalation stood."""
    ended = replace(
        escalation,
        state=state,
        answered_by=act.person or None,
        answered_at=act.now,
        outcome=outcome or None,
        answer_by=None,
    )
    escalations.save(act.tx, ended)
    number = words("number", ticket.number)
    said: tuple[Gap, ...] = (number, markup("outcome", outcome))
    card = Line("escalation_over_card", (*said, words("title", ticket.title)))
    places.end_threads(act, threads_of(act, escalation), card, Line("escalation_over", said))
    return ended


def threads_of(act: Act, escalation: Escalation) -> Sequence[Thread]:
    return [
        thread
        for thread in threads.live_of_ticket(act.tx, escalation.ticket)
        if thread.side is Side.ESCALATION and thread.escalation == escalation.id
    ]


def end_with_ticket(act: Act, ticket: Ticket, status: str) -> None:
    """A ticket that is resolved or cancelled is no longer escalated, and nobody is called for it."""
    calls.end(act.tx, ticket.number)
    escalation = escalations.live_of_ticket(act.tx, ticket.number)
    if escalation is None:
        return
    actor = people.name_of(act.tx, act.person, act.platform) if act.person else "chatdesk"
    outcome = LINES["escalation_ended"].say(status=status, actor=actor)
    end(act, ticket, escalation, EscalationState.ENDED, outcome)
    act.record(ticket.number, "escalation_ended", escalation=escalation.id)
