"""The fault matrix's parts: effects that people bring about, faults that befall them, and what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

from sqlalchemy import Connection, func, select

from chatdesk.courier.pace import Pace
from chatdesk.demo.seats import PATIENCE, Seat, says, wait_for
from chatdesk.demo.world import World
from chatdesk.store.deliveries import PENDING, DeliveryState
from chatdesk.store.tables import history
from chatdesk.store.tables_outbox import deliveries, effects
from chatdesk_playground.discord.human import Refused
from chatdesk_playground.faults import EVENTS, Fault, FaultKind
from tests.scenarios.stage import Stage, Ticket

HURRIED = Pace(first_wait=0.05, longest_wait=0.4, trial_every=0.2, look_every=0.5)
"""A courier that tries again at once, so that a case takes no longer than its faults."""

SETTLES_WITHIN = 25.0
OTHER = {"slack": "discord", "discord": "slack"}


class Control(Protocol):
    """What both playgrounds' control interfaces have."""

    async def misbehave(self, fault: Fault) -> None: ...

    async def behave(self) -> None: ...

    async def wait_struck(self, count: int = 1, *, timeout: float = 5.0) -> int: ...


@dataclass(frozen=True, slots=True)
class Trial:
    """Something that somebody does, and how often it is then to be seen on the platform that has trouble."""

    act: Callable[[], Awaitable[object]]
    shown: Callable[[], Awaitable[int]]
    seats: Sequence[Seat]
    """Those who work on the ticket, or asked for help."""
    place: str
    """The channel or thread in which it is shown."""
    person: str = ""
    """To whom, if it is for one person."""
    text: str = ""
    """What was written, if that is what ⚠️ would stand on."""
    is_thread: bool = True
    """On Discord, the place is a thread, which can be archived."""
    stands_there: bool = False
    """Who brings it about is in that place, which can vanish only between what they do and what it does."""


class Verdict(StrEnum):
    """What came of it."""

    ONCE = "delivered once"
    TOLD = "not delivered, and whoever works on it sees ⚠️ and the reason"
    LISTED = "not delivered; the list of deliveries says why"
    GONE = "not delivered, for its place is gone; the ticket's history says so"
    TWICE = "delivered twice"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """The verdict on one case, in words where it is wrong."""

    fault: str
    verdict: Verdict
    why: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """A delivery that was given up."""

    delivery: str
    kind: str
    reason: str


