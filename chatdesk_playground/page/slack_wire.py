"""What went between Slack and the app, in the order in which it went."""

from __future__ import annotations

from chatdesk_playground.page.model import WireLine
from chatdesk_playground.page.wire_log import WireLog
from chatdesk_playground.slack.delivery import Sent
from chatdesk_playground.slack.site import RecordedRequest, Site
from chatdesk_playground.slack.wire import child, text

SlackWire = WireLog[RecordedRequest, Sent]


def slack_wire(site: Site) -> SlackWire:
    """All that goes over it from now on, and what went before."""
    return WireLog(site.requests, site.delivery.sent, _request, _event)


def _request(request: RecordedRequest) -> WireLine:
    ok = request.answer.get("ok", True)
    status = str(request.status) if ok else f"{request.status} {text(request.answer, 'error')}"
    detail = {"arguments": request.arguments, "answer": request.answer}
    return WireLine(0, request.at, True, request.method, status, request.milliseconds, detail)


def _event(sent: Sent) -> WireLine:
    kind = text(child(sent.payload, "event"), "type") or text(sent.payload, "type") or sent.kind
    if sent.kind == "slash_commands":
        kind = f"{text(sent.payload, 'command')} {text(sent.payload, 'text')}".strip()
    attempt = (
        f"try {sent.attempt + 1}" if sent.attempt else "event" if sent.kind == "events_api" else "interaction"
    )
    return WireLine(0, sent.at, False, kind, attempt, 0.0, sent.payload)
