"""A Discord server as the page shows it: what there is to see of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from chatdesk_playground.discord import DiscordHuman, DiscordPlayground
from chatdesk_playground.discord.deeds import command_offered
from chatdesk_playground.discord.modals import shown as modal_shown
from chatdesk_playground.discord.permissions import can_view
from chatdesk_playground.discord.rest_messages import visible_history
from chatdesk_playground.discord.seen import author_name, message_seen
from chatdesk_playground.discord.sights import SeenMessage, message_from, modal_from
from chatdesk_playground.discord.state import Channel, ChannelType, Command, MessageType, World
from chatdesk_playground.discord.state import Message as StoredMessage
from chatdesk_playground.page.discord_components import Components
from chatdesk_playground.page.discord_text import markdown
from chatdesk_playground.page.discord_wire import DiscordWire
from chatdesk_playground.page.html import Html, joined, tag
from chatdesk_playground.page.model import (
    APP,
    About,
    File,
    Form,
    MenuEntry,
    Message,
    Person,
    Place,
    PlaceKind,
    Reaction,
    Spot,
    WireLine,
)


@dataclass(slots=True)
class DiscordSight:
    """What there is to see. ``visitors`` are those whom one can be, with what they are to the desk."""

    playground: DiscordPlayground
    guild: str
    application: str
    visitors: Mapping[str, tuple[DiscordHuman, str]]
    wire_log: DiscordWire
    _forms: dict[str, tuple[int, object]] = field(default_factory=dict)
    """Which form each person had last, and its number: two may have the same id."""

    @property
    def people(self) -> Sequence[Person]:
        return [
            Person(key, self._name(human.id), self._picture(human.id), note)
            for key, (human, note) in self.visitors.items()
        ]

    @property
    def about(self) -> About:
        people = {key: human.id for key, (human, _) in self.visitors.items()}
        places = {one.name: one.id for one in self.world.channels_of(self.guild)}
        return About(self.playground.control_url, self.guild, people, places)

    @property
    def version(self) -> int:
        return self.playground.backend.changes.version

    def places(self, person: str) -> Sequence[Place]:
        me = self.human(person).id
        found: list[Place] = []
        for channel in self.world.channels_of(self.guild):
            if not can_view(self.world, me, channel):
                continue
            found.append(
                Place(Spot(channel.id), channel.name, self._kind(channel), self._newest(channel, me))
            )
            found += [
                Place(Spot(one.id), one.name, PlaceKind.CHANNEL, self._newest(one, me), indented=True)
                for one in self.world.threads_under(channel.id)
                if can_view(self.world, me, one) and one.thread is not None and not one.thread.archived
            ]
        direct = self.world.direct_channel(me, self.application)
        name = self.world.users[self.application].username
        spot, newest = (Spot(direct.id), self._newest(direct, me)) if direct else (Spot(APP), "")
        found.append(Place(spot, name, PlaceKind.DIRECT, newest))
        return found

    def messages(self, person: str, spot: Spot, most: int) -> Sequence[Message]:
        channel = self.world.channels.get(spot.channel)
        if channel is None:
            return []
        me = self.human(person).id
        if channel.type is ChannelType.FORUM:
            return [self._forum_post(one) for one in self.world.threads_under(channel.id)[-most:]]
        if not can_view(self.world, me, channel):
            return []
        visible = visible_history(self.playground.backend, channel, me)
        return [self._message(channel, me, self._begun_by(one)) for one in visible[-most:]]

    def title_of(self, person: str, spot: Spot) -> str:
        channel = self.world.channels.get(spot.channel)
        if channel is None or channel.recipients:
            return "chatdesk"
        return channel.name if channel.thread else f"#{channel.name}"

    def home(self, person: str) -> Html | None:
        return None

    def form(self, person: str) -> Form | None:
        modal = self.playground.backend.interactions.modals.get(self.human(person).id)
        if modal is None:
            return None
        number, before = self._forms.get(person, (0, None))
        if before is not modal:
            number += 1
            self._forms[person] = (number, modal)
        return self._components.form(modal_from(modal_shown(modal)), number)

    def menu(self, person: str, spot: Spot, message: str) -> Sequence[MenuEntry]:
        return [MenuEntry(one.name, one.name) for one in self.offered(person, spot, 3)]

    def shortcuts(self, person: str) -> Sequence[MenuEntry]:
        return []

    def wire(self, after: int) -> Sequence[WireLine]:
        return self.wire_log.lines(after)

    def file(self, key: str) -> tuple[bytes, str] | None:
        return None

    @property
    def world(self) -> World:
        return self.playground.backend.world

    @property
    def _components(self) -> Components:
        return Components(self.world, self.guild)

    def human(self, person: str) -> DiscordHuman:
        return self.visitors[person][0]

    def _picture(self, user: str) -> str:
        return self.playground.backend.files.avatar_address(user, self.world.users[user].avatar)

    def _kind(self, channel: Channel) -> PlaceKind:
        if channel.type is ChannelType.FORUM:
            return PlaceKind.FORUM
        return PlaceKind.PRIVATE if any(one.deny for one in channel.overwrites) else PlaceKind.CHANNEL

    def offered(self, person: str, spot: Spot, kind: int) -> Sequence[Command]:
        channel = self.world.channels.get(spot.channel)
        if channel is None:
            return []
        me = self.human(person).id
        return command_offered(self.playground.backend, me, channel, kind)

    def _newest(self, channel: Channel, me: str) -> str:
        for message in reversed(self.world.messages.get(channel.id, {}).values()):
            if message.author.id != me and message.visible_to in (None, me):
                return message.id
        return ""

    def _forum_post(self, thread: Channel) -> Message:
        first = next(iter(self.world.messages.get(thread.id, {}).values()), None)
        author = author_name(self.playground.backend, thread, first.author) if first else ""
        at = first.created.timestamp() if first else 0.0
        body = joined(
            [tag("strong", thread.name), tag("div", markdown(self.world, first.content)) if first else None]
        )
        return Message(
            key=thread.id,
            author=author,
            avatar=self._avatar(first) if first else "",
            at=at,
            body=body,
            thread=Spot(thread.id),
            replies=max(0, len(self.world.messages.get(thread.id, {})) - 1),
        )

    def _avatar(self, message: StoredMessage) -> str:
        return message_from(message_seen(self.playground.backend, message)).avatar

    def _message(self, channel: Channel, me: str, stored: StoredMessage) -> Message:
        seen = message_from(message_seen(self.playground.backend, stored))
        body = [
            markdown(self.world, seen.content) if seen.content else None,
            self._components.embeds(seen.embeds),
            self._components.shown(seen.components),
        ]
        return Message(
            key=seen.id,
            author=seen.author,
            avatar=seen.avatar,
            at=datetime.fromisoformat(seen.timestamp).timestamp(),
            body=joined(body),
            app=seen.bot,
            edited=seen.edited,
            only_you=seen.ephemeral,
            own=seen.author_id == me and not seen.webhook,
            loading=seen.loading,
            quotes=self._quoted(channel, seen),
            source=seen.content,
            files=tuple(
                File(one.name, one.size, one.url, one.content_type.startswith("image/"))
                for one in seen.attachments
            ),
            reactions=tuple(
                Reaction(one.emoji, one.emoji, tuple(self._name(user) for user in one.users), me in one.users)
                for one in seen.reactions
            ),
            thread=Spot(seen.thread_id) if seen.thread_id else None,
            replies=self._replies(seen.thread_id),
        )

    def _begun_by(self, stored: StoredMessage) -> StoredMessage:
        """At the top of a thread Discord shows the message under which it was begun."""
        if stored.type is not MessageType.THREAD_STARTER_MESSAGE or stored.reference is None:
            return stored
        first = self.world.message(stored.reference.channel_id, stored.reference.message_id or "")
        return first or stored

    def _replies(self, thread: str | None) -> int:
        return len(self.world.messages.get(thread, {})) if thread else 0

    def _quoted(self, channel: Channel, seen: SeenMessage) -> str:
        if seen.reply_to is None:
            return ""
        answered = self.world.message(channel.id, seen.reply_to)
        if answered is None:
            return "a message that was deleted"
        name = author_name(self.playground.backend, channel, answered.author)
        return f"{name}: {' '.join(answered.content.split())[:80]}"

    def _name(self, user: str) -> str:
        known = self.world.users.get(user)
        return (known.global_name or known.username) if known else user
