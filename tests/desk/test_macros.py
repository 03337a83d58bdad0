"""Macros: shown to the agent alone, done once, in the agent's name."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from chatdesk.contract.ports import Accepted
from chatdesk.contract.views import Button, Menu, TextField
from chatdesk.contract.vocabulary import Side
from chatdesk.domain.lifecycle import Status
from chatdesk.domain.macros import Macro
from chatdesk.domain.steps import Step, StepKind
from tests.desk.humans import ANA, BOB, SAM
from tests.desk.organisation import ACME, HELP
from tests.desk.world import World

REFUND = Macro(
    "refund",
    "Refund is on its way",
    (
        Step(StepKind.TAG, "refund"),
        Step(StepKind.ASSIGN, "me"),
        Step(StepKind.NOTE, text="told by {agent}"),
        Step(StepKind.REPLY, text="Hello {requester}, “{title}” is being refunded. {{thanks}}"),
        Step(StepKind.STATUS, "pending"),
    ),
)
ORGANISATION = replace(ACME, macros=(REFUND, Macro("done", "Done", (Step(StepKind.CLOSE, text="done"),))))


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    opened = await World.open(tmp_path, ORGANISATION)
    yield opened
    await opened.close()


def controls(world: World) -> dict[str, Button]:
    assert isinstance(world.answer, Accepted), world.answer
    return {one.label: one for one in world.answer.controls if isinstance(one, Button)}


async def test_it_is_shown_first_and_then_done_in_the_agents_name(world: World) -> None:
    number = await world.ticket_from(SAM, HELP, "I paid *twice*")
    await world.type(ANA, world.team(number), "macro refund", command="ticket")
    assert "Hello Sam, “I paid twice” is being refunded. {thanks}" in world.accepted
    assert "add the tag refund" in world.accepted
    assert world.lines(number, Side.TEAM) == [] and world.ticket(number).tags == ()
    await world.press(ANA, controls(world)["Send"])
    assert world.accepted == f"Done: Refund is on its way on #{number}."
    assert world.bodies(number, Side.CUSTOMER) == [
        "Hello Sam, “I paid twice” is being refunded\\. {thanks}".replace("\\", "")
    ]
    ticket = world.ticket(number)
    assert (ticket.tags, ticket.status, ticket.assignee) == (("refund",), Status.PENDING, world.person(ANA))
    assert "told by Ana" in "".join(post.body for post in world.posts(number))
    assert "macro" in world.kinds(number)


async def test_pressing_send_twice_does_it_once(world: World) -> None:
    number = await world.ticket_from(SAM, HELP)
    await world.type(ANA, world.team(number), "macro refund")
    send = controls(world)["Send"]
    await world.press(ANA, send)
    await world.press(ANA, send)
    assert world.refused == "That was already answered."
    assert len(world.bodies(number, Side.CUSTOMER)) == 1


async def test_cancel_does_nothing(world: World) -> None:
    number = await world.ticket_from(SAM, HELP)
    await world.type(ANA, world.team(number), "macro refund")
    await world.press(ANA, controls(world)["Cancel"])
    assert world.accepted == "Discarded; nothing was sent."
    assert world.bodies(number, Side.CUSTOMER) == []


async def test_without_a_name_there_is_a_menu(world: World) -> None:
    number = await world.ticket_from(SAM, HELP)
    await world.give(ANA, "macro", ticket=str(number))
    assert isinstance(world.answer, Accepted)
    (menu,) = world.answer.controls
    assert isinstance(menu, Menu)
    assert [option.value for option in menu.options] == ["refund", "done"]
    await world.press(ANA, menu, value="done")
    await world.press(ANA, controls(world)["Send"])
    assert world.ticket(number).status is Status.CLOSED


async def test_an_unknown_name_is_answered_with_those_there_are(world: World) -> None:
    number = await world.ticket_from(SAM, HELP)
    await world.type(ANA, world.team(number), "macro refnd")
    assert "Refund is on its way" in world.refused


async def test_customers_and_other_teams_cannot_use_them(world: World) -> None:
    number = await world.ticket_from(SAM, HELP)
    await world.type(SAM, world.customer(number), "macro refund")
    assert "You may not" in world.refused
    await world.type(BOB, HELP, f"macro #{number} refund")
    await world.press(BOB, controls(world)["Send"])
    assert "You may not" in world.refused
    assert world.ticket(number).tags == ()


async def test_its_answer_can_be_edited_first(world: World) -> None:
    number = await world.ticket_from(SAM, HELP, "I paid *twice*")
    await world.type(ANA, world.team(number), "macro refund")
    shown = controls(world)
    opened = await world.press(ANA, shown["Edit"])
    assert isinstance(opened, Accepted) and opened.form is not None
    (field,) = opened.form.fields
    assert isinstance(field, TextField) and field.value.startswith("Hello Sam, “I paid twice”")
    await world.submit(ANA, opened.form, text="It is on its way, {Sam}")
    assert world.accepted == f"Done: Refund is on its way on #{number}."
    assert world.bodies(number, Side.CUSTOMER) == ["It is on its way, {Sam}"]
    assert (world.ticket(number).tags, world.ticket(number).status) == (("refund",), Status.PENDING)
    used = next(entry for entry in world.history(number) if entry.kind == "macro")
    assert dict(used.data) == {"macro": "refund", "edited": "yes"}
    for label in ("Send", "Edit"):
        await world.press(ANA, shown[label])
        assert world.refused == "That was already answered."


async def test_what_it_closes_with_can_be_edited_where_it_answers_nothing_else(world: World) -> None:
    number = await world.ticket_from(SAM, HELP)
    await world.type(ANA, world.team(number), "macro done")
    opened = await world.press(ANA, controls(world)["Edit"])
    assert isinstance(opened, Accepted) and opened.form is not None
    await world.submit(ANA, opened.form, text="put {it} out")
    assert world.ticket(number).resolution == "put {it} out"
