"""What faults mean on Slack: how requests are called, what a broken Slack answers, what is done to it."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

from chatdesk_playground.faults import Fault, FaultKind, fault_of
from chatdesk_playground.misbehaving import Refusal
from chatdesk_playground.slack.membership import archive, delete_channel
from chatdesk_playground.slack.site import RecordedRequest, Site
from chatdesk_playground.slack.state import Channel, Workspace
from chatdesk_playground.slack.wire import JsonObject, dump, number, whole

_NAMES = {
    "/upload/": "upload",
    "/responses/": "response_url",
    "/files-pri/": "download",
    "/avatars/": "avatar",
    "/default-avatars/": "avatar",
}


@dataclass(frozen=True, slots=True)
class SlackFaults:
    """Slack, as `Misbehaving` sees it."""

    site: Site

    def name_of(self, method: str, path: str) -> str:
        """A method of the Web API, "upload", "download", "response_url" or "avatar"."""
        if path.startswith("/api/"):
            return path.removeprefix("/api/")
        return next((name for start, name in _NAMES.items() if path.startswith(start)), path)

    def refusal(self, fault: Fault) -> Refusal:
        """Slack tells what it understood and refuses with 200 and an error; else it answers in plain HTTP."""
        headers = {"Content-Type": "application/json; charset=utf-8"}
        if fault.kind is FaultKind.RATE_LIMITED:
            headers["Retry-After"] = str(math.ceil(fault.seconds))
            return Refusal(429, headers, dump({"ok": False, "error": "ratelimited"}).encode())
        if fault.code:
            return Refusal(200, headers, dump({"ok": False, "error": fault.code}).encode())
        return Refusal(fault.status, {"Content-Type": "text/html"}, b"<html>Server error</html>")

    def note(self, method: str, path: str, status: int) -> None:
        """Record a request that was never carried out."""
        answer: JsonObject = {"ok": False, "error": "a fault of the playground"}
        request = RecordedRequest(self.name_of(method, path), {}, status, answer, time.time(), 0.0)
        self.site.requests.append(request)

    def under_way(self, more: int) -> None:
        """Count a request, so that nobody takes Slack for quiet meanwhile."""
        self.site.requests_under_way += more
        self.site.world.touch()

    async def do(self, fault: Fault) -> None:
        """Carry out what is done to the platform rather than to a request."""
        workspaces = self._workspaces(fault)
        match fault.kind:
            case FaultKind.DOWN:
                self.site.delivery.faults.go_down(fault.seconds)
                await self._cut_sockets(workspaces)
            case FaultKind.SOCKET_DROPPED:
                await self._cut_sockets(workspaces)
            case FaultKind.SESSION_INVALID:
                for workspace in workspaces:
                    await self.site.sockets.disconnect(workspace.app_id, "refresh_requested")
            case FaultKind.TOKEN_REVOKED:
                for workspace in workspaces:
                    self._revoke(workspace)
            case FaultKind.DM_CLOSED:
                self.site.world.closed_dms.add(fault.target)
                self.site.delivery.faults.undo.append(
                    lambda: self.site.world.closed_dms.discard(fault.target)
                )
            case FaultKind.CHANNEL_DELETED:
                delete_channel(self.site, *self._channel(fault))
            case FaultKind.THREAD_ARCHIVED:
                workspace, channel = self._channel(fault)
                archive(self.site, workspace, channel, channel.creator)
                self.site.delivery.faults.undo.append(lambda: setattr(channel, "archived", False))
            case _:
                raise ValueError(f"{fault.kind} is not done to the platform")

    def _workspaces(self, fault: Fault) -> list[Workspace]:
        """The workspace that the fault is meant for, or all."""
        every = self.site.world.workspaces
        return [every[fault.target]] if fault.target in every else list(every.values())

    def _channel(self, fault: Fault) -> tuple[Workspace, Channel]:
        for workspace in self.site.world.workspaces.values():
            if fault.target in workspace.channels:
                return workspace, workspace.channels[fault.target]
        raise ValueError(f"there is no channel {fault.target!r}")

    async def _cut_sockets(self, workspaces: list[Workspace]) -> None:
        for app_id in {workspace.app_id for workspace in workspaces}:
            await self.site.sockets.drop(app_id)

    def _revoke(self, workspace: Workspace) -> None:
        """Slack says so in an event, too."""
        tokens: JsonObject = {"oauth": [], "bot": [workspace.bot_user_id]}
        self.site.world.revoked_tokens.add(workspace.bot_token)
        self.site.delivery.emit(workspace, {"type": "tokens_revoked", "tokens": tokens})
        undo = self.site.delivery.faults.undo
        undo.append(lambda: self.site.world.revoked_tokens.discard(workspace.bot_token))


@dataclass(frozen=True, slots=True)
class FaultControl:
    """The `/control/…` routes by which a test makes this Slack misbehave."""

    slack: SlackFaults

    async def misbehave(self, body: JsonObject) -> JsonObject:
        """Let a fault happen; see `Fault`."""
        fault = fault_of(body)
        await self.slack.site.delivery.faults.begin(fault, self.slack.do)
        return {}

    async def behave(self, body: JsonObject) -> JsonObject:
        """Forget all faults; see `Faults.clear`."""
        self.slack.site.delivery.faults.clear()
        self.slack.site.world.touch()
        return {}

    async def wait_struck(self, body: JsonObject) -> JsonObject:
        """How often faults struck, once it was `count` times. Raises `TimeoutError`."""
        faults = self.slack.site.delivery.faults
        return {"struck": await faults.wait_struck(whole(body, "count"), number(body, "timeout", 5.0))}
