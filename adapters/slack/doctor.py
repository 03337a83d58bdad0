"""What ``chatdesk doctor`` asks Slack: tokens, scopes, channels, and with ``live`` a round of real use."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from slack_sdk.errors import SlackApiError

from adapters.slack.calls import get, pages, post
from adapters.slack.failures import SDK_ERRORS, reason_of
from adapters.slack.files import begin_upload, complete_upload, send_bytes, wait_for_share
from adapters.slack.ids import Spot
from adapters.slack.outlet import Outlet, is_error
from adapters.slack.scopes import BOT_SCOPES
from adapters.slack.settings import SlackSettings
from adapters.slack.wire import answer, items, text
from chatdesk.contract.outbound import OutgoingFile
from chatdesk.contract.ports import Check

SCOPES_HEADER = "x-oauth-scopes"
_SCRATCH_ADVICE = "name a scratch channel that the bot is in: chatdesk doctor --live --scratch <channel>"


async def examine(outlet: Outlet, settings: SlackSettings) -> AsyncIterator[Check]:
    """What can be found out without writing anything."""
    try:
        answered = await outlet.client.auth_test()
    except SDK_ERRORS as error:
        yield Check("bot token", False, f"{reason_of(error)}; see CHATDESK_SLACK__BOT_TOKEN")
        return
    yield Check(f"bot token, workspace {text(answer(answered), 'team')}", True)
    given = _scopes(dict(answered.headers))
    missing = [scope for scope in BOT_SCOPES if scope not in given] if given else []
    advice = (
        f"add {', '.join(missing)} under OAuth & Permissions and install the app again" if missing else ""
    )
    yield Check("scopes", not missing, advice)
    yield await _app_token(outlet, settings)
    yield await _channels(outlet)


async def _app_token(outlet: Outlet, settings: SlackSettings) -> Check:
    if settings.app_token is None:
        return Check("HTTP mode: the app's request URL must end in /slack/events", True)
    try:
        await outlet.client.apps_connections_open(app_token=settings.app_token.get_secret_value())
    except SDK_ERRORS as error:
        advice = f"{reason_of(error)}; CHATDESK_SLACK__APP_TOKEN needs the scope connections:write"
        return Check("app token (Socket Mode)", False, advice)
    return Check("app token (Socket Mode)", True)


async def _channels(outlet: Outlet) -> Check:
    try:
        found = await get(
            outlet.client,
            "users.conversations",
            types="public_channel,private_channel",
            exclude_archived=True,
            limit=200,
        )
    except SDK_ERRORS as error:
        return Check("channels", False, reason_of(error))
    names = [f"#{text(channel, 'name')}" for channel in items(found, "channels")]
    if not names:
        return Check("channels", False, "invite the bot to each team's channel: /invite @chatdesk")
    return Check(f"channels that the bot is in: {', '.join(names)}", True)


def _scopes(headers: dict[str, str]) -> frozenset[str]:
    listed = next((value for name, value in headers.items() if name.lower() == SCOPES_HEADER), "")
    return frozenset(scope.strip() for scope in listed.split(",") if scope.strip())


async def try_out(outlet: Outlet, scratch: str | None) -> AsyncIterator[Check]:
    """A round of real use in a scratch channel, cleaned up behind us."""
    if not scratch:
        yield Check("live", False, _SCRATCH_ADVICE)
        return
    channel = scratch.removeprefix("#")
    trial = Trial(outlet, channel)
    for subject, step in trial.steps():
        try:
            await step()
        except SDK_ERRORS as error:
            yield Check(f"live: {subject}", False, reason_of(error))
        except TrialFailed as failure:
            yield Check(f"live: {subject}", False, str(failure))
        else:
            yield Check(f"live: {subject}", True)
        if trial.channel_id is None:
            return


class TrialFailed(Exception):
    """Slack took it and did something else."""


@dataclass(slots=True)
class Trial:
    """The steps of a live check, each on what the ones before left."""

    outlet: Outlet
    channel: str
    channel_id: str | None = None
    message: str = ""
    file: str = ""
    left: list[str] = field(default_factory=list)
    """Messages to be deleted, replies first."""

    def steps(self) -> Sequence[tuple[str, Callable[[], Awaitable[None]]]]:
        return (
            ("post", self.post),
            ("edit", self.edit),
            ("post under another name", self.post_customised),
            ("react", self.react),
            ("upload a file", self.upload),
            ("delete", self.delete),
        )

    async def post(self) -> None:
        said = await post(
            self.outlet.client,
            "chat.postMessage",
            channel=await self._find(),
            text="chatdesk doctor was here",
        )
        self.channel_id, self.message = text(said, "channel"), text(said, "ts")
        self.left.append(self.message)

    async def edit(self) -> None:
        await post(
            self.outlet.client,
            "chat.update",
            channel=self.channel_id,
            ts=self.message,
            text="chatdesk doctor was here, and edited this",
        )

    async def post_customised(self) -> None:
        said = await post(
            self.outlet.client,
            "chat.postMessage",
            channel=self.channel_id,
            thread_ts=self.message,
            text="…and under another name",
            username="A customer",
        )
        self.left.insert(0, text(said, "ts"))
        if text(said, "message", "username") != "A customer":
            raise TrialFailed("Slack shows the bot's own name: is the scope chat:write.customize given?")

    async def react(self) -> None:
        await post(
            self.outlet.client, "reactions.add", channel=self.channel_id, timestamp=self.message, name="eyes"
        )

    async def upload(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "chatdesk-doctor.txt"
            path.write_bytes(b"chatdesk doctor\n")
            file = OutgoingFile("doctor", path.name, path.stat().st_size, "text/plain", path)
            upload = await begin_upload(self.outlet.client, file)
            await send_bytes(self.outlet, upload, file)
        self.file = upload.file
        at = Spot(self.channel_id or "", self.message)
        await complete_upload(self.outlet.client, self.file, file, at, "…and a file")
        shared = await wait_for_share(self.outlet.client, self.file, at)
        if shared is None:
            raise TrialFailed("the file was uploaded and did not appear")
        self.left.insert(0, shared)

    async def delete(self) -> None:
        if self.file:
            await post(self.outlet.client, "files.delete", file=self.file)
        for ts in self.left:
            await _unless_gone(self.outlet, self.channel_id, ts)

    async def _find(self) -> str:
        """The scratch channel's id; it may be given as one."""
        listed = pages(
            self.outlet.client,
            "users.conversations",
            "channels",
            types="public_channel,private_channel",
            exclude_archived=True,
        )
        async for channel in listed:
            if self.channel in (text(channel, "id"), text(channel, "name")):
                return text(channel, "id")
        raise TrialFailed(f"the bot is in no channel {self.channel}; invite it there")


async def _unless_gone(outlet: Outlet, channel: str | None, ts: str) -> None:
    try:
        await post(outlet.client, "chat.delete", channel=channel, ts=ts)
    except SlackApiError as error:
        if not is_error(error, "message_not_found"):
            raise
