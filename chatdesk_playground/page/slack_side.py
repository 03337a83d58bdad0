"""A Slack workspace as the page shows it: read from the playground's world, acted on through its people."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from chatdesk_playground.faults import Fault
from chatdesk_playground.page.html import Html, joined, tag
from chatdesk_playground.page.model import (
    About,
    Answers,
    File,
    Form,
    Formatting,
    Look,
    MenuEntry,
    Message,
    NotPossible,
    Option,
    Person,
    Place,
    PlaceKind,
    Reaction,
    Spot,
    Suggestion,
    WireLine,
    Written,
)
from chatdesk_playground.page.slack_blocks import Blocks
from chatdesk_playground.page.slack_text import emoji_of, mrkdwn
from chatdesk_playground.page.slack_wire import SlackWire
from chatdesk_playground.slack import SlackHuman, SlackPlayground
from chatdesk_playground.slack.messages import file_type
from chatdesk_playground.slack.remote import PlaygroundError
from chatdesk_playground.slack.seen import message_seen, visible_messages
from chatdesk_playground.slack.sights import Outcome
from chatdesk_playground.slack.state import Channel, User, Workspace
from chatdesk_playground.slack.state import Message as StoredMessage
from chatdesk_playground.slack.wire import JsonObject, JsonValue, child, children, text
from chatdesk_playground.slack.world import replies_of

HOME = "@home"
APP = "@app"
"""Stands for the direct messages with the app until there are any."""
PATIENCE = 20.0

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class SlackSide:
    """``visitors`` are those whom the page's visitor can be, with what they are to the desk."""

    playground: SlackPlayground
    team: str
    visitors: Mapping[str, tuple[SlackHuman, str]]
    wire_log: SlackWire

    @property
    def look(self) -> Look:
        return Look.SLACK

    @property
    def title(self) -> str:
        return f"{self._workspace.name.capitalize()} · Slack"

    @property
    def formatting(self) -> Sequence[Formatting]:
        return (
            Formatting("Bold", "format_bold", "*", "*"),
            Formatting("Italic", "format_italic", "_", "_"),
            Formatting("Strike", "strikethrough_s", "~", "~"),
            Formatting("Code", "code", "`", "`"),
            Formatting("Code block", "data_object", "```\n", "\n```"),
            Formatting("Quote", "format_quote", "> "),
            Formatting("List", "format_list_bulleted", "- "),
        )

    @property
    def people(self) -> Sequence[Person]:
        return [
            Person(key, self._user(key).shown_name, self._avatar(self._user(key)), note)
            for key, (_, note) in self.visitors.items()
        ]

    @property
    def about(self) -> About:
        people = {key: human.id for key, (human, _) in self.visitors.items()}
        places = {one.name: one.id for one in self._workspace.channels.values() if one.name}
        return About(f"{self.playground.base_url}/control", self.team, people, places)

    @property
    def version(self) -> int:
        return self.playground.site.world.version

    async def changed(self, after: int) -> int:
        return await self.playground.site.world.changed(after, PATIENCE)

    def places(self, person: str) -> Sequence[Place]:
        me = self._human(person).id
        mine = [one for one in self._workspace.channels.values() if me in one.members and not one.archived]
        found = [Place(Spot(HOME), "chatdesk: Home", PlaceKind.HOME)]
        for kind, shown in (("channel", PlaceKind.CHANNEL), ("group", PlaceKind.PRIVATE)):
            named = sorted((one for one in mine if one.kind == kind), key=lambda one: one.name)
            found += [Place(Spot(one.id), one.name, shown, self._newest(one, me)) for one in named]
        direct = [one for one in mine if one.kind in ("im", "mpim")]
        if not any(self._workspace.bot_user_id in one.members for one in direct):
            found.append(Place(Spot(APP), self._bot.shown_name, PlaceKind.DIRECT))
        found += [
            Place(Spot(one.id), self._others(one, me), PlaceKind.DIRECT, self._newest(one, me))
            for one in direct
        ]
        return found

    def messages(self, person: str, spot: Spot, most: int) -> Sequence[Message]:
        channel = self._workspace.channels.get(spot.channel)
        if channel is None:
            return []
        me = self._user(self._human(person).id)
        return [
            self._message(channel, me, one, spot)
            for one in visible_messages(channel, me, spot.thread or None)[-most:]
        ]

    def title_of(self, person: str, spot: Spot) -> str:
        channel = self._workspace.channels.get(spot.channel)
        if channel is None:
            return "chatdesk"
        name = self._others(channel, self._human(person).id) if channel.kind == "im" else f"#{channel.name}"
        return f"Thread in {name}" if spot.thread else name

    def home(self, person: str) -> Html | None:
        view = self.playground.site.world.home_view(self.team, self._human(person).id)
        if view is None:
            return tag("p", "The app has not published its Home yet.")
        return Blocks(self._workspace).shown(children(view.content, "blocks"))

    def form(self, person: str) -> Form | None:
        view = self.playground.site.world.top_view(self.team, self._human(person).id)
        return Blocks(self._workspace).form(view) if view else None

    def menu(self, person: str, spot: Spot, message: str) -> Sequence[MenuEntry]:
        return self._shortcuts("message")

    def shortcuts(self, person: str) -> Sequence[MenuEntry]:
        return self._shortcuts("global")

    async def use_shortcut(self, person: str, entry: str) -> None:
        await self._done(self._human(person).global_shortcut(entry))

    async def start_thread(self, person: str, spot: Spot, message: str, name: str) -> Spot:
        return Spot(spot.channel, message)

    async def enter(self, person: str, spot: Spot) -> Spot:
        human = self._human(person)
        if spot.channel == HOME:
            await _possible(human.open_home())
        if spot.channel == APP:
            return Spot(await _possible(human.dm_with_bot()))
        return spot

    async def post(self, person: str, spot: Spot, written: Written) -> None:
        files = [(one.name, one.content) for one in written.files]
        thread = spot.thread or None
        await _possible(self._human(person).post(spot.channel, written.text, thread_ts=thread, files=files))

    async def edit(self, person: str, spot: Spot, message: str, text: str) -> None:
        await _possible(self._human(person).edit(spot.channel, message, text))

    async def delete(self, person: str, spot: Spot, message: str) -> None:
        channel = self._workspace.channels[spot.channel]
        if message in channel.ephemerals:
            del channel.ephemerals[message]
            self.playground.site.world.touch()
            return
        await _possible(self._human(person).delete(spot.channel, message))

    async def react(self, person: str, spot: Spot, message: str, name: str, add: bool) -> None:
        human = self._human(person)
        act = human.react if add else human.unreact
        await _possible(act(spot.channel, message, name))

    async def use(self, person: str, spot: Spot, message: str, entry: str) -> None:
        await self._done(self._human(person).message_shortcut(entry, spot.channel, message))

    async def press(self, person: str, spot: Spot, message: str, name: str) -> None:
        human = self._human(person)
        if spot.channel == HOME:
            await self._done(human.home_click(name))
        else:
            await self._done(human.click(spot.channel, message, name))

    async def choose(self, person: str, spot: Spot, message: str, name: str, value: str) -> None:
        human = self._human(person)
        if spot.channel == HOME:
            await self._done(human.home_choose(name, value))
        else:
            await self._done(human.choose(spot.channel, message, name, value))

    async def complete(self, person: str, spot: Spot, typed: str) -> Sequence[Suggestion]:
        word, _, rest = typed.partition(" ")
        commands = children(child(self._manifest, "features"), "slash_commands")
        return [
            Suggestion(
                f"{text(one, 'command')} {rest}",
                f"{text(one, 'command')} {text(one, 'usage_hint')}".strip(),
                text(one, "description"),
            )
            for one in commands
            if text(one, "command").startswith(word) and not rest
        ]

    async def command(self, person: str, spot: Spot, typed: str) -> None:
        command, _, words = typed.partition(" ")
        thread = spot.thread or None
        await self._done(self._human(person).slash(spot.channel, command, words.strip(), thread_ts=thread))

    async def look_up(self, person: str, field: str, typed: str) -> Sequence[Option]:
        found = await _possible(self._human(person).suggestions(field, typed))
        return [Option(one, one) for one in found]

    async def change(self, person: str, field: str, value: str) -> None:
        human = self._human(person)
        await self._done(human.modal_choose(field, value) if value else human.modal_click(field))

    async def submit(self, person: str, answers: Answers) -> Mapping[str, str]:
        form = self.form(person)
        values: dict[str, JsonValue] = {}
        for name, answer in answers.items():
            values[name] = (
                answer if isinstance(answer, str) else [one for one in answer if isinstance(one, str)]
            )
        outcome = await self._done(self._human(person).submit(values))
        return form.named(outcome.field_errors) if form else {}

    async def close_form(self, person: str) -> None:
        await _possible(self._human(person).close_modal())

    def wire(self, after: int) -> Sequence[WireLine]:
        return self.wire_log.lines(after)

    def file(self, key: str) -> tuple[bytes, str] | None:
        file = self.playground.site.world.file(key)
        if file is None or file.content is None or file.deleted:
            return None
        return file.content, file_type(file.name)[0]

    async def misbehave(self, fault: Fault) -> None:
        await _possible(self.playground.control.misbehave(fault))

    async def behave(self) -> None:
        await self.playground.control.behave()

    @property
    def _workspace(self) -> Workspace:
        return self.playground.site.world.workspace(self.team)

    @property
    def _manifest(self) -> JsonObject:
        return self.playground.site.world.app_of(self._workspace).manifest or {}

    @property
    def _bot(self) -> User:
        return self._workspace.users[self._workspace.bot_user_id]

    def _shortcuts(self, kind: str) -> Sequence[MenuEntry]:
        offered = children(child(self._manifest, "features"), "shortcuts")
        return [
            MenuEntry(text(one, "callback_id"), text(one, "name"))
            for one in offered
            if text(one, "type") == kind
        ]

    def _human(self, person: str) -> SlackHuman:
        return self.visitors[person][0]

    def _user(self, key: str) -> User:
        human = self.visitors[key][0] if key in self.visitors else None
        return self._workspace.users[human.id if human else key]

    def _avatar(self, user: User) -> str:
        kind = "avatars" if user.has_avatar else "default-avatars"
        return f"{self.playground.base_url}/{kind}/{user.id}-48.png"

    def _others(self, channel: Channel, me: str) -> str:
        names = [self._workspace.users[one].shown_name for one in channel.members if one != me]
        return ", ".join(names) or "You"

    def _newest(self, channel: Channel, me: str) -> str:
        for message in reversed(channel.messages.values()):
            if message.user != me and not message.is_reply:
                return message.ts
        return ""

    def _message(self, channel: Channel, me: User, stored: StoredMessage, spot: Spot) -> Message:
        seen = message_seen(self.playground.site, self._workspace, channel, stored)
        blocks = Blocks(self._workspace)
        body = [
            blocks.shown(stored.blocks) if stored.blocks else mrkdwn(self._workspace, stored.text),
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
        return [self._workspace.users[one].shown_name for one in people if one in self._workspace.users]

    def _file(self, file: JsonObject) -> File:
        image = text(file, "mimetype").startswith("image/")
        size = int(text(file, "size") or 0)
        return File(text(file, "name"), size, f"/files/{self.look}/{text(file, 'id')}", image)

    async def _done(self, act: Awaitable[Outcome]) -> Outcome:
        outcome = await _possible(act)
        if outcome.error:
            raise NotPossible(outcome.error)
        return outcome


async def _possible(act: Awaitable[_Result]) -> _Result:
    try:
        return await act
    except (PlaygroundError, TimeoutError) as refused:
        raise NotPossible(str(refused)) from refused
