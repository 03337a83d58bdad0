"""Whatever is merged into what and parted again: no requester ever sees another's words, name or title.

Three requesters with a ticket each, which agents merge, part, split and work in any order. Every text has a
word of its own, and for each word it is known, from who wrote what and where, which requesters may ever read
it. It is looked for in everything that the platforms were ever asked to show.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test
from sqlalchemy import event

from chatdesk.contract.links import with_addresses
from chatdesk.contract.vocabulary import Means, MessageRef, Place, PlaceKind, Side, Where
from chatdesk.domain.lifecycle import WORKING
from chatdesk.domain.ticket import Thread
from chatdesk.store import merges, threads
from tests.desk.humans import ANA, CLEO, DAN, SAM, Human
from tests.desk.organisation import DISCORD, HELP, PUBLIC, SLACK
from tests.desk.world import World
from tests.properties.effort import EFFORT
from tests.properties.showcase import Showcase
from tests.properties.stage import _hurry, _template, delivered

R = TypeVar("R")
REQUESTERS = (CLEO, SAM, DAN)
"""In the order of their tickets."""
NOBODY: frozenset[Human] = frozenset()
STYLES = st.sampled_from(("{}", "{}", "reply: {}", "note: {}", "Note {}"))
ANY = st.integers(0, 999)
WHO = st.sampled_from(range(3))
TEXT_VERBS = st.sampled_from(("reply", "update-all", "resolve", "close", "note"))
BUTTONS = st.sampled_from(("reopen", "claim", "resolve", "close", "resolve-children", "split"))


class MergedPartiesStayApart(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = Path(tempfile.mkdtemp(prefix="chatdesk-"))
        shutil.copytree(_template(), self.folder, dirs_exist_ok=True)
        self.world = self.run(World.reopen(self.folder))
        event.listen(self.world.engine, "connect", _hurry)
        self.adapters = {platform: Showcase(platform) for platform in (SLACK, DISCORD)}
        self.readers: dict[str, frozenset[Human]] = {}
        self.written: list[tuple[Human, Where, MessageRef, str]] = []
        self.home: dict[str, Human] = {}
        """Whose place a customer's thread is, by its id; a thread keeps its people whatever becomes of it."""
        for who in REQUESTERS:
            where = HELP if who is SAM else PUBLIC
            word = self.word(frozenset({who}))
            self.run(self.world.ask_ticket(who, self.world.message(who, where, f"The printer {word}")))
            self.deliver()

    def run(self, work: Coroutine[Any, Any, R]) -> R:
        return self.loop.run_until_complete(work)

    def teardown(self) -> None:
        try:
            self.everything_is_delivered()
        finally:
            self.run(self.world.close())
            self.loop.close()
            shutil.rmtree(self.folder)

    def word(self, readers: frozenset[Human]) -> str:
        word = f"w{len(self.readers)}x"
        self.readers[word] = readers
        return word

    def threads(self, side: Side) -> list[Thread]:
        numbers = range(1, len(self.world.tickets()) + 1)
        found = self.world.look(lambda tx: [one for each in numbers for one in threads.of_ticket(tx, each)])
        return [one for one in found if one.side is side and one.place is not None]

    def whose(self, thread: Thread) -> Human:
        """The requester whose thread it is, known since it was first seen."""
        if thread.id not in self.home:
            number, _ = self.world.look(lambda tx: merges.owner_of(tx, thread.ticket, thread.party or 1))
            requester = self.world.ticket(number).requester
            self.home[thread.id] = next(who for who in REQUESTERS if self.world.person(who) == requester)
        return self.home[thread.id]

    def readers_of(self, number: int) -> frozenset[Human]:
        """Who reads what is said to everybody on a ticket."""
        return frozenset(self.whose(one) for one in self.threads(Side.CUSTOMER) if one.ticket == number)

    @rule(who=WHO, which=ANY)
    def a_requester_writes(self, who: int, which: int) -> None:
        human = REQUESTERS[who]
        mine = [one for one in self.threads(Side.CUSTOMER) if self.whose(one) is human]
        where = _where(mine[which % len(mine)])
        word = self.word(frozenset({human}))
        ref = self.run(self.world.post(human, where, word))
        self.written.append((human, where, ref, word))

    @rule(style=STYLES, which=ANY)
    def an_agent_writes(self, style: str, which: int) -> None:
        """In any staff thread there ever was, those of merged tickets included."""
        there = self.threads(Side.TEAM)
        thread = there[which % len(there)]
        goes_out = not style.lower().startswith("note")
        old = thread.state not in threads.LIVE
        own = frozenset({REQUESTERS[thread.ticket - 1]} if thread.ticket <= 3 else REQUESTERS)
        readers = (own if old else self.readers_of(thread.ticket)) if goes_out else NOBODY
        word = self.word(readers)
        ref = self.run(self.world.post(ANA, _where(thread), style.format(word)))
        self.written.append((ANA, _where(thread), ref, word))

    @precondition(lambda self: self.written)
    @rule(which=ANY, style=STYLES)
    def somebody_edits(self, which: int, style: str) -> None:
        who, where, ref, before = self.written[which % len(self.written)]
        readers = self.readers[before]
        word = self.word(readers if not (who is ANA and "ote" in style) else NOBODY)
        self.run(self.world.edit(who, where, ref, style.format(word)))

    @precondition(lambda self: self.written)
    @rule(which=ANY)
    def somebody_deletes(self, which: int) -> None:
        self.run(self.world.delete(self.written[which % len(self.written)][2]))

    @rule(one=WHO, two=WHO)
    def an_agent_merges(self, one: int, two: int) -> None:
        self._run("merge", one + 1, into=str(two + 1))

    @rule(which=WHO)
    def an_agent_parts(self, which: int) -> None:
        self._run("unmerge", which + 1)

    @rule(one=WHO, two=WHO)
    def an_agent_ties(self, one: int, two: int) -> None:
        self._run("relate", one + 1, other=str(two + 1), kind="parent of")

    @rule(which=WHO, verb=BUTTONS)
    def an_agent_presses(self, which: int, verb: str) -> None:
        if verb != "split" or len(self.world.tickets()) < 5:
            self._run(verb, which + 1)

    @rule(which=WHO, verb=TEXT_VERBS)
    def an_agent_says(self, which: int, verb: str) -> None:
        number = which + 1
        readers = NOBODY if verb == "note" else frozenset(REQUESTERS) if verb == "update-all" else None
        is_merged = self.world.look(lambda tx: merges.of_source(tx, number)) is not None
        if is_merged and verb == "reply":
            readers = frozenset({REQUESTERS[which]})
        said = self.readers_of(number) if readers is None else readers
        self._run(verb, number, text=self.word(said))

    @rule(who=WHO, which=WHO, verb=st.sampled_from(("reply", "resolve", "info", "people")))
    def a_requester_types(self, who: int, which: int, verb: str) -> None:
        human = REQUESTERS[who]
        word = self.word(frozenset({human}))
        given = {"ticket": str(which + 1), "text": word, "person": human.mention}
        answer = self.run(self.world.run_verb(human, verb, None, Means.COMMAND, given))
        told = getattr(answer, "text", "") or ""
        self._is_for(human, told)

    @rule(who=WHO, which=ANY)
    def a_requester_searches(self, who: int, which: int) -> None:
        """For a word that somebody wrote, whoever it was."""
        human, word = REQUESTERS[who], list(self.readers)[which % len(self.readers)]
        answer = self.run(self.world.run_verb(human, "find", None, Means.COMMAND, {"words": word}))
        told = with_addresses(answer.text or "", lambda _: None)
        assert told.startswith("No ticket") or human in self.readers[word], f"{human.name} found {word}"
        self._is_for(human, told.replace(word, ""))

    @rule(minutes=st.integers(1, 6))
    def time_passes(self, minutes: int) -> None:
        self.world.clock.advance(minutes=minutes)

    def _run(self, verb: str, number: int, **arguments: str) -> None:
        given = {"ticket": str(number), **arguments}
        self.run(self.world.run_verb(ANA, verb, None, Means.COMMAND, given))

    @rule()
    def everything_is_delivered(self) -> None:
        self.deliver()
        whose = {one.place: self.whose(one) for one in self.threads(Side.CUSTOMER)}
        whose |= {f"person:{who.identity}": who for who in REQUESTERS}
        for adapter in self.adapters.values():
            for place, text in adapter.asked:
                if place in whose:
                    self._is_for(whose[place], text)
            adapter.asked.clear()

    def _is_for(self, who: Human, text: str) -> None:
        for word, readers in self.readers.items():
            assert word not in text or who in readers, f"{text!r} was shown to {who.name}"
        for other in REQUESTERS:
            assert other is who or other.name.capitalize() not in text, f"{text!r} names {other.name}"

    def deliver(self) -> None:
        self.run(delivered(self.world, self.adapters, self.folder))


def _where(thread: Thread) -> Where:
    assert thread.place is not None
    parent = Place(thread.installation, thread.parent)
    return Where(Place(thread.installation, thread.place), PlaceKind.THREAD, parent)


SETTINGS = settings(
    max_examples=6 * EFFORT,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)


def test_merged_parties_stay_apart() -> None:
    run_state_machine_as_test(MergedPartiesStayApart, settings=SETTINGS)


def test_what_is_looked_for_can_be_found() -> None:
    """An answer reaches everybody it is for, so that silence proves something."""
    machine = MergedPartiesStayApart()
    machine.an_agent_merges(1, 0)
    machine.everything_is_delivered()
    assert machine.world.ticket(2).status not in WORKING
    main = machine.world.team(1)
    word = machine.word(frozenset({CLEO, SAM}))
    machine.run(machine.world.post(ANA, main, word))
    machine.deliver()
    seen = {place for adapter in machine.adapters.values() for place, text in adapter.asked if word in text}
    whose = {one.place: machine.whose(one) for one in machine.threads(Side.CUSTOMER)}
    assert {whose[place] for place in seen if place in whose} == {CLEO, SAM}
    machine.teardown()
