"""What faults mean on Discord: how requests are called, what a broken Discord answers, what is done to it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace

from chatdesk_playground.discord import channels, threads
from chatdesk_playground.discord.api import PREFIX
from chatdesk_playground.discord.backend import Backend, RecordedRequest
from chatdesk_playground.discord.socket import INVALID_SESSION, Connection
from chatdesk_playground.discord.state import Application, Channel
from chatdesk_playground.faults import Fault, FaultKind
from chatdesk_playground.misbehaving import Refusal

GOING_AWAY = 1001
UNKNOWN_ERROR = 4000


@dataclass(frozen=True, slots=True)
class DiscordFaults:
    """Discord, as `Misbehaving` sees it."""

    backend: Backend
    connections: set[Connection]

    def name_of(self, method: str, path: str) -> str:
        """The method and the path below the API's base, such as "POST /channels/42/messages"."""
        return f"{method} {path.removeprefix(PREFIX)}"

    def refusal(self, fault: Fault) -> Refusal:
        """Discord tells its own answers from those of the network before it by the header `Via`."""
        headers = {"Content-Type": "application/json", "Via": "1.1 google"}
        if fault.kind is FaultKind.RATE_LIMITED:
            headers |= {"Retry-After": f"{fault.seconds:.3f}", "X-RateLimit-Scope": "user"}
            sentence = "You are being rate limited."
            limited = {"message": sentence, "retry_after": fault.seconds, "global": False}
            return Refusal(429, headers, json.dumps(limited).encode())
        code = int(fault.code) if fault.code.isdigit() else 0
        body = {"message": f"{fault.status}: a fault of the playground", "code": code}
        return Refusal(fault.status, headers, json.dumps(body).encode())

    def note(self, method: str, path: str, status: int) -> None:
        """Record a request that was never carried out."""
        now = self.backend.clock.now()
        path = path.removeprefix(PREFIX)
        request = RecordedRequest(now, None, method, path, {}, None, (), status, None, 0, was_read=False)
        self.backend.requests.append(request)

    def under_way(self, more: int) -> None:
        """Count a request, so that nobody takes Discord for quiet meanwhile."""
        self.backend.in_flight += more
        self.backend.changes.note()

    async def do(self, fault: Fault) -> None:
        """Carry out what is done to the platform rather than to a request."""
        match fault.kind:
            case FaultKind.DOWN:
                self.backend.gateway.faults.go_down(fault.seconds)
                await self._cut_sockets()
            case FaultKind.SOCKET_DROPPED:
                await self._cut_sockets()
            case FaultKind.SESSION_INVALID:
                self._end_sessions()
            case FaultKind.TOKEN_REVOKED:
                for application in self._applications(fault):
                    self._revoke(application)
            case FaultKind.DM_CLOSED:
                self._open_dms(fault.target, False)
                self.backend.gateway.faults.undo.append(lambda: self._open_dms(fault.target, True))
            case FaultKind.CHANNEL_DELETED:
                channel = self._channel(fault)
                if channel.guild_id is None:
                    raise ValueError("a direct channel cannot be deleted")
                (threads.delete if channel.thread else channels.remove)(self.backend, channel)
            case FaultKind.THREAD_ARCHIVED:
                thread = self._channel(fault)
                if thread.thread is None:
                    raise ValueError(f"{fault.target!r} is not a thread")
                threads.archive(self.backend, thread, True)
            case _:
                raise ValueError(f"{fault.kind} is not done to the platform")

    def _applications(self, fault: Fault) -> Iterable[Application]:
        """The application that the fault is meant for, or all."""
        every = self.backend.world.applications
        return [every[fault.target]] if fault.target in every else list(every.values())

    def _channel(self, fault: Fault) -> Channel:
        found = self.backend.world.channels.get(fault.target)
        if found is None:
            raise ValueError(f"there is no channel {fault.target!r}")
        return found

    async def _cut_sockets(self) -> None:
        for connection in list(self.connections):
            await connection.close(UNKNOWN_ERROR)

    def _end_sessions(self) -> None:
        for session in self.backend.gateway.all():
            session.control(INVALID_SESSION, False)
            self.backend.gateway.end(session)

    def _revoke(self, application: Application) -> None:
        """Who changes a token on Discord is given a new one; here nobody knows it."""
        every = self.backend.world.applications
        every[application.id] = replace(application, token="")
        self.backend.gateway.faults.undo.append(
            lambda: every.update({application.id: replace(every[application.id], token=application.token)})
        )

    def _open_dms(self, user_id: str, now_open: bool) -> None:
        users = self.backend.world.users
        if user_id not in users:
            raise ValueError(f"there is nobody called {user_id!r}")
        users[user_id] = replace(users[user_id], dms_open=now_open)
