"""What time brings to tickets that wait: reminders, ends, and the way back from a snooze."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from chatdesk.desk import following_up, snoozing, waiting
from chatdesk.desk.act import Act, act_of_clock
from chatdesk.desk.apart import done_apart
from chatdesk.desk.taking_turns import in_turn, transaction_of
from chatdesk.domain.organisation import Organisation
from chatdesk.domain.ticket import Ticket
from chatdesk.store import article_drafts, article_gaps, desks, endings, erasing, tickets

Found = Callable[[Connection, Organisation, datetime], Sequence[Ticket]]
Work = Callable[[Act, Ticket], None]


def remind_and_close(connection: Connection, now: datetime) -> int:
    """Requesters for whom we wait are reminded; what nobody says anything more about is closed."""
    reminded = _each(connection, now, endings.to_remind, waiting.remind)
    return reminded + _each(connection, now, endings.to_close, waiting.close_in_silence)


def wake(connection: Connection, now: datetime) -> int:
    """Snoozed tickets come back when their time has come; staff are reminded of what they would do then."""
    woken = _each(connection, now, endings.to_wake, snoozing.time_is_up)
    return woken + _each(connection, now, endings.to_follow_up, following_up.time_has_come)


def forget_words(connection: Connection, now: datetime) -> int:
    """What was said on tickets that were closed long ago is no longer kept, where the desk decided so."""
    return _each(connection, now, endings.to_forget, _forget)


def _forget(act: Act, ticket: Ticket) -> None:
    erasing.forget_words(act.tx, ticket.number, act.now)
    article_drafts.forget_ticket(act.tx, ticket.number)
    article_gaps.withdraw(act.tx, ticket.number)
    act.record(ticket.number, "words_forgotten")


def begin_waiting(connection: Connection, now: datetime) -> int:
    """What waits without anybody knowing since when does so from now on."""
    return _each(connection, now, lambda on, desk, _: endings.without_beginning(on, desk), _begin)


def _begin(act: Act, ticket: Ticket) -> None:
    tickets.save(act.tx, replace(ticket, waits_since=act.now))


def _each(connection: Connection, now: datetime, find: Found, work: Work) -> int:
    def due() -> Sequence[Ticket]:
        return [one for desk in desks.listed(connection) for one in find(connection, desk, now)]

    return do_each(connection, now, in_turn(connection, due), work)


def do_each(connection: Connection, now: datetime, due: Sequence[Ticket], work: Work) -> int:
    """Do it to each ticket apart: one that cannot be dealt with holds up no other. How many were.

    What a rule changed meanwhile is looked at again at the next turn.
    """
    done = 0
    for ticket in due:
        tx = transaction_of(connection, ticket.desk)
        if tx is None or tickets.load(tx, ticket.number) != ticket:
            continue
        done += done_apart(tx, now, ticket.number, partial(work, act_of_clock(tx, now), ticket))
    return done
