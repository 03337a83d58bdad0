"""Catching up: after we were away every place is read where something may have happened, most urgent first.

Which places those are is on the disk, so that a crash forgets none. One place of an installation is read at a
time; how many requests that may cost a minute is the adapter's to keep. What is written in a place meanwhile
waits until the place was read, though not for long.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

import structlog
from sqlalchemy import Connection

from chatdesk.contract.inbound import CommandTyped, Connected, Inbound, ReactionsSeen
from chatdesk.contract.outbound import Whisper
from chatdesk.contract.ports import Adapter, Answer, Attempt, Clock, DeliveryFailed, Desk
from chatdesk.contract.questions import Question
from chatdesk.contract.shards import Sharding, heard_until
from chatdesk.contract.vocabulary import Installation, Platform
from chatdesk.courier import places_to_read
from chatdesk.courier.catching_up import Past, Taker
from chatdesk.courier.looking_back import is_old_news, window_of
from chatdesk.desk import catching_up
from chatdesk.desk.installed import organisation_for
from chatdesk.store import catch_ups, desks, early, hearing, quarantine
from chatdesk.store.catch_ups import CatchUp, Urgency
from chatdesk.store.ids import new_id
from chatdesk.store.transaction import Transaction, in_turn
from chatdesk.store.writer import Writer, WriterClosed

A = TypeVar("A")
R = TypeVar("R")

LONGEST_WAIT = timedelta(seconds=30)
"""How long what is written in a place waits for the place to be read."""
LOOK_EVERY = 1.0
HEARTBEAT = timedelta(seconds=10)
TRIES = 3
_FIRST_PAUSE, _LONGEST_PAUSE = 5.0, 300.0

log = structlog.get_logger(__name__)


class CatchUps:
    """Reads what was missed, for all desks and platforms."""

    def __init__(
        self, writer: Writer, past: Past, adapters: Mapping[Platform, Adapter], clock: Clock
    ) -> None:
        self._writer = writer
        self._taker = Taker(writer, past)
        self._adapters = adapters
        self._clock = clock
        self._wake = asyncio.Event()
        self._quiet = asyncio.Event()
        self._reading: set[Installation] = set()
        self._connected: set[Installation] = set()
        self._next_heartbeat = clock.now()
        self._next_routine = clock.now() + catching_up.ROUTINE

    def before(self, desk: Desk) -> Desk:
        """A desk in front of a desk, from which we hear when something was connected."""
        return _HearingDesk(desk, self)

    async def connected(self, installation: Installation, directs: bool = False) -> None:
        """We may have missed something there. When this returns, what is written there waits its turn.

        ``directs``: and in direct messages, whatever installation they belong to.
        """
        if directs:
            heard = await self._run(installation, _heard)
            for desk in await self._writer.read(desks.generations):
                await self._directs_missed(desk, installation.platform, heard)
        count = await self._run(installation, catching_up.missed_something)
        self._connected.add(installation)
        if count:
            log.info("catching up", installation=installation.id, places=count)
        self._wake.set()

    async def _directs_missed(self, desk: str, platform: Platform, heard: datetime | None) -> None:
        now = self._clock.now()

        def within(connection: Connection) -> None:
            organisation = desks.load(connection, desk)
            if organisation is not None:
                catching_up.missed_directs(in_turn(connection, organisation), platform, heard, now)

        await self._writer.run(within)

    def gone(self, platform: Platform, sharding: Sharding, shard: int) -> None:
        """A shard is not listened to here any more: its places are another's to read."""
        here = [one for one in self._connected if one.platform == platform]
        self._connected.difference_update(one for one in here if sharding.shard_of(one) == shard)

    async def run(self) -> None:
        """Read what is wanted until cancelled."""
        async with asyncio.TaskGroup() as group:
            while True:
                self._wake.clear()
                try:
                    await self._look(group)
                except WriterClosed:
                    return
                except Exception:
                    log.exception("what is to be caught up with could not be read")
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_EVERY):
                        await self._wake.wait()

    async def drain(self, timeout: float) -> None:
        """Wait until everything that was missed has been read, while ``run`` runs. Raises TimeoutError."""
        async with asyncio.timeout(timeout):
            self._quiet.clear()
            self._wake.set()
            await self._quiet.wait()

    async def _look(self, group: asyncio.TaskGroup) -> None:
        now = self._clock.now()
        if now >= self._next_heartbeat:
            self._next_heartbeat = now + HEARTBEAT
            await self._note_heard()
        if now >= self._next_routine:
            self._next_routine = now + catching_up.ROUTINE
            for installation in self._connected:
                await self._run(installation, catching_up.look_again)
        await self._release_late(now)
        platforms = tuple(self._adapters)
        wanted = await self._writer.read(partial(catch_ups.due, platforms=platforms, now=now, limit=50))
        for one in wanted:
            if one.place.installation in self._connected and one.place.installation not in self._reading:
                self._reading.add(one.place.installation)
                task = group.create_task(self._read(one), name=f"catch-up {one.place.id}")
                task.add_done_callback(partial(self._done, one.place.installation))
        await self._note_quiet(platforms)

    async def _note_quiet(self, platforms: Sequence[Platform]) -> None:
        if self._reading or self._wake.is_set():
            return
        left = await self._writer.read(partial(catch_ups.left, platforms=platforms, urgency=Urgency.RESOLVED))
        if not left & self._connected:
            self._quiet.set()

    def _done(self, installation: Installation, task: asyncio.Task[None]) -> None:
        self._reading.discard(installation)
        self._wake.set()

    async def _read(self, wanted: CatchUp) -> None:
        """Read one place; whatever comes of it, it is noted."""
        notes = log.bind(place=wanted.place.id, platform=wanted.place.platform, desk=wanted.desk)
        now = self._clock.now()
        try:
            if not await self._in_desk(wanted, partial(places_to_read.claimed, wanted=wanted, now=now)):
                return
            await self._reconcile(wanted, now)
            await self._take_waiting(wanted)
            await self._in_desk(wanted, partial(places_to_read.finished, wanted=wanted))
        except WriterClosed:
            return
        except DeliveryFailed as failure:
            await self._failed(wanted, failure)
        except Exception:
            notes.exception("a place could not be caught up with")
            await self._failed(wanted, DeliveryFailed())

    async def _reconcile(self, wanted: CatchUp, now: datetime) -> None:
        known = await self._writer.read(partial(places_to_read.known_in, wanted=wanted))
        window = window_of(wanted, known, now)
        adapter = self._adapters[wanted.place.platform]
        async for event in adapter.reconcile(wanted.place, known.messages, window):
            if not is_old_news(event, known, window):
                await self._take(wanted.desk, event)

    async def _take(self, desk: str, event: Inbound | ReactionsSeen) -> None:
        """Take an event in. One that keeps failing is set aside, so that the rest of its place goes on."""
        for attempt in range(1, TRIES + 1):
            try:
                answer = await self._taker.take(desk, event)
                break
            except WriterClosed:
                raise
            except Exception as error:
                if attempt == TRIES:
                    await self._set_aside(event, error)
                    return
        if isinstance(event, CommandTyped):
            await self._tell(event, answer)

    async def _set_aside(self, event: Inbound | ReactionsSeen, error: Exception) -> None:
        log.error("an event of the past failed", kind=type(event).__name__, exc_info=error)
        if not isinstance(event, ReactionsSeen | CommandTyped):
            now = self._clock.now()
            await self._writer.run(partial(quarantine.put, event=event, error=repr(error), now=now))

    async def _tell(self, event: CommandTyped, answer: Answer) -> None:
        """Who typed a command while we were away learns what became of it."""
        if answer.text is None:
            return
        whisper = Whisper(event.actor.identity, answer.text, internal=False, controls=answer.controls)
        attempt = Attempt(new_id(), uncertain=False, since=self._clock.now())
        try:
            await self._adapters[event.where.place.platform].deliver(whisper, event.where.place, attempt)
        except DeliveryFailed as failure:
            log.warning("an answer could not be given", reason=str(failure))

    async def _take_waiting(self, wanted: CatchUp) -> None:
        """What was written in a place meanwhile, in order."""
        while waiting := await self._writer.read(partial(places_to_read.kept, wanted=wanted)):
            for one in waiting:
                await self._take(wanted.desk, one.event)
                await self._in_desk(wanted, partial(early.drop, kept_id=one.id))

    async def _failed(self, wanted: CatchUp, failure: DeliveryFailed) -> None:
        notes = log.bind(place=wanted.place.id, platform=wanted.place.platform, desk=wanted.desk)
        with suppress(WriterClosed):
            if failure.permanent is not None:
                notes.warning("a place cannot be caught up with", reason=failure.permanent)
                await self._take_waiting(wanted)
                await self._in_desk(wanted, partial(places_to_read.finished, wanted=wanted))
                return
            pause = failure.retry_after or min(_FIRST_PAUSE * 2**wanted.attempts, _LONGEST_PAUSE)
            notes.info("a place is caught up with later", seconds=pause)
            at = self._clock.now() + timedelta(seconds=pause)
            await self._in_desk(wanted, partial(places_to_read.later, wanted=wanted, at=at))

    async def _release_late(self, now: datetime) -> None:
        """Nobody waits longer than that, whatever the platform does, once it could be read at all."""
        late = await self._writer.read(partial(catch_ups.waiting_too_long, before=now - LONGEST_WAIT))
        for one in (one for one in late if one.place.installation in self._connected):
            await self._take_waiting(one)
            await self._in_desk(one, partial(places_to_read.let_go, wanted=one))

    async def _note_heard(self) -> None:
        for installation in tuple(self._connected):
            until = heard_until(self._adapters[installation.platform], installation)
            if until is not None:
                await self._run(installation, partial(_note_heard, until=until))

    async def _run(
        self, installation: Installation, work: Callable[[Transaction, Installation, datetime], R]
    ) -> R | None:
        """In the desk that is installed there, if there is one."""
        now = self._clock.now()

        def within(connection: Connection) -> R | None:
            organisation = organisation_for(connection, installation)
            if organisation is None:
                return None
            return work(in_turn(connection, organisation), installation, now)

        return await self._writer.run(within)

    async def _in_desk(self, wanted: CatchUp, work: Callable[[Transaction], R]) -> R | None:
        def within(connection: Connection) -> R | None:
            organisation = desks.load(connection, wanted.desk)
            return None if organisation is None else work(in_turn(connection, organisation))

        return await self._writer.run(within)


class _HearingDesk:
    """Passes everything on, and tells of connections."""

    def __init__(self, desk: Desk, catch_ups: CatchUps) -> None:
        self._desk = desk
        self._catch_ups = catch_ups

    async def handle(self, event: Inbound) -> Answer:
        answer = await self._desk.handle(event)
        if isinstance(event, Connected):
            await self._catch_ups.connected(event.installation, event.directs)
        return answer

    async def ask(self, question: Question[A]) -> A:
        return await self._desk.ask(question)


def _heard(tx: Transaction, installation: Installation, now: datetime) -> datetime | None:
    return hearing.heard_until(tx, installation)


def _note_heard(tx: Transaction, installation: Installation, now: datetime, until: datetime) -> None:
    hearing.note_heard(tx, installation, until)
