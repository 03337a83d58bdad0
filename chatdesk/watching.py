"""What is seen of a running application: each event and each attempt is counted, traced, and logged by id."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import TypeVar

import structlog
from opentelemetry.trace import Span

from chatdesk.contract.inbound import (
    ChannelsSeen,
    Connected,
    Inbound,
    MembersSeen,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    PlaceGone,
    ReactionSet,
)
from chatdesk.contract.ports import Answer, Clock, Desk, Refused
from chatdesk.contract.questions import Question
from chatdesk.courier.catching_up import Past
from chatdesk.courier.watching import Noted, Outcome
from chatdesk.metrics import Metrics
from chatdesk.store.deliveries import DeliveryRow
from chatdesk.tracing import Tracing, trace_id
from chatdesk.trail import followed

A = TypeVar("A")

log = structlog.get_logger(__name__)
_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Watcher:
    """Implements ``courier.watching.Watch``."""

    metrics: Metrics
    tracing: Tracing
    clock: Clock

    @contextmanager
    def attempt(self, row: DeliveryRow) -> Iterator[Noted]:
        platform, effect = row.installation.platform, type(row.effect).__name__
        ids: dict[str, str | int] = {"effect": row.effect_id, "delivery": row.id, "desk": row.desk}
        if row.ticket is not None:
            ids["ticket"] = row.ticket
        noted, begun = Noted(), perf_counter()
        with self.tracing.span(f"deliver {effect}", ids) as span, followed(_traced(ids, span)):
            yield noted
            if _is_wordy():
                log.debug("attempt", kind=effect, lane=row.lane, outcome=noted.outcome.value)
            span.set_attribute("outcome", noted.outcome.value)
        self.metrics.attempted(platform, effect, noted.outcome.value, perf_counter() - begun)
        if noted.outcome is Outcome.DONE:
            self.metrics.delivered_after(platform, (self.clock.now() - row.created_at).total_seconds())

    @contextmanager
    def event(self, event: Inbound) -> Iterator[_Answered]:
        kind, answered, begun = type(event).__name__, _Answered(), perf_counter()
        ids: dict[str, str | int] = {"event_id": id_of(event), "kind": kind}
        with self.tracing.span(f"handle {kind}", ids) as span, followed(_traced(ids, span)) as trail:
            try:
                yield answered
            finally:
                seconds = perf_counter() - begun
                self.metrics.handled(kind, answered.outcome, seconds)
                if _is_wordy():
                    tickets = sorted(trail.tickets)
                    log.debug("handled", outcome=answered.outcome, tickets=tickets, seconds=round(seconds, 4))
                if span.is_recording():
                    span.set_attribute("outcome", answered.outcome)
                    span.set_attribute("tickets", sorted(trail.tickets))


@dataclass(slots=True)
class _Answered:
    outcome: str = "failed"

    def by(self, answer: Answer) -> Answer:
        self.outcome = "refused" if isinstance(answer, Refused) else "accepted"
        return answer


class WatchedDesk:
    """A Desk in front of another, whose answers it counts."""

    def __init__(self, desk: Desk, watcher: Watcher) -> None:
        self._desk = desk
        self._watcher = watcher

    async def handle(self, event: Inbound) -> Answer:
        with self._watcher.event(event) as answered:
            return answered.by(await self._desk.handle(event))

    async def ask(self, question: Question[A]) -> A:
        return await self._desk.ask(question)


class WatchedPast:
    """Counts what reading the past brings up."""

    def __init__(self, past: Past, watcher: Watcher) -> None:
        self._past = past
        self._watcher = watcher

    async def catch_up(self, event: Inbound) -> Answer:
        kind, answered = type(event).__name__, _Answered()
        try:
            with followed({"event_id": id_of(event), "kind": kind}):
                return answered.by(await self._past.catch_up(event))
        finally:
            self._watcher.metrics.caught_up(kind, answered.outcome)


def id_of(event: Inbound) -> str:
    """By what an event is known in logs and traces: the key by which it is known to us."""
    match event:
        case MessagePosted() | MessageEdited() | MessageDeleted() | ReactionSet():
            return f"{event.ref.place.platform}/{event.ref.id}"
        case PlaceGone():
            return f"{event.place.platform}/{event.place.id}"
        case Connected() | ChannelsSeen() | MembersSeen():
            return f"{event.installation.platform}/{event.installation.id}"
    return event.key


def _traced(ids: Mapping[str, str | int], span: Span) -> Mapping[str, str | int]:
    trace = trace_id(span)
    return ids if trace is None else {**ids, "trace_id": trace}


def _is_wordy() -> bool:
    """Whether anybody reads a line for everything; asked first, because making one takes time."""
    return _logger.isEnabledFor(logging.DEBUG)
