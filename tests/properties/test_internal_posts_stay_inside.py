"""No text of an internal post in any place of a customer side, and no party's words in another's.

Every text has a word of its own. For each word the machine knows, from who wrote what and where, which
parties may ever read it, and looks for it in everything that the platforms were ever asked to show, through
the real desk, store and courier.
"""

from __future__ import annotations

import sys

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    precondition,
    rule,
    run_state_machine_as_test,
)

from chatdesk.contract.actions import FormKind
from chatdesk.contract.inbound import FormOpened
from chatdesk.contract.ports import Accepted, Answer, Refused
from chatdesk.contract.views import Menu, TextField
from chatdesk.contract.vocabulary import Means, Side
from chatdesk.domain import audience
from chatdesk.domain.organisation import ThreadMode
from chatdesk.store import threads
from tests.desk.humans import ADA, ANA, CLEO, Human
from tests.desk.organisation import DISCORD, HELP, PUBLIC, SLACK
from tests.properties.effort import EFFORT
from tests.properties.stage import NOBODY, PARTIES, PARTY_OF, SAM, STAFF, SUE, Message, Question, Stage

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
MISTYPED = ("nto {}", "nte: he is {}", "he is {}", "noted {}", "rply {}", "internal {}", "xreply #1 {}")
FOR_STAFF_ALONE = ("note", "sendback", "cancel", "reopen", "rate", "decline")
FOR_STAFF_ALONE_WITH_TEAM = ("move billing", "move support", "escalate billing", "escalate managers")
BUTTONS = (
    *("claim", "release", "takeover", "acknowledge", "quote", "resolve", "close", "cancel", "reopen"),
    *("accept", "decline"),
)

LOOKED_UP = ("search printer", "show printer", "list", "edit printer", "review")

STYLES = st.one_of(st.sampled_from(PLAIN), st.sampled_from(NOTES), st.sampled_from(NEARLY))
AUTHORS = st.sampled_from([ANA, *STAFF])
ANYBODY = st.sampled_from([*STAFF, *PARTY_OF])
ANY = st.integers(0, 999)
LATELY = st.integers(0, 3)
"""How many back from the newest."""


