"""The world of the playground: what a workspace holds, in memory. These records change as people act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from pydantic import ConfigDict, with_config

from chatdesk_playground.slack.wire import JsonObject

ChannelKind = Literal["channel", "group", "im", "mpim"]


@dataclass(slots=True)
class App:
    """A Slack app: what its settings page knows."""

    id: str
    name: str
    app_token: str
    signing_secret: str
    verification_token: str
    client_id: str
    client_secret: str
    manifest: JsonObject | None = None
    request_url: str | None = None
    ever_connected: bool = False

    @property
    def has_anywhere_to_send(self) -> bool:
        """Whether the app ever opened a socket or named a request URL; before that, events have no taker."""
        return self.ever_connected or self.request_url is not None


@dataclass(slots=True)
class User:
    """A member of a workspace, human or bot."""

    id: str
    team_id: str
    name: str
    real_name: str
    display_name: str
    email: str
    token: str
    is_bot: bool = False
    bot_id: str = ""
    deleted: bool = False
    is_admin: bool = False
    has_avatar: bool = False
    timezone: str = "Europe/Amsterdam"
    updated: int = 0

    @property
    def shown_name(self) -> str:
        """What Slack writes above this person's messages."""
        return self.display_name or self.real_name or self.name


@dataclass(frozen=True, slots=True)
class Edited:
    """Who last changed a message, and when."""

    user: str
    ts: str


@dataclass(slots=True)
class Message:
    """One message in a channel; an ephemeral one has the reader's id in `only_for`."""

    ts: str
    channel_id: str
    text: str
    user: str = ""
    subtype: str = ""
    thread_ts: str | None = None
    blocks: Sequence[JsonObject] = ()
    attachments: Sequence[JsonObject] = ()
    file_ids: list[str] = field(default_factory=list)
    bot_id: str = ""
    username: str = ""
    icons: JsonObject = field(default_factory=dict)
    client_msg_id: str = ""
    metadata: JsonObject | None = None
    edited: Edited | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    only_for: str = ""

    @property
    def is_reply(self) -> bool:
        """Whether this stands in a thread that another message began."""
        return self.thread_ts is not None and self.thread_ts != self.ts


@dataclass(slots=True)
class Channel:
    """A channel, private channel or direct conversation."""

    id: str
    team_id: str
    name: str
    kind: ChannelKind
    creator: str
    created: int
    members: list[str] = field(default_factory=list)
    topic: str = ""
    purpose: str = ""
    previous_names: list[str] = field(default_factory=list)
    archived: bool = False
    messages: dict[str, Message] = field(default_factory=dict)
    ephemerals: dict[str, Message] = field(default_factory=dict)
    pins: list[str] = field(default_factory=list)
    pinned_at: dict[str, int] = field(default_factory=dict)
    pinned_by: dict[str, str] = field(default_factory=dict)

    @property
    def is_private(self) -> bool:
        """Whether only members may know of it."""
        return self.kind != "channel"


@dataclass(slots=True)
class Usergroup:
    """A user group ("subteam") such as @support-agents."""

    id: str
    team_id: str
    handle: str
    name: str
    members: list[str]
    created: int
    updated: int
    creator: str


@with_config(ConfigDict(ser_json_bytes="base64", val_json_bytes="base64"))
@dataclass(slots=True)
class StoredFile:
    """A file, from the request for an upload address until its deletion."""

    id: str
    team_id: str
    name: str
    title: str
    size: int
    owner: str
    created: int
    upload_key: str
    content: bytes | None = None
    completed: bool = False
    deleted: bool = False
    alt_text: str = ""
    snippet_type: str = ""
    shares: dict[str, list[str]] = field(default_factory=dict)


@dataclass(slots=True)
class Workspace:
    """A workspace with its one installation of an app."""

    id: str
    name: str
    app_id: str
    bot_user_id: str
    bot_id: str
    bot_token: str
    scopes: frozenset[str]
    installed: bool = True
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    usergroups: dict[str, Usergroup] = field(default_factory=dict)
    files: dict[str, StoredFile] = field(default_factory=dict)


@dataclass(slots=True)
class Trigger:
    """The right to open one view, for a few seconds, because somebody did something."""

    id: str
    team_id: str
    user_id: str
    expires: float
    view_id: str = ""
    used: bool = False


@dataclass(slots=True)
class ResponseUrl:
    """The right to answer into a conversation, a few times, for half an hour."""

    key: str
    team_id: str
    user_id: str
    channel_id: str
    expires: float
    uses_left: int
    message_ts: str = ""


@dataclass(slots=True)
class View:
    """A modal or an App Home as it stands on one person's screen."""

    id: str
    team_id: str
    user_id: str
    kind: Literal["modal", "home"]
    content: JsonObject
    hash: str
    root_id: str
    previous_id: str | None = None
    values: dict[str, dict[str, JsonObject]] = field(default_factory=dict)

    @property
    def external_id(self) -> str:
        """The app's own name for the view."""
        value = self.content.get("external_id")
        return value if isinstance(value, str) else ""
