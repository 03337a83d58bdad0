"""Which tickets an event touched, noted on the way so that the log can tell; nothing decides by it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_touched: ContextVar[set[int] | None] = ContextVar("chatdesk_touched", default=None)


@contextmanager
def followed() -> Iterator[set[int]]:
    """Tickets that are touched within the block, also in the writer's thread, come into this set."""
    tickets: set[int] = set()
    token = _touched.set(tickets)
    try:
        yield tickets
    finally:
        _touched.reset(token)


def touch(ticket: int) -> None:
    """What is being done concerns this ticket."""
    tickets = _touched.get()
    if tickets is not None:
        tickets.add(ticket)
