"""Who and what is there: people's names, channels by name, the members of staff groups and channels."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.calls import get, pages
from adapters.slack.failures import SDK_ERRORS
from adapters.slack.ids import channel_place, identity
from adapters.slack.outlet import is_error
from adapters.slack.parse import Names, Us
from adapters.slack.wire import Json, answer, items, mapping, strings, text, yes
from chatdesk.contract.inbound import ChannelSeen, ChannelsSeen, MemberSeen, MembersSeen
from chatdesk.contract.ports import Clock
from chatdesk.contract.questions import Wants
from chatdesk.contract.vocabulary import Actor, PlaceKind, Profile

_KINDS = "public_channel,private_channel"
_REMEMBERED_PROFILES = 5000
_NOT_A_PERSON = ("user_not_found", "user_not_visible", "bot_not_found", "users_not_found")


@dataclass(slots=True)
class Directory:
    """Looks people and channels up; remembers profiles until Slack says that they changed."""

    client: AsyncWebClient
    clock: Clock
    _profiles: dict[str, Profile] = field(default_factory=dict)
    _channel_names: dict[str, str] = field(default_factory=dict)
    _staff_channels: set[str] = field(default_factory=set)

    async def profile(self, user: str) -> Profile:
        """What Slack says about a person or a bot. Raises SlackApiError."""
        if user not in self._profiles:
            while len(self._profiles) >= _REMEMBERED_PROFILES:
                del self._profiles[next(iter(self._profiles))]
            self._profiles[user] = await self._look_up(user)
        return self._profiles[user]

    def forget(self, one: str) -> None:
        """A person's profile or a channel's name changed."""
        self._profiles.pop(one, None)
        self._channel_names.pop(one, None)

    def makes_staff(self, channel: str) -> bool:
        """Whether the members of a channel were told to the desk as staff."""
        return channel in self._staff_channels

    async def names(self, ids: frozenset[str]) -> Names:
        """What people, channels and user groups are called. What Slack does not tell us is left out."""
        found: dict[str, str] = {}
        for one in sorted(ids):
            with suppress(*SDK_ERRORS):
                found[one] = await self._name(one)
        return found

    async def introduced(self, actor: Actor) -> Actor:
        """The actor with their profile, which Slack's events do not carry; without it where Slack fails."""
        if actor.profile is not None:
            return actor
        with suppress(*SDK_ERRORS):
            return replace(actor, profile=await self.profile(actor.identity.id))
        return actor

    def recognised(self, actor: Actor) -> Actor:
        """The actor with their profile if it is known already, for those who cannot wait."""
        return replace(actor, profile=actor.profile or self._profiles.get(actor.identity.id))

    async def channels_seen(self, us: Us, wants: Wants) -> AsyncIterator[ChannelsSeen]:
        """The channels that are wanted by name or id."""
        wanted = {*wants.channel_names, *wants.channel_ids, *wants.staff_channels}
        seen = [channel_seen(us, channel) async for channel in self._find(wanted)]
        yield ChannelsSeen(us.installation, tuple(seen), self.clock.now())

    async def staff_groups_seen(self, us: Us, wants: Wants) -> AsyncIterator[MembersSeen]:
        """The members of each user group that is a source of staff and exists."""
        for wanted, group in (await self._groups(wants.staff_groups)).items():
            members = await self._members_of_group(group)
            yield await self._seen(us, f"group:{wanted}", members)

    async def staff_channels_seen(self, us: Us, wants: Wants) -> AsyncIterator[MembersSeen]:
        """The members of each channel that is a source of staff and that we are in."""
        async for channel in self._find(set(wants.staff_channels)):
            for wanted in wants.staff_channels:
                if wanted.removeprefix("#") in (text(channel, "id"), text(channel, "name")):
                    self._staff_channels.add(text(channel, "id"))
                    members = await self._members_of_channel(text(channel, "id"))
                    yield await self._seen(us, f"channel:{wanted}", members)

    async def channel(self, channel: str) -> Json:
        """A channel as Slack shows it. Raises SlackApiError."""
        return mapping(await get(self.client, "conversations.info", channel=channel), "channel")

    async def _name(self, one: str) -> str:
        if one.startswith(("C", "G")):
            if one not in self._channel_names:
                self._channel_names[one] = text(await self.channel(one), "name")
            return self._channel_names[one]
        if one.startswith("S"):
            groups = items(answer(await self.client.usergroups_list()), "usergroups")
            return next((text(group, "handle") for group in groups if text(group, "id") == one), one)
        return (await self.profile(one)).name

    async def _find(self, wanted: set[str]) -> AsyncIterator[Json]:
        """Channels by id or name, from the list, page by page, until all are found."""
        missing = {name.removeprefix("#") for name in wanted}
        if not missing:
            return
        listed = pages(self.client, "conversations.list", "channels", types=_KINDS, exclude_archived=True)
        async for channel in listed:
            names = {text(channel, "id"), text(channel, "name")}
            if names & missing:
                missing -= names
                yield channel
            if not missing:
                return

    async def _groups(self, wanted: Sequence[str]) -> dict[str, str]:
        """The ids of user groups that are wanted by id, handle or name."""
        if not wanted:
            return {}
        listed = items(answer(await self.client.usergroups_list(include_disabled=False)), "usergroups")
        return {
            name: text(group, "id")
            for name in wanted
            for group in listed
            if name.removeprefix("@") in (text(group, "id"), text(group, "handle"), text(group, "name"))
        }

    async def _members_of_group(self, group: str) -> Sequence[str]:
        return strings(await get(self.client, "usergroups.users.list", usergroup=group), "users")

    async def _members_of_channel(self, channel: str) -> Sequence[str]:
        members: list[str] = []
        cursor: str | None = None
        while True:
            page = await get(self.client, "conversations.members", channel=channel, limit=200, cursor=cursor)
            members.extend(strings(page, "members"))
            cursor = text(page, "response_metadata", "next_cursor") or None
            if cursor is None:
                return members

    async def _seen(self, us: Us, source: str, members: Sequence[str]) -> MembersSeen:
        people = [
            MemberSeen(identity(user), await self._profile_or_none(user))
            for user in members
            if user != us.bot_user
        ]
        return MembersSeen(us.installation, source, tuple(people), self.clock.now())

    async def _profile_or_none(self, user: str) -> Profile | None:
        try:
            return await self.profile(user)
        except SlackApiError as error:
            if not is_error(error, *_NOT_A_PERSON):
                raise
            return None

    async def _look_up(self, user: str) -> Profile:
        if user.startswith("B"):
            bot = mapping(await get(self.client, "bots.info", bot=user), "bot")
            return Profile(text(bot, "name") or user, text(bot, "icons", "image_72") or None)
        found = mapping(await get(self.client, "users.info", user=user), "user")
        return profile_of(found)


def profile_of(user: Json) -> Profile:
    """A ``user`` object's name as Slack shows it, picture and handle."""
    shown = mapping(user, "profile")
    name = (
        text(shown, "display_name")
        or text(shown, "real_name")
        or text(user, "real_name")
        or text(user, "name")
    )
    picture = text(shown, "image_512") or text(shown, "image_192") or text(shown, "image_72")
    return Profile(name or text(user, "id"), picture or None, text(user, "name") or None)


def channel_seen(us: Us, channel: Json) -> ChannelSeen:
    """A ``channel`` object."""
    kind = PlaceKind.DM if yes(channel, "is_im") else PlaceKind.CHANNEL
    return ChannelSeen(channel_place(us.installation, text(channel, "id")), text(channel, "name"), kind)
