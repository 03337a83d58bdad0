"""Gateway sessions: what is sent to which bot, kept for replay, and the one place that sends (`emit`)."""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntFlag
from time import monotonic

from chatdesk_playground.discord.message_payloads import may_read, without_content
from chatdesk_playground.discord.permissions import can_view
from chatdesk_playground.discord.snowflakes import Clock
from chatdesk_playground.discord.state import Channel, Message, World
from chatdesk_playground.discord.wire import JsonObject
from chatdesk_playground.faults import Faults

SESSION_LIFETIME = timedelta(minutes=5)
REPLAY_EVENTS = 2000
QUESTIONS_PER_MINUTE = 50
HEARTBEAT_REQUEST = 1


class Intent(IntFlag):
    GUILDS = 1 << 0
    GUILD_MEMBERS = 1 << 1
    GUILD_WEBHOOKS = 1 << 5
    GUILD_PRESENCES = 1 << 8
    GUILD_MESSAGES = 1 << 9
    GUILD_MESSAGE_REACTIONS = 1 << 10
    GUILD_MESSAGE_TYPING = 1 << 11
    DIRECT_MESSAGES = 1 << 12
    DIRECT_MESSAGE_REACTIONS = 1 << 13
    DIRECT_MESSAGE_TYPING = 1 << 14
    MESSAGE_CONTENT = 1 << 15


KNOWN_INTENTS = (1 << 26) - 1


@dataclass(frozen=True, slots=True)
class RecordedEvent:
    """Something that was sent to an app: kept for tests and for the wire view."""

    at: datetime
    application_id: str
    name: str
    data: JsonObject


@dataclass(slots=True)
class Session:
    """One shard of one bot. It outlives its socket, so that it can be resumed."""

    id: str
    application_id: str
    intents: int
    shard: tuple[int, int]
    sequence: int = 0
    received: int = 0
    asked: int = 0
    asked_at: deque[float] = field(default_factory=lambda: deque(maxlen=QUESTIONS_PER_MINUTE))
    sent: deque[JsonObject] = field(default_factory=lambda: deque(maxlen=REPLAY_EVENTS))
    outbox: asyncio.Queue[JsonObject | None] | None = None
    detached_at: datetime | None = None

    def send(self, name: str, data: JsonObject) -> None:
        """Numbers an event, keeps it for a resume and hands it to the socket if there is one."""
        self.sequence += 1
        frame: JsonObject = {"op": 0, "t": name, "s": self.sequence, "d": data}
        self.sent.append(frame)
        if self.outbox is not None:
            self.outbox.put_nowait(frame)

    @property
    def behind(self) -> bool:
        """Whether the client has not said yet that it has got every event."""
        return self.outbox is not None and self.received < self.sequence and not self._asked_too_often()

    def ask_how_far(self) -> None:
        """Asks for a heartbeat, which names the last event that the client has got.

        Sparingly: each answer counts against the client's own limit of sends a minute.
        """
        if self.behind and self.asked < self.sequence:
            self.asked = self.sequence
            self.asked_at.append(monotonic())
            self.control(HEARTBEAT_REQUEST)

    def answered(self, number: int) -> None:
        """The client has got so far. One that unpacks a payload may answer before it: it is asked again."""
        self.received = number
        self.asked = min(self.asked, number)

    def _asked_too_often(self) -> bool:
        full = len(self.asked_at) == QUESTIONS_PER_MINUTE and self.asked == self.received
        return full and monotonic() - self.asked_at[0] < 60

    def control(self, op: int, data: object = None) -> None:
        """A frame that is no event: heartbeat request, reconnect, invalid session."""
        if self.outbox is not None:
            self.outbox.put_nowait({"op": op, "t": None, "s": None, "d": data})


