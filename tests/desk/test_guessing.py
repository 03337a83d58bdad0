"""What the classifier makes of a new ticket: told to its team, filled in by setting; never told customers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from chatdesk.contract.inbound import MessagePosted
from chatdesk.contract.vocabulary import Side
from chatdesk.desk.intake import caught_up
from chatdesk.domain.classifier import Model, Target, Weights
from chatdesk.domain.effects import LineSaid
from chatdesk.domain.lifecycle import Status
from chatdesk.domain.organisation import Organisation
from chatdesk.domain.triage_policy import Mode, Triage
from chatdesk.store import classifiers, desks, examples
from chatdesk.store.classifiers import Classifier, Report
from chatdesk.store.engine import open_engine
from chatdesk.store.guesses_said import kept_since
from chatdesk.store.tables_triage import classifiers as rows
from chatdesk.store.transaction import Transaction
from tests.desk.humans import ADA, ANA, CLEO, SAM
from tests.desk.organisation import ACME, HELP, LOBBY, PUBLIC, SUPPORT, thread
from tests.desk.world import World

MODEL = Model(
    {"=refund": 1.0, "=production": 1.0, "=printer": 1.0, "=gone": 1.0},
    {
        Target.CATEGORY: Weights(
            ("billing", "account", "gone"),
            (0.0, 0.0, 0.0),
            {"=refund": (3.0, -1.0, -1.0), "=gone": (-1.0, -1.0, 5.0)},
        ),
        Target.PRIORITY: Weights(("normal", "urgent"), (0.0, 0.0), {"=production": (-3.0, 3.0)}),
        Target.TEAM: Weights(
            ("support", "billing"), (0.0, 0.0), {"=refund": (-3.0, 3.0), "=printer": (3.0, -3.0)}
        ),
    },
)  # fmt: skip

UNSOUND = '{"rarity": {"=refund": 1}, "targets": {"team": {"values": ["a"], "start": [], "features": {}}}}'


async def trained(world: World, model: Model = MODEL) -> None:
    now = world.clock.now()
    about = Classifier(now, now - timedelta(days=365), 100, Report(20, 0.8, ()))
    await world.change(lambda tx: classifiers.put(tx, about, model))


async def decided(world: World, organisation: Organisation) -> None:
    world.organisation = organisation
    await world.writer.run(lambda connection: desks.apply(connection, organisation, world.clock.now()))


@pytest.fixture
async def desk(database_url: str) -> AsyncIterator[World]:
    world = await World.furnish(open_engine(database_url), replace(ACME, triage=Triage()))
    await trained(world)
    yield world
    await world.close()


def plain_lines(world: World, number: int) -> list[str]:
    return [one.replace("**", "") for one in world.lines(number, Side.TEAM)]


async def test_the_team_is_told_and_one_press_applies_it(desk: World) -> None:
    await desk.ask_ticket(CLEO, desk.message(CLEO, PUBLIC, "Production stands still, and a refund for it"))
    await desk.settle()
    said = (
        "💡 It looks like category Billing, 89 % (refund); priority Urgent, 99 % (production); team Billing"
    )
    assert [one[: len(said)] for one in plain_lines(desk, 1) if "💡" in one] == [said]
    assert not any("💡" in one for one in desk.lines(1, Side.CUSTOMER))
    [line] = [
        one
        for one in desk.effects(1, Side.TEAM)
        if isinstance(one, LineSaid) and one.line.sentence == "suggested"
    ]
    assert [control.label for control in line.controls] == [
        "Category: Billing", "Priority: Urgent", "Move to: Billing",
    ]  # fmt: skip
    await desk.press(CLEO, line.controls[0])
    assert "You may not" in desk.refused
    for control in line.controls:
        await desk.press(ANA, control)
    ticket = desk.ticket(1)
    assert (ticket.category, ticket.priority, ticket.team) == ("billing", "urgent", "billing")
    since = desk.clock.now() - timedelta(days=1)
    assert [(one.said, one.finished, one.kept) for one in desk.look(lambda tx: kept_since(tx, since))] == [
        (1, 0, 0)
    ] * 3
    await desk.type(ANA, SUPPORT, "info 1")
    assert "chatdesk: suggested category billing, 89 % (refund)" in desk.accepted
    await desk.type(CLEO, PUBLIC, "info 1")
    assert "suggested" not in desk.accepted
    await desk.give(ADA, "priority", ticket="1", priority="high")
    await desk.give(ADA, "resolve", ticket="1", text="Paid")
    kept = [(one.said, one.finished, one.kept) for one in desk.look(lambda tx: kept_since(tx, since))]
    assert kept == [(1, 1, 1), (1, 1, 0), (1, 1, 1)]


async def test_what_is_not_sure_not_known_or_so_already_is_not_said(desk: World) -> None:
    for body in ("The printer is on fire", "Where has it gone?", "Hello there"):
        await desk.ask_ticket(CLEO, desk.message(CLEO, PUBLIC, body))
    await decided(desk, replace(ACME, triage=Triage(threshold=0.98, targets=(Target.CATEGORY,))))
    await desk.ask_ticket(SAM, desk.message(SAM, HELP, "I want a refund"))
    await decided(desk, replace(ACME, triage=Triage(Mode.OFF)))
    await desk.ask_ticket(SAM, desk.message(SAM, HELP, "A refund for production, please"))
    await decided(desk, ACME)
    await desk.ask_ticket(SAM, desk.message(SAM, HELP, "The refund is still missing"))
    for number in range(1, 7):
        assert not any("💡" in one for one in desk.lines(number, Side.TEAM)), number
    await desk.type(ANA, SUPPORT, "suggest 6", command="assist")
    assert "It looks like category **Billing**, 96 % (refund)" in desk.accepted


async def test_what_nobody_said_is_filled_in_where_the_desk_wants_it(desk: World) -> None:
    await decided(desk, replace(ACME, triage=Triage(Mode.APPLY)))
    await desk.ask_ticket(CLEO, desk.message(CLEO, LOBBY, "Production stands still, a refund please"))
    ticket = desk.ticket(1)
    assert (ticket.category, ticket.priority, ticket.team) == ("billing", "urgent", "billing")
    told = [one for one in plain_lines(desk, 1) if "💡" in one]
    assert told == ["💡 By its words: category Billing, 89 % (refund); priority Urgent, 99 % (production)"]
    entry = next(one for one in desk.history(1) if one.kind == "triaged")
    assert entry.actor is None and dict(entry.data) == {
        "target": "category", "value": "billing", "confidence": "89", "words": "refund",
    }  # fmt: skip
    await desk.settle()
    await desk.post(CLEO, desk.customer(1), "The refund is for production")
    assert len([one for one in plain_lines(desk, 1) if "💡" in one]) == 1
    # A channel's team stands, and so does what the requester said.
    await desk.ask_ticket(CLEO, desk.message(CLEO, PUBLIC, "One more refund"))
    assert (desk.ticket(2).category, desk.ticket(2).team) == ("billing", "support")
    await decided(desk, replace(ACME, triage=Triage(Mode.APPLY), required=("category",)))
    await desk.give(CLEO, "open", where=PUBLIC, title="A refund, please")
    assert (desk.ticket(3).category, desk.ticket(3).status) == ("billing", Status.NEW)
    await desk.give(CLEO, "open", where=PUBLIC, title="A refund", category="account")
    assert desk.ticket(4).category == "account"
    assert any("It looks like category Billing" in one for one in plain_lines(desk, 4))


async def test_what_is_said_after_a_greeting_or_read_later_counts_once(desk: World) -> None:
    greeted = await desk.ticket_from(CLEO, PUBLIC, "Hello, can you help?")
    await desk.post(SAM, desk.team(greeted), "refund: a word of somebody else's")
    await desk.post(CLEO, desk.customer(greeted), "I want a refund")
    await desk.post(CLEO, desk.customer(greeted), "A refund, as I said")
    assert [one.count("Billing, 96 %") for one in plain_lines(desk, greeted) if "💡" in one] == [1]

    place = thread(PUBLIC, "old-thread")
    request = desk.message(CLEO, place, "", place.place)
    await desk.ask_ticket(ANA, request)
    [customer] = desk.threads(2, Side.CUSTOMER)
    await desk.settle()
    assert not any("💡" in one for one in plain_lines(desk, 2))
    await desk.desk.catch_up(MessagePosted(request.ref, place, CLEO.actor, "A refund", (), request.at))
    await desk.change(lambda tx: caught_up(tx, customer.id, desk.clock.now()))
    assert [one[:27] for one in plain_lines(desk, 2) if "💡" in one] == ["💡 It looks like category Bil"[:27]]


async def test_a_newer_classifier_counts_at_once_in_every_process(desk: World) -> None:
    other = desk.another()
    await other.ask_ticket(CLEO, desk.message(CLEO, PUBLIC, "A refund"))
    assert any("💡" in one for one in desk.lines(1, Side.TEAM))
    await trained(desk, replace(MODEL, rarity={"=toner": 1.0}))
    await other.ask_ticket(CLEO, desk.message(CLEO, PUBLIC, "A refund"))
    assert not any("💡" in one for one in desk.lines(2, Side.TEAM))
    await desk.change(classifiers.forget)
    await other.ask_ticket(CLEO, desk.message(CLEO, PUBLIC, "A refund"))
    await other.close()


@pytest.mark.parametrize(
    "written", ["{}", "no JSON", '{"rarity": {"=a": 1}, "targets": {"mood": {}}}', UNSOUND]
)
async def test_what_another_version_wrote_keeps_no_ticket_from_being_made(desk: World, written: str) -> None:
    def spoil(tx: Transaction) -> None:
        tx.connection.execute(update(rows).values(id=f"v{hash(written)}"[:20], model=written))

    await desk.change(spoil)
    await desk.ask_ticket(CLEO, desk.message(CLEO, PUBLIC, "A refund"))
    assert desk.ticket(1).title == "A refund"
    assert not any("💡" in one for one in plain_lines(desk, 1))


async def test_only_finished_tickets_and_public_words_are_learned_from(desk: World) -> None:
    number = await desk.ticket_from(CLEO, PUBLIC, "My password is lost")
    await desk.post(CLEO, desk.customer(number), "It was on a yellow note")
    await desk.post(ANA, desk.team(number), "note: secretly impossible")
    await desk.ticket_from(SAM, HELP, "Not finished")
    await desk.give(ANA, "category", ticket=str(number), category="account/password")
    await desk.give(ANA, "resolve", ticket=str(number), text="Reset it")
    assert desk.ticket(number).status is Status.RESOLVED
    since = desk.clock.now() - timedelta(days=1)
    [found] = desk.look(lambda tx: examples.finished(tx, since))
    assert (found.category, found.priority, found.team) == ("account/password", "normal", "support")
    assert "password is lost" in found.text and "yellow" in found.text
    assert "secretly" not in found.text and "Reset" not in found.text
    assert desk.look(lambda tx: examples.finished(tx, desk.clock.now() + timedelta(days=1))) == []


async def test_an_unhappy_requester_is_seen_on_the_card(desk: World) -> None:
    from chatdesk.courier.cards import card

    number = await desk.ticket_from(CLEO, PUBLIC, "The printer is on fire")

    def shown() -> list[str]:
        thread = desk.threads(number, Side.TEAM)[0]
        facts = desk.look(lambda tx: card(tx, desk.ticket(number), thread)).facts
        return [one.value for one in facts if one.label == "Mood"]

    assert shown() == []
    await desk.post(CLEO, desk.customer(number), "I am still waiting!!!")
    assert shown() == ["😠 unhappy (still waiting, !!!)"]
    await desk.post(ANA, desk.team(number), "It is out now")
    assert shown() == []
