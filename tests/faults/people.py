"""Agents and customers who work four tickets at once, by a seeded script, and remember what they did.

Each has a ticket of their own side: they post, edit, delete, react, send files; agents also use commands,
buttons and forms. Whatever the bot does meanwhile, they go on.
"""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum

from chatdesk.contract.vocabulary import Side
from chatdesk.demo.seats import Answered, DiscordSeat, Seat, Seen, SlackSeat
from chatdesk.demo.world import World
from chatdesk_playground.discord.human import Refused
from chatdesk_playground.slack.remote import PlaygroundError
from tests.scenarios.stage import Stage, Ticket, discord_seat, slack_seat

EMOJI = ("👍", "🎉", "😀")


@dataclass(slots=True)
class Words:
    """A message somebody wrote. ``name`` is found again in every copy, ``revision`` counts its edits."""

    name: str
    id: str
    revision: int = 0
    deleted: bool = False
    file: str | None = None

    @property
    def text(self) -> str:
        return f"{self.name} r{self.revision}."


class Deed(StrEnum):
    TAG = "command"
    CLAIM = "button"
    NOTE = "form"


@dataclass(slots=True)
class Done:
    """A command, button or form and whether it was answered. ``word`` tells it from others."""

    deed: Deed
    word: str
    answered: bool
    answer: str


@dataclass(slots=True)
class Person:
    """Somebody at work on one side of a ticket."""

    seat: Seat
    ticket: int
    side: Side
    written: list[Words] = field(default_factory=list)
    reactions: dict[tuple[str, str], bool] = field(default_factory=dict)
    """Whether they react to a message (by its id, as they see it) with an emoji."""
    done: list[Done] = field(default_factory=list)


@dataclass(slots=True)
class Desk:
    """One ticket and its two people."""

    number: int
    title: str
    ticket: Ticket
    customer: Person
    agent: Person

    @property
    def people(self) -> tuple[Person, Person]:
        return self.customer, self.agent


async def open_desks(here: World) -> list[Desk]:
    """Four tickets, one for each pair of platforms, each with people of its own."""
    slack, discord = here.slack, here.discord
    customers: Sequence[Seat] = (
        discord_seat(here, discord.cleo, "help"),
        slack_seat(here, slack.sam, "help"),
        slack_seat(here, slack.sue, "ask-community"),
        discord_seat(here, discord.dan, "community-help"),
    )
    agents: Sequence[Seat] = (
        slack_seat(here, slack.ana, "support"),
        slack_seat(here, slack.ben, "support"),
        discord_seat(here, discord.dora, "community-desk"),
        discord_seat(here, discord.dirk, "community-desk"),
    )
    stages = [Stage(here, customer, agent, agent) for customer, agent in zip(customers, agents, strict=True)]
    desks = []
    for number, stage in enumerate(stages, 1):
        title = f"Trouble {number}"
        ticket = await stage.open_ticket(f"I have trouble number {number}", title)
        customer = Person(ticket.customer, number, Side.CUSTOMER)
        desks.append(Desk(number, title, ticket, customer, Person(ticket.agent, number, Side.TEAM)))
    return desks


