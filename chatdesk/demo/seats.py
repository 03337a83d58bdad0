"""A person at a place, whichever the platform: what they do there and what they see.

The demo and the scenario tests tell their stories with seats, so that one story can be told for every pair
of platforms.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from adapters.slack.emoji import name_of, unicode_of
from chatdesk_playground import discord, slack
from chatdesk_playground.discord.wire import bodies_of

PATIENCE = 10.0
"""Seconds that somebody waits for something to appear."""

_DESK_VERBS = frozenset({"link", "panel", "away", "back", "oncall", "outage", "report"})
"""What is typed behind ``/desk``."""

_ASSIST_VERBS = frozenset({"suggest", "summary", "draft"})
"""What is typed behind ``/assist``."""

_KB_VERBS = frozenset(
    {"search", "show", "new", "edit", "retire", "history", "drafts", "send", "review", "gaps", "stats"}
)
"""What is typed behind ``/kb``."""

File = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class Seen:
    """A message as somebody sees it. ``id`` is good for acting on it from the same seat."""

    id: str
    author: str
    text: str
    files: tuple[str, ...]
    reactions: tuple[str, ...]
    controls: tuple[str, ...]
    edited: bool
    only_me: bool
    by_bot: bool
    pings: bool
    """Somebody was notified by it: everybody, or a person who is named in it."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of a command, button or form at once. ``text``: what the person alone was told."""

    text: str
    error: str
    milliseconds: float
    form_open: bool
    field_errors: Mapping[str, str]


Matches = Callable[[Seen], bool]


class Seat(Protocol):
    """A person in a channel, thread or DM."""

    @property
    def name(self) -> str: ...

    @property
    def user(self) -> str:
        """The person's id on their platform."""
        ...

    @property
    def mention_of(self) -> str:
        """How others type this person's mention."""
        ...

    async def post(self, text: str, files: Sequence[File] = ()) -> str:
        """Write a message; its id."""
        ...

    async def reply(self, to: str, text: str) -> str:
        """Answer one message in particular (in a DM)."""
        ...

    async def edit(self, message: str, text: str) -> None: ...

    async def delete(self, message: str) -> None: ...

    async def react(self, message: str, emoji: str) -> None: ...

    async def unreact(self, message: str, emoji: str) -> None: ...

    async def see(self) -> Sequence[Seen]: ...

    async def press(self, message: str, label: str) -> Answered: ...

    async def choose(self, message: str, menu: str, option: str) -> Answered: ...

    async def command(self, verb: str, **options: str) -> Answered:
        """A slash command: ``verb`` with its options by name, ``ticket`` among them."""
        ...

    async def mention(self, text: str) -> str:
        """Write ``@chatdesk text``; the message's id."""
        ...

    async def make_ticket(self, message: str) -> Answered:
        """Use the shortcut or context menu on a message; a form opens."""
        ...

    async def fill_in(self, **fields: str) -> Answered:
        """Submit the form on the screen, its fields by label."""
        ...

    def under(self, message: str) -> Seat:
        """The same person in the thread under a message (Slack)."""
        ...


async def wait_for(seat: Seat, matches: Matches, what: str) -> Seen:
    """The first message that matches. Raises TimeoutError that tells what was seen instead."""
    seen: Sequence[Seen] = ()
    loop = asyncio.get_running_loop()
    deadline = loop.time() + PATIENCE
    while loop.time() < deadline:
        seen = await seat.see()
        for message in seen:
            if matches(message):
                return message
        await asyncio.sleep(0.02)
    shown = "\n".join(f"    {one.author}: {one.text!r} {list(one.files)}" for one in seen)
    raise TimeoutError(f"{seat.name} waited for {what} and saw only:\n{shown}")


async def thread_under(seat: Seat, message: str) -> Seat:
    """The same person in the thread under a message, once it is there."""
    if not isinstance(seat, DiscordSeat):
        return seat.under(message)
    loop = asyncio.get_running_loop()
    deadline = loop.time() + PATIENCE
    while loop.time() < deadline:
        seen = await seat.human.messages(seat.channel)
        thread = next((one.thread_id for one in seen if one.id == message), None)
        if thread is not None:
            return replace(seat, channel=thread)
        await asyncio.sleep(0.02)
    raise TimeoutError(f"no thread appeared under {message}")


