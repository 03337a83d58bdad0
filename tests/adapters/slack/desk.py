"""A desk that remembers what it was told and gives the answers that a test prepared."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar, cast

from chatdesk.contract.inbound import Inbound
from chatdesk.contract.ports import Accepted, Answer
from chatdesk.contract.questions import HomeOf, Question, Wanted, Wants
from chatdesk.contract.views import Home

A = TypeVar("A")
E = TypeVar("E")

NOTHING_WANTED = Wants((), (), (), ())


class SystemClock:
    """The time as it is."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(slots=True)
class RecordingDesk:
    """``answers`` are looked up by the event's type; what has none is accepted without a word."""

    wants: Wants = NOTHING_WANTED
    home: Home = field(default_factory=lambda: Home((), ()))
    answers: dict[type, Answer | Exception | Callable[[object], Answer]] = field(default_factory=dict)
    events: list[Inbound] = field(default_factory=list)
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def handle(self, event: Inbound) -> Answer:
        async with self._changed:
            self.events.append(event)
            self._changed.notify_all()
        prepared = self.answers.get(type(event), Accepted())
        if isinstance(prepared, Exception):
            raise prepared
        return prepared(event) if callable(prepared) else prepared

    async def ask(self, question: Question[A]) -> A:
        match question:
            case Wanted():
                return cast(A, self.wants)
            case HomeOf():
                return cast(A, self.home)
        raise AssertionError(f"the adapter asked {question}")

    def seen(self, kind: type[E]) -> list[E]:
        return [event for event in self.events if isinstance(event, kind)]

    async def wait_for(
        self, kind: type[E], which: Callable[[E], bool] = lambda event: True, *, seconds: float = 5.0
    ) -> E:
        """The first event of a kind that fits. Raises TimeoutError telling what came instead."""

        def found() -> E | None:
            return next((event for event in self.seen(kind) if which(event)), None)

        try:
            async with asyncio.timeout(seconds), self._changed:
                await self._changed.wait_for(lambda: found() is not None)
        except TimeoutError as error:
            came = "\n".join(f"  {event}" for event in self.events)
            raise TimeoutError(f"no {kind.__name__} came that fits; there came:\n{came}") from error
        event = found()
        assert event is not None
        return event
