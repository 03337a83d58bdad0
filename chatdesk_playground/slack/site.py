"""What every part of the playground works with: the world, the way out to the app, and the addresses."""

from __future__ import annotations

from dataclasses import dataclass, field

from chatdesk_playground.slack.callbacks import Callbacks
from chatdesk_playground.slack.delivery import Delivery
from chatdesk_playground.slack.limits import RateLimits
from chatdesk_playground.slack.sockets import Sockets
from chatdesk_playground.slack.wire import JsonObject
from chatdesk_playground.slack.world import World


@dataclass(frozen=True, slots=True)
class RecordedRequest:
    """One request of the app to the Web API, an upload address or a response URL."""

    method: str
    arguments: JsonObject
    status: int
    answer: JsonObject
    at: float
    milliseconds: float


@dataclass(slots=True)
class Site:
    """One running playground."""

    world: World
    delivery: Delivery
    sockets: Sockets
    callbacks: Callbacks
    limits: RateLimits
    base_url: str
    requests: list[RecordedRequest] = field(default_factory=list)
    requests_under_way: int = 0

    @property
    def api_url(self) -> str:
        """The base address for `AsyncWebClient(base_url=…)`."""
        return f"{self.base_url}/api/"

    @property
    def socket_url(self) -> str:
        """Where Socket Mode connects."""
        return self.base_url.replace("http://", "ws://") + "/link"