@dataclass(slots=True)
class Script:
    """What the people do, drawn from a seed. ``told`` hears the name of what is on its way to the bot."""

    chance: random.Random
    told: Callable[[str], object]
    pause: float = 1.5
    """Seconds between two acts of a person, on average."""
    names: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    async def play(self, desks: Sequence[Desk], until: asyncio.Event) -> None:
        """Everybody acts until the event is set; then each finishes what they are at."""
        async with asyncio.TaskGroup() as group:
            for desk in desks:
                for person in desk.people:
                    group.create_task(self._act(desk, person, until))

    async def _act(self, desk: Desk, person: Person, until: asyncio.Event) -> None:
        chance = random.Random(f"{self.chance.random()}{desk.number}{person.side}")
        while not until.is_set():
            try:
                async with asyncio.timeout(chance.expovariate(1 / self.pause)):
                    await until.wait()
            except TimeoutError:
                # What they meant to act on may just have gone, as the bot deletes copies.
                with suppress(PlaygroundError, Refused):
                    await self._one(desk, person, chance)

    async def _one(self, desk: Desk, person: Person, chance: random.Random) -> None:
        mine = [one for one in person.written if not one.deleted]
        roll = chance.random()
        if roll < 0.5 or not mine:
            await self._post(person, with_file=chance.random() < 0.15)
        elif roll < 0.65:
            await self._edit(person, chance.choice(mine))
        elif roll < 0.7:
            await self._delete(person, chance.choice(mine[-5:]))
        elif roll < 0.85 or person.side is Side.CUSTOMER:
            await self._react(person, chance)
        elif roll < 0.92:
            await self._tag(desk, person)
        elif roll < 0.96:
            await self._claim(desk, person)
        else:
            await self._note(desk, person)

    def _name(self) -> str:
        return f"w{next(self.names):05}"

    async def _post(self, person: Person, *, with_file: bool) -> None:
        words = Words(self._name(), "")
        files = [(f"{words.name}.txt", words.name.encode() * 50)] if with_file else []
        words.file = f"{words.name}.txt" if with_file else None
        words.id = await person.seat.post(words.text, files)
        person.written.append(words)
        self.told(words.name)

    async def _edit(self, person: Person, words: Words) -> None:
        words.revision += 1
        await person.seat.edit(words.id, words.text)

    async def _delete(self, person: Person, words: Words) -> None:
        words.deleted = True
        await person.seat.delete(words.id)

    async def _react(self, person: Person, chance: random.Random) -> None:
        """To one of the last posts of either side, as it stands here; or take a reaction back."""
        seen = [one for one in (await person.seat.see())[-12:] if names_in(one.text) and not one.only_me]
        if not seen:
            return
        message, emoji = chance.choice(seen).id, chance.choice(EMOJI)
        reacts = person.reactions.get((message, emoji), False)
        if reacts:
            await person.seat.unreact(message, emoji)
        else:
            await person.seat.react(message, emoji)
        person.reactions[message, emoji] = not reacts

    async def _tag(self, desk: Desk, person: Person) -> None:
        word = f"tag-{self._name()}"
        self.told(word)
        answered = await desk.ticket.home.command("tag", ticket=str(desk.number), action="add", tag=word)
        person.done.append(_done(Deed.TAG, word, answered))

    async def _claim(self, desk: Desk, person: Person) -> None:
        card = await desk.ticket.card_now()
        label = "Claim" if "Claim" in card.controls else "Release"
        answered = await desk.ticket.press(label)
        person.done.append(_done(Deed.CLAIM, label, answered))

    async def _note(self, desk: Desk, person: Person) -> None:
        """Open the note's form from the card and hand it in, or be told that it did not work."""
        home, word = desk.ticket.home, self._name()
        opened = await home.choose(desk.ticket.card, "More", "Note")
        if opened.error or not await _form_is_there(home):
            await _close_forms(home)
            return
        self.told(word)
        answered = await home.fill_in(**{"Your note": f"{word} r0."})
        person.done.append(_done(Deed.NOTE, word, answered))
        await _close_forms(home)


def _done(deed: Deed, word: str, answered: Answered) -> Done:
    return Done(deed, word, not answered.error, answered.text or answered.error)


async def _form_is_there(seat: Seat) -> bool:
    if isinstance(seat, SlackSeat):
        try:
            await seat.human.wait_for_modal(lambda view: bool(view.submit), timeout=3.0)
        except TimeoutError:
            return False
        return True
    assert isinstance(seat, DiscordSeat)
    return await seat.human.modal() is not None


async def _close_forms(seat: Seat) -> None:
    if isinstance(seat, SlackSeat):
        if await seat.human.modal() is not None:
            await seat.human.close_modal(everything=True)
    elif isinstance(seat, DiscordSeat) and await seat.human.modal() is not None:
        await seat.human.close_modal()


def names_in(text: str) -> list[str]:
    """The names of the messages whose words stand in a text, in order."""
    return [part.removesuffix(".") for part in text.split() if part[:1] == "w" and part[1:6].isdigit()]


def by_name(desk: Desk) -> Mapping[str, Words]:
    return {words.name: words for person in desk.people for words in person.written}


__all__ = ["EMOJI", "Deed", "Desk", "Done", "Person", "Script", "Seen", "Words", "by_name", "names_in"]
