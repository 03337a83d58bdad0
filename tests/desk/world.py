"""People who use the desk in a test, and what the desk wants shown to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine

from chatdesk.contract.actions import ChooseOption, FormKind, RunVerb, argument_of
from chatdesk.contract.catalogue import LINES
from chatdesk.contract.inbound import (
    ChoiceMade,
    CommandGiven,
    CommandTyped,
    Connected,
    FormOpened,
    FormSubmitted,
    Inbound,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    ReactionSet,
    TicketAsked,
)
from chatdesk.contract.ports import Accepted, Answer, Refused
from chatdesk.contract.sentences import Markup
from chatdesk.contract.views import Button, Control, Form
from chatdesk.contract.vocabulary import (
    FileRef,
    IdentityId,
    Means,
    MessageRef,
    Place,
    PlaceKind,
    Side,
    SourceMessage,
    Where,
)
from chatdesk.desk.service import DeskService
from chatdesk.domain.effects import (
    CardChanged,
    Effect,
    LineSaid,
    PersonTold,
    PostWritten,
    Whispered,
)
from chatdesk.domain.lines import GapKind, Line
from chatdesk.domain.organisation import Organisation
from chatdesk.domain.ticket import Escalation, HistoryEntry, Post, Thread, Ticket
from chatdesk.store import desks, escalations, history, people, posts, threads, tickets
from chatdesk.store.engine import open_engine
from chatdesk.store.transaction import Transaction
from chatdesk.store.writer import Writer
from tests.desk.clock import MovableClock
from tests.desk.humans import Human
from tests.desk.organisation import ACME, SERVER, WORKSPACE
from tests.desk.platforms import Shown, read_outbox, settle
from tests.engines import sqlite_with_tables

R = TypeVar("R")


@dataclass(slots=True)
class World:
    """``answer`` is what the last actor was told."""

    engine: Engine
    organisation: Organisation
    clock: MovableClock = field(default_factory=MovableClock)
    answer: Answer = field(default_factory=Accepted)
    last: Inbound | None = None
    _writer: Writer | None = None
    _count: int = 0
    _forgotten: str = ""
    _extra: tuple[Organisation, ...] = ()

    @classmethod
    async def open(cls, folder: Path, organisation: Organisation = ACME, *others: Organisation) -> World:
        """A desk in a new SQLite file."""
        engine = open_engine(sqlite_with_tables(folder / "desk.db"))
        return await cls.furnish(engine, organisation, *others)

    @classmethod
    async def furnish(cls, engine: Engine, organisation: Organisation = ACME, *others: Organisation) -> World:
        """A desk in a database that has its tables."""
        world = cls(engine, organisation, _extra=others)
        world._writer = Writer(engine)
        with engine.begin() as connection:
            for one in (organisation, *others):
                desks.apply(connection, one, world.clock.now())
        for installation in (WORKSPACE, SERVER):
            bot = IdentityId(installation.platform, "bot")
            await world.handle(Connected(installation, installation.id, bot, world.clock.now()))
        return world

    @classmethod
    async def reopen(cls, folder: Path, organisation: Organisation = ACME) -> World:
        """The desk that was made in this folder."""
        return cls.beside(open_engine(f"sqlite:///{folder / 'desk.db'}"), organisation)

    @classmethod
    def beside(cls, engine: Engine, organisation: Organisation = ACME) -> World:
        """A desk that is there already, in another process so to speak."""
        world = cls(engine, organisation)
        world._writer = Writer(world.engine)
        return world

    async def close(self) -> None:
        await self.writer.close()
        self.engine.dispose()

    def another(self) -> World:
        """The same desk in a second process."""
        return World.beside(open_engine(self.engine.url.render_as_string(hide_password=False)))

    @property
    def writer(self) -> Writer:
        assert self._writer is not None
        return self._writer

    @property
    def desk(self) -> DeskService:
        return DeskService(self.writer, self.clock)

    async def handle(self, event: Inbound) -> Answer:
        self.answer = await self.desk.handle(event)
        self.last = event
        return self.answer

    async def again(self) -> Answer:
        """The last event comes a second time."""
        assert self.last is not None
        return await self.handle(self.last)

    @property
    def refused(self) -> str:
        """The sentence with which the last event was refused, as plain words."""
        assert isinstance(self.answer, Refused), self.answer
        return self.answer.text.replace("\\", "")

    @property
    def accepted(self) -> str:
        assert isinstance(self.answer, Accepted), self.answer
        return (self.answer.text or "").replace("\\", "")

    def new_key(self) -> str:
        self._count += 1
        return f"{self._count:06}"

    # What people do.

    async def post(
        self,
        who: Human,
        where: Where,
        body: str,
        *,
        reply_to: MessageRef | None = None,
        files: Sequence[FileRef] = (),
        title: str | None = None,
        stands: Place | None = None,
    ) -> MessageRef:
        assert who.installation == where.place.installation, f"{who.name} has no account there"
        ref = MessageRef(where.place, f"m{self.new_key()}")
        event = MessagePosted(
            ref, where, who.actor, body, tuple(files), self.clock.now(), reply_to, stands, title
        )
        await self.handle(event)
        return ref

    async def edit(self, who: Human, where: Where, ref: MessageRef, body: str, version: str = "") -> Answer:
        version = version or f"v{self.new_key()}"
        return await self.handle(MessageEdited(ref, where, who.actor, body, (), version, self.clock.now()))

    async def delete(self, ref: MessageRef) -> Answer:
        return await self.handle(MessageDeleted(ref, self.clock.now()))

    async def react(
        self,
        who: Human,
        where: Where,
        ref: MessageRef,
        emoji: str,
        *,
        present: bool = True,
        version: str = "",
    ) -> Answer:
        version = version or f"v{self.new_key()}"
        return await self.handle(
            ReactionSet(ref, where, who.actor, emoji, present, version, self.clock.now())
        )

    async def type(
        self,
        who: Human,
        where: Where,
        text: str,
        *,
        means: Means = Means.COMMAND,
        command: str = "ticket",
        reply_to: MessageRef | None = None,
    ) -> Answer:
        event = CommandTyped(
            f"typed-{self.new_key()}", who.actor, where, text, means, self.clock.now(), command, reply_to
        )
        return await self.handle(event)

    async def give(
        self,
        who: Human,
        verb: str,
        *,
        where: Where | None = None,
        means: Means = Means.BUTTON,
        **arguments: str,
    ) -> Answer:
        """A command with its arguments told apart: a subcommand, a button, a menu."""
        return await self.run_verb(who, verb, where, means, arguments)

    async def run_verb(
        self, who: Human, verb: str, where: Where | None, means: Means, arguments: Mapping[str, str]
    ) -> Answer:
        event = CommandGiven(
            f"given-{self.new_key()}", who.actor, where, verb, arguments, means, self.clock.now()
        )
        return await self.handle(event)

    async def ask_ticket(self, who: Human, source: SourceMessage, means: Means = Means.REACTION) -> Answer:
        event = TicketAsked(f"asked-{self.new_key()}", who.actor, source, means, self.clock.now())
        return await self.handle(event)

    def message(self, who: Human, where: Where, body: str, stands: Place | None = None) -> SourceMessage:
        """A message that the desk has not seen, for somebody to point at."""
        ref = MessageRef(where.place, f"m{self.new_key()}")
        return SourceMessage(ref, where, who.actor, body, (), self.clock.now(), stands, "https://link")

    async def open_form(
        self,
        who: Human,
        kind: FormKind,
        ticket: int | None = None,
        *,
        where: Where | None = None,
        source: SourceMessage | None = None,
        capacity: int = 99,
    ) -> Form:
        event = FormOpened(
            f"form-{self.new_key()}", who.actor, where, kind, Means.BUTTON, self.clock.now(), capacity,
            ticket, source,
        )  # fmt: skip
        answer = await self.handle(event)
        assert isinstance(answer, Accepted) and answer.form is not None, answer
        return answer.form

    async def submit(self, who: Human, form: Form, **values: str) -> Answer:
        given = {name.replace("field_", "field-"): value for name, value in values.items()}
        return await self.handle(
            FormSubmitted(f"submit-{self.new_key()}", who.actor, form.id, given, self.clock.now())
        )

    async def press(
        self, who: Human, control: Control, *, where: Where | None = None, value: str = ""
    ) -> Answer:
        match control.action:
            case ChooseOption(choice, option):
                event = ChoiceMade(
                    f"press-{self.new_key()}", who.actor, where, choice, option, self.clock.now()
                )
                return await self.handle(event)
            case RunVerb(verb, number, given):
                chosen = {argument_of(verb): value or given or ""} if value or given else {}
                return await self.run_verb(who, verb, where, Means.BUTTON, {"ticket": str(number)} | chosen)
        raise AssertionError(f"{control} opens a form")

    async def tick(self, sweep: Callable[[Connection, datetime], int], **later: float) -> int:
        """Let time pass, then let one of the clockwork's sweeps look what is due."""
        self.clock.advance(**later)
        return await self.writer.run(lambda connection: sweep(connection, self.clock.now()))

    # The platforms' part: places open, posts are copied there.

    async def settle(self) -> None:
        """Every thread that was asked for is opened, every post is copied where it was asked for."""
        await self.change(settle)

    async def ticket_from(self, who: Human, where: Where, body: str = "The printer is on fire") -> int:
        """A new ticket whose threads are open; what was shown until now is forgotten."""
        source = self.message(who, where, body, where.place if where.kind is PlaceKind.THREAD else None)
        await self.ask_ticket(who, source)
        number = len(self.tickets())
        await self.settle()
        self.forget()
        return number

    # What there is.

    def look(self, work: Callable[[Transaction], R]) -> R:
        with self.engine.connect() as connection:
            return work(Transaction(connection, self.organisation.desk, self.organisation))

    async def change(self, work: Callable[[Transaction], R]) -> R:
        return await self.writer.run(
            lambda connection: work(Transaction(connection, self.organisation.desk, self.organisation))
        )

    def tickets(self) -> Sequence[Ticket]:
        return list(reversed(self.look(tickets.latest)))

    def ticket(self, number: int) -> Ticket:
        found = self.look(lambda tx: tickets.load(tx, number))
        assert found is not None
        return found

    def posts(self, number: int) -> Sequence[Post]:
        return self.look(lambda tx: posts.of_ticket(tx, number))

    def history(self, number: int) -> Sequence[HistoryEntry]:
        return self.look(lambda tx: history.of_ticket(tx, number))

    def kinds(self, number: int) -> list[str]:
        return [entry.kind for entry in self.history(number)]

    def escalations(self, number: int) -> Sequence[Escalation]:
        return self.look(lambda tx: escalations.of_ticket(tx, number))

    def threads(self, number: int, side: Side | None = None) -> Sequence[Thread]:
        found = self.look(lambda tx: threads.live_of_ticket(tx, number))
        return [one for one in found if side in (None, one.side)]

    def where(self, number: int, side: Side) -> Where:
        """The newest live place of a ticket's side."""
        found = self.threads(number, side)[-1]
        assert found.place is not None
        place = Place(found.installation, found.place)
        if found.kind is PlaceKind.DM:
            return Where(place, PlaceKind.DM, place)
        return Where(place, PlaceKind.THREAD, Place(found.installation, found.parent))

    def customer(self, number: int) -> Where:
        return self.where(number, Side.CUSTOMER)

    def team(self, number: int) -> Where:
        return self.where(number, Side.TEAM)

    def asked_team(self, number: int) -> Where:
        return self.where(number, Side.ESCALATION)

    def person(self, who: Human) -> str:
        known = self.look(lambda tx: people.identity(tx, who.identity))
        assert known is not None, f"{who.name} was never seen"
        return known.person

    # What the desk wanted shown.

    def forget(self) -> None:
        """What was shown until now counts no more."""
        shown = self._shown()
        self._forgotten = shown[-1].id if shown else ""

    def shown(self) -> Sequence[Shown]:
        return [one for one in self._shown() if one.id > self._forgotten]

    def _shown(self) -> Sequence[Shown]:
        return self.look(read_outbox)

    def effects(self, number: int, side: Side | None = None) -> list[Effect]:
        return [
            one.effect
            for one in self.shown()
            if one.ticket == number and one.thread and side in (None, one.thread.side)
        ]

    def bodies(self, number: int, side: Side) -> list[str]:
        """The posts shown to a side, as they read now."""
        wanted = [effect.post for effect in self.effects(number, side) if isinstance(effect, PostWritten)]
        by_id = {post.id: post.body for post in self.posts(number)}
        return [by_id[post] for post in wanted]

    def lines(self, number: int, side: Side) -> list[str]:
        """The desk's own lines that were said to a side."""
        found = [effect.line for effect in self.effects(number, side) if isinstance(effect, LineSaid)]
        return [self.said(line) for line in found]

    def sentences(self, number: int, side: Side) -> list[str]:
        """The keys of the lines that were said to a side."""
        return [effect.line.sentence for effect in self.effects(number, side) if isinstance(effect, LineSaid)]

    def cards(self, number: int) -> int:
        return sum(isinstance(effect, CardChanged) for effect in self.effects(number))

    def whispers(self, who: Human) -> list[Whispered]:
        found = [one.effect for one in self.shown()]
        return [one for one in found if isinstance(one, Whispered) and one.to == who.identity]

    def told(self, who: Human) -> list[str]:
        found = [one.effect for one in self.shown()]
        return [
            self.said(one.line) for one in found if isinstance(one, PersonTold) and one.to == who.identity
        ]

    def buttons(self, who: Human) -> Mapping[str, Button]:
        """The buttons of the last question that somebody was asked, by the option's key."""
        controls = self.whispers(who)[-1].controls
        return {
            one.action.option: one
            for one in controls
            if isinstance(one, Button) and isinstance(one.action, ChooseOption)
        }

    def said(self, line: Line) -> str:
        def name(value: str) -> str:
            return self.look(lambda tx: people.name_of(tx, value))

        gaps: dict[str, str] = {}
        for gap in line.gaps:
            match gap.kind:
                case GapKind.PERSON | GapKind.MENTION:
                    gaps[gap.name] = name(gap.value)
                case GapKind.MARKUP:
                    gaps[gap.name] = Markup(gap.value)
                case GapKind.TEXT:
                    gaps[gap.name] = gap.value
        return LINES[line.sentence].say(**gaps).replace("\\", "")
