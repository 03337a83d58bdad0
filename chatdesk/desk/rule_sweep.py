"""Rules that wait for a time: those whose time has come, and tickets that new rules may concern."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from chatdesk.desk import ruling
from chatdesk.desk.sweeps import in_turn, transaction_of
from chatdesk.store import desks, memory, tickets, timers
from chatdesk.store.engine import take_turn

MOST_AT_ONCE = 1000


def time_for_rules(connection: Connection, now: datetime) -> int:
    """Let the rules fire whose time has come."""
    _arm_for_new_rules(connection, now)
    due = in_turn(connection, lambda: timers.due(connection, now))
    for timer in due:
        tx = transaction_of(connection, timer.desk)
        if tx is not None:
            ruling.time_came(tx, timer, now)
    return len(due)


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