@dataclass(slots=True)
class Bench:
    """One world in which one kind of effect meets one fault after the other."""

    here: World
    platform: str
    where: str
    """Which requests the effect makes there, as `Fault.where` says it."""
    tried: int = 0
    opened: int = 0
    _usual: Ticket | None = None

    @property
    def control(self) -> Control:
        """How the platform that has trouble is made to have it."""
        side = self.here.slack if self.platform == "slack" else self.here.discord
        return side.playground.control

    def word(self) -> str:
        """A word that was not used before."""
        self.tried += 1
        return f"word{self.tried:03}"

    async def usual(self, pair: str) -> Ticket:
        """The ticket that all cases share."""
        if self._usual is None:
            self._usual = await self.ticket(pair)
        return self._usual

    async def ticket(self, pair: str) -> Ticket:
        """A new ticket, its places open and quiet."""
        title = self.word()
        self.opened += 1
        stage = Stage.of(self.here, pair)
        ticket = await stage.open_ticket(f"About {title}", title)
        await wait_for(ticket.customer, says("#"), "the number")
        await self.settle()
        return replace(ticket, number=str(self.opened))

    async def meet(self, fault: Fault, trial: Trial) -> Finding:
        """Let the fault befall what is done, and say what came of it."""
        before = {failure.delivery for failure in await self.failures()}
        struck = await self.control.wait_struck(0)
        await self._ask_for(fault, trial)
        await trial.act()
        await self._mend(fault, struck)
        left = await self.settle()
        shown = await trial.shown()
        failed = [one for one in await self.failures() if one.delivery not in before]
        await self._behave()
        return replace(await self._judged(trial, shown, failed, left), fault=name_of(fault))

    async def _ask_for(self, fault: Fault, trial: Trial) -> None:
        """Event faults befall both platforms, as either's events lead to the effect."""
        if fault.kind in EVENTS:
            for control in self._both():
                await control.misbehave(fault)
            return
        target = trial.person if fault.kind is FaultKind.DM_CLOSED else trial.place
        where = "" if fault.kind in PLACES and not trial.stands_there else self.where
        await self.control.misbehave(
            replace(fault, where=where, target=target if fault.kind in PLACES else "")
        )

    async def _mend(self, fault: Fault, struck: int) -> None:
        """What would last for ever ends once it was felt."""
        if fault.kind in (FaultKind.TOKEN_REVOKED, FaultKind.DOWN):
            await self.control.wait_struck(struck + 1, timeout=PATIENCE)
            await self.control.behave()

    async def settle(self) -> Sequence[str]:
        """Wait until everything is delivered or given up; what is still pending after all."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + SETTLES_WITHIN
        while True:
            is_quiet = False
            with suppress(TimeoutError, Refused):
                await self._connected()
                await self.here.quiet()
                await self._connected()  # what was delivered meanwhile may have met the fault
                await self.here.quiet()
                is_quiet = True
            left = await self.pending()
            if (is_quiet and not left) or loop.time() > deadline:
                return left
            await asyncio.sleep(0.05)

    async def _connected(self) -> None:
        slack, discord = self.here.slack, self.here.discord
        await slack.playground.control.wait_connected(slack.app.team_id, timeout=PATIENCE)
        await discord.playground.control.wait_connected(discord.application, timeout=PATIENCE)

    async def failures(self) -> Sequence[Failure]:
        """Every delivery that was given up so far."""
        assert self.here.bot is not None
        return await self.here.bot.writer.read(_failures)

    async def _gone(self) -> bool:
        """Whether a place of a ticket was taken away."""
        assert self.here.bot is not None
        return await self.here.bot.writer.read(_places_gone) > 0

    async def pending(self) -> Sequence[str]:
        """What is still to be delivered."""
        assert self.here.bot is not None
        return await self.here.bot.writer.read(_pending)

    async def _judged(
        self, trial: Trial, shown: int, failed: Sequence[Failure], left: Sequence[str]
    ) -> Finding:
        if shown == 0 and not (failed or left) and await _seen(trial.seats, [_GONE]):
            return Finding("", Verdict.TOLD)
        if shown == 0 and not (failed or left) and await self._gone():
            return Finding("", Verdict.GONE)
        if shown == 2 and not (failed or left):
            return Finding("", Verdict.TWICE)
        if left or shown > 1 or (shown == 0 and not failed):
            why = f"shown {shown} times, waiting: {list(left)}, given up: {list(failed)}"
            return Finding("", Verdict.WRONG, why)
        if not failed:
            return Finding("", Verdict.ONCE)
        reasons = [one.reason for one in failed]
        if await _seen(trial.seats, reasons) or await _is_marked(trial):
            return Finding("", Verdict.TOLD)
        silent = [f"{one.kind}: {one.reason}" for one in failed]
        return Finding("", Verdict.LISTED, "; ".join(silent))

    def _both(self) -> tuple[Control, Control]:
        return self.here.slack.playground.control, self.here.discord.playground.control

    async def _behave(self) -> None:
        for control in self._both():
            await control.behave()


PLACES = frozenset({FaultKind.CHANNEL_DELETED, FaultKind.THREAD_ARCHIVED, FaultKind.DM_CLOSED})
_GONE = "was deleted. What is written here does not reach"
"""What the staff read where the customer's place is gone, before they write anything."""


def name_of(fault: Fault) -> str:
    return f"{fault.kind}{f' {fault.code}' if fault.code else ''}{f' +{fault.skip}' if fault.skip else ''}"


def _failures(connection: Connection) -> Sequence[Failure]:
    statement = (
        select(deliveries.c.id, effects.c.kind, deliveries.c.reason)
        .join(effects, (effects.c.desk == deliveries.c.desk) & (effects.c.id == deliveries.c.effect))
        .where(deliveries.c.state == DeliveryState.FAILED)
    )
    return [Failure(row.id, row.kind, row.reason or "") for row in connection.execute(statement)]


def _places_gone(connection: Connection) -> int:
    statement = select(func.count()).where(history.c.kind == "place_gone")
    return connection.execute(statement).scalar_one()


def _pending(connection: Connection) -> Sequence[str]:
    statement = (
        select(effects.c.kind, deliveries.c.lane, deliveries.c.attempts)
        .join(effects, (effects.c.desk == deliveries.c.desk) & (effects.c.id == deliveries.c.effect))
        .where(deliveries.c.state.in_([state.value for state in PENDING]))
    )
    return [f"{row.kind} in {row.lane} after {row.attempts}" for row in connection.execute(statement)]


async def _seen(seats: Sequence[Seat], reasons: Sequence[str]) -> bool:
    """Whether one of these people can read one of the reasons."""
    for seat in seats:
        with suppress(Exception):
            if any(reason in one.text for one in await seat.see() for reason in reasons):
                return True
    return False


async def _is_marked(trial: Trial) -> bool:
    """Whether ⚠️ stands on what was written."""
    for seat in trial.seats if trial.text else ():
        with suppress(Exception):
            if any(trial.text in one.text and "⚠️" in one.reactions for one in await seat.see()):
                return True
    return False


async def times(seat: Seat, text: str) -> int:
    """How many messages have it in them; none where the place is gone."""
    with suppress(Exception):
        return sum(text in one.text for one in await seat.see())
    return 0
