"""No text of an internal post in any place of a customer side, and no party's words in another's.

Every text has a word of its own. For each word the machine knows, from who wrote what and where, which
parties may ever read it, and looks for it in everything that the platforms were ever asked to show, through
the real desk, store and courier.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from collections.abc import Coroutine, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from chatdesk.contract.ports import Accepted, Refused
from chatdesk.contract.views import Button
from chatdesk.contract.vocabulary import Means, MessageRef, Place, PlaceKind, Side, Where
from chatdesk.courier.courier import Courier
from chatdesk.courier.files import FileStore
from chatdesk.desk import places
from chatdesk.desk.act import act_of_clock
from chatdesk.domain import audience
from chatdesk.domain.effects import Whispered
from chatdesk.domain.organisation import ThreadMode
from chatdesk.domain.ticket import Thread, ThreadState
from chatdesk.housekeeping import reports
from chatdesk.store import threads
from chatdesk.store.ids import new_id
from chatdesk.store.transaction import Transaction
from tests.desk.organisation import DISCORD, HELP, PUBLIC, SLACK, WORKSPACE
from tests.desk.world import ADA, ANA, BEN, BOB, CLEO, MIA, Human, World
from tests.properties.showcase import Showcase

R = TypeVar("R")

NOBODY: frozenset[int] = frozenset()
PARTIES = frozenset({1, 2})

PLAIN = ("{}", "Please {}", "reply: {}", "Reply:{}")
NOTES = ("note: {}", "NOTE: {}", "🔒 {}", "  note:{}")
NEARLY = (
    "note : {}",
    "Note {}",
    "nоte: {}",
    "🔓 {}",
    "> note: {}",
    "nto: {}",
    "**note:** {}",
    "internal: {}",
)
STYLES = st.sampled_from([*PLAIN, *NOTES, *NEARLY])
STAFF = (ANA, BEN, BOB, MIA, ADA)
SUE = Human("sue")
SAM = Human("sam")
TEAM_OF = {"support": {ANA, BEN, ADA}, "billing": {BOB, ADA}, "managers": {MIA, ADA}}


@dataclass(slots=True)
class Message:
    """A message as its author wrote it; ``readers`` is None while the desk has not taken it in."""

    ref: MessageRef
    who: Human
    where: Where
    readers: frozenset[int] | None
    by_staff: bool
    words: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Question:
    """What the desk asked before it would show a message or an edit."""

    who: Human
    where: Where
    buttons: dict[str, Button]
    message: Message
    word: str
    readers_if_sent: frozenset[int]
    is_edit: bool


@lru_cache(maxsize=1)
def _template() -> Path:
    """A desk with one ticket in its database, made once and copied for every example."""

    async def make(folder: Path) -> None:
        world = await World.open(folder)
        await world.close()

    folder = Path(tempfile.mkdtemp(prefix="chatdesk-template-"))
    asyncio.run(make(folder))
    return folder


class InternalPostsStayInside(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self._loop = asyncio.new_event_loop()
        self._folder = Path(tempfile.mkdtemp(prefix="chatdesk-"))
        shutil.copytree(_template(), self._folder, dirs_exist_ok=True)
        self.world = self._run(World.reopen(self._folder))
        self.adapters = {platform: Showcase(platform) for platform in (SLACK, DISCORD)}
        self.readers: dict[str, frozenset[int]] = {}
        self.messages: list[Message] = []
        self.questions: list[Question] = []
        self._checked = dict.fromkeys(self.adapters, 0)
        self._run(self._begin())

    async def _begin(self) -> None:
        word = self._word(frozenset({1}))
        await self.world.ask_ticket(CLEO, self.world.message(CLEO, PUBLIC, f"The printer {word}"))
        await self._deliver()
        await self.world.change(lambda tx: self._join(tx, 1, "place-of-1-on-slack"))
        await self.world.change(lambda tx: self._join(tx, 2, "place-of-2"))
        await self._deliver()

    def _join(self, tx: Transaction, party: int, place: str) -> None:
        """People of a party have a place on Slack; the conversation so far is brought along."""
        joined = Thread(
            desk=tx.desk, id=new_id(), ticket=1, side=Side.CUSTOMER, installation=WORKSPACE,
            parent=HELP.place.id, place=place, kind=PlaceKind.THREAD, state=ThreadState.OPEN,
            opened_at=self.world.clock.now(), party=party,
        )  # fmt: skip
        threads.add(tx, joined)
        places.bring_along(act_of_clock(tx, self.world.clock.now()), 1, [joined])

    def teardown(self) -> None:
        self._run(self.world.close())
        self._loop.close()
        shutil.rmtree(self._folder)

    def _run(self, work: Coroutine[Any, Any, R]) -> R:
        return self._loop.run_until_complete(work)

    def _word(self, readers: frozenset[int]) -> str:
        word = f"w{len(self.readers)}x"
        self.readers[word] = readers
        return word

    # Where and who.

    def _places(self, side: Side) -> list[tuple[Thread, Where]]:
        found = self.world.look(lambda tx: threads.of_ticket(tx, 1))
        return [(one, _where(one)) for one in found if one.side is side and one.place is not None]

    def _may_answer(self, who: Human) -> bool:
        ticket = self.world.ticket(1)
        assigned = ticket.assignee is not None and self._person(who) == ticket.assignee
        return assigned or who in TEAM_OF[ticket.team or ""]

    def _person(self, who: Human) -> str | None:
        try:
            return self.world.person(who)
        except AssertionError:
            return None

    def _question(self, who: Human, before: int) -> dict[str, Button] | None:
        """The buttons of a question that was asked since."""
        asked = [one for one in self.world.shown()[before:] if isinstance(one.effect, Whispered)]
        return dict(self.world.buttons(who)) if asked and self.world.whispers(who)[-1].controls else None

    # What people do.

    @rule(
        who=st.sampled_from(STAFF),
        style=STYLES,
        which=st.integers(0, 9),
        side=st.sampled_from([Side.TEAM, Side.TEAM, Side.ESCALATION]),
    )
    def staff_write(self, who: Human, style: str, which: int, side: Side) -> None:
        there = self._places(side) or self._places(Side.TEAM)
        thread, where = there[which % len(there)]
        word = self._word(NOBODY)
        ticket = self.world.ticket(1)
        before = len(self.world.shown())
        ref = self._run(self.world.post(who, where, style.format(word)))
        live = thread.state in threads.LIVE
        goes_out = style.startswith(("reply", "Reply")) or (
            style not in NOTES and ticket.mode is ThreadMode.REPLY
        )
        is_public = live and thread.side is Side.TEAM and goes_out and self._may_answer(who)
        message = Message(ref, who, where, NOBODY if live else None, by_staff=True, words=[word])
        self.messages.append(message)
        buttons = self._question(who, before)
        if buttons:
            message.readers = None
            self.questions.append(Question(who, where, buttons, message, word, PARTIES, is_edit=False))
        elif is_public and style not in NEARLY:
            self.readers[word] = message.readers = PARTIES

    @rule(who=st.sampled_from(STAFF), style=STYLES, which=st.integers(0, 9))
    def staff_write_where_customers_are(self, who: Human, style: str, which: int) -> None:
        there = [one for one in self._places(Side.CUSTOMER) if one[1].place.platform == SLACK]
        thread, where = there[which % len(there)]
        word = self._word(NOBODY)
        before = len(self.world.shown())
        ref = self._run(self.world.post(who, where, style.format(word)))
        own = frozenset({thread.party or 0})
        message = Message(ref, who, where, NOBODY, by_staff=True, words=[word])
        self.messages.append(message)
        buttons = self._question(who, before)
        if buttons and style in NEARLY:
            message.readers = None
            self.questions.append(Question(who, where, buttons, message, word, own, is_edit=False))
        elif style in PLAIN:
            self.readers[word] = message.readers = own

    @rule(style=STYLES, which=st.integers(0, 9))
    def a_customer_writes(self, style: str, which: int) -> None:
        there = self._places(Side.CUSTOMER)
        thread, where = there[which % len(there)]
        who = CLEO if where.place.platform == DISCORD else (SUE if thread.party == 1 else SAM)
        own = frozenset({thread.party or 0})
        word = self._word(own)
        ref = self._run(self.world.post(who, where, style.format(word)))
        self.messages.append(Message(ref, who, where, own, by_staff=False, words=[word]))

    @precondition(lambda self: self.messages)
    @rule(which=st.integers(0, 999), style=STYLES)
    def somebody_edits(self, which: int, style: str) -> None:
        message = self.messages[which % len(self.messages)]
        word = self._word(NOBODY)
        before = len(self.world.shown())
        self._run(self.world.edit(message.who, message.where, message.ref, style.format(word)))
        message.words.append(word)
        buttons = self._question(message.who, before)
        held = next((one for one in self.questions if one.message is message and not one.is_edit), None)
        if buttons:
            readers = message.readers or NOBODY
            self.questions.append(
                Question(message.who, message.where, buttons, message, word, readers, is_edit=True)
            )
        elif message.readers is None and held is not None:
            held.word = word
        elif message.readers and not (message.by_staff and style in (*NOTES, *NEARLY)):
            self.readers[word] = message.readers

    @precondition(lambda self: self.messages)
    @rule(which=st.integers(0, 999))
    def somebody_deletes(self, which: int) -> None:
        message = self.messages.pop(which % len(self.messages))
        self._run(self.world.delete(message.ref))
        message.readers = NOBODY

    @precondition(lambda self: self.questions)
    @rule(which=st.integers(0, 999), option=st.sampled_from(["send", "inside", "discard"]))
    def somebody_answers_a_question(self, which: int, option: str) -> None:
        asked = self.questions[which % len(self.questions)]
        answer = self._run(self.world.press(asked.who, asked.buttons[option], where=asked.where))
        if isinstance(answer, Refused):
            return
        if option == "send":
            self.readers[asked.word] = asked.readers_if_sent
            asked.message.readers = asked.readers_if_sent
        elif option == "inside":
            asked.message.readers = NOBODY

    @rule(
        who=st.sampled_from([*STAFF, CLEO]),
        text=st.sampled_from(
            [
                "nto {}",
                "nte: he is {}",
                "he is {}",
                "noted {}",
                "rply {}",
                "internal {}",
                "claim {}",
                "xreply #1 {}",
            ]
        ),
        which=st.integers(0, 9),
        means=st.sampled_from([Means.MENTION, Means.COMMAND]),
    )
    def a_command_is_mistyped(self, who: Human, text: str, which: int, means: Means) -> None:
        there = [*self._places(Side.TEAM), *self._places(Side.CUSTOMER)]
        _, where = there[which % len(there)]
        answer = self._run(self.world.type(who, where, text.format(self._word(NOBODY)), means=means))
        assert isinstance(answer, Refused) or text.startswith("claim")

    @rule(
        who=st.sampled_from([*STAFF, CLEO, SUE, SAM]),
        verb=st.sampled_from(
            [
                "note",
                "escalate",
                "sendback",
                "cancel",
                "reopen",
                "move billing",
                "move support",
                "escalate managers",
            ]
        ),
    )
    def words_for_staff_alone(self, who: Human, verb: str) -> None:
        name, _, team = verb.partition(" ")
        arguments = {"ticket": "1", "team": team, "reason": "", "text": ""}
        arguments |= dict.fromkeys(("reason", "text"), self._word(NOBODY))
        given = {key: value for key, value in arguments.items() if value}
        self._run(self.world.run_verb(who, name, None, Means.COMMAND, given))

    @rule(
        who=st.sampled_from([*STAFF, CLEO, SUE, SAM]),
        verb=st.sampled_from(["reply", "resolve", "close"]),
        style=STYLES,
    )
    def words_for_everybody(self, who: Human, verb: str, style: str) -> None:
        word = self._word(NOBODY)
        given = {"ticket": "1", "text": style.format(word)}
        answer = self._run(self.world.run_verb(who, verb, None, Means.COMMAND, given))
        if isinstance(answer, Refused):
            return
        if who not in STAFF:
            self.readers[word] = frozenset({2 if who is SAM else 1})
        elif verb != "reply" or style in PLAIN:
            self.readers[word] = PARTIES

    @rule(
        who=st.sampled_from(STAFF),
        verb=st.sampled_from(["claim", "release", "takeover", "acknowledge", "quote", "resolve", "close"]),
    )
    def a_button_is_pressed(self, who: Human, verb: str) -> None:
        self._run(self.world.give(who, verb, ticket="1"))

    @rule(party=st.sampled_from([1, 2]))
    def a_party_gets_another_place(self, party: int) -> None:
        place = f"place-{len(self._places(Side.CUSTOMER))}-of-{party}"
        self._run(self.world.change(lambda tx: self._join(tx, party, place)))

    @rule(minutes=st.integers(1, 6))
    def time_passes(self, minutes: int) -> None:
        self.world.clock.advance(minutes=minutes)

    @rule()
    def everything_is_delivered(self) -> None:
        self._run(self._deliver())
        self._nothing_internal_stands()

    async def _deliver(self) -> None:
        courier = Courier(
            self.world.writer,
            self.world.desk,
            self.adapters,
            FileStore(self._folder),
            self.world.clock,
            reports(),
        )
        running = asyncio.create_task(courier.run())
        await courier.drain(20)
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running

    # What must hold.

    def _party_of(self, place: str, known: dict[str, int]) -> int | None:
        if place.startswith("person:"):
            return {
                f"person:{CLEO.identity}": 1,
                f"person:{SUE.identity}": 1,
                f"person:{SAM.identity}": 2,
            }.get(place)
        return known.get(place)

    def _customer_places(self) -> dict[str, int]:
        return {where.place.id: thread.party or 0 for thread, where in self._places(Side.CUSTOMER)}

    @invariant()
    def nobody_was_shown_what_is_not_for_them(self) -> None:
        known = self._customer_places()
        for platform, adapter in self.adapters.items():
            news = adapter.asked[self._checked[platform] :]
            self._checked[platform] = len(adapter.asked)
            for place, text in news:
                party = self._party_of(place, known)
                if party is None:
                    continue
                for word, readers in self.readers.items():
                    assert word not in text or party in readers, f"{text!r} was shown to party {party}"

    def _nothing_internal_stands(self) -> None:
        """What was taken back from customers stands with none of them any more."""
        known = self._customer_places()
        taken_back = {word for one in self.messages if one.readers == NOBODY for word in one.words}
        for adapter in self.adapters.values():
            for ref, text in adapter.standing.items():
                left = {word for word in taken_back if word in text} if ref.place.id in known else set()
                assert not left, f"{text!r} still stands in {ref.place.id}"


def _where(thread: Thread) -> Where:
    assert thread.place is not None
    return Where(
        Place(thread.installation, thread.place), PlaceKind.THREAD, Place(thread.installation, thread.parent)
    )


SETTINGS = settings(
    max_examples=25,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)


def test_internal_posts_stay_inside() -> None:
    run_state_machine_as_test(InternalPostsStayInside, settings=SETTINGS)


@pytest.fixture
def no_audience_check(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The check in ``domain/audience.py`` lets everything pass, for everybody who asks it."""
    checked = audience.may_see
    for module in list(sys.modules.values()):
        if getattr(module, "may_see", None) is checked:
            monkeypatch.setattr(module, "may_see", lambda *_: True)
    yield


def test_the_machine_finds_a_leak_where_nothing_is_checked(no_audience_check: None) -> None:
    quickly = settings(SETTINGS, max_examples=100, phases=[Phase.generate], database=None)
    with pytest.raises(AssertionError, match=r"was shown to party|still stands in"):
        run_state_machine_as_test(InternalPostsStayInside, settings=quickly)


def test_public_words_do_get_through() -> None:
    """What the machine looks for can be found at all: an answer reaches every party, a note none."""
    machine = InternalPostsStayInside()
    machine.staff_write(ANA, "{}", 0, Side.TEAM)
    machine.staff_write(ANA, "note: {}", 0, Side.TEAM)
    machine.everything_is_delivered()
    answer, note = [word for message in machine.messages for word in message.words]
    shown = [
        place for adapter in machine.adapters.values() for place, text in adapter.asked if answer in text
    ]
    assert {machine._customer_places().get(place) for place in shown} >= {1, 2}
    assert not any(
        note in text and place in machine._customer_places()
        for adapter in machine.adapters.values()
        for place, text in adapter.asked
    )
    assert isinstance(machine.world.answer, Accepted)
    machine.teardown()
