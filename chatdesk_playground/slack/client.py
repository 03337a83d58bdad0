"""The async client of the control interface: what tests, the demo and scripts hold in their hands."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import aiohttp

from chatdesk_playground.faults import Fault, body_of_fault
from chatdesk_playground.slack.human import SlackHuman
from chatdesk_playground.slack.remote import Remote
from chatdesk_playground.slack.wire import JsonObject, text, whole


@dataclass(frozen=True, slots=True)
class InstalledApp:
    """A workspace and the credentials of the app that is installed in it."""

    team_id: str
    app_id: str
    bot_user_id: str
    bot_id: str
    bot_token: str
    app_token: str
    signing_secret: str
    client_id: str
    client_secret: str
    oauth_code: str


class SlackControl:
    """Makes workspaces, people and channels, and decides how well Slack works today.

    `http` is the session of one event loop; without it any loop may use this and the people it makes.
    """

    def __init__(self, base_url: str, http: aiohttp.ClientSession | None) -> None:
        self._remote = Remote(base_url, http)

    async def create_workspace(
        self, name: str, *, app_name: str = "chatdesk", app_id: str = ""
    ) -> InstalledApp:
        """A workspace with an app of its own or, with `app_id`, one that is installed elsewhere already."""
        made = await self._remote.ask("create_workspace", name=name, app_name=app_name, app_id=app_id)
        return InstalledApp(
            team_id=text(made, "team_id"),
            app_id=text(made, "app_id"),
            bot_user_id=text(made, "bot_user_id"),
            bot_id=text(made, "bot_id"),
            bot_token=text(made, "bot_token"),
            app_token=text(made, "app_token"),
            signing_secret=text(made, "signing_secret"),
            client_id=text(made, "client_id"),
            client_secret=text(made, "client_secret"),
            oauth_code=text(made, "oauth_code"),
        )

    async def create_user(
        self,
        team_id: str,
        name: str,
        *,
        display_name: str = "",
        real_name: str = "",
        email: str = "",
        avatar: bool = False,
        admin: bool = False,
        user_id: str = "",
    ) -> SlackHuman:
        """A person in a workspace, with a new id unless one is named."""
        made = await self._remote.ask(
            "create_user",
            team=team_id,
            name=name,
            display_name=display_name,
            real_name=real_name,
            email=email,
            avatar=avatar,
            admin=admin,
            user_id=user_id,
        )
        return SlackHuman(self._remote, team_id, text(made, "id"), name, text(made, "token"))

    def person(self, team_id: str, user_id: str, name: str, token: str) -> SlackHuman:
        """Somebody who is there already."""
        return SlackHuman(self._remote, team_id, user_id, name, token)

    async def change_user(self, team_id: str, user_id: str, **changes: str | bool) -> None:
        """Change `display_name`, `real_name`, `email` or `deleted`; the app gets `user_change`."""
        await self._remote.ask("change_user", team=team_id, user=user_id, **changes)

    async def create_channel(
        self, team_id: str, name: str, *, members: Sequence[str] = (), private: bool = False, bot: bool = True
    ) -> str:
        """A channel; its id."""
        made = await self._remote.ask(
            "create_channel", team=team_id, name=name, members=list(members), private=private, bot=bot
        )
        return text(made, "id")

    async def archive_channel(self, team_id: str, channel: str) -> None:
        """Close a channel to new messages."""
        await self._remote.ask("change_channel", team=team_id, channel=channel, change="archive")

    async def delete_channel(self, team_id: str, channel: str) -> None:
        """Take a channel away."""
        await self._remote.ask("change_channel", team=team_id, channel=channel, change="delete")

    async def rename_channel(self, team_id: str, channel: str, name: str) -> None:
        """Give a channel another name."""
        await self._remote.ask("change_channel", team=team_id, channel=channel, change="rename", name=name)

    async def add_to_channel(self, team_id: str, channel: str, user_id: str) -> None:
        """Make somebody, perhaps the bot, a member."""
        await self._remote.ask("change_channel", team=team_id, channel=channel, change="add", user=user_id)

    async def remove_from_channel(self, team_id: str, channel: str, user_id: str) -> None:
        """End a membership, perhaps the bot's."""
        await self._remote.ask("change_channel", team=team_id, channel=channel, change="remove", user=user_id)

    async def create_usergroup(self, team_id: str, handle: str, *, members: Sequence[str] = ()) -> str:
        """A user group; its id."""
        made = await self._remote.ask("create_usergroup", team=team_id, handle=handle, members=list(members))
        return text(made, "id")

    async def set_usergroup_members(self, team_id: str, usergroup: str, members: Sequence[str]) -> None:
        """Replace the members of a user group."""
        await self._remote.ask(
            "set_usergroup_members", team=team_id, usergroup=usergroup, members=list(members)
        )

    async def install_manifest(self, team_id: str, manifest: JsonObject) -> None:
        """Register the app's manifest: its subscriptions, commands, shortcuts and scopes hold from now on."""
        await self._remote.ask("install_manifest", team=team_id, manifest=manifest)

    async def set_scopes(self, team_id: str, scopes: Sequence[str]) -> None:
        """Give the bot token exactly these scopes."""
        await self._remote.ask("set_scopes", team=team_id, scopes=list(scopes))

    async def set_request_url(self, team_id: str, url: str) -> None:
        """HTTP mode, after the url_verification handshake; "" goes back to Socket Mode."""
        await self._remote.ask("set_request_url", team=team_id, url=url)

    async def set_rate_limits(self, enabled: bool, *, speed: float = 1.0) -> None:
        """Rate limits on or off; `speed` refills them that many times faster."""
        await self._remote.ask("set_rate_limits", enabled=enabled, speed=speed)

    async def set_timings(self, **seconds: float) -> None:
        """`acknowledge`, `trigger`, `response_url` in seconds, and `retry_speed` as a factor."""
        await self._remote.ask("set_timings", **seconds)

    async def set_habits(self, **habits: bool | int) -> None:
        """`mention_first`, `updates_drop_names`, `history_page`: what apps must bear; see `Habits`."""
        await self._remote.ask("set_habits", **habits)

    async def repeat_events(self, team_id: str, count: int = 1) -> None:
        """Send the last events again, each under another event id, as Slack has been seen to do."""
        await self._remote.ask("repeat_events", team=team_id, count=count)

    async def retry_events_now(self) -> None:
        """Let every waiting retry of an event come at once."""
        await self._remote.ask("retry_events_now")

    async def misbehave(self, fault: Fault) -> None:
        """Let something go wrong, now or from now on."""
        await self._remote.ask("misbehave", **body_of_fault(fault))

    async def behave(self) -> None:
        """End all faults: downtime is over, revoked tokens count, DMs are open; what is deleted stays so."""
        await self._remote.ask("behave")

    async def wait_struck(self, count: int = 1, *, timeout: float = 5.0) -> int:
        """How often faults struck so far, once that is at least `count`. Raises `TimeoutError`."""
        return whole(await self._remote.ask("wait_struck", count=count, timeout=timeout), "struck")

    async def disconnect(self, team_id: str, reason: str = "refresh_requested") -> None:
        """Tell the app's sockets to go ("warning", "refresh_requested", "link_disabled")."""
        await self._remote.ask("disconnect", team=team_id, reason=reason)

    async def cut_sockets(self, team_id: str) -> None:
        """Close the app's sockets without a word."""
        await self._remote.ask("disconnect", team=team_id, rough=True)

    async def connections(self, team_id: str) -> int:
        """How many sockets the app has open."""
        return whole(await self._remote.ask("connections", team=team_id), "connections")

    async def wait_connected(self, team_id: str, *, count: int = 1, timeout: float = 5.0) -> None:
        """Wait until the app has exactly `count` sockets open. Raises `TimeoutError`."""
        async with asyncio.timeout(timeout):
            version = 0
            while await self.connections(team_id) != count:
                version = await self._remote.changed(version, 0.5)

    async def wait_for_attempts(self, count: int, *, timeout: float = 5.0) -> None:
        """Wait until `count` attempts at events and interactions have ended. Raises `TimeoutError`."""
        async with asyncio.timeout(timeout):
            version = 0
            while whole(await self._remote.ask("attempts"), "attempts") < count:
                version = await self._remote.changed(version, 0.5)

    async def uninstall(self, team_id: str) -> None:
        """Remove the app from the workspace."""
        await self._remote.ask("uninstall", team=team_id)

    async def revoke_token(self, team_id: str) -> None:
        """Revoke the bot token."""
        await self._remote.ask("revoke_token", team=team_id)

    async def unfurl(self, team_id: str, channel: str, ts: str, url: str, title: str = "") -> None:
        """Do what Slack does once it fetched a link: the message changes without having been edited."""
        await self._remote.ask("unfurl", team=team_id, channel=channel, ts=ts, url=url, title=title)

    async def wait_until_quiet(self, *, timeout: float = 5.0) -> None:
        """Wait until nothing is unacknowledged and no request is under way. Raises `TimeoutError`."""
        await self._remote.ask("wait_until_quiet", timeout=timeout)
