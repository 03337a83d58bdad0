"""Prometheus metrics of one application, in a registry of its own, so that several may run in a process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from chatdesk.contract.vocabulary import Platform
from chatdesk.store.overview import Backlog

CONTENT_TYPE = CONTENT_TYPE_LATEST

_QUICK = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 3.0)
"""Seconds. A platform waits three for the answer to an interaction."""
_SLOW = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 120.0)
_WHERE = ("desk", "platform", "installation")


@dataclass(frozen=True, slots=True)
class Held:
    """What only the database knows."""

    backlogs: Sequence[Backlog]
    quarantined: int


class Metrics:
    """Everything that is counted. The names are documented in docs/operations.md."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._events = self._counter("events", "What came in, by what became of it.", "kind", "outcome")
        self._answers = self._histogram(
            "answer_seconds", "From an event's arrival to its answer, which is committed.", _QUICK, "kind"
        )
        self._counted: dict[tuple[str, str], tuple[Counter, Histogram]] = {}
        self._caught_up = self._counter(
            "caught_up_events", "Events found by reading a place's past.", "kind", "outcome"
        )
        self._deliveries = self._counter(
            "deliveries", "Attempts at deliveries.", "platform", "effect", "outcome"
        )
        self._delivery = self._histogram("delivery_seconds", "One attempt at a delivery.", _SLOW, "platform")
        self._lag = self._histogram(
            "delivery_lag_seconds", "From the commit of an effect to its delivery.", _SLOW, "platform"
        )
        self._throttled = self._gauge(
            "throttled_requests", "Requests that a platform refused (429) since the start.", "platform"
        )
        self._sweeps = self._counter("sweeps", "Ticks of the clockwork.", "sweep", "outcome")
        self._swept = self._counter("swept", "What ticks found due and did.", "sweep")
        self._assistant = self._histogram(
            "assistant_seconds", "One request to the language model.", _SLOW, "task", "outcome"
        )
        self._database = self._histogram("database_seconds", "One commit with the work in it.", _QUICK)
        self._jobs = self._counter("database_jobs", "Pieces of work that were committed.")
        self._depth = self._gauge("outbox_depth", "Deliveries that wait or are in flight.", *_WHERE)
        self._age = self._gauge("outbox_oldest_seconds", "Age of the oldest of them.", *_WHERE)
        self._paused = self._gauge("installation_paused", "1 where nothing is delivered.", *_WHERE)
        self._connected = self._gauge("platform_connected", "1 where connected.", "platform")
        self._up = self._gauge("database_up", "1 where the database answers.")
        self._quarantined = self._gauge("quarantined_events", "Events that were set aside.")

    def handled(self, kind: str, outcome: str, seconds: float) -> None:
        counted = self._counted.get((kind, outcome))
        if counted is None:  # looking them up by their labels takes longer than counting
            counted = (self._events.labels(kind, outcome), self._answers.labels(kind))
            self._counted[kind, outcome] = counted
        counted[0].inc()
        counted[1].observe(seconds)

    def caught_up(self, kind: str, outcome: str) -> None:
        self._caught_up.labels(kind, outcome).inc()

    def attempted(self, platform: Platform, effect: str, outcome: str, seconds: float) -> None:
        self._deliveries.labels(platform, effect, outcome).inc()
        self._delivery.labels(platform).observe(seconds)

    def delivered_after(self, platform: Platform, seconds: float) -> None:
        self._lag.labels(platform).observe(seconds)

    def ticked(self, sweep: str, outcome: str, done: int) -> None:
        self._sweeps.labels(sweep, outcome).inc()
        self._swept.labels(sweep).inc(done)

    def assisted(self, task: str, outcome: str, seconds: float) -> None:
        self._assistant.labels(task, outcome).observe(seconds)

    def committed(self, jobs: int, seconds: float) -> None:
        self._database.observe(seconds)
        self._jobs.inc(jobs)

    def page(
        self,
        held: Held | None,
        connected: Mapping[Platform, bool],
        throttled: Mapping[Platform, int],
        now: datetime,
    ) -> bytes:
        """What Prometheus reads. ``held`` is None where the database does not answer."""
        for gauge in (self._depth, self._age, self._paused):
            gauge.clear()
        self._up.set(held is not None)
        for one in held.backlogs if held else ():
            where = (one.desk, one.installation.platform, one.installation.id)
            self._depth.labels(*where).set(one.depth)
            self._age.labels(*where).set(one.age(now).total_seconds())
            self._paused.labels(*where).set(one.paused is not None)
        for platform, there in connected.items():
            self._connected.labels(platform).set(there)
        for platform, refused in throttled.items():
            self._throttled.labels(platform).set(refused)
        if held is not None:
            self._quarantined.set(held.quarantined)
        return generate_latest(self.registry)

    def _counter(self, name: str, meaning: str, *labels: str) -> Counter:
        return Counter(f"chatdesk_{name}", meaning, labels, registry=self.registry)

    def _gauge(self, name: str, meaning: str, *labels: str) -> Gauge:
        return Gauge(f"chatdesk_{name}", meaning, labels, registry=self.registry)

    def _histogram(self, name: str, meaning: str, buckets: Sequence[float], *labels: str) -> Histogram:
        return Histogram(f"chatdesk_{name}", meaning, labels, buckets=buckets, registry=self.registry)
