"""A desk that remembers what it was told and gives the answers it was given."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from chatdesk.contract.inbound import Inbound
from chatdesk.contract.ports import Accepted, Answer
from chatdesk.contract.questions import Choices, Question, Wanted, Wants
from chatdesk.contract.views import Option

A = TypeVar("A")
E = TypeVar("E")

DEADLINE_SECONDS = 5.0

Answering = Callable[[Inbound], Answer]


def says_nothing(event: Inbound) -> Answer:
    return Accepted()


@dataclass(slots=True)
class RecordingDesk:
    """Satisfies the ``Desk`` port."""

    answering: Answering = says_nothing
    wants: Wants = field(default_factory=lambda: Wants((), (), (), ()))
    choices: tuple[Option, ...] = ()
    events: list[Inbound] = field(default_factory=list)
    questions: list[object] = field(default_factory=list)
    delay: float = 0.0
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def handle(self, event: Inbound) -> Answer:
        if self.delay:
            await asyncio.sleep(self.delay)
        async with self._changed:
            self.events.append(event)
            self._changed.notify_all()
        return self.answering(event)

    async def ask(self, question: Question[A]) -> A:
        self.questions.append(question)
        answer: Any = None
        match question:
            case Wanted():
                answer = self.wants
            case Choices():
                answer = self.choices
        return cast(A, answer)

    def of(self, kind: type[E]) -> list[E]:
        return [event for event in self.events if isinstance(event, kind)]

    async def received(self, kind: type[E], when: Callable[[E], bool] = lambda event: True) -> E:
        """The first event of a kind that satisfies the predicate, waiting for it."""

        def found() -> list[E]:
            return [event for event in self.of(kind) if when(event)]

        async with self._changed:
            try:
                await asyncio.wait_for(self._changed.wait_for(lambda: bool(found())), DEADLINE_SECONDS)
            except TimeoutError:
                raise AssertionError(f"no such {kind.__name__} among {self.events}") from None
        return found()[0]
