"""What time brings to tickets that wait: reminders, ends, and the way back from a snooze."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from chatdesk.desk import ruling, snoozing, waiting
from chatdesk.desk.act import Act, act_of_clock
from chatdesk.desk.sweeps import in_turn, transaction_of
from chatdesk.domain.organisation import Organisation
from chatdesk.domain.ticket import Ticket
from chatdesk.store import desks, endings, tickets

Found = Callable[[Connection, Organisation, datetime], Sequence[Ticket]]


def remind_and_close(connection: Connection, now: datetime) -> int:
    """Requesters for whom we wait are reminded; what nobody says anything more about is closed."""
    reminded = _each(connection, now, endings.to_remind, waiting.remind)
    return reminded + _each(connection, now, endings.to_close, waiting.close_in_silence)


def wake(connection: Connection, now: datetime) -> int:
    """Snoozed tickets come back when their time has come."""
    due = in_turn(connection, lambda: endings.to_wake(connection, now))
    return _do(connection, now, due, snoozing.time_is_up)


def begin_waiting(connection: Connection, now: datetime) -> int:
    """What waits without anybody knowing since when does so from now on."""
    return _each(connection, now, lambda on, desk, _: endings.without_beginning(on, desk), _begin)


def _begin(act: Act, ticket: Ticket) -> None:
    tickets.save(act.tx, replace(ticket, waits_since=act.now))


def _each(connection: Connection, now: datetime, find: Found, work: Callable[[Act, Ticket], None]) -> int:
    def due() -> Sequence[Ticket]:
        return [one for desk in desks.listed(connection) for one in find(connection, desk, now)]

    return _do(connection, now, in_turn(connection, due), work)


def _do(
    connection: Connection, now: datetime, due: Sequence[Ticket], work: Callable[[Act, Ticket], None]
) -> int:
    for ticket in due:
        tx = transaction_of(connection, ticket.desk)
        if tx is not None:
            work(act_of_clock(tx, now), ticket)
            ruling.react(tx, now)
    return len(due)
