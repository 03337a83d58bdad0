"""What all listeners share: the desk and what belongs to one connection, and how its answers are taken."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from weakref import WeakValueDictionary

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.answers import Answers, words_of
from adapters.slack.directory import Directory
from adapters.slack.parse import Us
from chatdesk.contract.inbound import Inbound
from chatdesk.contract.ports import Accepted, Answer, Clock, Desk, Refused
from chatdesk.contract.sentences import WENT_WRONG
from chatdesk.contract.vocabulary import Actor, Where

_ANSWER_BEFORE_ACK_SECONDS = 1.5

logger = structlog.stdlib.get_logger("chatdesk.slack")


@dataclass(slots=True)
class InFlight:
    """What is being worked on, so that a stop can let it finish."""

    _tasks: set[asyncio.Task[object]] = field(default_factory=set)

    @asynccontextmanager
    async def held(self) -> AsyncIterator[None]:
        """Holds the running task until it leaves."""
        task = asyncio.current_task()
        assert task is not None, "listeners run in tasks"
        self._tasks.add(task)
        try:
            yield
        finally:
            self._tasks.discard(task)

    def begin(self, work: Coroutine[object, object, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def finish(self, seconds: float) -> None:
        """Wait for all of it, but not longer than that."""
        waited_for = {task for task in self._tasks if task is not asyncio.current_task()}
        if waited_for:
            _, late = await asyncio.wait(waited_for, timeout=seconds)
            for task in late:
                task.cancel()


@dataclass(slots=True)
class Door:
    """Open, but while it is held shut."""

    _shut: int = 0
    _opened: asyncio.Event = field(default_factory=asyncio.Event)

    @contextmanager
    def held_shut(self) -> Iterator[None]:
        self._shut += 1
        self._opened.clear()
        try:
            yield
        finally:
            self._shut -= 1
            if not self._shut:
                self._opened.set()

    async def passed(self) -> None:
        if self._shut:
            await self._opened.wait()


@dataclass(frozen=True, slots=True)
class Reception:
    """One workspace as its listeners see it."""

    us: Us
    desk: Desk
    clock: Clock
    client: AsyncWebClient
    directory: Directory
    answers: Answers
    refresh_soon: Callable[[], None]
    """Ask the desk anew what it wants to know, and tell it; a moment later."""
    in_flight: InFlight = field(default_factory=InFlight)
    announced: Door = field(default_factory=Door)
    """Shut until the desk knows of a new connection, and so what may be missing before its events."""
    _lanes: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    def lane(self, channel: str) -> asyncio.Lock:
        """Held while an event of a channel is handled, so that they are handled in the order they came in."""
        lock = self._lanes.get(channel)
        if lock is None:
            lock = self._lanes[channel] = asyncio.Lock()
        return lock

    async def handle(self, event: Inbound) -> Answer:
        """What the desk answers; where something broke, a sentence with a reference to the log."""
        try:
            return await self.desk.handle(event)
        except Exception:
            return Refused(self.went_wrong(type(event).__name__))

    def went_wrong(self, what: str, error: BaseException | None = None) -> str:
        """Log the exception that is being handled (or ``error``); the sentence that names the log's line."""
        reference = secrets.token_hex(4)
        logger.error("slack.failed", reference=reference, what=what, exc_info=error or True)
        return WENT_WRONG.say(reference=reference)

    async def tell(self, actor: Actor, place: Where | None, answer: Answer) -> None:
        """Give the answer to something that was a message: only words and panels have a way there."""
        shown = words_of(answer)
        if shown is not None:
            await self.before_ack(self.answers.tell(actor.identity, place, shown))
        if isinstance(answer, Accepted) and answer.panel is not None:
            await self.before_ack(self.answers.show_panel(place, answer.panel))

    async def before_ack(self, giving: Coroutine[object, object, None]) -> None:
        """Give an answer before the acknowledgement, which must not wait long for it.

        What was done is committed; where the answer fails that is logged and no more.
        """
        task = self.in_flight.begin(_logged(giving))
        await asyncio.wait({task}, timeout=_ANSWER_BEFORE_ACK_SECONDS)


async def _logged(giving: Coroutine[object, object, None]) -> None:
    try:
        await giving
    except Exception:
        logger.warning("slack.answer_failed", exc_info=True)
