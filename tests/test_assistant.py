"""The assistant: asked over HTTP with roles for names, answered to one agent alone, sent by a click alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest

from chatdesk.assistant import AssistantCaller, trouble_with
from chatdesk.contract.ports import Accepted
from chatdesk.contract.views import Button
from chatdesk.contract.vocabulary import Side
from chatdesk.courier import wording
from chatdesk.desk import assistant_work, erasing
from chatdesk.domain.assistance import Assistant
from chatdesk.settings import AssistantSettings
from chatdesk.store import desks
from chatdesk.store.engine import open_engine
from chatdesk.store.transaction import Transaction
from tests.desk.duty import ROTA
from tests.desk.humans import ANA, BEN, BOB, CLEO, LEA, MIA, SAM, Human
from tests.desk.organisation import ACME, HELP, PUBLIC, SLACK
from tests.desk.world import World
from tests.model import Model, running_model

DESK = replace(ACME, assistant=Assistant(instructions="Be brief."))


@pytest.fixture
async def model() -> AsyncIterator[Model]:
    async with running_model() as made:
        yield made


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    opened = await World.open(tmp_path, DESK)
    yield opened
    await opened.close()


@pytest.fixture
async def anywhere(database_url: str) -> AsyncIterator[World]:
    """The same desk on each engine."""
    opened = await World.furnish(open_engine(database_url), DESK)
    yield opened
    await opened.close()


def caller(world: World, model: Model, **settings: object) -> AssistantCaller:
    given = {"url": model.url, "model": "m", "key": "sk-secret", **settings}
    return AssistantCaller(world.writer, world.clock, AssistantSettings.model_validate(given))


def erase(tx: Transaction, who: Human, now: datetime) -> None:
    known = erasing.find(tx, who.identity)
    assert known is not None
    erasing.erase(tx, known, now)


def whispered(world: World, who: Human) -> tuple[str, dict[str, Button]]:
    """What somebody was last told alone, and its buttons by label."""
    effect = world.whispers(who)[-1]
    text = world.look(lambda tx: wording.said(tx, effect.line, SLACK))
    return text, {one.label: one for one in effect.controls if isinstance(one, Button)}


async def test_a_summary_names_nobody_and_tells_no_note(world: World, model: Model) -> None:
    number = await world.ticket_from(CLEO, PUBLIC, "I am Cleo, cleo@example.org, and my printer burns")
    team = world.team(number)
    await world.post(ANA, team, f"Hello Cleo! {BEN.mention} looks at it")
    await world.post(BEN, team, "note: she is a pain, says Ana")
    model.says = "The printer of the Customer burns. [more](https://evil.example) <@U1> @everyone"
    await world.type(ANA, team, f"summary #{number}", command="assist")
    assert "only you will see" in world.accepted
    assert await caller(world, model).work() == 1
    (prompt,) = model.prompts
    assert "Customer: I am Customer, (address), and my printer burns" in prompt
    assert "Agent 1: Hello Customer! Agent 2 looks at it" in prompt
    assert "pain" not in prompt and not any(name in prompt.casefold() for name in ("cleo", "ana", "ben"))
    assert "Be brief." in prompt and model.keys == ["Bearer sk-secret"]
    text, controls = whispered(world, ANA)
    assert "summed up by a machine" in text and controls == {}
    assert "more (`https://evil.example`) \\<@U1>" in text
    assert await caller(world, model).work() == 0, "once"
    assert "summary_asked" in world.kinds(number)


async def test_a_draft_is_sent_by_a_click_as_the_agents_own_post(world: World, model: Model) -> None:
    number = await world.ticket_from(CLEO, PUBLIC)
    model.says = "Hello {requester}, please turn it off. {agent}"
    await world.type(ANA, world.team(number), "draft say that it must be off", command="assist")
    await caller(world, model).work()
    assert "say that it must be off" in model.prompts[0]
    text, controls = whispered(world, ANA)
    assert "Hello Cleo, please turn it off. Ana" in text and "Nothing has been sent" in text
    assert world.bodies(number, Side.CUSTOMER) == []
    await world.press(BEN, controls["Send as reply"])
    assert "no longer there" in world.refused
    await world.press(ANA, controls["Send as reply"])
    assert world.bodies(number, Side.CUSTOMER) == ["Hello Cleo, please turn it off. Ana"]
    assert world.posts(number)[-1].author == world.person(ANA)
    assert "draft_sent" in world.kinds(number)
    await world.press(ANA, controls["Send as reply"])
    assert world.refused == "That was already answered."
    assert len(world.bodies(number, Side.CUSTOMER)) == 1


async def test_a_draft_is_edited_in_a_form(world: World, model: Model) -> None:
    number = await world.ticket_from(CLEO, PUBLIC)
    await world.type(ANA, world.team(number), "draft", command="assist")
    await caller(world, model).work()
    _, controls = whispered(world, ANA)
    opened = await world.press(ANA, controls["Edit"])
    assert isinstance(opened, Accepted) and opened.form is not None
    (field,) = opened.form.fields
    assert (field.name, getattr(field, "value", "")) == ("text", "All is well.")
    await world.submit(ANA, opened.form, text="All is *very* well.")
    assert world.bodies(number, Side.CUSTOMER) == ["All is *very* well."]
    assert "draft_changed_and_sent" in world.kinds(number)
    await world.press(ANA, controls["Discard"])
    assert world.refused == "That was already answered."


async def test_what_a_crash_interrupts_is_asked_again_and_an_erasure_forgets_it(
    anywhere: World, model: Model
) -> None:
    number = await anywhere.ticket_from(CLEO, PUBLIC)
    await anywhere.type(ANA, anywhere.team(number), "draft", command="assist")
    now = anywhere.clock.now()
    claimed = await anywhere.writer.run(lambda connection: assistant_work.claim(connection, now, 4))
    assert len(claimed) == 1
    assert await caller(anywhere, model).work() == 0, "it is being asked"
    anywhere.clock.advance(minutes=6)
    assert await caller(anywhere, model).work() == 1
    text, controls = whispered(anywhere, ANA)
    assert "All is well." in text
    await anywhere.change(lambda tx: erase(tx, CLEO, anywhere.clock.now()))
    assert "All is well." not in whispered(anywhere, ANA)[0]
    await anywhere.press(ANA, controls["Send as reply"])
    assert "no longer there" in anywhere.refused


async def test_notes_are_told_where_the_desk_wants_it(tmp_path: Path, model: Model) -> None:
    with_notes = replace(ACME, assistant=Assistant(internal_notes=True))
    world = await World.open(tmp_path, with_notes)
    number = await world.ticket_from(CLEO, PUBLIC)
    await world.post(BEN, world.team(number), "note: it is the fuse")
    model.says = "<think>Agent 1?\n</think>\nAgent 1 found the fuse; Agent 7 did not."
    await world.type(ANA, world.team(number), "summary", command="assist")
    await caller(world, model).work()
    assert "Agent 1 (internal note, not known to the customer): it is the fuse" in model.prompts[0]
    shown = whispered(world, ANA)[0]
    assert shown.endswith("\n\nBen found the fuse; Agent 7 did not.")
    await world.close()


async def test_a_slow_answer_holds_up_no_other(world: World, model: Model) -> None:
    first, second = await world.ticket_from(SAM, HELP), await world.ticket_from(CLEO, PUBLIC)
    model.silent = asyncio.Event()
    running = asyncio.create_task(caller(world, model).run())
    await world.type(ANA, world.team(first), "summary", command="assist")
    await model.was_asked()
    await world.type(ANA, world.team(second), "summary", command="assist")
    await model.was_asked()
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    model.silent.set()


async def test_who_may_ask(world: World, model: Model) -> None:
    number = await world.ticket_from(SAM, HELP)
    await world.type(SAM, world.customer(number), "summary", command="assist")
    assert "You may not ask the assistant about" in world.refused
    await world.type(BOB, HELP, f"draft #{number}", command="assist")
    assert "You may not ask the assistant about" in world.refused
    await world.type(ANA, world.team(number), "summary", command="assist")
    await world.type(ANA, world.team(number), "summary", command="assist")
    assert "already" in world.refused
    assert await caller(world, model).work() == 1


@pytest.mark.parametrize(
    ("answers", "tries", "why"),
    [([503, 429, 500], 3, "it answered 500"), ([401], 1, "it answered 401"), ([302], 1, "it answered 302")],
)
async def test_a_failure_is_said_in_one_sentence(
    world: World, model: Model, answers: list[int], tries: int, why: str
) -> None:
    number = await world.ticket_from(SAM, HELP)
    await world.type(ANA, world.team(number), "summary", command="assist")
    model.answers = answers
    for _ in range(5):
        await caller(world, model).work()
        world.clock.advance(minutes=1)
    text, _ = whispered(world, ANA)
    assert f"gave no answer about #{number}: {why}" in text
    assert len(model.heard) == tries
    assert "secret" not in text and model.url not in text


async def test_an_answer_that_takes_too_long_or_is_none(world: World, model: Model) -> None:
    number = await world.ticket_from(SAM, HELP)
    await world.type(ANA, world.team(number), "summary", command="assist")
    for raw in (b"<html>", b'{"choices": []}', b'{"choices": [{"message": {"content": null}}]}'):
        model.raw = raw
        assert await caller(world, model).work() == 1
        world.clock.advance(minutes=1)
    assert "it said nothing" in whispered(world, ANA)[0]
    assert await caller(world, model).work() == 0


async def test_without_settings_it_says_that_none_is_set_up(tmp_path: Path, world: World) -> None:
    number = await world.ticket_from(SAM, HELP)
    await world.type(ANA, world.team(number), "summary", command="assist")
    await AssistantCaller(world.writer, world.clock, AssistantSettings()).work()
    assert "No assistant is set up" in whispered(world, ANA)[0]
    (tmp_path / "plain").mkdir()
    plain = await World.open(tmp_path / "plain")
    number = await plain.ticket_from(SAM, HELP)
    await plain.type(ANA, plain.team(number), "summary", command="assist")
    assert "No assistant is set up for this desk; an operator can do that" in plain.refused
    await plain.close()


async def test_what_is_wrong_with_the_address_is_found_out(model: Model) -> None:
    assert await trouble_with(AssistantSettings(url=model.url, model="m")) is None
    model.answers = [401]
    assert "CHATDESK_ASSISTANT__KEY" in (
        await trouble_with(AssistantSettings(url=model.url, model="m")) or ""
    )
    nobody = AssistantSettings(url="http://127.0.0.1:1/v1", model="m")
    assert "cannot be reached" in (await trouble_with(nobody) or "")


async def test_what_is_interrupted_again_and_again_is_given_up(world: World, model: Model) -> None:
    number = await world.ticket_from(SAM, HELP)
    await world.type(ANA, world.team(number), "summary", command="assist")
    for _ in range(5):
        now = world.clock.now()
        await world.writer.run(partial(assistant_work.claim, now=now, limit=4))
        world.clock.advance(minutes=6)
    assert "it was interrupted" in whispered(world, ANA)[0]
    assert await caller(world, model).work() == 0 and model.heard == []


async def test_who_may_no_longer_ask_is_told_nothing(world: World, model: Model) -> None:
    number = await world.ticket_from(SAM, HELP)
    await world.type(ANA, world.team(number), "summary", command="assist")
    await world.type(LEA, world.team(number), "move billing")
    world.forget()
    await caller(world, model).work()
    assert model.heard == [] and world.whispers(ANA) == []


async def test_who_works_here_by_a_rota_alone_is_not_named(world: World, model: Model) -> None:
    await world.type(MIA, HELP, "list")
    [first, *others] = DESK.teams
    with_mia = replace(DESK, teams=(replace(first, on_call=replace(ROTA, rotation=("slack:mia",))), *others))
    await world.writer.run(lambda connection: desks.apply(connection, with_mia, world.clock.now()))
    number = await world.ticket_from(CLEO, PUBLIC, "Mia said that it would burn")
    await world.type(ANA, world.team(number), "summary", command="assist")
    await caller(world, model).work()
    assert "Agent 1 said that" in model.prompts[0] or "Agent 2 said that" in model.prompts[0]


async def test_where_several_requesters_read_the_answer(world: World, model: Model) -> None:
    number = await world.ticket_from(CLEO, PUBLIC, "My secret printer burns")
    other = await world.ticket_from(SAM, HELP, "So does mine")
    await world.give(ANA, "merge", ticket=str(other), into=str(number))
    await world.settle()
    world.forget()
    await world.type(ANA, world.team(number), "draft", command="assist")
    assert f"nothing on #{number} that everybody may read" in world.refused
    await world.type(ANA, world.team(number), "draft say that we are on it", command="assist")
    model.says = "Hello {requester}, we are on it."
    await caller(world, model).work()
    assert "secret" not in model.prompts[0] and "So does mine" not in model.prompts[0]
    assert "Hello everybody, we are on it." in whispered(world, ANA)[0]
    await world.type(ANA, HELP, f"summary #{other}", command="assist")
    assert f"merged into #{number}" in world.refused


async def test_a_draft_for_one_requester_is_not_sent_to_those_merged_with_them(
    world: World, model: Model
) -> None:
    number = await world.ticket_from(CLEO, PUBLIC, "My secret printer burns")
    other = await world.ticket_from(SAM, HELP, "So does mine")
    await world.type(ANA, world.team(number), "draft", command="assist")
    model.says = "Hello {requester}, your secret printer is on its way."
    await caller(world, model).work()
    _, controls = whispered(world, ANA)
    world.clock.advance(minutes=1)
    await world.give(ANA, "merge", ticket=str(other), into=str(number))
    for label in ("Send as reply", "Edit"):
        await world.press(ANA, controls[label])
        assert "no longer there" in world.refused
    await world.press(ANA, controls["Discard"])
    assert isinstance(world.answer, Accepted)
    assert [body for body in world.bodies(number, Side.CUSTOMER) if "secret printer is" in body] == []
