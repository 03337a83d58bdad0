"""What went between Discord and the app, in the order in which it went."""

from __future__ import annotations

from chatdesk_playground.discord.backend import RecordedRequest
from chatdesk_playground.discord.gateway import RecordedEvent
from chatdesk_playground.discord.server import DiscordPlayground
from chatdesk_playground.page.model import WireLine
from chatdesk_playground.page.wire_log import WireLog

DiscordWire = WireLog[RecordedRequest, RecordedEvent]


def discord_wire(playground: DiscordPlayground) -> DiscordWire:
    """All that goes over it from now on, and what went before."""
    return WireLog(playground.requests, playground.events, _request, _event)


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
