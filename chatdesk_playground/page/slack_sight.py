"""A Slack workspace as the page shows it: what there is to see of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chatdesk_playground.page.html import Html, joined, tag
from chatdesk_playground.page.model import (
    APP,
    HOME,
    About,
    File,
    Form,
    Look,
    MenuEntry,
    Message,
    Person,
    Place,
    PlaceKind,
    Reaction,
    Spot,
    WireLine,
)
from chatdesk_playground.page.slack_blocks import Blocks
from chatdesk_playground.page.slack_text import emoji_of, mrkdwn
from chatdesk_playground.page.slack_wire import SlackWire
from chatdesk_playground.slack import SlackHuman, SlackPlayground
from chatdesk_playground.slack.messages import file_type
from chatdesk_playground.slack.seen import message_seen, visible_messages
from chatdesk_playground.slack.state import Channel, User, Workspace
from chatdesk_playground.slack.state import Message as StoredMessage
from chatdesk_playground.slack.wire import JsonObject, child, children, text
from chatdesk_playground.slack.world import replies_of


@dataclass(frozen=True, slots=True)
class SlackSight:
    """What there is to see. ``visitors`` are those whom one can be, with what they are to the desk."""

    playground: SlackPlayground
    team: str
    visitors: Mapping[str, tuple[SlackHuman, str]]
    wire_log: SlackWire

    @property
    def people(self) -> Sequence[Person]:
        return [
            Person(key, self._user(key).shown_name, self._avatar(self._user(key)), note)
            for key, (_, note) in self.visitors.items()
        ]

    @property
    def about(self) -> About:
        people = {key: human.id for key, (human, _) in self.visitors.items()}
        places = {one.name: one.id for one in self.workspace.channels.values() if one.name}
        return About(f"{self.playground.base_url}/control", self.team, people, places)

    @property
    def version(self) -> int:
        return self.playground.site.world.version

    def places(self, person: str) -> Sequence[Place]:
        me = self.human(person).id
        mine = [one for one in self.workspace.channels.values() if me in one.members and not one.archived]
        found = [Place(Spot(HOME), "chatdesk: Home", PlaceKind.HOME)]
        for kind, shown in (("channel", PlaceKind.CHANNEL), ("group", PlaceKind.PRIVATE)):
            named = sorted((one for one in mine if one.kind == kind), key=lambda one: one.name)
            found += [Place(Spot(one.id), one.name, shown, self._newest(one, me)) for one in named]
        direct = [one for one in mine if one.kind in ("im", "mpim")]
        if not any(self.workspace.bot_user_id in one.members for one in direct):
            found.append(Place(Spot(APP), self._bot.shown_name, PlaceKind.DIRECT))
        found += [
            Place(Spot(one.id), self._others(one, me), PlaceKind.DIRECT, self._newest(one, me))
            for one in direct
        ]
        return found

    def messages(self, person: str, spot: Spot, most: int) -> Sequence[Message]:
        channel = self.workspace.channels.get(spot.channel)
        if channel is None:
            return []
        me = self._user(self.human(person).id)
        return [
            self._message(channel, me, one, spot)
            for one in visible_messages(channel, me, spot.thread or None)[-most:]
        ]

    def title_of(self, person: str, spot: Spot) -> str:
        channel = self.workspace.channels.get(spot.channel)
        if channel is None:
            return "chatdesk"
        name = self._others(channel, self.human(person).id) if channel.kind == "im" else f"#{channel.name}"
        return f"Thread in {name}" if spot.thread else name

    def home(self, person: str) -> Html | None:
        view = self.playground.site.world.home_view(self.team, self.human(person).id)
        if view is None:
            return tag("p", "The app has not published its Home yet.")
        return Blocks(self.workspace).shown(children(view.content, "blocks"))

    def form(self, person: str) -> Form | None:
        view = self.playground.site.world.top_view(self.team, self.human(person).id)
        return Blocks(self.workspace).form(view) if view else None

    def menu(self, person: str, spot: Spot, message: str) -> Sequence[MenuEntry]:
        return self._shortcuts("message")

    def shortcuts(self, person: str) -> Sequence[MenuEntry]:
        return self._shortcuts("global")

    def wire(self, after: int) -> Sequence[WireLine]:
        return self.wire_log.lines(after)

    def file(self, key: str) -> tuple[bytes, str] | None:
        file = self.playground.site.world.file(key)
        if file is None or file.content is None or file.deleted:
            return None
        return file.content, file_type(file.name)[0]

    @property
    def workspace(self) -> Workspace:
        return self.playground.site.world.workspace(self.team)

    @property
    def manifest(self) -> JsonObject:
        return self.playground.site.world.app_of(self.workspace).manifest or {}

    @property
    def _bot(self) -> User:
        return self.workspace.users[self.workspace.bot_user_id]

    def _shortcuts(self, kind: str) -> Sequence[MenuEntry]:
        offered = children(child(self.manifest, "features"), "shortcuts")
        return [
            MenuEntry(text(one, "callback_id"), text(one, "name"))
            for one in offered
            if text(one, "type") == kind
        ]

    def human(self, person: str) -> SlackHuman:
        return self.visitors[person][0]

    def _user(self, key: str) -> User:
        human = self.visitors[key][0] if key in self.visitors else None
        return self.workspace.users[human.id if human else key]

    def _avatar(self, user: User) -> str:
        kind = "avatars" if user.has_avatar else "default-avatars"
        return f"{self.playground.base_url}/{kind}/{user.id}-48.png"

    def _others(self, channel: Channel, me: str) -> str:
        names = [self.workspace.users[one].shown_name for one in channel.members if one != me]
        return ", ".join(names) or "You"

    def _newest(self, channel: Channel, me: str) -> str:
        for message in reversed(channel.messages.values()):
            if message.user != me and not message.is_reply:
                return message.ts
        return ""

    def _message(self, channel: Channel, me: User, stored: StoredMessage, spot: Spot) -> Message:
        seen = message_seen(self.playground.site, self.workspace, channel, stored)
        blocks = Blocks(self.workspace)
        body = [
            blocks.shown(stored.blocks) if stored.blocks else mrkdwn(self.workspace, stored.text),
            blocks.attachments(stored.attachments),
        ]
        replies = 0 if spot.thread else len(replies_of(channel, stored.ts))
        can_thread = not spot.thread and not stored.only_for
        return Message(
            key=stored.ts,
            author=text(seen, "author"),
            avatar=text(seen, "avatar"),
            at=float(stored.ts),
            body=joined(body),
            app=bool(stored.bot_id),
            edited=stored.edited is not None,
            only_you=bool(stored.only_for),
            own=stored.user == me.id and not stored.bot_id,
            source=stored.text,
            files=tuple(self._file(one) for one in children(seen, "files")),
            reactions=tuple(
                Reaction(name, emoji_of(name), tuple(self._names(people)), me.id in people)
                for name, people in stored.reactions.items()
            ),
            thread=Spot(channel.id, stored.thread_ts or stored.ts) if can_thread else None,
            replies=replies,
        )

    def _names(self, people: Sequence[str]) -> list[str]:
        return [self.workspace.users[one].shown_name for one in people if one in self.workspace.users]

    def _file(self, file: JsonObject) -> File:
        image = text(file, "mimetype").startswith("image/")
        size = int(text(file, "size") or 0)
        return File(text(file, "name"), size, f"/files/{Look.SLACK}/{text(file, 'id')}", image)
