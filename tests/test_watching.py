"""What an operator sees of a running desk: metrics, logs by id, traces."""

from __future__ import annotations

import asyncio
import io
import json
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from chatdesk.clocks import SystemClock
from chatdesk.contract.inbound import Connected, Inbound, MessageDeleted
from chatdesk.contract.ports import Accepted, Answer, DeliveryFailed, Refused
from chatdesk.contract.vocabulary import IdentityId, Installation, MessageRef, Place, Platform
from chatdesk.courier.watching import Outcome, outcome_of
from chatdesk.domain.effects import PostWritten
from chatdesk.errors import SettingsError
from chatdesk.metrics import Held, Metrics
from chatdesk.settings import TracingSettings
from chatdesk.store.deliveries import DeliveryRow, DeliveryState, Mark
from chatdesk.store.overview import Backlog
from chatdesk.tracing import Tracing, open_tracing, traced_to
from chatdesk.trail import ids_here, touch
from chatdesk.watching import WatchedDesk, WatchedPast, Watcher
from tests.test_recording import AgreeableDesk

NOW = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)
SLACK = Installation(Platform("slack"), "T1")
DELETED = MessageDeleted(MessageRef(Place(SLACK, "C1"), "C1:17.5"), NOW)


def _row() -> DeliveryRow:
    return DeliveryRow(
        desk="acme", id="d1", effect_id="e1", effect=PostWritten("p"), ticket=7, lane="thread:t", thread="t",
        installation=SLACK, place=None, state=DeliveryState.IN_FLIGHT, attempts=1, uncertain=False,
        created_at=datetime.now(UTC), tried_at=None, next_at=NOW, done_at=None, reason=None, marked=Mark.NONE,
        message=None,
    )  # fmt: skip


class TouchingDesk:
    """Answers as it is told, after its use case touched ticket 7."""

    def __init__(self, answer: Answer | Exception) -> None:
        self._answer = answer
        self.seen: list[dict[str, object]] = []

    async def handle(self, event: Inbound) -> Answer:
        touch(7)
        self.seen.append(dict(ids_here()))
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer

    catch_up = handle
    ask = AgreeableDesk.ask


@pytest.fixture
def watcher() -> Watcher:
    return Watcher(Metrics(), Tracing(), SystemClock())


def _ours(logged: io.StringIO) -> list[dict[str, object]]:
    lines = [json.loads(line) for line in logged.getvalue().splitlines()]
    return [line for line in lines if line["logger"] == "chatdesk.watching"]


def _value(watcher: Watcher, name: str, **labels: str) -> float | None:
    return watcher.metrics.registry.get_sample_value(name, labels)


@pytest.mark.parametrize(
    ("answer", "outcome"), [(Accepted(), "accepted"), (Refused("no"), "refused"), (OSError(), "failed")]
)
async def test_events_are_counted_and_logged_by_their_ids(
    watcher: Watcher, logged: io.StringIO, answer: Answer | Exception, outcome: str
) -> None:
    desk = TouchingDesk(answer)
    try:
        await WatchedDesk(desk, watcher).handle(DELETED)
    except OSError:
        assert outcome == "failed"
    labels = {"kind": "MessageDeleted", "outcome": outcome}
    assert _value(watcher, "chatdesk_events_total", **labels) == 1
    assert _value(watcher, "chatdesk_answer_seconds_count", kind="MessageDeleted") == 1
    (line,) = _ours(logged)
    assert (line["event_id"], line["tickets"], line["outcome"]) == ("slack/C1:17.5", [7], outcome)
    assert desk.seen == [{"event_id": "slack/C1:17.5", "kind": "MessageDeleted"}]
    assert ids_here() == {}


async def test_what_the_past_brings_up_is_counted(watcher: Watcher) -> None:
    event = Connected(SLACK, "Acme", IdentityId(SLACK.platform, "B"), NOW)
    await WatchedPast(TouchingDesk(Accepted()), watcher).catch_up(event)
    assert _value(watcher, "chatdesk_caught_up_events_total", kind="Connected", outcome="accepted") == 1


