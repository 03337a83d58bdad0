"""The one way out to the app: every event and every interaction passes through `Delivery`.

Events that are not acknowledged come again (at once, after a minute, after five minutes, as
https://docs.slack.dev/apis/events-api#retries says); interactions never do.
"""

from __future__ import annotations

import asyncio
import itertools
import secrets
import time
import uuid
from dataclasses import dataclass, field
from typing import Literal, Protocol

from chatdesk_playground.faults import Faults
from chatdesk_playground.slack.state import App, Workspace
from chatdesk_playground.slack.wire import JsonObject, JsonValue
from chatdesk_playground.slack.world import World

Kind = Literal["events_api", "interactive", "slash_commands"]


@dataclass(slots=True)
class Sent:
    """One event or interaction that was sent to the app, for conformance checks and the wire view."""

    kind: Kind
    app_id: str
    envelope_id: str
    payload: JsonObject
    attempt: int
    at: float
    acknowledged: bool = False
    answer: JsonValue = None


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a transport carries: one attempt at one event or interaction."""

    id: str
    kind: Kind
    payload: JsonObject
    attempt: int = 0
    retry_reason: str = ""


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """The app's answer in time; `body` is what came with it."""

    body: JsonValue = None


@dataclass(frozen=True, slots=True)
class Unanswered:
    """No answer in time, or a wrong one. `reason` is Slack's word for it."""

    reason: str


class Transport(Protocol):
    """A way to the app: its sockets, or its request URL."""

    async def send(self, app: App, envelope: Envelope, patience: float) -> Acknowledged | Unanswered:
        """Deliver one attempt and wait for the answer."""
        ...


@dataclass(slots=True)
class Delivery:
    """Sends events and interactions and remembers what was sent."""

    world: World
    sockets: Transport
    http: Transport
    faults: Faults = field(default_factory=Faults)
    sent: list[Sent] = field(default_factory=list)
    ended: int = 0
    _under_way: dict[asyncio.Task[None], str] = field(default_factory=dict)
    _open_interactions: int = 0
    _hurry: asyncio.Event = field(default_factory=asyncio.Event)
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def emit(self, workspace: Workspace, event: JsonObject) -> None:
        """Send an event to the workspace's app, in the background, until it is acknowledged or given up."""
        app = self.world.app_of(workspace)
        if not workspace.installed or not app.has_anywhere_to_send or not subscribed(app, event):
            return
        self.faults.pass_on(str(event.get("type")), lambda: self._send(app, workspace, event))

    def _send(self, app: App, workspace: Workspace, event: JsonObject) -> None:
        payload = event_callback(app, workspace, event, self.world.now())
        task = asyncio.create_task(self._deliver(app, payload), name=f"event {event.get('type')}")
        subtype = event.get("subtype")
        self._under_way[task] = f"{event.get('type')}{'/' + str(subtype) if subtype else ''}"
        task.add_done_callback(self._finished)

    async def interact(self, app: App, kind: Kind, payload: JsonObject) -> Acknowledged | Unanswered:
        """Send an interaction, once, and wait for the answer."""
        envelope = Envelope(str(uuid.uuid4()), kind, payload)
        self._open_interactions += 1
        try:
            return await self._attempt(app, envelope)
        finally:
            self._open_interactions -= 1

    @property
    def outstanding(self) -> list[str]:
        """What is still to be acknowledged, in words."""
        waiting = list(self._under_way.values())
        held = ["events held back"] if self.faults.holding else []
        return waiting + held + ["interaction"] * self._open_interactions

    def retry_now(self) -> None:
        """Let every waiting retry come at once."""
        hurry, self._hurry = self._hurry, asyncio.Event()
        hurry.set()

    async def close(self) -> None:
        """Give up everything under way."""
        tasks = list(self._under_way)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _finished(self, task: asyncio.Task[None]) -> None:
        del self._under_way[task]
        self.world.touch()

    async def _deliver(self, app: App, payload: JsonObject) -> None:
        reason = ""
        timings = self.world.timings
        for attempt in range(len(timings.retries) + 1):
            if attempt:
                await self._pause(timings.retries[attempt - 1] / self.world.timings.retry_speed)
            envelope = Envelope(str(uuid.uuid4()), "events_api", payload, attempt, reason)
            outcome = await self._attempt(app, envelope)
            if isinstance(outcome, Acknowledged):
                return
            reason = outcome.reason

    async def _pause(self, seconds: float) -> None:
        hurry = self._hurry
        try:
            async with asyncio.timeout(seconds):
                await hurry.wait()
        except TimeoutError:
            return

    async def _attempt(self, app: App, envelope: Envelope) -> Acknowledged | Unanswered:
        record = Sent(envelope.kind, app.id, envelope.id, envelope.payload, envelope.attempt, time.time())
        self.sent.append(record)
        transport = self.sockets if app.request_url is None else self.http
        outcome = await transport.send(app, envelope, self.world.timings.acknowledge)
        self.ended += 1
        self.world.touch()
        if isinstance(outcome, Acknowledged):
            record.acknowledged = True
            record.answer = outcome.body
        return outcome


_MESSAGE_SUBSCRIPTIONS = {
    "channel": "message.channels",
    "group": "message.groups",
    "im": "message.im",
    "mpim": "message.mpim",
}


def subscribed(app: App, event: JsonObject) -> bool:
    """Whether the app's manifest asks for this event; without a manifest it asks for all."""
    if app.manifest is None:
        return True
    settings = app.manifest.get("settings")
    subscriptions = settings.get("event_subscriptions") if isinstance(settings, dict) else None
    wanted = subscriptions.get("bot_events") if isinstance(subscriptions, dict) else None
    names = wanted if isinstance(wanted, list) else []
    if event.get("type") == "message":
        return _MESSAGE_SUBSCRIPTIONS.get(str(event.get("channel_type")), "") in names
    return event.get("type") in names


def event_callback(app: App, workspace: Workspace, event: JsonObject, now: int) -> JsonObject:
    """The envelope that the Events API puts around every event."""
    context = secrets.token_hex(16)
    return {
        "token": app.verification_token,
        "team_id": workspace.id,
        "api_app_id": app.id,
        "event": event,
        "type": "event_callback",
        "event_id": "Ev0" + secrets.token_hex(5).upper(),
        "event_time": now,
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": workspace.id,
                "user_id": workspace.bot_user_id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": f"4-{context}",
    }
