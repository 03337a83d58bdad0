"""A desk, its customers' places on two platforms, and who may ever read which word."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Coroutine, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from chatdesk.assistant import AssistantCaller
from chatdesk.contract.ports import Accepted
from chatdesk.contract.views import Button
from chatdesk.contract.vocabulary import Means, MessageRef, Place, PlaceKind, Platform, Side, Where
from chatdesk.courier.courier import Courier
from chatdesk.courier.files import FileStore
from chatdesk.desk import places
from chatdesk.desk.act import act_of_clock
from chatdesk.desk.sla_sweep import watch_promises
from chatdesk.domain.assistance import Assistant
from chatdesk.domain.classifier import Model as Guesser
from chatdesk.domain.classifier import Target, Weights
from chatdesk.domain.effects import Whispered
from chatdesk.domain.knowledge import Article, Knowledge, Readers
from chatdesk.domain.macros import Macro
from chatdesk.domain.organisation import Category
from chatdesk.domain.rules import Happening, Rule
from chatdesk.domain.sla_policy import Amount, Policy, Targets
from chatdesk.domain.steps import Step, StepKind
from chatdesk.domain.ticket import Thread, ThreadState
from chatdesk.domain.triage_policy import Triage
from chatdesk.housekeeping import reports
from chatdesk.settings import AssistantSettings
from chatdesk.store import articles, classifiers, parties, people, threads
from chatdesk.store.classifiers import Classifier, Report
from chatdesk.store.ids import new_id
from chatdesk.store.transaction import Transaction
from tests.desk.humans import ADA, ANA, BEN, BOB, CLEO, MIA, Human
from tests.desk.organisation import ACME, DISCORD, HELP, PUBLIC, SLACK, WORKSPACE
from tests.desk.world import World
from tests.model import Model, running_model
from tests.properties.showcase import Showcase

R = TypeVar("R")

NOBODY: frozenset[int] = frozenset()
PARTIES = frozenset({1, 2})
STAFF = (ANA, BEN, BOB, MIA, ADA)
SUE = Human("sue")
"""With Cleo the first party, on the other platform."""
SAM = Human("sam")
"""The second party."""
TEAM_OF = {"support": {ANA, BEN, ADA}, "billing": {BOB, ADA}, "managers": {MIA, ADA}}
PARTY_OF = {CLEO: 1, SUE: 1, SAM: 2}
OF_NOTES = ("macrosecret", "rulesecret", "promisesecret", "guesssecret", "articlesecret")
"""What the notes of a macro and of a rule say, what a promise is called, what the request looks like, and
what an internal article says."""


def _said(secret: str) -> tuple[Step, ...]:
    about = "about {title} of {requester}"
    return (Step(StepKind.NOTE, text=f"{secret} {about}"), Step(StepKind.REPLY, text=about))


_PROMISED = Targets(*(Amount(time=timedelta(minutes=minutes)) for minutes in (2, 2, 6)))
ORGANISATION = replace(
    ACME,
    macros=(Macro("m", "Macro", _said("macrosecret")),),
    rules=(
        Rule("r", (*_said("rulesecret"), Step(StepKind.TAG, "rulesecret")), (Happening.STATUS,), once=True),
    ),
    assistant=Assistant(),
    triage=Triage(),
    knowledge=Knowledge(),
    categories=(*ACME.categories, Category("guesssecret", ("guesssecret",))),
    slas=(Policy("p", "promisesecret", tuple((key, _PROMISED) for key in ("normal", "high", "urgent"))),),
)

GUESSED = Guesser(
    {"=printer": 1.0},
    {Target.CATEGORY: Weights(("guesssecret", "billing"), (0.0, 0.0), {"=printer": (3.0, -3.0)})},
)


INTERNAL_ARTICLE = Article("printer", "Printer articlesecret", "Of articlesecret", Readers.INTERNAL)


@dataclass(slots=True, eq=False)
class Message:
    """A message as its author wrote it; ``readers`` is None while the desk has not taken it in."""

    ref: MessageRef
    who: Human
    where: Where
    readers: frozenset[int] | None
    words: list[str] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Question:
    """What the desk asked before it would show a message or an edit."""

    buttons: dict[str, Button]
    message: Message
    word: str
    readers_if_sent: frozenset[int]
    is_edit: bool


@lru_cache(maxsize=1)
def _template() -> Path:
    """An empty desk's database, made once and copied for every example."""

    async def make(folder: Path) -> None:
        world = await World.open(folder, ORGANISATION)
        now = world.clock.now()
        about = Classifier(now, now, 100, Report(20, 0.8, ()))
        await world.change(lambda tx: classifiers.put(tx, about, GUESSED))
        await world.change(lambda tx: articles.apply(tx, [INTERNAL_ARTICLE], now))
        await world.close()

    folder = Path(tempfile.mkdtemp(prefix="chatdesk-template-"))
    asyncio.run(make(folder))
    return folder


async def delivered(world: World, adapters: Mapping[Platform, Showcase], folder: Path) -> None:
    """Let a courier deliver all that waits."""
    courier = Courier(world.writer, world.desk, adapters, FileStore(folder), world.clock, reports())
    running = asyncio.create_task(courier.run())
    try:
        await courier.drain(5)
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


