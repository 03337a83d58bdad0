"""Forms while they are open: what they remember, and what happens meanwhile."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from chatdesk.contract.actions import FormKind
from chatdesk.contract.inbound import FormChanged, FormDismissed, FormOpened, FormSubmitted
from chatdesk.contract.ports import Accepted, Refused
from chatdesk.contract.vocabulary import Means, MessageRef, Side
from chatdesk.domain.lifecycle import Status
from tests.desk.humans import ANA, BEN, CLEO, LEA, SAM
from tests.desk.organisation import ACME, PUBLIC, SUPPORT
from tests.desk.world import World


@pytest.fixture
async def ticket(world: World) -> int:
    number = await world.ticket_from(CLEO, PUBLIC)
    for who in (ANA, BEN, LEA):
        await world.give(who, "info", ticket="1")
    return number


@pytest.mark.parametrize(
    ("kind", "values", "line"),
    [
        (FormKind.RESOLVE, {"text": "New toner."}, "✅ Ana resolved this ticket. New toner. "),
        (FormKind.ASSIGN, {"agent": "slack/ben"}, "👉 Ana assigned this ticket to Ben"),
        (FormKind.CATEGORY, {"category": "account"}, "🗂 Ana: category none → Account"),
        (FormKind.TAG, {"action": "add", "tag": "toner"}, "🏷 Ana added the tag toner"),
    ],
)
async def test_a_form_does_what_its_verb_does(
    world: World, ticket: int, kind: FormKind, values: dict[str, str], line: str
) -> None:
    form = await world.open_form(ANA, kind, ticket)
    await world.submit(ANA, form, **values)
    assert isinstance(world.answer, Accepted)
    assert world.lines(ticket, Side.TEAM) == [line]


async def test_answering_noting_moving_and_escalating_by_form(world: World, ticket: int) -> None:
    for kind, values in (
        (FormKind.REPLY, {"text": "Turn it off"}),
        (FormKind.NOTE, {"text": "he is lying"}),
        (FormKind.ESCALATE, {"team": "billing", "reason": "look"}),
        (FormKind.MOVE, {"team": "managers"}),
    ):
        form = await world.open_form(ANA, kind, ticket)
        await world.submit(ANA, form, **values)
        assert isinstance(world.answer, Accepted), world.answer
    assert world.bodies(ticket, Side.CUSTOMER) == ["Turn it off"]
    assert world.ticket(ticket).team == "managers"
    assert world.escalations(ticket)[-1].to_team == "billing"


async def test_a_form_knows_its_threads_ticket(world: World, ticket: int) -> None:
    form = await world.open_form(ANA, FormKind.NOTE, where=world.team(ticket))
    await world.submit(ANA, form, text="he is lying")
    assert world.posts(ticket)[-1].body == "he is lying"
    with pytest.raises(AssertionError, match="Which ticket"):
        await world.open_form(ANA, FormKind.NOTE, where=SUPPORT)


async def test_a_form_about_somebody_elses_ticket_is_not_found(world: World, ticket: int) -> None:
    with pytest.raises(AssertionError, match="There is no ticket"):
        await world.open_form(SAM, FormKind.REPLY, ticket)


async def test_a_form_sent_after_the_ticket_changed_shows_both_and_passes_then(
    world: World, ticket: int
) -> None:
    form = await world.open_form(ANA, FormKind.ASSIGN, ticket)
    await world.give(LEA, "claim", ticket="1")
    await world.submit(ANA, form, agent="slack/ben")
    assert world.refused == (
        "#1 changed while this form was open: assignee is now **Lea** (it was nobody). "
        "Submit again to go on with yours."
    )
    assert world.ticket(ticket).assignee == world.person(LEA)
    await world.submit(ANA, form, agent="slack/ben")
    assert world.ticket(ticket).assignee == world.person(BEN)


async def test_each_change_meanwhile_is_shown_once(world: World, ticket: int) -> None:
    form = await world.open_form(ANA, FormKind.CATEGORY, ticket)
    await world.give(LEA, "category", ticket="1", category="account")
    await world.submit(ANA, form, category="")
    assert "category" in world.answer.fields  # type: ignore[union-attr]
    await world.submit(ANA, form, category="billing")
    assert "category is now **Account** (it was none)" in world.refused
    await world.give(LEA, "category", ticket="1", category="password")
    await world.submit(ANA, form, category="billing")
    assert "is now **Account › Password** (it was Account)" in world.refused
    await world.submit(ANA, form, category="billing")
    assert world.ticket(ticket).category == "billing"


async def test_what_the_form_does_not_change_may_change_meanwhile(world: World, ticket: int) -> None:
    form = await world.open_form(ANA, FormKind.RESOLVE, ticket)
    await world.give(LEA, "priority", ticket="1", priority="high")
    await world.post(CLEO, world.customer(ticket), "Hello?")
    await world.submit(ANA, form, text="New toner.")
    assert world.ticket(ticket).status is Status.RESOLVED


async def test_a_form_that_can_do_nothing_any_more_says_so_and_keeps_the_words(
    world: World, ticket: int
) -> None:
    form = await world.open_form(ANA, FormKind.RESOLVE, ticket)
    await world.give(LEA, "close", ticket="1")
    await world.submit(ANA, form, text="New toner, and a long story")
    assert "status is now **closed**" in world.refused
    await world.submit(ANA, form, text="New toner, and a long story")
    assert "#1 is closed" in world.refused
    changed = FormChanged("k", ANA.actor, form.id, {}, world.clock.now(), 5)
    answer = await world.handle(changed)
    assert isinstance(answer, Accepted) and answer.form is not None
    assert {getattr(one, "value", "") for one in answer.form.fields} >= {"New toner, and a long story"}


async def test_the_same_submission_twice_is_one(world: World, ticket: int) -> None:
    form = await world.open_form(ANA, FormKind.NOTE, ticket)
    await world.submit(ANA, form, text="he is lying")
    await world.again()
    assert len(world.posts(ticket)) == 2


async def test_a_form_nobody_knows_loses_no_words(world: World) -> None:
    event = FormSubmitted("k", ANA.actor, "unknown", {"text": "a long story"}, world.clock.now())
    await world.handle(event)
    assert "You wrote: a long story" in world.refused


async def test_a_dismissed_form_is_over(world: World, ticket: int) -> None:
    form = await world.open_form(ANA, FormKind.NOTE, ticket)
    await world.handle(FormDismissed("k", ANA.actor, form.id, world.clock.now()))
    await world.submit(ANA, form, text="late")
    assert isinstance(world.answer, Refused)


async def test_a_reply_form_asks_about_what_reads_like_a_note(world: World, ticket: int) -> None:
    form = await world.open_form(ANA, FormKind.REPLY, ticket)
    await world.submit(ANA, form, text="note: he is lying")
    assert "looks like an internal note" in world.refused
    await world.submit(ANA, form, text="Turn it off")
    assert world.bodies(ticket, Side.CUSTOMER) == ["Turn it off"]


async def test_choosing_a_category_shows_its_fields_and_keeps_the_rest(world: World) -> None:
    form = await world.open_form(CLEO, FormKind.TICKET)
    assert form.fields[0].name == "category"
    values = {"category": "billing", "title": "Refund"}
    answer = await world.handle(FormChanged("k", CLEO.actor, form.id, values, world.clock.now(), 99))
    assert isinstance(answer, Accepted) and answer.form is not None
    by_name = {one.name: getattr(one, "value", "") for one in answer.form.fields}
    assert by_name["title"] == "Refund"
    assert "field-invoice" in by_name


async def test_a_small_platform_gets_what_is_required_first(world: World) -> None:
    form = await world.open_form(CLEO, FormKind.TICKET, capacity=2)
    assert [one.name for one in form.fields] == ["title", "description"]
    assert len(form.title) <= 24


async def test_a_form_survives_a_restart(world: World, ticket: int) -> None:
    """Its state is in the database: another process of the same desk takes the submission."""
    opened = await world.handle(
        FormOpened("k1", ANA.actor, None, FormKind.NOTE, Means.BUTTON, world.clock.now(), 5, ticket)
    )
    assert isinstance(opened, Accepted) and opened.form is not None
    other = world.another()
    await other.submit(ANA, opened.form, text="he is lying")
    assert other.posts(ticket)[-1].body == "he is lying"
    await other.close()


@pytest.mark.parametrize("kind", [FormKind.NOTE, FormKind.ASSIGN, FormKind.MOVE, FormKind.ESCALATE])
async def test_nobody_fills_in_what_they_may_not_send(world: World, ticket: int, kind: FormKind) -> None:
    with pytest.raises(AssertionError, match="You may not"):
        await world.open_form(CLEO, kind, ticket)


async def test_the_requester_may_choose_a_drafts_category(tmp_path: Path) -> None:
    world = await World.open(tmp_path, replace(ACME, required=("category",)))
    await world.type(CLEO, PUBLIC, "open Help me")
    form = await world.open_form(CLEO, FormKind.CATEGORY, 1)
    await world.submit(CLEO, form, category="account")
    assert (world.ticket(1).status, world.ticket(1).category) == (Status.NEW, "account")
    await world.close()


async def test_where_there_is_one_team_there_is_none_to_choose(tmp_path: Path) -> None:
    world = await World.open(tmp_path, replace(ACME, teams=ACME.teams[:1], categories=()))
    await world.ticket_from(CLEO, PUBLIC)
    for kind in (FormKind.MOVE, FormKind.ESCALATE):
        with pytest.raises(AssertionError, match="There is no team to choose"):
            await world.open_form(ANA, kind, 1)
    with pytest.raises(AssertionError, match="There is no category to choose"):
        await world.open_form(ANA, FormKind.CATEGORY, 1)
    await world.close()


async def test_a_form_opened_on_a_card_is_about_its_ticket(world: World, ticket: int) -> None:
    [team] = world.threads(ticket, Side.TEAM)
    assert team.card is not None
    card = replace(world.message(ANA, SUPPORT, "#1"), ref=MessageRef(SUPPORT.place, team.card))
    form = await world.open_form(ANA, FormKind.ESCALATE, where=SUPPORT, source=card)
    await world.submit(ANA, form, team="billing", reason="look")
    assert world.escalations(ticket)[-1].to_team == "billing"
