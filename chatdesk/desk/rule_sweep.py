"""Rules that wait for a time: those whose time has come, and tickets that new rules may concern."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import structlog
from sqlalchemy import Connection

from chatdesk.desk import ruling
from chatdesk.desk.apart import AGAIN_AFTER
from chatdesk.desk.taking_turns import in_turn, transaction_of
from chatdesk.store import desks, memory, tickets, timers
from chatdesk.store.engine import take_turn
from chatdesk.store.timers import Timer
from chatdesk.store.transaction import Transaction

log = structlog.get_logger(__name__)

MOST_AT_ONCE = 1000


def time_for_rules(connection: Connection, now: datetime) -> int:
    """Let the rules fire whose time has come."""
    _arm_for_new_rules(connection, now)
    due = in_turn(connection, lambda: timers.due(connection, now))
    for timer in due:
        tx = transaction_of(connection, timer.desk)
        if tx is not None:
            _time_came(tx, timer, now)
    return len(due)


def _time_came(tx: Transaction, timer: Timer, now: datetime) -> None:
    """One that fails holds up no other."""
    try:
        with tx.connection.begin_nested():
            ruling.time_came(tx, timer, now)
    except Exception:
        log.exception("a rule failed", desk=tx.desk, ticket=timer.ticket, rule=timer.rule)
        timers.put(tx, replace(timer, due_at=now + AGAIN_AFTER))


def _arm_for_new_rules(connection: Connection, now: datetime) -> None:
    """Once for each configuration that was applied: its rules concern the tickets that there are, too."""
    for desk, generation in desks.generations(connection).items():
        tx = transaction_of(connection, desk)
        if tx is None or not any(rule.after is not None for rule in ruling.rules_of(tx.organisation)):
            continue
        key = f"rules-armed:{generation}"
        if memory.was_handled(tx, key):
            continue
        take_turn(connection, desk)
        if memory.first_time(tx, key, now):
            teams = [team.key for team in tx.organisation.teams]
            for ticket in tickets.queue_of(tx, teams, MOST_AT_ONCE):
                ruling.arm(tx, ticket.number, now)
