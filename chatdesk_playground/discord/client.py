"""The asynchronous client of the control interface: makes the world and steers the platform."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chatdesk_playground.discord.human import DiscordHuman, Wire
from chatdesk_playground.discord.wire import Body, body_of, items_of, number_of, text_of
from chatdesk_playground.faults import Fault, body_of_fault


@dataclass(frozen=True, slots=True)
class CreatedApplication:
    id: str
    token: str
    public_key: str


@dataclass(frozen=True, slots=True)
class CreatedGuild:
    id: str
    name: str
    owner_id: str


class Control:
    """Makes the world and steers the platform.

    Not `kept`, this and the people it makes can be used from any event loop; see `Wire`.
    """

    def __init__(self, base: str, *, kept: bool = True) -> None:
        self._wire = Wire(base, kept=kept)

    async def close(self) -> None:
        await self._wire.close()

    async def _make(self, command: str, **body: object) -> Body:
        return body_of(await self._wire.call(command, body))

    async def create_application(
        self, name: str, *, message_content: bool = True, members: bool = True, presences: bool = True
    ) -> CreatedApplication:
        """A bot; the flags are the privileged intents that its owner switched on."""
        made = await self._make(
            "create_application",
            name=name,
            message_content=message_content,
            members=members,
            presences=presences,
        )
        return CreatedApplication(text_of(made, "id"), text_of(made, "token"), text_of(made, "public_key"))

    async def revoke_token(self, application_id: str) -> str:
        """Makes the token invalid; answers the new one."""
        made = await self._make("change_application", application_id=application_id, revoke_token=True)
        return text_of(made, "token")

    async def switch_intents(self, application_id: str, **intents: bool) -> None:
        """Switches `message_content`, `members` or `presences` on or off."""
        await self._make("change_application", application_id=application_id, **intents)

    async def create_guild(
        self,
        name: str,
        application_id: str | None = None,
        *,
        owner_id: str | None = None,
        permissions: int | None = None,
    ) -> CreatedGuild:
        """A server that the bot has joined with a role of its own; `permissions` are that role's."""
        body = {
            "name": name,
            "application_id": application_id,
            "owner_id": owner_id,
            "permissions": permissions,
        }
        made = await self._make("create_guild", **body)
        return CreatedGuild(text_of(made, "id"), text_of(made, "name"), text_of(made, "owner_id"))

    async def install(self, guild_id: str, application_id: str, *, permissions: int | None = None) -> None:
        """Lets a bot into a server."""
        body = {"guild_id": guild_id, "application_id": application_id, "permissions": permissions}
        await self._make("install", **body)

    async def set_permissions(self, guild_id: str, application_id: str, permissions: int) -> None:
        """Sets what the bot's own role may do."""
        body = {"guild_id": guild_id, "application_id": application_id, "permissions": permissions}
        await self._make("set_permissions", **body)

    async def create_user(
        self,
        name: str,
        *,
        display_name: str | None = None,
        guild_ids: Sequence[str] = (),
        avatar: bool = False,
        roles: Sequence[str] = (),
        dms_open: bool = True,
    ) -> DiscordHuman:
        made = await self._make(
            "create_user",
            name=name,
            display_name=display_name,
            guild_ids=list(guild_ids),
            avatar=avatar,
            roles=list(roles),
            dms_open=dms_open,
        )
        return DiscordHuman(self._wire, text_of(made, "id"), name, text_of(made, "display_name"))

    def person(self, user_id: str, name: str = "") -> DiscordHuman:
        """The hands of somebody who exists already, such as a server's owner."""
        return DiscordHuman(self._wire, user_id, name, name)

    async def join_guild(self, guild_id: str, user_id: str) -> None:
        await self._make("join_guild", guild_id=guild_id, user_id=user_id)

    async def leave_guild(self, guild_id: str, user_id: str) -> None:
        await self._make("leave_guild", guild_id=guild_id, user_id=user_id)

    async def set_nickname(self, guild_id: str, user_id: str, nick: str | None) -> None:
        """The name that somebody has in one server alone."""
        await self._make("set_nickname", guild_id=guild_id, user_id=user_id, nick=nick)

    async def create_channel(
        self,
        guild_id: str,
        name: str,
        *,
        kind: str = "text",
        private_to: Sequence[str] | None = None,
        bot: bool = True,
        parent: str | None = None,
        tags: Sequence[str] = (),
    ) -> str:
        """A "text", "news", "forum" or "category" channel; answers its id.

        With `private_to` only these users and roles see it, and the bots unless `bot` is False.
        """
        made = await self._make(
            "create_channel",
            guild_id=guild_id,
            name=name,
            kind=kind,
            private_to=None if private_to is None else list(private_to),
            bot=bot,
            parent_id=parent,
            tags=list(tags),
        )
        return text_of(made, "id")

    async def delete_channel(self, channel_id: str) -> None:
        await self._make("delete_channel", channel_id=channel_id)

    async def set_overwrite(self, channel_id: str, target_id: str, *, allow: int = 0, deny: int = 0) -> None:
        """Allows and denies permissions in a channel to a role or member."""
        await self._make("set_overwrite", channel_id=channel_id, target_id=target_id, allow=allow, deny=deny)

    async def create_role(
        self,
        guild_id: str,
        name: str,
        *,
        members: Sequence[str] = (),
        permissions: int = 0,
        mentionable: bool = False,
    ) -> str:
        made = await self._make(
            "create_role",
            guild_id=guild_id,
            name=name,
            members=list(members),
            permissions=permissions,
            mentionable=mentionable,
        )
        return text_of(made, "id")

    async def give_role(self, role_id: str, user_id: str) -> None:
        await self._make("give_role", role_id=role_id, user_id=user_id)

    async def take_role(self, role_id: str, user_id: str) -> None:
        await self._make("take_role", role_id=role_id, user_id=user_id)

    async def set_rate_limits(self, enabled: bool, *, speed: float = 1.0) -> None:
        """Switches real 429s on or off; `speed` shortens their windows."""
        await self._make("set_rate_limits", enabled=enabled, speed=speed)

    async def set_limits(
        self,
        *,
        active_threads: int | None = None,
        thread_members: int | None = None,
        answer_seconds: float | None = None,
    ) -> None:
        """Active threads a server may have, members a thread, seconds for an interaction's first answer.

        What is left out stays as it is; at first they are 1000, 1000 and 3.
        """
        await self._make(
            "set_limits",
            active_threads=active_threads,
            thread_members=thread_members,
            answer_seconds=answer_seconds,
        )

    async def misbehave(self, fault: Fault) -> None:
        """Let something go wrong, now or from now on."""
        await self._make("misbehave", **body_of_fault(fault))

    async def behave(self) -> None:
        """End all faults: downtime is over, revoked tokens count, DMs are open; what is deleted stays so."""
        await self._make("behave")

    async def wait_struck(self, count: int = 1, *, timeout: float = 5.0) -> int:
        """How often faults struck so far, once that is at least `count`. Raises `Refused`."""
        return number_of(await self._make("wait_struck", count=count, timeout=timeout), "struck")

    async def advance_clock(self, seconds: float) -> None:
        """Pushes the platform's clock forward: tokens and file addresses expire."""
        await self._make("advance_clock", seconds=seconds)

    async def drop_gateway(self, *, code: int = 4000, resumable: bool = True) -> None:
        """Cuts all gateway sockets."""
        await self._make("drop_gateway", code=code, resumable=resumable)

    async def reconnect_gateway(self) -> None:
        """Asks all clients to reconnect (op 7)."""
        await self._make("reconnect")

    async def invalidate_sessions(self, *, resumable: bool = False) -> None:
        """Tells all clients that their session is invalid (op 9)."""
        await self._make("invalidate", resumable=resumable)

    async def wait_connected(self, application_id: str, timeout: float = 5.0) -> None:
        """Waits until the bot is on the gateway; raises Refused if it is not in time."""
        await self._make("wait_connected", application_id=application_id, timeout=timeout)

    async def wait_until_quiet(self, timeout: float = 5.0) -> None:
        """Waits until the bots have seen and answered everything; raises Refused if they have not in time."""
        await self._make("wait_until_quiet", timeout=timeout)

    async def requests(self, start: int = 0) -> list[Body]:
        """Recorded API requests from the given one on."""
        return [body_of(item) for item in items_of(await self._wire.call("requests", {"start": start}))]

    async def events(self, start: int = 0) -> list[Body]:
        """Recorded gateway events from the given one on."""
        return [body_of(item) for item in items_of(await self._wire.call("events", {"start": start}))]
