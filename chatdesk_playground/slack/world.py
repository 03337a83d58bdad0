"""Everything that exists in one playground, and finding it. Knows no HTTP."""

from __future__ import annotations

import asyncio
import secrets
import time
from dataclasses import dataclass, field

from chatdesk_playground.slack.state import (
    App,
    Channel,
    Message,
    ResponseUrl,
    StoredFile,
    Trigger,
    User,
    View,
    Workspace,
)

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


class NotHere(LookupError):
    """The control interface named something that does not exist; the message says what."""


@dataclass(frozen=True, slots=True)
class Timings:
    """How long Slack waits, in seconds. `retry_speed` makes only the retries of events come sooner."""

    acknowledge: float = 3.0
    trigger: float = 3.0
    response_url: float = 1800.0
    retries: tuple[float, ...] = (0.0, 60.0, 300.0)
    retry_speed: float = 1.0


@dataclass(frozen=True, slots=True)
class Habits:
    """What Slack does on some days or to some apps, and a robust app must bear.

    `mention_first`: app_mention comes before its message event. `updates_drop_names`: chat.update
    loses the name and picture of a customised post. `history_page`: the most objects that history and
    replies give at once, 15 for apps that are sold outside the Marketplace; 0 means no such limit.
    """

    mention_first: bool = False
    updates_drop_names: bool = False
    history_page: int = 0


@dataclass(slots=True)
class World:
    """The records, the clock that stamps them, and the bell that rings when one changes."""

    timings: Timings = field(default_factory=Timings)
    habits: Habits = field(default_factory=Habits)
    apps: dict[str, App] = field(default_factory=dict)
    workspaces: dict[str, Workspace] = field(default_factory=dict)
    views: dict[str, View] = field(default_factory=dict)
    screens: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    homes: dict[tuple[str, str], str] = field(default_factory=dict)
    triggers: dict[str, Trigger] = field(default_factory=dict)
    response_urls: dict[str, ResponseUrl] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    revoked_tokens: set[str] = field(default_factory=set)
    closed_dms: set[str] = field(default_factory=set)
    """People to whom the app's messages tab is closed."""
    version: int = 0
    _last_microsecond: int = 0
    _bell: asyncio.Event = field(default_factory=asyncio.Event)

    def touch(self) -> None:
        """Say that something visible changed; wakes whoever waits in `changed`."""
        self.version += 1
        bell, self._bell = self._bell, asyncio.Event()
        bell.set()

    async def changed(self, after: int, patience: float) -> int:
        """The version once it is above `after`, or the same one when `patience` seconds pass first."""
        if self.version <= after:
            try:
                async with asyncio.timeout(patience):
                    await self._bell.wait()
            except TimeoutError:
                return self.version
        return self.version

    def new_id(self, prefix: str) -> str:
        """An id of Slack's form, such as C0ABCDEF123."""
        return prefix + "0" + "".join(secrets.choice(_ALPHABET) for _ in range(9))

    def new_ts(self) -> str:
        """A message timestamp: unique in this world and later than every one before."""
        self._last_microsecond = max(self._last_microsecond + 1, time.time_ns() // 1000)
        return f"{self._last_microsecond // 1_000_000}.{self._last_microsecond % 1_000_000:06d}"

    def now(self) -> int:
        """Whole seconds since the epoch."""
        return int(time.time())

    def workspace(self, team_id: str) -> Workspace:
        """Raises `NotHere`."""
        if team_id not in self.workspaces:
            raise NotHere(f"no workspace {team_id!r}")
        return self.workspaces[team_id]

    def app_of(self, workspace: Workspace) -> App:
        """The app that is installed there."""
        return self.apps[workspace.app_id]

    def user(self, team_id: str, user_id: str) -> User:
        """Raises `NotHere`."""
        users = self.workspace(team_id).users
        if user_id not in users:
            raise NotHere(f"no user {user_id!r} in {team_id}")
        return users[user_id]

    def channel(self, team_id: str, channel: str) -> Channel:
        """A channel by id, or by name with or without "#". Raises `NotHere`."""
        channels = self.workspace(team_id).channels
        if channel in channels:
            return channels[channel]
        named = find_channel(self.workspace(team_id), channel)
        if named is None:
            raise NotHere(f"no channel {channel!r} in {team_id}")
        return named

    def message(self, channel: Channel, ts: str) -> Message:
        """A message, ephemeral ones included. Raises `NotHere`."""
        found = channel.messages.get(ts) or channel.ephemerals.get(ts)
        if found is None:
            raise NotHere(f"no message {ts!r} in #{channel.name}")
        return found

    def file(self, file_id: str) -> StoredFile | None:
        """A file of any workspace; ids are unique."""
        for workspace in self.workspaces.values():
            if file_id in workspace.files:
                return workspace.files[file_id]
        return None

    def screen(self, team_id: str, user_id: str) -> list[str]:
        """Ids of the modals on a person's screen, the top one last."""
        return self.screens.setdefault((team_id, user_id), [])

    def top_view(self, team_id: str, user_id: str) -> View | None:
        """The modal a person sees."""
        stack = self.screen(team_id, user_id)
        return self.views[stack[-1]] if stack else None

    def home_view(self, team_id: str, user_id: str) -> View | None:
        """A person's App Home, once the app published one."""
        view_id = self.homes.get((team_id, user_id))
        return self.views[view_id] if view_id else None


def find_channel(workspace: Workspace, name: str) -> Channel | None:
    """A channel by its name."""
    wanted = name.lstrip("#")
    for channel in workspace.channels.values():
        if channel.name == wanted and channel.kind in ("channel", "group"):
            return channel
    return None


def find_direct(workspace: Workspace, members: set[str]) -> Channel | None:
    """The direct conversation between exactly these people."""
    for channel in workspace.channels.values():
        if channel.kind in ("im", "mpim") and set(channel.members) == members:
            return channel
    return None


def replies_of(channel: Channel, thread_ts: str) -> list[Message]:
    """The replies in a thread, oldest first, without its first message."""
    return [m for m in channel.messages.values() if m.thread_ts == thread_ts and m.ts != thread_ts]
