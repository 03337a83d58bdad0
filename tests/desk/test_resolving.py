"""How tickets end: what agents must say, silence, and requesters who are asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from chatdesk.contract.actions import FormKind, OpenForm
from chatdesk.contract.inbound import CommandTyped
from chatdesk.contract.ports import Accepted, Refused
from chatdesk.contract.views import Button, Style
from chatdesk.contract.vocabulary import Means, Side
from chatdesk.desk import closing
from chatdesk.desk.act import Act, act_of_rule
from chatdesk.desk.ending_sweeps import begin_waiting, do_each, remind_and_close, wake
from chatdesk.domain.effects import LineReplaced
from chatdesk.domain.lifecycle import Status
from chatdesk.domain.resolution import ResolutionCode
from chatdesk.domain.ticket import Ticket
from chatdesk.store import tickets
from chatdesk.store.engine import open_engine
from chatdesk.store.transaction import Transaction
from tests.desk.humans import ANA, CLEO, DAN
from tests.desk.organisation import ACME, PUBLIC, SUPPORT
from tests.desk.world import World

STRICT = replace(
    ACME,
    resolution_codes=(ResolutionCode("fixed", "Fixed"), ResolutionCode("no_fault", "Nothing was wrong")),
    resolution_required=("text", "code"),
    close_resolved_after=timedelta(days=3),
    remind_pending_after=timedelta(days=2),
    close_pending_after=timedelta(days=7),
)


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    opened = await World.furnish(open_engine(database_url), STRICT)
    yield opened
    await opened.close()


@pytest.fixture
async def ticket(world: World) -> int:
    return await world.ticket_from(CLEO, PUBLIC)


def wrong_fields(world: World) -> set[str]:
    assert isinstance(world.answer, Refused), world.answer
    return set(world.answer.fields)


def changes(world: World, ticket: int) -> list[tuple[str, str | None]]:
    found = [dict(one.data) for one in world.history(ticket) if one.kind == "status"]
    return [(one["after"], one.get("because")) for one in found]


async def test_a_code_may_stand_before_what_was_done(world: World, ticket: int) -> None:
    await world.type(ANA, SUPPORT, "resolve #1 nothing was wrong: It was not plugged in.")
    found = world.ticket(ticket)
    assert (found.resolution, found.resolution_code) == ("It was not plugged in.", "no_fault")
    assert world.lines(ticket, Side.TEAM)[-1] == (
        "✅ Ana resolved this ticket. **Nothing was wrong**: It was not plugged in. "
    )
    assert world.lines(ticket, Side.CUSTOMER)[-1] == (
        "✅ Ana resolved this ticket. It was not plugged in. Write here if it is not solved. "
        "Otherwise it is closed on **24 Nov 10:30 UTC**."
    )
    assert dict(world.history(ticket)[-1].data)["code"] == "no_fault"


async def test_what_agents_must_say_is_asked_for_in_a_form(world: World, ticket: int) -> None:
    await world.type(ANA, SUPPORT, "resolve #1 A new toner")
    assert isinstance(world.answer, Accepted) and world.answer.form is not None
    form = world.answer.form
    assert [(one.name, one.required) for one in form.fields] == [
        ("code", True),
        ("text", True),
        ("follow_up", False),
    ]
    assert getattr(form.fields[1], "value", "") == "A new toner"
    assert world.ticket(ticket).status is Status.NEW
    await world.submit(ANA, form, text="A new toner", code="")
    assert wrong_fields(world) == {"code"}
    await world.submit(ANA, form, code="fixed")
    assert (world.ticket(ticket).status, world.ticket(ticket).resolution_code) == (Status.RESOLVED, "fixed")


@pytest.mark.parametrize(
    ("verb", "kind"),
    [("resolve", "resolve"), ("close", "close"), ("close-request", "ask_close"), ("status", "resolve")],
)
async def test_every_way_to_an_end_asks_for_it(world: World, ticket: int, verb: str, kind: str) -> None:
    await world.give(ANA, verb, ticket="1", status="resolved")
    assert isinstance(world.answer, Accepted) and world.answer.form is not None
    key = f"again-{kind}"
    assert world.ticket(ticket).status is Status.NEW
    mention = CommandTyped(key, ANA.actor, world.team(ticket), verb, Means.MENTION, world.clock.now())
    if verb == "status":
        return
    refused = await world.handle(mention)
    assert isinstance(refused, Refused)
    assert "Please say what was done and how it was solved to end" in refused.text
    assert refused.controls == (Button("Fill it in", OpenForm(FormKind(kind), ticket), Style.PRIMARY),)


async def test_an_unknown_code_is_refused_with_those_there_are(world: World, ticket: int) -> None:
    await world.give(ANA, "resolve", ticket="1", code="fixt", text="x")
    assert (
        world.refused
        == "There is no code “fixt”. Did you mean **Fixed**? There are: Fixed, Nothing was wrong."
    )


async def test_requesters_end_their_own_ticket_without_a_code(world: World, ticket: int) -> None:
    await world.type(CLEO, PUBLIC, "resolve #1 It was not plugged in")
    assert world.ticket(ticket).status is Status.RESOLVED


async def test_staff_are_reminded_of_the_follow_up(world: World, ticket: int) -> None:
    await world.give(ANA, "claim", ticket="1")
    follow_up = "2d: ask *Cleo* again"
    await world.give(ANA, "resolve", ticket="1", code="fixed", text="A new toner", follow_up=follow_up)
    world.forget()
    assert await world.tick(wake, hours=47) == 0
    assert await world.tick(wake, hours=1) == 1
    assert world.lines(ticket, Side.TEAM) == ["📌 It is time for the follow-up: ask *Cleo* again"]
    assert world.lines(ticket, Side.CUSTOMER) == []
    assert world.told(ANA) == [
        "📌 It is time for the follow-up of **#1** The printer is on fire: ask *Cleo* again"
    ]
    assert await world.tick(wake, days=9) == 0
    assert world.history(ticket)[-1].kind == "follow_up_due"


async def test_reopened_there_is_nothing_to_follow_up(world: World, ticket: int) -> None:
    await world.give(ANA, "resolve", ticket="1", code="fixed", text="A new toner", follow_up="2d: ask again")
    await world.give(ANA, "reopen", ticket="1")
    assert await world.tick(wake, days=3) == 0


async def _resolved(world: World) -> None:
    await world.type(ANA, SUPPORT, "resolve #1 fixed: A new toner")
    world.forget()


async def test_a_resolved_ticket_is_closed_in_silence(world: World, ticket: int) -> None:
    await _resolved(world)
    assert await world.tick(remind_and_close, days=2, hours=23) == 0
    await world.post(CLEO, world.customer(ticket), "thanks!")
    assert await world.tick(remind_and_close, hours=1) == 1
    found = world.ticket(ticket)
    assert (found.status, found.closed_at, found.resolution_code) == (
        Status.CLOSED,
        world.clock.now(),
        "fixed",
    )
    assert world.lines(ticket, Side.TEAM) == [
        "🏁 This ticket was resolved and nobody said more, so it is closed"
    ]
    assert world.lines(ticket, Side.CUSTOMER) == [
        "🏁 This ticket is closed, as we heard nothing more. Write here if you still need help."
    ]
    assert changes(world, ticket)[-1] == ("closed", "silence")
    assert await world.tick(remind_and_close, days=9) == 0


async def test_a_message_ends_the_countdown(world: World, ticket: int) -> None:
    await _resolved(world)
    world.clock.advance(days=2)
    await world.post(CLEO, world.customer(ticket), "It smokes again")
    assert world.ticket(ticket).waits_since is None
    assert await world.tick(remind_and_close, days=5) == 0
    await _resolved(world)
    assert await world.tick(remind_and_close, days=2) == 0
    assert await world.tick(remind_and_close, days=1) == 1


async def test_a_pending_ticket_is_reminded_of_and_then_closed(world: World, ticket: int) -> None:
    await world.give(ANA, "status", ticket="1", status="pending")
    world.forget()
    assert await world.tick(remind_and_close, days=2) == 1
    assert world.lines(ticket, Side.CUSTOMER) == [
        "⏳ We are waiting for your answer. Without an answer this ticket is closed on **28 Nov 10:30 UTC**. "
        "Is it solved?"
    ]
    assert await world.tick(remind_and_close, days=4) == 0
    assert await world.tick(remind_and_close, days=1) == 1
    assert changes(world, ticket)[-2:] == [("resolved", "silence"), ("closed", "silence")]


async def test_what_was_said_in_a_late_reminder_is_kept(world: World, ticket: int) -> None:
    await world.give(ANA, "status", ticket="1", status="pending")
    assert await world.tick(remind_and_close, days=30) == 1
    assert "closed on **26 Dec" in world.lines(ticket, Side.CUSTOMER)[-1]
    assert await world.tick(remind_and_close, days=4, hours=23) == 0
    assert await world.tick(remind_and_close, hours=1) == 1


async def test_an_answer_begins_the_countdown_anew_and_a_requesters_ends_it(
    world: World, ticket: int
) -> None:
    await world.give(ANA, "status", ticket="1", status="pending")
    await world.tick(remind_and_close, days=2)
    await world.post(ANA, world.team(ticket), "Any news?")
    assert await world.tick(remind_and_close, days=1) == 0
    assert await world.tick(remind_and_close, days=1) == 1
    await world.post(CLEO, world.customer(ticket), "Not yet")
    assert world.ticket(ticket).status is Status.OPEN
    assert await world.tick(remind_and_close, days=30) == 0


async def test_what_waited_before_it_was_noted_since_when_waits_from_now_on(
    world: World, ticket: int
) -> None:
    await _resolved(world)
    forgotten = replace(world.ticket(ticket), waits_since=None)
    await world.change(lambda tx: tickets.save(tx, forgotten))
    assert await world.tick(remind_and_close, days=9) == 0
    assert await world.tick(begin_waiting) == 1
    assert await world.tick(remind_and_close, days=3) == 1


ASK = "close-request #1 fixed: A new toner."


async def test_a_requester_agrees(world: World, ticket: int) -> None:
    await world.type(ANA, SUPPORT, ASK)
    assert world.ticket(ticket).status is Status.PENDING
    assert world.lines(ticket, Side.CUSTOMER) == [
        "❓ Ana thinks that this is solved. A new toner. Without an answer this ticket is closed on "
        "**28 Nov 10:30 UTC**. May this ticket be closed?"
    ]
    await world.give(DAN, "accept", ticket="1")
    assert "There is no ticket #1" in world.refused
    await world.give(ANA, "accept", ticket="1")
    assert world.refused == "You may not say whether to close #1. Its requester can."
    await world.give(CLEO, "accept", ticket="1")
    found = world.ticket(ticket)
    assert (found.status, found.resolution, found.resolution_code) == (
        Status.CLOSED,
        "A new toner.",
        "fixed",
    )
    assert any(isinstance(one, LineReplaced) for one in world.effects(ticket, Side.CUSTOMER))
    assert world.lines(ticket, Side.TEAM)[-1] == "🏁 Cleo agreed that this ticket is closed"
    await world.give(CLEO, "accept", ticket="1")
    assert "not waiting for your answer" in world.refused


async def test_a_requester_declines(world: World, ticket: int) -> None:
    await world.type(ANA, SUPPORT, ASK)
    await world.give(CLEO, "decline", ticket="1")
    found = world.ticket(ticket)
    assert (found.status, found.unread, found.resolution) == (Status.OPEN, True, None)
    assert world.lines(ticket, Side.TEAM)[-1] == "↩️ Cleo still needs help; this ticket is open"
    assert "We keep working on it" in world.lines(ticket, Side.CUSTOMER)[-1]
    await world.give(CLEO, "accept", ticket="1")
    assert "not waiting for your answer" in world.refused


async def test_thanks_is_no_answer_to_the_question_and_words_are(world: World, ticket: int) -> None:
    await world.type(ANA, SUPPORT, ASK)
    await world.post(CLEO, world.customer(ticket), "thanks!")
    assert world.ticket(ticket).status is Status.PENDING
    await world.post(CLEO, world.customer(ticket), "It smokes again")
    assert world.ticket(ticket).status is Status.OPEN
    assert any(isinstance(one, LineReplaced) for one in world.effects(ticket, Side.CUSTOMER))
    await world.give(ANA, "status", ticket="1", status="pending")
    await world.give(CLEO, "accept", ticket="1")
    assert "not waiting for your answer" in world.refused


async def test_the_form_to_ask_with(world: World, ticket: int) -> None:
    form = await world.open_form(ANA, FormKind.ASK_CLOSE, ticket)
    await world.submit(ANA, form, text="A new toner", code="fixed")
    assert world.ticket(ticket).status is Status.PENDING


async def test_what_is_said_when_a_resolved_ticket_is_closed_counts_too(world: World, ticket: int) -> None:
    await _resolved(world)
    await world.type(ANA, SUPPORT, "close #1 no fault: It was not plugged in.")
    found = world.ticket(ticket)
    assert (found.status, found.resolution) == (Status.CLOSED, "It was not plugged in.")
    assert found.resolution_code == "no_fault"


@pytest.mark.parametrize("text", ["note: he lies", "fixed: note: he lies", "fixed: 🔒 he lies"])
async def test_a_note_is_no_resolution(world: World, ticket: int, text: str) -> None:
    await _resolved(world) if text.startswith("note") else None
    verb = "close" if text.startswith("note") else "close-request"
    await world.type(ANA, SUPPORT, f"{verb} #1 {text}")
    assert "looks like an internal note" in world.refused


async def test_a_reminder_is_answered_with_a_button_and_takes_over_the_question(
    world: World, ticket: int
) -> None:
    await world.type(ANA, SUPPORT, ASK)
    await world.tick(remind_and_close, days=2)
    replaced = [one for one in world.effects(ticket, Side.CUSTOMER) if isinstance(one, LineReplaced)]
    assert [one.line.sentence for one in replaced] == ["close_request_over"]
    await world.give(CLEO, "accept", ticket="1")
    found = world.ticket(ticket)
    assert (found.status, found.resolution, found.resolution_code) == (
        Status.CLOSED,
        "A new toner.",
        "fixed",
    )
    replaced = [one for one in world.effects(ticket, Side.CUSTOMER) if isinstance(one, LineReplaced)]
    assert len(replaced) == 2


async def test_a_reminder_is_answered_with_words(world: World, ticket: int) -> None:
    await world.give(ANA, "status", ticket="1", status="pending")
    await world.tick(remind_and_close, days=2)
    await world.post(CLEO, world.customer(ticket), "still broken")
    replaced = [one for one in world.effects(ticket, Side.CUSTOMER) if isinstance(one, LineReplaced)]
    assert [one.line.sentence for one in replaced] == ["reminder_over"]


async def test_two_processes_close_a_ticket_once(world: World, ticket: int) -> None:
    await _resolved(world)
    other = world.another()
    other.clock = world.clock
    world.clock.advance(days=3)
    both = await asyncio.gather(world.tick(remind_and_close), other.tick(remind_and_close))
    await other.close()
    assert sorted(both) == [0, 1]
    assert changes(world, ticket)[-1] == ("closed", "silence")


async def test_a_rule_may_put_a_code_before_its_words_too(world: World, ticket: int) -> None:
    await world.change(
        lambda tx: closing.resolve(
            act_of_rule(tx, "tidy", world.clock.now()),
            _loaded(tx, ticket),
            {"text": "no fault: All is well."},
        )
    )
    found = world.ticket(ticket)
    assert (found.resolution, found.resolution_code) == ("All is well.", "no_fault")


def _loaded(tx: Transaction, number: int) -> Ticket:
    found = tickets.load(tx, number)
    assert found is not None
    return found


async def test_a_ticket_that_cannot_be_dealt_with_holds_up_no_other(world: World, ticket: int) -> None:
    other = await world.ticket_from(DAN, PUBLIC, "No sound")
    both = [world.ticket(ticket), world.ticket(other)]

    def close(act: Act, one: Ticket) -> None:
        tickets.save(act.tx, replace(one, title="changed"))
        if one.number == ticket:
            raise ValueError("this one is broken")

    work = partial(do_each, now=world.clock.now(), due=both, work=close)
    assert await world.writer.run(lambda connection: work(connection)) == 1
    assert [one.title for one in world.tickets()] == ["The printer is on fire", "changed"]
