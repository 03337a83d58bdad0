"""What went between Discord and the app, in the order in which it went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from chatdesk_playground.discord.backend import RecordedRequest
from chatdesk_playground.discord.gateway import RecordedEvent
from chatdesk_playground.discord.server import DiscordPlayground
from chatdesk_playground.page.model import WireLine


@dataclass(slots=True)
class DiscordWire:
    """Numbers what it has seen; each look takes in what is new."""

    playground: DiscordPlayground
    _lines: list[WireLine] = field(default_factory=list)
    _requests: int = 0
    _events: int = 0

    def lines(self, after: int) -> Sequence[WireLine]:
        requests = self.playground.requests[self._requests :]
        events = self.playground.events[self._events :]
        self._requests += len(requests)
        self._events += len(events)
        new = [*map(_request, requests), *map(_event, events)]
        for line in sorted(new, key=lambda line: line.at):
            self._lines.append(replace(line, number=len(self._lines)))
        return self._lines[after:]


def _request(request: RecordedRequest) -> WireLine:
    detail = {
        "query": request.query,
        "body": request.body,
        "files": request.files,
        "answer": request.response,
    }
    title = f"{request.method} {request.path}"
    at = request.at.timestamp()
    return WireLine(0, at, True, title, str(request.status), request.milliseconds, detail)


def _event(event: RecordedEvent) -> WireLine:
    return WireLine(0, event.at.timestamp(), False, event.name, "event", 0.0, event.data)