def test_attempts_are_counted_by_outcome(watcher: Watcher) -> None:
    for failure in (None, DeliveryFailed(retry_after=3), DeliveryFailed(permanent="gone")):
        with watcher.attempt(_row()) as noted:
            assert ids_here() == {"effect": "e1", "delivery": "d1", "desk": "acme", "ticket": 7}
            noted.outcome = outcome_of(failure) if failure else Outcome.DONE
    for outcome in ("done", "told_to_wait", "refused"):
        labels = {"platform": "slack", "effect": "PostWritten", "outcome": outcome}
        assert _value(watcher, "chatdesk_deliveries_total", **labels) == 1
    assert _value(watcher, "chatdesk_delivery_lag_seconds_count", platform="slack") == 1


def test_what_broke_is_counted_and_what_was_cut_short_is_not(watcher: Watcher) -> None:
    with watcher.attempt(_row()):
        pass
    with pytest.raises(asyncio.CancelledError), watcher.attempt(_row()):
        raise asyncio.CancelledError
    assert _value(watcher, "chatdesk_delivery_seconds_count", platform="slack") == 1
    labels = {"platform": "slack", "effect": "PostWritten", "outcome": "broke"}
    assert _value(watcher, "chatdesk_deliveries_total", **labels) == 1


def test_the_page_shows_what_waits_where(watcher: Watcher) -> None:
    waiting = Backlog("acme", SLACK, 3, NOW - timedelta(seconds=90), None)
    idle = Backlog("acme", Installation(Platform("discord"), "9"), 0, None, "revoked")
    page = watcher.metrics.page(
        Held([waiting, idle], 2), {SLACK.platform: True}, {SLACK.platform: 4}, NOW
    ).decode()
    where = 'desk="acme",installation="T1",platform="slack"'
    assert f"chatdesk_outbox_depth{{{where}}} 3.0" in page
    assert f"chatdesk_outbox_oldest_seconds{{{where}}} 90.0" in page
    assert 'chatdesk_installation_paused{desk="acme",installation="9",platform="discord"} 1.0' in page
    assert 'chatdesk_platform_connected{platform="slack"} 1.0' in page
    assert 'chatdesk_throttled_requests{platform="slack"} 4.0' in page
    assert "chatdesk_quarantined_events 2.0" in page
    assert "chatdesk_database_up 1.0" in page
    without = watcher.metrics.page(None, {}, {}, NOW).decode()
    assert "chatdesk_outbox_depth{" not in without
    assert "chatdesk_database_up 0.0" in without


async def test_spans_carry_the_same_ids_as_the_log(logged: io.StringIO) -> None:
    spans = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(spans))
    watcher = Watcher(Metrics(), Tracing(provider.get_tracer("test")), SystemClock())
    await WatchedDesk(TouchingDesk(Accepted()), watcher).handle(DELETED)
    with watcher.attempt(_row()) as noted:
        noted.outcome = Outcome.DONE
    handled, attempted = spans.get_finished_spans()
    assert (handled.name, attempted.name) == ("handle MessageDeleted", "deliver PostWritten")
    assert dict(handled.attributes or {})["tickets"] == (7,)
    assert dict(attempted.attributes or {})["ticket"] == 7
    traces = [line["trace_id"] for line in _ours(logged)]
    assert traces == [f"{span.context.trace_id:032x}" for span in (handled, attempted) if span.context]


def test_spans_are_sent_at_the_latest_at_the_end() -> None:
    spans = InMemorySpanExporter()
    tracing = traced_to(spans)
    with tracing.span("a", {"count": 1}):
        pass
    tracing.close()
    assert [span.name for span in spans.get_finished_spans()] == ["a"]


@pytest.mark.skipif(find_spec("opentelemetry.exporter") is not None, reason="the extra is installed")
def test_traces_without_the_extra_are_one_sentence() -> None:
    with pytest.raises(SettingsError, match=r"CHATDESK_TRACING__ENDPOINT: .*chatdesk\[tracing\]"):
        open_tracing(TracingSettings(endpoint="http://127.0.0.1:4318/v1/traces"))