class Stage:
    """Ticket 1 of party 1, which has a place on each platform, and a second party with one on Slack."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._folder = Path(tempfile.mkdtemp(prefix="chatdesk-"))
        shutil.copytree(_template(), self._folder, dirs_exist_ok=True)
        self.world = self.run(World.reopen(self._folder, ORGANISATION))
        event.listen(self.world.engine, "connect", _hurry)
        self.adapters = {platform: Showcase(platform) for platform in (SLACK, DISCORD)}
        self.readers: dict[str, frozenset[int]] = dict.fromkeys(OF_NOTES, NOBODY)
        self._checked = dict.fromkeys(self.adapters, 0)
        request = self.world.message(CLEO, PUBLIC, f"The printer {self.word(frozenset({1}))}")
        self.run(self.world.ask_ticket(CLEO, request))
        self.deliver()
        for who in (SUE, SAM):
            self.run(self.world.change(partial(self._take_part, who)))
        self.open_place(1)
        self.open_place(2)

    def close(self) -> None:
        self.run(self.world.close())
        self._loop.close()
        shutil.rmtree(self._folder)

    def run(self, work: Coroutine[Any, Any, R]) -> R:
        return self._loop.run_until_complete(work)

    def later(self, minutes: int) -> None:
        """Time passes; promises run out, and are told."""
        self.run(self.world.tick(watch_promises, minutes=minutes))

    def word(self, readers: frozenset[int]) -> str:
        """A word that nobody has used; who may ever read it."""
        word = f"w{len(self.readers)}x"
        self.readers[word] = readers
        return word

    def open_place(self, party: int) -> None:
        """A party gets a place on Slack; the conversation so far is brought along."""
        place = f"place-{len(self.places(Side.CUSTOMER))}-of-{party}"
        self.run(self.world.change(lambda tx: self._join(tx, party, place)))

    def _take_part(self, who: Human, tx: Transaction) -> None:
        person = people.meet(tx, who.actor, WORKSPACE, self.world.clock.now())
        parties.add(tx, 1, person, PARTY_OF[who], self.world.clock.now())

    def _join(self, tx: Transaction, party: int, place: str) -> None:
        joined = Thread(
            desk=tx.desk,
            id=new_id(),
            ticket=1,
            side=Side.CUSTOMER,
            installation=WORKSPACE,
            parent=HELP.place.id,
            place=place,
            kind=PlaceKind.THREAD,
            state=ThreadState.OPEN,
            opened_at=self.world.clock.now(),
            party=party,
        )
        threads.add(tx, joined)
        places.bring_along(act_of_clock(tx, self.world.clock.now()), 1, [joined])

    def places(self, side: Side) -> list[tuple[Thread, Where]]:
        """Every place that the ticket ever had on a side, those that are over included."""
        found = self.world.look(lambda tx: threads.of_ticket(tx, 1))
        return [(one, _where(one)) for one in found if one.side is side and one.place is not None]

    def may_answer(self, who: Human) -> bool:
        """Whether somebody of the staff works the ticket now."""
        ticket = self.world.ticket(1)
        known = self.world.look(lambda tx: people.identity(tx, who.identity))
        has_it = known is not None and known.person == ticket.assignee
        return has_it or who in TEAM_OF[ticket.team or ""]

    async def _ask_assistant(self, who: Human, verb: str, model: Model) -> bool:
        """Whether somebody could ask, and the model was asked."""
        answer = await self.world.run_verb(who, verb, None, Means.COMMAND, {"ticket": "1"})
        wanted = AssistantSettings(url=model.url, model="m")
        asked = await AssistantCaller(self.world.writer, self.world.clock, wanted).work()
        return isinstance(answer, Accepted) and asked == 1

    def told_to_assistant(self, who: Human, verb: str) -> str:
        """What a language model is told, over HTTP, when somebody asks it now; "" where they may not."""

        async def ask() -> str:
            async with running_model() as model:
                model.says = "I was told: " + " ".join(self.readers)
                return model.prompts[0] if await self._ask_assistant(who, verb, model) else ""

        return self.run(ask())

    def asked(self, who: Human, before: int) -> dict[str, Button] | None:
        """The buttons of a question that somebody was asked since ``before`` effects were written."""
        news = [one.effect for one in self.world.shown()[before:] if isinstance(one.effect, Whispered)]
        return dict(self.world.buttons(who)) if news and news[-1].controls else None

    def deliver(self) -> None:
        """Let a courier deliver all that waits."""
        self.run(delivered(self.world, self.adapters, self._folder))

    def _parties(self) -> dict[str, int]:
        """The party that reads a place, or a direct message."""
        known = {where.place.id: thread.party or 0 for thread, where in self.places(Side.CUSTOMER)}
        return known | {f"person:{who.identity}": party for who, party in PARTY_OF.items()}

    def nobody_was_shown_what_is_not_for_them(self) -> None:
        parties = self._parties()
        for platform, adapter in self.adapters.items():
            news = adapter.asked[self._checked[platform] :]
            self._checked[platform] = len(adapter.asked)
            for place, text in news:
                party = parties.get(place)
                for word, readers in self.readers.items():
                    allowed = party is None or word not in text or party in readers
                    assert allowed, f"{text!r} was shown to party {party}"

    def stands_with_nobody(self, words: Iterable[str]) -> None:
        """None of these words is left in any place of a customer."""
        parties, taken_back = self._parties(), set(words)
        for adapter in self.adapters.values():
            for ref, text in adapter.standing.items():
                left = ref.place.id in parties and any(word in text for word in taken_back)
                assert not left, f"{text!r} still stands in {ref.place.id}"

    def shown_to(self, word: str) -> set[int]:
        """The parties that were ever shown a word."""
        parties = self._parties()
        asked = [one for adapter in self.adapters.values() for one in adapter.asked]
        return {parties[place] for place, text in asked if word in text and place in parties}


def _hurry(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
    """Nothing here has to survive a power cut."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous=OFF")
    cursor.close()


def _where(thread: Thread) -> Where:
    assert thread.place is not None
    parent = Place(thread.installation, thread.parent)
    return Where(Place(thread.installation, thread.place), PlaceKind.THREAD, parent)
