"""Telling other programs: what is told, and what is done where it cannot be told."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from chatdesk.contract.vocabulary import Side
from chatdesk.desk import telling
from chatdesk.desk.act import Act, act_of_clock
from chatdesk.desk.taking_turns import in_turn, transaction_of
from chatdesk.domain.lines import Line, words
from chatdesk.domain.ticket import Ticket
from chatdesk.store import tickets, webhook_calls
from chatdesk.store.webhook_calls import WebhookCall

LEASE = timedelta(minutes=2)
"""How long a call that is being made is nobody else's to make."""
MOST_TRIES = 10
FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(hours=1)


def call(act: Act, ticket: Ticket, hook: str) -> None:
    """Have an address of ``desk.yaml`` told of a ticket: keys and numbers, neither names nor words."""
    body = {
        "desk": act.tx.desk,
        "rule": act.rule,
        "at": act.now.isoformat(),
        "ticket": {
            "number": ticket.number,
            "status": ticket.status.value,
            "priority": ticket.priority,
            "team": ticket.team,
            "category": ticket.category,
            "type": ticket.type,
            "service": ticket.service,
            "tags": list(ticket.tags),
            "escalation_level": ticket.escalation_level,
            "created_at": ticket.created_at.isoformat(),
        },
    }
    webhook_calls.add(act.tx, hook, ticket.number, json.dumps(body), act.now)
    act.record(ticket.number, "webhook", hook=hook)


def claim(connection: Connection, now: datetime) -> Sequence[tuple[WebhookCall, str]]:
    """Calls to be made now, with their addresses; nobody else makes them for a while."""
    found = []
    for one in in_turn(connection, lambda: webhook_calls.due(connection, now)):
        tx = transaction_of(connection, one.desk)
        address = tx.organisation.webhook(one.hook) if tx else None
        if address is None:
            webhook_calls.put(connection, replace(one, due_at=None, reason="desk.yaml no longer has it"))
            continue
        claimed = replace(one, due_at=now + LEASE, tries=one.tries + 1)
        webhook_calls.put(connection, claimed)
        found.append((claimed, address))
    return found


def made(connection: Connection, call: WebhookCall) -> None:
    webhook_calls.put(connection, replace(call, due_at=None, reason=None))


def failed(connection: Connection, call: WebhookCall, reason: str, now: datetime) -> None:
    """Try again later and later; in the end say so in the team's thread."""
    if call.tries < MOST_TRIES:
        wait = min(FIRST_WAIT * 2 ** (call.tries - 1), LONGEST_WAIT)
        webhook_calls.put(connection, replace(call, due_at=now + wait, reason=reason))
        return
    webhook_calls.put(connection, replace(call, due_at=None, reason=reason))
    for one in in_turn(connection, lambda: [call]):
        tx = transaction_of(connection, one.desk)
        if tx is not None and tickets.load(tx, one.ticket) is not None:
            act = act_of_clock(tx, now)
            act.record(one.ticket, "webhook_failed", hook=one.hook)
            gaps = (words("hook", one.hook), words("reason", reason))
            telling.say(act, one.ticket, Line("webhook_failed", gaps), (Side.TEAM,))
