"""A desk in front of the desk: what keeps failing is set aside, so that it is neither lost nor in the way.

An interaction (a command, a button, a form) is not set aside: the person is still there, sees a sentence
and a reference, and does it again. What nobody waits for (a message, an edit, a reaction) would be lost
with Discord and come again for ever with Slack.
"""

from __future__ import annotations

from functools import partial
from typing import TypeVar

import structlog

from chatdesk.contract.inbound import (
    Inbound,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    PlaceGone,
    ReactionSet,
    TicketAsked,
)
from chatdesk.contract.ports import Accepted, Answer, Clock, Desk
from chatdesk.contract.questions import Question
from chatdesk.store import quarantine
from chatdesk.store.writer import Writer

A = TypeVar("A")

ATTEMPTS = 3
"""How often an event is tried before it is set aside."""

log = structlog.get_logger(__name__)


class QuarantiningDesk:
    """A Desk that sets aside the unattended events that another cannot handle."""

    def __init__(self, desk: Desk, writer: Writer, clock: Clock) -> None:
        self._desk = desk
        self._writer = writer
        self._clock = clock

    async def handle(self, event: Inbound) -> Answer:
        if not is_unattended(event):
            return await self._desk.handle(event)
        events = log.bind(kind=type(event).__name__)
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return await self._desk.handle(event)
            except Exception as error:
                failure = error
                events.warning("event failed", attempt=attempt, error=repr(error))
        now = self._clock.now()
        held = await self._writer.run(partial(quarantine.put, event=event, error=repr(failure), now=now))
        events.error("event put into quarantine", quarantine=held, exc_info=failure)
        return Accepted()

    async def ask(self, question: Question[A]) -> A:
        return await self._desk.ask(question)


def is_unattended(event: Inbound) -> bool:
    """Whether nobody waits for an answer to it."""
    return isinstance(
        event, MessagePosted | MessageEdited | MessageDeleted | ReactionSet | TicketAsked | PlaceGone
    )