async def wait_until_gone(seat: Seat, matches: Matches, what: str) -> None:
    """Until no message matches."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + PATIENCE
    while loop.time() < deadline:
        if not any(matches(message) for message in await seat.see()):
            return
        await asyncio.sleep(0.02)
    raise TimeoutError(f"{seat.name} still sees {what}")


def says(part: str, author: str | None = None) -> Matches:
    """A message with these words in it, by this author if one is named."""
    return lambda seen: part in seen.text and author in (None, seen.author)


@dataclass(frozen=True, slots=True)
class SlackSeat:
    """Somebody in Slack, in a channel or, with ``thread``, in a thread there."""

    human: slack.SlackHuman
    channel: str
    bot: str
    thread: str | None = None
    timings: list[float] = field(default_factory=list)
    """Milliseconds until each command, button and form was answered."""

    @property
    def name(self) -> str:
        return self.human.name.capitalize()

    @property
    def user(self) -> str:
        return self.human.id

    @property
    def mention_of(self) -> str:
        return f"@{self.human.name}"

    async def post(self, text: str, files: Sequence[File] = ()) -> str:
        sent = await self.human.post(self.channel, text, thread_ts=self.thread, files=files)
        return sent.ts

    async def reply(self, to: str, text: str) -> str:
        return (await self.human.post(self.channel, text, thread_ts=to)).ts

    async def edit(self, message: str, text: str) -> None:
        await self.human.edit(self.channel, message, text)

    async def delete(self, message: str) -> None:
        await self.human.delete(self.channel, message)

    async def react(self, message: str, emoji: str) -> None:
        await self.human.react(self.channel, message, name_of(emoji) or emoji.strip(":"))

    async def unreact(self, message: str, emoji: str) -> None:
        await self.human.unreact(self.channel, message, name_of(emoji) or emoji.strip(":"))

    async def see(self) -> Sequence[Seen]:
        return [_from_slack(one) for one in await self.human.messages(self.channel, thread_ts=self.thread)]

    async def press(self, message: str, label: str) -> Answered:
        return await self._answered(await self.human.click(self.channel, message, label))

    async def choose(self, message: str, menu: str, option: str) -> Answered:
        return await self._answered(await self.human.choose(self.channel, message, menu, option))

    async def command(self, verb: str, **options: str) -> Answered:
        command = f"/{_command_of(verb)}"
        return await self._answered(await self.human.slash(self.channel, command, typed(verb, options)))

    async def mention(self, text: str) -> str:
        return await self.post(f"@chatdesk {text}")

    async def make_ticket(self, message: str) -> Answered:
        outcome = await self.human.message_shortcut("create_ticket", self.channel, message)
        await self.human.wait_for_modal(lambda view: bool(view.submit))
        return await self._answered(outcome)

    async def fill_in(self, **fields: str) -> Answered:
        return await self._answered(await self.human.submit(dict(fields)))

    async def _answered(self, outcome: slack.Outcome) -> Answered:
        self.timings.append(outcome.milliseconds)
        return Answered(
            text="\n".join(one.shown for one in outcome.messages),
            error=outcome.error,
            milliseconds=outcome.milliseconds,
            form_open=await self.human.modal() is not None,
            field_errors=dict(outcome.field_errors),
        )

    def under(self, message: str) -> SlackSeat:
        return replace(self, thread=message)


@dataclass(frozen=True, slots=True)
class DiscordSeat:
    """Somebody in Discord, in a channel, thread or DM."""

    human: discord.DiscordHuman
    channel: str
    bot: str
    timings: list[float] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.human.display_name

    @property
    def user(self) -> str:
        return self.human.id

    @property
    def mention_of(self) -> str:
        return f"@{self.human.name}"

    async def post(self, text: str, files: Sequence[File] = ()) -> str:
        return (await self.human.post(self.channel, text, files=files)).id

    async def reply(self, to: str, text: str) -> str:
        return (await self.human.post(self.channel, text, reply_to=to)).id

    async def edit(self, message: str, text: str) -> None:
        await self.human.edit(self.channel, message, text)

    async def delete(self, message: str) -> None:
        await self.human.delete(self.channel, message)

    async def react(self, message: str, emoji: str) -> None:
        await self.human.react(self.channel, message, emoji)

    async def unreact(self, message: str, emoji: str) -> None:
        await self.human.unreact(self.channel, message, emoji)

    async def see(self) -> Sequence[Seen]:
        return [_from_discord(one) for one in await self.human.messages(self.channel)]

    async def press(self, message: str, label: str) -> Answered:
        return self._answered(await self.human.click(self.channel, message, label))

    async def choose(self, message: str, menu: str, option: str) -> Answered:
        label = await self._label(message, option)
        return self._answered(await self.human.choose(self.channel, message, menu, label))

    async def _label(self, message: str, option: str) -> str:
        """The whole label of the option that has these words in it."""
        shown = next(one for one in await self.human.messages(self.channel) if one.id == message)
        labels = [
            str(choice["label"])
            for part in shown.parts
            for choice in bodies_of(part.get("options"))
            if option in str(choice["label"])
        ]
        return labels[0] if labels else option

    async def command(self, verb: str, **options: str) -> Answered:
        command = _command_of(verb)
        if verb in ("people", "relate"):
            verb = f"{verb} {options.pop('action', 'add')}"
        given = dict(options)
        return self._answered(await self.human.command(f"{command} {verb}", given, at=self.channel))

    async def mention(self, text: str) -> str:
        return await self.post(f"@chatdesk {text}")

    async def make_ticket(self, message: str) -> Answered:
        return self._answered(await self.human.context_menu("Create ticket", self.channel, message))

    async def fill_in(self, **fields: str) -> Answered:
        return self._answered(await self.human.submit(dict(fields)))

    def _answered(self, outcome: discord.Outcome) -> Answered:
        self.timings.append(outcome.milliseconds)
        return Answered(
            text="\n".join(one.text for one in outcome.messages),
            error=outcome.error or "",
            milliseconds=outcome.milliseconds,
            form_open=outcome.modal is not None,
            field_errors=dict(outcome.field_errors),
        )

    def under(self, message: str) -> DiscordSeat:
        return self


def _command_of(verb: str) -> str:
    """Behind which command a verb is typed."""
    if verb in _DESK_VERBS:
        return "desk"
    if verb in _ASSIST_VERBS:
        return "assist"
    return "kb" if verb in _KB_VERBS else "ticket"


def typed(verb: str, options: Mapping[str, str]) -> str:
    """A command as one types it in Slack: the ticket first, then the rest in order."""
    ticket = options.get("ticket")
    rest = [value for name, value in options.items() if name != "ticket"]
    return " ".join([verb, *([f"#{ticket}"] if ticket else []), *rest])


def _from_slack(one: slack.SeenMessage) -> Seen:
    return Seen(
        id=one.ts,
        author=one.author,
        text=one.shown,
        files=tuple(file.name for file in one.files),
        reactions=tuple(unicode_of(name) or f":{name}:" for name in one.reactions),
        controls=tuple(one.labels),
        edited=one.edited,
        only_me=one.ephemeral,
        by_bot=one.by_bot,
        pings="<!" in one.text or "<@" in one.text,
    )


def _from_discord(one: discord.SeenMessage) -> Seen:
    menus = tuple(str(part.get("placeholder")) for part in one.parts if part.get("placeholder"))
    return Seen(
        id=one.id,
        author=one.author,
        text=one.text,
        files=tuple(file.name for file in one.attachments),
        reactions=tuple(reaction.emoji for reaction in one.reactions),
        controls=(*one.buttons, *menus),
        edited=one.edited,
        only_me=one.ephemeral,
        by_bot=one.bot,
        pings=bool(one.pinged),
    )
