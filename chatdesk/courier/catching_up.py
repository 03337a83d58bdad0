"""Reading a thread's past: what was written there before it was a ticket's, in order and once."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Protocol

from sqlalchemy import Connection

from chatdesk.contract.inbound import Inbound, ReactionSet, ReactionsSeen
from chatdesk.contract.outbound import Copy
from chatdesk.contract.ports import Accepted, Adapter, Answer, Clock, Window
from chatdesk.desk import intake, reread
from chatdesk.domain.ticket import Thread
from chatdesk.store import copies, desks
from chatdesk.store.transaction import Transaction, in_turn
from chatdesk.store.writer import Writer

MOST_MESSAGES = 1000


class Past(Protocol):
    """Who takes in what was written before."""

    async def catch_up(self, event: Inbound) -> Answer:
        """Take an event in although live messages of its place still wait. Twice is as good as once."""
        ...


class Taker:
    """Takes in what a history shows."""

    def __init__(self, writer: Writer, past: Past) -> None:
        self._writer = writer
        self._past = past

    async def take(self, desk: str, event: Inbound | ReactionsSeen) -> Answer:
        """Take in what happened, or what has become different since we looked."""
        if not isinstance(event, ReactionsSeen):
            return await self._past.catch_up(event)
        for changed in await self._writer.read(partial(_differences, desk=desk, seen=event)):
            await self._past.catch_up(changed)
        return Accepted()


class Reader:
    """Reads threads to their end."""

    def __init__(self, writer: Writer, past: Past, clock: Clock) -> None:
        self._writer = writer
        self._taker = Taker(writer, past)
        self._clock = clock

    async def read(self, adapter: Adapter, thread: Thread) -> None:
        """Take in everything of a thread, again if more came meanwhile. Raises DeliveryFailed."""
        if thread.at is None:
            return
        again = True
        while again:
            known = await self._writer.read(partial(_known, thread=thread))
            window = Window(since=None, messages=MOST_MESSAGES)
            async for event in adapter.reconcile(thread.at, known, window):
                await self._taker.take(thread.desk, event)
            again = await self._writer.run(partial(_caught_up, thread=thread, now=self._clock.now()))


def _differences(connection: Connection, desk: str, seen: ReactionsSeen) -> tuple[ReactionSet, ...]:
    tx = _transaction(connection, desk)
    return tuple(reread.differences(tx, seen)) if tx is not None else ()


def _known(connection: Connection, thread: Thread) -> tuple[Copy, ...]:
    tx = _transaction(connection, thread.desk)
    return tuple(copies.of_thread(tx, thread)) if tx is not None else ()


def _caught_up(connection: Connection, thread: Thread, now: datetime) -> bool:
    organisation = desks.load(connection, thread.desk)
    return organisation is not None and intake.caught_up(in_turn(connection, organisation), thread.id, now)


def _transaction(connection: Connection, desk: str) -> Transaction | None:
    organisation = desks.load(connection, desk)
    return None if organisation is None else Transaction(connection, desk, organisation)
