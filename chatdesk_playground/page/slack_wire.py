"""What went between Slack and the app, in the order in which it went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from chatdesk_playground.page.model import WireLine
from chatdesk_playground.slack.delivery import Sent
from chatdesk_playground.slack.site import RecordedRequest, Site
from chatdesk_playground.slack.wire import child, text


@dataclass(slots=True)
class SlackWire:
    """Numbers what it has seen; each look takes in what is new."""

    site: Site
    _lines: list[WireLine] = field(default_factory=list)
    _requests: int = 0
    _events: int = 0

    def lines(self, after: int) -> Sequence[WireLine]:
        requests = self.site.requests[self._requests :]
        events = self.site.delivery.sent[self._events :]
        self._requests += len(requests)
        self._events += len(events)
        new = [*map(_request, requests), *map(_event, events)]
        for line in sorted(new, key=lambda line: line.at):
            self._lines.append(replace(line, number=len(self._lines)))
        return self._lines[after:]


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
