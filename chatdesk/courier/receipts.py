"""Filing what became of deliveries: places and messages into our tables, failures to those who wait."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from chatdesk.contract.outbound import (
    Copy,
    DeleteMessages,
    EditMessage,
    OpenThread,
    Outbound,
    PostLine,
    PostMessage,
)
from chatdesk.contract.ports import Receipt
from chatdesk.courier.reports import Reports
from chatdesk.courier.showing import Show
from chatdesk.desk import intake
from chatdesk.desk.early import now_known
from chatdesk.domain.effects import (
    CardChanged,
    CardMoved,
    CatchUpWanted,
    LineReplaced,
    LineSaid,
    MemberChanged,
    PersonTold,
    PostChanged,
    PostReacted,
    PostWritten,
    ReportSaid,
    ThreadEnded,
    ThreadWanted,
    Whispered,
)
from chatdesk.domain.lines import Line, words
from chatdesk.domain.ticket import Thread, ThreadState
from chatdesk.store import copies, deliveries, desks, outbox, threads
from chatdesk.store.deliveries import DeliveryRow, Mark
from chatdesk.store.transaction import Transaction, in_turn

_TOLD_ALONE = (
    PostReacted,
    LineReplaced,
    CardMoved,
    ThreadEnded,
    MemberChanged,
    PersonTold,
    ReportSaid,
    Whispered,
)
"""What is no message: whoever it concerns is told, and no mark is kept to be taken off later."""
_NEWEST = (PostMessage, PostLine, OpenThread)
"""What leaves a new message at the end of a thread."""


def shown(
    connection: Connection, row: DeliveryRow, show: Show, receipt: Receipt, reports: Reports, now: datetime
) -> None:
    """It is shown: note where, so that what comes later finds it."""
    tx = _transaction(connection, row.desk)
    thread = threads.load(tx, row.thread) if tx is not None and row.thread is not None else None
    if tx is not None and thread is not None:
        _note_thread(tx, thread, show.effect, receipt)
        for post in show.posts or _posts_of(row):
            _note_copies(tx, thread, post, show.effect, receipt.copies)
    if tx is not None and (subjects := _subjects(receipt)):
        now_known(tx, row.installation.platform, subjects, now)
    others = (deliveries.load(connection, row.desk, other) for other in show.others)
    for shared in (row, *(other for other in others if other is not None)):
        _finish(connection, shared, _message(receipt), reports, now)


def _finish(
    connection: Connection, row: DeliveryRow, message: str | None, reports: Reports, now: datetime
) -> None:
    deliveries.finish(connection, row, message, now)
    filed = _as_filed(connection, row)
    if filed.marked is not Mark.NONE:  # also one that was marked slow while it was in flight
        deliveries.mark(connection, row, Mark.NONE)
        reports.recovered(connection, filed, now)


def failed(
    connection: Connection,
    row: DeliveryRow,
    reason: str,
    standing: tuple[Copy, ...],
    reports: Reports,
    now: datetime,
) -> None:
    """It will never be shown. ``standing``: what of it is there all the same."""
    tx = _transaction(connection, row.desk)
    thread = threads.load(tx, row.thread) if tx is not None and row.thread is not None else None
    deliveries.fail(connection, row, reason, now)
    if tx is None:
        return
    if thread is not None and standing:
        for post in _posts_of(row):
            _note_copies(tx, thread, post, None, standing)
    was_to_open = thread is not None and thread.place is None and _opens(row)
    if thread is not None and was_to_open and thread.state is ThreadState.OPENING:
        threads.save(tx, replace(thread, state=ThreadState.DEAD))
    if thread is not None and isinstance(row.effect, CatchUpWanted):
        _past_is_lost(tx, thread, reason, now)
    if isinstance(row.effect, _TOLD_ALONE):
        reports.failed(connection, _as_filed(connection, row), now)
    if was_to_open or isinstance(row.effect, PostWritten | PostChanged | LineSaid):
        deliveries.mark(connection, row, Mark.FAILED)
        reports.failed(connection, _as_filed(connection, row), now)


def impossible(
    connection: Connection, row: DeliveryRow, reason: str, reports: Reports, now: datetime
) -> None:
    """Its thread is not there. The opening was reported; what is lost with it are the posts."""
    deliveries.fail(connection, row, reason, now)
    if isinstance(row.effect, PostWritten | PostChanged):
        deliveries.mark(connection, row, Mark.FAILED)
        reports.failed(connection, _as_filed(connection, row), now)


def _opens(row: DeliveryRow) -> bool:
    return isinstance(row.effect, CardChanged | ThreadWanted)


def _as_filed(connection: Connection, row: DeliveryRow) -> DeliveryRow:
    return deliveries.load(connection, row.desk, row.id) or row


def _note_thread(tx: Transaction, thread: Thread, effect: Outbound, receipt: Receipt) -> None:
    noted = thread
    if receipt.opened is not None:
        was_opening = thread.state in (ThreadState.OPENING, ThreadState.DEAD)
        noted = replace(
            noted, place=receipt.opened.id, state=ThreadState.OPEN if was_opening else thread.state
        )
    if receipt.card is not None:
        noted = replace(noted, card=receipt.card.id)
    is_newest = isinstance(effect, _NEWEST) or receipt.opened is not None or _is_longer(effect, receipt)
    if receipt.copies and is_newest:
        noted = replace(noted, last_copy=receipt.copies[-1].ref.id)
    if noted != thread:
        threads.save(tx, noted)


def _is_longer(effect: Outbound, receipt: Receipt) -> bool:
    if not isinstance(effect, EditMessage):
        return False
    before = {copy.ref.id for copy in effect.copies}
    return receipt.copies[-1].ref.id not in before


def _posts_of(row: DeliveryRow) -> tuple[str, ...]:
    return (row.effect.post,) if isinstance(row.effect, PostWritten | PostChanged) else ()


def _note_copies(
    tx: Transaction, thread: Thread, post: str, effect: Outbound | None, standing: tuple[Copy, ...]
) -> None:
    if isinstance(effect, DeleteMessages):
        copies.remove(tx, post, thread)
    else:
        copies.put(tx, post, thread, standing)


def _subjects(receipt: Receipt) -> frozenset[str]:
    """The places and messages that are known to be ours from now on."""
    found = {copy.ref.id for copy in receipt.copies}
    found |= {receipt.opened.id} if receipt.opened else set()
    found |= {receipt.card.id} if receipt.card else set()
    return frozenset(found)


def _message(receipt: Receipt) -> str | None:
    if receipt.card is not None:
        return receipt.card.id
    return receipt.copies[0].ref.id if receipt.copies else None


def _past_is_lost(tx: Transaction, thread: Thread, reason: str, now: datetime) -> None:
    """The thread's past cannot be read: say so to the team, and take in what comes from now on."""
    threads.save(tx, replace(thread, catching_up=False, missed=False))
    staff = [one for one in threads.live_of_ticket(tx, thread.ticket) if one.side.is_internal]
    if staff:
        outbox.write(tx, LineSaid(Line("catch_up_failed", (words("reason", reason),))), staff, now)
    intake.past_is_lost(tx, thread.ticket, now)


def _transaction(connection: Connection, desk: str) -> Transaction | None:
    organisation = desks.load(connection, desk)
    return None if organisation is None else in_turn(connection, organisation)
