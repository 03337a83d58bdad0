"""What went between a platform and the app, in the order in which it went."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from chatdesk_playground.page.model import WireLine

Asked = TypeVar("Asked")
Told = TypeVar("Told")


@dataclass(slots=True)
class WireLog(Generic[Asked, Told]):
    """Numbers what it has seen; each look takes in what is new of two lists that grow."""

    requests: Sequence[Asked]
    events: Sequence[Told]
    request_line: Callable[[Asked], WireLine]
    event_line: Callable[[Told], WireLine]
    _lines: list[WireLine] = field(default_factory=list)
    _requests_seen: int = 0
    _events_seen: int = 0

    def lines(self, after: int) -> Sequence[WireLine]:
        requests = self.requests[self._requests_seen :]
        events = self.events[self._events_seen :]
        self._requests_seen += len(requests)
        self._events_seen += len(events)
        new = [*map(self.request_line, requests), *map(self.event_line, events)]
        for line in sorted(new, key=lambda line: line.at):
            self._lines.append(replace(line, number=len(self._lines)))
        return self._lines[after:]