class InternalPostsStayInside(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.stage = Stage()
        self.messages: list[Message] = []
        self.questions: list[Question] = []

    def teardown(self) -> None:
        try:
            self.everything_is_delivered()
        finally:
            self.stage.close()

    def _post(self, who: Human, style: str, which: int, *sides: Side) -> tuple[Message, bool]:
        """Somebody writes; their message, and whether the desk asked them something about it."""
        stage = self.stage
        there = [
            one
            for side in sides
            for one in stage.places(side)
            if one[1].place.platform == who.identity.platform
        ]
        thread, where = there[which % len(there)]
        word = stage.word(NOBODY)
        own = frozenset({thread.party}) if thread.party else NOBODY
        goes_out = self._goes_out(who, style) if thread.side is Side.TEAM else PARTIES
        before = len(stage.world.shown())
        ref = stage.run(stage.world.post(who, where, style.format(word)))
        live = thread.state in threads.LIVE
        message = Message(ref, who, where, NOBODY if live else None, [word])
        self.messages.append(message)
        readers = {Side.TEAM: goes_out, Side.CUSTOMER: own, Side.ESCALATION: NOBODY}[thread.side]
        buttons = stage.asked(who, before)
        if buttons:
            message.readers = None
            could_read = own or PARTIES
            self.questions.append(Question(buttons, message, word, could_read, is_edit=False))
        elif live and (who in PARTY_OF or style in PLAIN):
            stage.readers[word] = message.readers = readers
        return message, buttons is not None

    def _goes_out(self, who: Human, style: str) -> frozenset[int]:
        """Who is to read what somebody writes so in the team's thread."""
        marked = style.startswith(("reply", "Reply"))
        goes_out = marked or self.stage.world.ticket(1).mode is ThreadMode.REPLY
        return PARTIES if goes_out and self.stage.may_answer(who) else NOBODY

    @rule(who=AUTHORS, style=STYLES, which=ANY)
    def staff_write_to_the_team(self, who: Human, style: str, which: int) -> None:
        self._post(who, style, which, Side.TEAM)

    @rule(who=AUTHORS, style=STYLES, which=ANY)
    def staff_write_where_they_like(self, who: Human, style: str, which: int) -> None:
        self._post(who, style, which, Side.ESCALATION, Side.TEAM, Side.CUSTOMER)

    @rule(style=STYLES, which=ANY)
    def a_customer_writes(self, style: str, which: int) -> None:
        there = self.stage.places(Side.CUSTOMER)
        thread, where = there[which % len(there)]
        who = CLEO if where.place.platform == DISCORD else (SUE if thread.party == 1 else SAM)
        own = [one for one in there if one[1].place.platform == who.identity.platform]
        self._post(who, style, own.index((thread, where)), Side.CUSTOMER)

    @precondition(lambda self: self.messages)
    @rule(back=LATELY, style=STYLES)
    def somebody_edits(self, back: int, style: str) -> None:
        self._edit(self.messages[-1 - back % len(self.messages)], style)

    @rule(who=AUTHORS, which=ANY)
    def somebody_regrets_what_was_read(self, who: Human, which: int) -> None:
        message, _ = self._post(who, "reply: {}", which, Side.TEAM)
        self.stage.deliver()
        self._edit(message, "note: {}")

    def _edit(self, message: Message, style: str) -> None:
        stage = self.stage
        word = stage.word(NOBODY)
        before = len(stage.world.shown())
        stage.run(stage.world.edit(message.who, message.where, message.ref, style.format(word)))
        message.words.append(word)
        buttons = stage.asked(message.who, before)
        held = next((one for one in self.questions if one.message is message and not one.is_edit), None)
        if buttons:
            self.questions.append(Question(buttons, message, word, message.readers or NOBODY, is_edit=True))
        elif message.readers is None and held is not None:
            held.word = word
        elif message.readers and (message.who in PARTY_OF or style in PLAIN):
            stage.readers[word] = message.readers

    @precondition(lambda self: self.messages)
    @rule(back=LATELY)
    def somebody_deletes(self, back: int) -> None:
        message = self.messages[-1 - back % len(self.messages)]
        self.stage.run(self.stage.world.delete(message.ref))
        message.readers = NOBODY

    @precondition(lambda self: self.questions)
    @rule(back=LATELY, option=st.sampled_from(["send", "inside", "discard"]))
    def somebody_answers_a_question(self, back: int, option: str) -> None:
        asked = self.questions[-1 - back % len(self.questions)]
        message, world = asked.message, self.stage.world
        answer = self.stage.run(world.press(message.who, asked.buttons[option], where=message.where))
        if isinstance(answer, Refused):
            return
        if option == "send":
            self.stage.readers[asked.word] = message.readers = asked.readers_if_sent
        elif option == "inside":
            message.readers = NOBODY

    @rule(
        who=ANYBODY,
        style=st.sampled_from(MISTYPED),
        which=ANY,
        means=st.sampled_from([Means.MENTION, Means.COMMAND]),
    )
    def a_command_is_mistyped(self, who: Human, style: str, which: int, means: Means) -> None:
        there = [one for side in (Side.TEAM, Side.CUSTOMER) for one in self.stage.places(side)]
        text = style.format(self.stage.word(NOBODY))
        answer = self.stage.run(self.stage.world.type(who, there[which % len(there)][1], text, means=means))
        assert isinstance(answer, Refused)

    @rule(who=ANYBODY, verb=st.sampled_from(FOR_STAFF_ALONE))
    def words_for_staff_alone(self, who: Human, verb: str) -> None:
        word = self.stage.word
        said = {name: word(NOBODY) for name in ("text", "reason", "comment")}
        self._run_verb(who, verb, **said, value="2")

    @rule(who=ANYBODY, verb=st.sampled_from(FOR_STAFF_ALONE_WITH_TEAM))
    def words_for_another_team(self, who: Human, verb: str) -> None:
        name, _, team = verb.partition(" ")
        self._run_verb(who, name, team=team, reason=self.stage.word(NOBODY))

    @rule(who=ANYBODY, verb=st.sampled_from(["reply", "resolve", "close", "close-request"]), style=STYLES)
    def words_for_customers(self, who: Human, verb: str, style: str) -> None:
        word = self.stage.word(NOBODY)
        answer = self._run_verb(who, verb, text=style.format(word))
        if not isinstance(answer, Refused) and (who in PARTY_OF or style in PLAIN):
            self.stage.readers[word] = frozenset({PARTY_OF[who]}) if who in PARTY_OF else PARTIES

    @rule(who=ANYBODY, verb=st.sampled_from(BUTTONS))
    def a_button_is_pressed(self, who: Human, verb: str) -> None:
        self._run_verb(who, verb)

    @rule(who=ANYBODY)
    def a_macro_is_used(self, who: Human) -> None:
        shown = self._run_verb(who, "macro", macro="m")
        if isinstance(shown, Accepted):
            send = next(one for one in shown.controls if one.label == "Send")
            self.stage.run(self.stage.world.press(who, send))

    @rule(who=st.sampled_from([*PARTY_OF]), which=ANY)
    def a_customer_searches(self, who: Human, which: int) -> None:
        """For any word there is, but those of the title that all who take part know."""
        stage, title = self.stage, self.stage.world.ticket(1).title
        words = [word for word in stage.readers if word not in title]
        if words:
            word = words[which % len(words)]
            answer = stage.run(stage.world.run_verb(who, "find", None, Means.COMMAND, {"words": word}))
            found = not (answer.text or "").startswith("No ticket")
            assert not found or PARTY_OF[who] in stage.readers[word], f"{who.name} found {word}"

    @rule(who=ANYBODY, verb=st.sampled_from(["summary", "draft"]))
    def the_assistant_is_asked(self, who: Human, verb: str) -> None:
        told = self._told_to_the_assistant(who, verb)
        assert not told or who in STAFF

    def _told_to_the_assistant(self, who: Human, verb: str) -> str:
        """No internal word, and for an answer none that not all may read who read the answer."""
        stage = self.stage
        told = stage.told_to_assistant(who, verb)
        for word, readers in stage.readers.items():
            allowed = readers >= PARTIES if verb == "draft" else bool(readers)
            assert allowed or word not in told, f"the assistant was told {word} for a {verb}"
        return told

    @rule(who=st.sampled_from([*PARTY_OF]), typed=st.sampled_from(LOOKED_UP))
    def a_customer_looks_articles_up(self, who: Human, typed: str) -> None:
        where = PUBLIC if who.identity.platform == DISCORD else HELP
        answer = self.stage.run(self.stage.world.type(who, where, typed, command="kb"))
        options = [option.label for one in answer.controls if isinstance(one, Menu) for option in one.options]
        assert not any("articlesecret" in one for one in (answer.text or "", *options))

    @rule(who=st.sampled_from(STAFF))
    def an_article_is_begun(self, who: Human) -> None:
        """What was internal is not in it, whoever reads it one day."""
        world = self.stage.world
        event = FormOpened(
            f"form-{world.new_key()}",
            who.actor,
            None,
            FormKind.ARTICLE,
            Means.BUTTON,
            world.clock.now(),
            5,
            1,
        )
        answer = self.stage.run(world.handle(event))
        fields = answer.form.fields if isinstance(answer, Accepted) and answer.form is not None else ()
        told = " ".join(one.value for one in fields if isinstance(one, TextField))
        for word, readers in self.stage.readers.items():
            assert readers != NOBODY or word not in told, f"{word} would be in an article"

    def _run_verb(self, who: Human, verb: str, **arguments: str) -> Answer:
        given = {"ticket": "1", **arguments}
        return self.stage.run(self.stage.world.run_verb(who, verb, None, Means.COMMAND, given))

    @rule(party=st.sampled_from([1, 2]))
    def a_party_gets_another_place(self, party: int) -> None:
        self.stage.open_place(party)

    @rule(minutes=st.integers(1, 6))
    def time_passes(self, minutes: int) -> None:
        self.stage.later(minutes)

    @rule()
    def everything_is_delivered(self) -> None:
        self.stage.deliver()
        taken_back = [word for one in self.messages if one.readers == NOBODY for word in one.words]
        self.stage.nobody_was_shown_what_is_not_for_them()
        self.stage.stands_with_nobody(taken_back)
        assert self._told_to_the_assistant(ADA, "summary")
        self._told_to_the_assistant(ADA, "draft")


SETTINGS = settings(
    max_examples=12 * EFFORT,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)


def test_internal_posts_stay_inside() -> None:
    run_state_machine_as_test(InternalPostsStayInside, settings=SETTINGS)


@pytest.fixture
def no_audience_check(monkeypatch: pytest.MonkeyPatch) -> None:
    """The check in ``domain/audience.py`` lets everything pass, for everybody who asks it."""
    checked = audience.may_see
    for module in list(sys.modules.values()):
        if getattr(module, "may_see", None) is checked:
            monkeypatch.setattr(module, "may_see", lambda *_: True)


def test_a_leak_is_found_where_nothing_is_checked(no_audience_check: None) -> None:
    quickly = settings(SETTINGS, max_examples=100, phases=[Phase.generate], database=None)
    with pytest.raises(AssertionError, match=r"was shown to party|still stands in|assistant was told"):
        run_state_machine_as_test(InternalPostsStayInside, settings=quickly)


def test_what_is_looked_for_can_be_found() -> None:
    """An answer reaches every party, a customer's words their own, a note none: silence proves nothing."""
    machine = InternalPostsStayInside()
    for who, style, side in (
        (ANA, "{}", Side.TEAM),
        (ANA, "note: {}", Side.TEAM),
        (SAM, "{}", Side.CUSTOMER),
    ):
        there = [one for one in machine.stage.places(side) if one[1].place.platform == SLACK]
        which = next(index for index, one in enumerate(there) if one[0].party == PARTY_OF.get(who))
        machine._post(who, style, which, side)
    machine.a_party_gets_another_place(2)
    machine.everything_is_delivered()
    answer, note, of_second = [word for message in machine.messages for word in message.words]
    assert machine.stage.shown_to(answer) == {1, 2}
    assert machine.stage.shown_to(note) == set()
    assert machine.stage.shown_to(of_second) == {2}
    machine.teardown()
