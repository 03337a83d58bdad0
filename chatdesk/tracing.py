"""OpenTelemetry traces, where they are configured: one span for each event and one for each attempt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING

from opentelemetry.trace import INVALID_SPAN, Span, Tracer, format_trace_id

from chatdesk.errors import SettingsError
from chatdesk.settings import TracingSettings

if TYPE_CHECKING:
    from opentelemetry.sdk.trace.export import SpanExporter


def _nothing() -> None:
    return None


@dataclass(frozen=True, slots=True)
class Tracing:
    """Makes spans, which go nowhere and cost next to nothing where there is no tracer."""

    tracer: Tracer | None = None
    close: Callable[[], None] = _nothing
    """Sends what is still here; may take seconds, so call it in a thread."""

    def span(self, name: str, attributes: Mapping[str, str | int]) -> AbstractContextManager[Span]:
        """A span around a block; spans that are begun within it are its children."""
        if self.tracer is None:
            return nullcontext(INVALID_SPAN)
        return self.tracer.start_as_current_span(name, attributes=attributes)


def trace_id(span: Span) -> str | None:
    """What logs and traces can be matched by; None where nothing is traced."""
    context = span.get_span_context()
    return format_trace_id(context.trace_id) if context.is_valid else None


def open_tracing(settings: TracingSettings) -> Tracing:
    """What the settings ask for. Raises SettingsError where the extra ``tracing`` is not installed."""
    if settings.endpoint is None:
        return Tracing()
    try:
        otlp = import_module("opentelemetry.exporter.otlp.proto.http.trace_exporter")
        return traced_to(otlp.OTLPSpanExporter(endpoint=settings.endpoint), settings.sample)
    except ImportError:
        raise SettingsError(
            "CHATDESK_TRACING__ENDPOINT: traces need more packages; say `pip install 'chatdesk[tracing]'`"
        ) from None


def traced_to(exporter: SpanExporter, sample: float = 1.0) -> Tracing:
    """Spans to an exporter, in batches, through a provider that no other application shares."""
    from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor
    from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased

    resource = Resource.create({SERVICE_NAME: "chatdesk", SERVICE_VERSION: version("chatdesk")})
    provider = TracerProvider(
        sampler=ParentBased(TraceIdRatioBased(sample)), resource=resource, shutdown_on_exit=False
    )
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return Tracing(provider.get_tracer("chatdesk"), provider.shutdown)