class Sessions:
    """All sessions, and the rules by which an event reaches them."""

    def __init__(self, world: World, clock: Clock, faults: Faults) -> None:
        self.faults = faults
        self._world = world
        self._clock = clock
        self._sessions: dict[str, Session] = {}
        self.events: list[RecordedEvent] = []

    def open(self, application_id: str, intents: int, shard: tuple[int, int]) -> Session:
        for other in self.of(application_id):
            # Nobody resumes what the same bot has begun anew; it would only get every event twice.
            if other.outbox is None and other.shard == shard:
                self.end(other)
        session = Session(secrets.token_hex(16), application_id, intents, shard)
        self._sessions[session.id] = session
        return session

    def resumable(self, session_id: str, application_id: str, sequence: int) -> Session | None:
        """The session, if it still exists and what the client missed is still kept."""
        session = self._sessions.get(session_id)
        if session is None or session.application_id != application_id:
            return None
        if session.detached_at is not None and self._clock.now() - session.detached_at > SESSION_LIFETIME:
            self.end(session)
            return None
        oldest = session.sequence - len(session.sent)
        return session if oldest <= sequence <= session.sequence else None

    def detach(self, session: Session) -> None:
        """Its socket is gone; events go on being kept."""
        session.outbox = None
        session.detached_at = self._clock.now()

    def end(self, session: Session) -> None:
        self._sessions.pop(session.id, None)

    def of(self, application_id: str) -> list[Session]:
        return [session for session in self._sessions.values() if session.application_id == application_id]

    def all(self) -> list[Session]:
        return list(self._sessions.values())

    def emit(self, session: Session, name: str, data: JsonObject) -> None:
        """Everything that any app is sent passes here; faults have had their say by now."""
        event = RecordedEvent(self._clock.now(), session.application_id, name, data)
        self.events.append(event)
        session.send(name, data)

    def emit_on_shard(self, session: Session, name: str, guild_id: str, data: JsonObject) -> None:
        """An event for one session, if its shard holds the server."""
        if _on_shard(session, guild_id):
            self._pass_on(session, name, data)

    def emit_in_guild(self, name: str, guild_id: str, intent: Intent, data: JsonObject) -> None:
        """An event for every bot in a server that asked for this intent."""
        for session in self._in_guild(guild_id, intent):
            self._pass_on(session, name, data)

    def emit_in_channel(
        self,
        name: str,
        channel: Channel,
        intents: tuple[Intent, Intent],
        data: JsonObject | Callable[[str], JsonObject],
    ) -> None:
        """An event for the bots that see a channel; `intents` are those for servers and for DMs.

        `data` may be a function of the bot's id where the payload depends on who reads it.
        """
        for session in self._seeing(channel, intents):
            self._pass_on(session, name, data(session.application_id) if callable(data) else data)

    def emit_message(self, name: str, message: Message, data: JsonObject) -> None:
        """A message for the bots that see it, emptied for those that may not read it."""
        channel = self._world.channels[message.channel_id]
        intents = (Intent.GUILD_MESSAGES, Intent.DIRECT_MESSAGES)
        for session in self._seeing(channel, intents):
            readable = Intent.MESSAGE_CONTENT & session.intents or may_read(
                self._world, message, session.application_id
            )
            self._pass_on(session, name, dict(data) if readable else without_content(data))

    def emit_to_application(
        self, name: str, application_id: str, guild_id: str | None, data: JsonObject
    ) -> bool:
        """An event for one bot on the shard that holds the server; False if it has no session there."""
        reached = False
        for session in self.of(application_id):
            if _on_shard(session, guild_id):
                self._pass_on(session, name, data)
                reached = True
        return reached

    def _pass_on(self, session: Session, name: str, data: JsonObject) -> None:
        """Interactions come once and at once whatever the faults are."""
        if name == "INTERACTION_CREATE":
            self.emit(session, name, data)
        else:
            self.faults.pass_on(name, lambda: self.emit(session, name, data))

    def _in_guild(self, guild_id: str, intent: Intent) -> Iterable[Session]:
        for session in self.all():
            in_guild = (guild_id, session.application_id) in self._world.members
            if in_guild and session.intents & intent and _on_shard(session, guild_id):
                yield session

    def _seeing(self, channel: Channel, intents: tuple[Intent, Intent]) -> Iterable[Session]:
        in_guild, direct = intents
        intent = direct if channel.guild_id is None else in_guild
        for session in self.all():
            wanted = session.intents & intent and _on_shard(session, channel.guild_id)
            if wanted and can_view(self._world, session.application_id, channel):
                yield session


def _on_shard(session: Session, guild_id: str | None) -> bool:
    number, count = session.shard
    return number == (0 if guild_id is None else (int(guild_id) >> 22) % count)
