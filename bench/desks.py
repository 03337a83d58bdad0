"""A desk on a database, and the messages that measurements hand it as Slack sends them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine

from adapters.slack import parse
from adapters.slack.parse import Us
from adapters.slack.wire import Json
from bench import filling
from chatdesk.clocks import SystemClock
from chatdesk.contract.inbound import MessagePosted
from chatdesk.desk.service import DeskService
from chatdesk.store.engine import open_engine
from chatdesk.store.writer import Writer

US = Us(filling.WORKSPACE, "bench", "https://bench.slack.com/", "UBOT", "BBOT")


@dataclass(frozen=True, slots=True)
class OpenDesk:
    engine: Engine
    writer: Writer
    service: DeskService


@asynccontextmanager
async def desk_on(address: str) -> AsyncIterator[OpenDesk]:
    """A desk without platforms: what it wants shown stays in its outbox."""
    engine = open_engine(address)
    writer = Writer(engine)
    try:
        yield OpenDesk(engine, writer, DeskService(writer, SystemClock()))
    finally:
        await writer.close()
        engine.dispose()


def now() -> datetime:
    return datetime.now(UTC)


def agents_messages(tickets: Sequence[int], count: int, first: int = 0) -> Sequence[Json]:
    """Answers of agents in their tickets' threads, each as Slack's event has it."""
    return [_message(tickets[number % len(tickets)], number) for number in range(first, first + count)]


def _message(ticket: int, number: int) -> Json:
    return {
        "type": "message",
        "channel": filling.CHANNEL,
        "channel_type": "channel",
        "user": filling.AGENTS[number % len(filling.AGENTS)],
        "text": f"Answer {number}: we looked into it and found the *cause*; it will work again by noon.",
        "ts": f"1800000000.{1_000_000 + number}",
        "thread_ts": filling.thread_ts(ticket),
        "event_ts": f"1800000000.{1_000_000 + number}",
    }


async def take_in(desk: OpenDesk, message: Json) -> None:
    """From the adapter's parse to the commit."""
    event = parse.message_event(message, US, {})
    assert isinstance(event, MessagePosted)
    await desk.service.handle(event)
