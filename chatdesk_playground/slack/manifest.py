"""What an installed manifest allows: https://docs.slack.dev/reference/app-manifest"""

from __future__ import annotations

from chatdesk_playground.slack.state import App
from chatdesk_playground.slack.wire import JsonObject, child, children, flag, text, texts

# What a bot gets without a manifest: all that the methods ask for, except posting where it is not a member.
ALL_SCOPES = frozenset(
    {
        "app_mentions:read", "channels:history", "channels:join", "channels:manage", "channels:read",
        "chat:write", "chat:write.customize", "commands", "files:read", "files:write", "groups:history",
        "groups:read", "groups:write", "im:history", "im:read", "im:write", "mpim:history", "mpim:read",
        "mpim:write", "pins:read", "pins:write", "reactions:read", "reactions:write", "team:read",
        "usergroups:read", "users.profile:read", "users:read", "users:read.email", "metadata.message:read",
    }
)  # fmt: skip


def granted_scopes(manifest: JsonObject) -> frozenset[str]:
    """The bot scopes that a manifest asks for."""
    oauth = child(manifest, "oauth_config")
    return frozenset(texts(child(oauth, "scopes"), "bot"))


def command(app: App, name: str) -> JsonObject | None:
    """What the manifest says of a slash command; None when it does not know it."""
    if app.manifest is None:
        return {"command": name, "should_escape": True}
    for entry in children(child(app.manifest, "features"), "slash_commands"):
        if text(entry, "command") == name:
            return entry
    return None


def should_escape(entry: JsonObject) -> bool:
    """Whether mentions in the command's text become ids."""
    return flag(entry, "should_escape")


def has_shortcut(app: App, callback_id: str, kind: str) -> bool:
    """Whether the app offers this "global" or "message" shortcut."""
    if app.manifest is None:
        return True
    return any(
        text(entry, "callback_id") == callback_id and text(entry, "type") == kind
        for entry in children(child(app.manifest, "features"), "shortcuts")
    )
