"""The settings side of the control interface: workspaces, people, channels, installations."""

from __future__ import annotations

import secrets
import zlib
from dataclasses import dataclass

from chatdesk_playground.slack import manifest as manifests
from chatdesk_playground.slack.membership import (
    announce_user,
    archive,
    change_members,
    delete_channel,
    join,
    leave,
    rename,
)
from chatdesk_playground.slack.posting import announce_change, wire_of
from chatdesk_playground.slack.site import Site
from chatdesk_playground.slack.state import App, Channel, User, Usergroup, Workspace
from chatdesk_playground.slack.wire import JsonObject, child, flag, text, texts
from chatdesk_playground.slack.world import find_channel


@dataclass(frozen=True, slots=True)
class Control:
    """One method per `/control/…` route that is not a human's action."""

    site: Site

    async def create_workspace(self, body: JsonObject) -> JsonObject:
        """A workspace with an app installed in it; with `app_id`, one that exists already."""
        world = self.site.world
        app = world.apps.get(text(body, "app_id")) or self._new_app(text(body, "app_name", "chatdesk"))
        workspace = Workspace(
            id=world.new_id("T"),
            name=text(body, "name"),
            app_id=app.id,
            bot_user_id=world.new_id("U"),
            bot_id=world.new_id("B"),
            bot_token=f"xoxb-{secrets.token_hex(24)}",
            scopes=manifests.granted_scopes(app.manifest) if app.manifest else manifests.ALL_SCOPES,
        )
        workspace.users[workspace.bot_user_id] = self._bot(workspace, app)
        world.workspaces[workspace.id] = workspace
        code = secrets.token_hex(12)
        world.codes[code] = workspace.id
        world.touch()
        return {
            "team_id": workspace.id,
            "app_id": app.id,
            "bot_user_id": workspace.bot_user_id,
            "bot_id": workspace.bot_id,
            "bot_token": workspace.bot_token,
            "app_token": app.app_token,
            "signing_secret": app.signing_secret,
            "client_id": app.client_id,
            "client_secret": app.client_secret,
            "oauth_code": code,
        }

    async def create_user(self, body: JsonObject) -> JsonObject:
        """A member of a workspace."""
        world = self.site.world
        workspace = world.workspace(text(body, "team"))
        name = text(body, "name")
        user = User(
            id=text(body, "user_id") or world.new_id("U"),
            team_id=workspace.id,
            name=name,
            real_name=text(body, "real_name") or text(body, "display_name") or name,
            display_name=text(body, "display_name"),
            email=text(body, "email") or f"{name}@{workspace.name}.example",
            token=f"xoxc-{secrets.token_hex(24)}",
            is_admin=flag(body, "admin"),
            has_avatar=flag(body, "avatar"),
        )
        workspace.users[user.id] = user
        announce_user(self.site, workspace, user, "team_join")
        return {"id": user.id, "name": user.name, "token": user.token}

    async def change_user(self, body: JsonObject) -> JsonObject:
        """Change names or the email of a person, or deactivate them."""
        workspace = self.site.world.workspace(text(body, "team"))
        user = self.site.world.user(workspace.id, text(body, "user"))
        user.display_name = text(body, "display_name", user.display_name)
        user.real_name = text(body, "real_name", user.real_name)
        user.email = text(body, "email", user.email)
        user.deleted = flag(body, "deleted", user.deleted)
        announce_user(self.site, workspace, user, "user_change")
        return {}

    async def create_channel(self, body: JsonObject) -> JsonObject:
        """A channel with members; `bot` says whether the app's bot is one of them."""
        world = self.site.world
        workspace = world.workspace(text(body, "team"))
        members = texts(body, "members")
        for member in members:
            world.user(workspace.id, member)
        name = text(body, "name")
        if find_channel(workspace, name) is not None:
            raise ValueError(f"there is a #{name} already")
        channel = Channel(
            id=world.new_id("C"),
            team_id=workspace.id,
            name=name,
            kind="group" if flag(body, "private") else "channel",
            creator=members[0] if members else workspace.bot_user_id,
            created=world.now(),
            members=members,
        )
        workspace.channels[channel.id] = channel
        if flag(body, "bot", True):
            join(self.site, workspace, channel, workspace.bot_user_id)
        world.touch()
        return {"id": channel.id}

    async def change_channel(self, body: JsonObject) -> JsonObject:
        """`change` is archive, delete, rename (with `name`), add or remove (with `user`)."""
        world = self.site.world
        workspace = world.workspace(text(body, "team"))
        channel = world.channel(workspace.id, text(body, "channel"))
        user = text(body, "user")
        change = text(body, "change")
        if change == "archive":
            archive(self.site, workspace, channel, user or channel.creator)
        elif change == "delete":
            delete_channel(self.site, workspace, channel)
        elif change == "rename":
            rename(self.site, workspace, channel, text(body, "name"))
        elif change == "add":
            join(self.site, workspace, channel, world.user(workspace.id, user).id)
        elif change == "remove" and user in channel.members:
            leave(self.site, workspace, channel, user)
        else:
            raise ValueError(f"cannot {change!r} a channel")
        return {}

    async def create_usergroup(self, body: JsonObject) -> JsonObject:
        """A user group."""
        world = self.site.world
        workspace = world.workspace(text(body, "team"))
        members = [world.user(workspace.id, member).id for member in texts(body, "members")]
        handle = text(body, "handle")
        now = world.now()
        group = Usergroup(
            world.new_id("S"), workspace.id, handle, handle, members, now, now, workspace.bot_user_id
        )
        workspace.usergroups[group.id] = group
        world.touch()
        return {"id": group.id}

    async def set_usergroup_members(self, body: JsonObject) -> JsonObject:
        """Replace the members of a user group."""
        workspace = self.site.world.workspace(text(body, "team"))
        group = workspace.usergroups[text(body, "usergroup")]
        change_members(self.site, workspace, group, texts(body, "members"))
        return {}

    async def install_manifest(self, body: JsonObject) -> JsonObject:
        """Register the app's manifest: subscriptions, commands, shortcuts and scopes hold from now on."""
        workspace = self.site.world.workspace(text(body, "team"))
        app = self.site.world.app_of(workspace)
        app.manifest = child(body, "manifest")
        for installed in self.site.world.workspaces.values():
            if installed.app_id == app.id:
                installed.scopes = manifests.granted_scopes(app.manifest)
        return {"scopes": sorted(workspace.scopes)}

    async def set_scopes(self, body: JsonObject) -> JsonObject:
        """Give the bot token exactly these scopes."""
        workspace = self.site.world.workspace(text(body, "team"))
        workspace.scopes = frozenset(texts(body, "scopes"))
        return {}

    async def uninstall(self, body: JsonObject) -> JsonObject:
        """Remove the app from the workspace; its token is dead afterwards."""
        workspace = self.site.world.workspace(text(body, "team"))
        self.site.delivery.emit(workspace, {"type": "tokens_revoked", "tokens": self._tokens(workspace)})
        self.site.delivery.emit(workspace, {"type": "app_uninstalled"})
        workspace.installed = False
        return {}

    async def revoke_token(self, body: JsonObject) -> JsonObject:
        """Revoke the bot token alone."""
        workspace = self.site.world.workspace(text(body, "team"))
        self.site.world.revoked_tokens.add(workspace.bot_token)
        self.site.delivery.emit(workspace, {"type": "tokens_revoked", "tokens": self._tokens(workspace)})
        return {}

    async def unfurl(self, body: JsonObject) -> JsonObject:
        """Do to a message what Slack does after it fetched a link: it changes without having been edited."""
        world = self.site.world
        workspace = world.workspace(text(body, "team"))
        channel = world.channel(workspace.id, text(body, "channel"))
        message = world.message(channel, text(body, "ts"))
        before = wire_of(self.site, workspace, channel, message)
        link = text(body, "url")
        title = text(body, "title", link)
        message.attachments = [
            *message.attachments,
            {"id": 1, "from_url": link, "original_url": link, "fallback": title, "title": title,
             "title_link": link},
        ]  # fmt: skip
        announce_change(self.site, workspace, channel, message, before)
        return {}

    def _new_app(self, name: str) -> App:
        world = self.site.world
        app_id = world.new_id("A")
        app = App(
            id=app_id,
            name=name,
            app_token=f"xapp-1-{app_id}-{secrets.token_hex(24)}",
            signing_secret=secrets.token_hex(16),
            verification_token=secrets.token_hex(12),
            client_id=f"{secrets.randbelow(10**12)}.{zlib.crc32(app_id.encode())}",
            client_secret=secrets.token_hex(16),
        )
        world.apps[app_id] = app
        return app

    def _bot(self, workspace: Workspace, app: App) -> User:
        return User(
            id=workspace.bot_user_id,
            team_id=workspace.id,
            name=app.name,
            real_name=app.name,
            display_name="",
            email="",
            token="",
            is_bot=True,
            bot_id=workspace.bot_id,
            updated=self.site.world.now(),
        )

    def _tokens(self, workspace: Workspace) -> JsonObject:
        return {"oauth": [], "bot": [workspace.bot_user_id]}
